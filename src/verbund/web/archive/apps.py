from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "verbund.web.archive"
    label = "archive"
