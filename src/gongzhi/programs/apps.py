from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "gongzhi.programs"
    label = "programs"

    def ready(self) -> None:
        from gongzhi.programs import checks  # noqa: F401  (registers itself)
