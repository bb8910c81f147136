from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "verbund.web.accounts"
    label = "accounts"
