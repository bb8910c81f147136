"""What somebody has typed and not sent off: kept while they type, given back when they return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from verbund.web.directory.confirming.chairs import Chair
from verbund.web.directory.models import ProfileDraft

_LONGEST = 20_000  # characters of one field


def keep(chair: Chair, page: str, fields: Iterable[str], typed: Mapping[str, str]) -> None:
    """Keep the typed text of the named fields; an empty page needs no draft."""
    content = {name: typed[name][:_LONGEST] for name in fields if typed.get(name)}
    if content:
        ProfileDraft.objects.update_or_create(
            **_key(chair), page=page, defaults={"content": content}
        )
    else:
        drop(chair, page)


def kept(chair: Chair, page: str) -> ProfileDraft | None:
    return ProfileDraft.objects.filter(**_key(chair), page=page).first()


def drop(chair: Chair, page: str) -> None:
    ProfileDraft.objects.filter(**_key(chair), page=page).delete()


def _key(chair: Chair) -> dict[str, Any]:
    return {
        "organisation": chair.organisation,
        "user": chair.by,
        "address": chair.address.address if chair.address else "",
    }
