from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "verbund.web.core"
    label = "core"

    def ready(self) -> None:
        from verbund.web.core import plugs  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
