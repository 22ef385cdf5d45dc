from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "gongzhi.administration"
    label = "administration"
