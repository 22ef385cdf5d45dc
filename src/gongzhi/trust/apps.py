from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "gongzhi.trust"
    label = "trust"
