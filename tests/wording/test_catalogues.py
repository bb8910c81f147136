"""The German of the platform's apps: one English text has one German text, wherever it stands."""

from __future__ import annotations

import gettext
from collections import defaultdict
from pathlib import Path
from typing import Any, cast

WEB = Path(__file__).resolve().parents[2] / "src" / "verbund" / "web"


def test_apps_agree_on_the_german_of_an_english_text() -> None:
    germans: defaultdict[str, set[str]] = defaultdict(set)
    catalogues = sorted(WEB.glob("*/locale/de/LC_MESSAGES/django.mo"))
    for path in catalogues:
        with path.open("rb") as file:
            known = cast("Any", gettext.GNUTranslations(file))._catalog
        for key, german in known.items():
            english, form = key if isinstance(key, tuple) else (key, 0)
            if english and form == 0:
                germans[english].add(german)

    assert len(catalogues) > 5
    assert {english: texts for english, texts in germans.items() if len(texts) > 1} == {}
