from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "gongzhi.notices"
    label = "notices"

    def ready(self) -> None:
        from gongzhi.notices import checks  # noqa: F401 - registers the checks
