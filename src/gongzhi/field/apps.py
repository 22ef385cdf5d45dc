from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "gongzhi.field"
    label = "field"
