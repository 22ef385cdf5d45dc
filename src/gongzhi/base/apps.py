from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "gongzhi.base"
    label = "base"
