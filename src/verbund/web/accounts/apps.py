from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "verbund.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from verbund.web.accounts import plugs  # noqa: PLC0415  # apps are loaded by now

        plugs.announce()
