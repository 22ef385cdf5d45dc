from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "gongzhi.files"
    label = "files"

    def ready(self) -> None:
        from gongzhi.files import checks  # noqa: F401 - registers the checks
