from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "verbund.web.archive"
    label = "archive"

    def ready(self) -> None:
        from verbund.web.archive import plugs  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
