from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "verbund.web.networks"
    label = "networks"

    def ready(self) -> None:
        from verbund.web.networks import plugs  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
