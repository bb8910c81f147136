"""All of members' data as it stands in the database."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from verbund.web.directory.models import ImportRun
from verbund.web.networks.models import MembershipClaim

_AUTOMATIC = ("changed_at",)


def everything() -> dict[str, list[dict[str, Any]]]:
    models = [
        model
        for label in ("networks", "directory")
        for model in apps.get_app_config(label).get_models()
        if model not in (ImportRun, MembershipClaim)
    ]
    return {model.__name__: _rows(model) for model in models}


def _rows(model: Any) -> list[dict[str, Any]]:
    rows = model._default_manager.order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in _AUTOMATIC} for row in rows]
