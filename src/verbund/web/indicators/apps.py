from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "verbund.web.indicators"
    label = "indicators"

    def ready(self) -> None:
        from verbund.web.indicators import plugs  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
