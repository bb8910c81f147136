from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "verbund.web.portal"
    label = "portal"

    def ready(self) -> None:
        from verbund.web.portal import plugs  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
