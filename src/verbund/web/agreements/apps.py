from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "verbund.web.agreements"
    label = "agreements"

    def ready(self) -> None:
        from verbund.web.agreements import plugs  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
