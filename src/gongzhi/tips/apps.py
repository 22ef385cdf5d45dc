from django.apps import AppConfig


class TipsConfig(AppConfig):
    name = "gongzhi.tips"
    label = "tips"
