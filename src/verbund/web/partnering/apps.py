from django.apps import AppConfig


class PartneringConfig(AppConfig):
    name = "verbund.web.partnering"
    label = "partnering"

    def ready(self) -> None:
        from verbund.web.partnering import plugs, tasks  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
        tasks.listen()
