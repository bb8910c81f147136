from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "verbund.web.directory"
    label = "directory"

    def ready(self) -> None:
        from verbund.web.directory import plugs  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
