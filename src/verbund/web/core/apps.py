from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "verbund.web.core"
    label = "core"
