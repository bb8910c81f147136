from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "verbund.web.core"
    label = "core"

    def ready(self) -> None:
        # Apps are loaded by now.
        from verbund.web.core import plugs  # noqa: PLC0415
        from verbund.web.core.searching import build_indexes  # noqa: PLC0415

        plugs.announce()
        post_migrate.connect(build_indexes, sender=self)
