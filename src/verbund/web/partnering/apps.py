from django.apps import AppConfig


class PartneringConfig(AppConfig):
    name = "verbund.web.partnering"
    label = "partnering"

    def ready(self) -> None:
        from verbund.web.partnering import plugs  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
