from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "gongzhi.trust"
    label = "trust"

    def ready(self) -> None:
        from gongzhi.trust import checks  # noqa: F401 - registers the checks
