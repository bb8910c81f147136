"""The German of the platform's apps: one English text has one German text, wherever it stands."""

from collections import defaultdict
from pathlib import Path

from babel.messages.pofile import read_po

WEB = Path(__file__).resolve().parents[2] / "src" / "verbund" / "web"


def test_apps_agree_on_the_german_of_an_english_text() -> None:
    germans: defaultdict[tuple[str | None, str], set[str]] = defaultdict(set)
    catalogues = sorted(WEB.glob("*/locale/de/LC_MESSAGES/django.po"))
    for path in catalogues:
        with path.open("rb") as file:
            for message in read_po(file, locale="de"):
                plural = isinstance(message.id, tuple)
                english = message.id[0] if plural else message.id
                german = message.string[0] if plural else message.string
                if english and german:
                    germans[message.context, english].add(german)

    assert len(catalogues) > 5
    assert {english: texts for english, texts in germans.items() if len(texts) > 1} == {}
