from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "verbund.web.networks"
    label = "networks"
