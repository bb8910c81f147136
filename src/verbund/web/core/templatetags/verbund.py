"""Small pieces of every page: icons, network discs, texts in two languages, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from verbund.web.core import texts, toasts

register = template.Library()
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\d\.)\s+(?=[A-ZÄÖÜ„“\"])")
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_typed = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; it always stands beside a word."""
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("verbund/icons.svg"),
        name,
    )


@register.simple_tag
def disc(network: Any) -> SafeString:
    """Draw the disc of a network; its name stands beside it."""
    return format_html('<i class="net" data-net="{}" aria-hidden="true"></i>', network.slug)


@register.simple_tag
def networks_of(networks: Iterable[Any]) -> SafeString:
    """Name networks, each with its disc."""
    return format_html_join(
        " ",
        '<span class="who-net">{} {}</span>',
        ((disc(network), network.name) for network in networks),
    )


@register.filter
def said(thing: Any, field: str) -> SafeString:
    """Say a content field in the reader's language, marked if only the other one is there."""
    text = texts.text_of(thing, field)
    if text.is_other:
        marked: SafeString = format_html('<span lang="{}">{}</span>', text.language, text.text)
        return marked
    return escape(text.text)


@register.filter
def opening(text: str, words: int) -> str:
    """Keep the first sentences that fit into so many words, at least one, none of them cut.

    The next sentence begins with a capital letter: "5. März" is no end.
    """
    sentences = _SENTENCE_END.split(text)
    kept = sentences[:1]
    for sentence in sentences[1:]:
        if len(" ".join((*kept, sentence)).split()) > words:
            break
        kept.append(sentence)
    return mark_safe(" ".join(kept)) if isinstance(text, SafeString) else " ".join(kept)  # noqa: S308  # as safe as it came


@register.filter
def marked(thing: Any, field: str) -> SafeString:
    """Say a content field as `said` does, with a word if the reader's language is missing."""
    text = texts.text_of(thing, field)
    if not text.is_other:
        return escape(text.text)
    only = _("only in German") if text.language == "de" else _("only in English")
    marks: SafeString = format_html(
        '{} <span class="small soft">({})</span>', said(thing, field), only
    )
    return marks


@register.inclusion_tag("core/_missing.html")
def missing(thing: Any, field: str, url: str) -> dict[str, Any]:
    """Show who may write a content field which language is missing, and where to add it."""
    filled = [language for language in texts.LANGUAGES if getattr(thing, f"{field}_{language}")]
    language = "en" if filled == ["de"] else "de" if filled == ["en"] else ""
    return {"language": language, "url": f"{url}#id_{field}_{language}"}


@register.inclusion_tag("core/_text.html")
def content(thing: Any, field: str) -> dict[str, Any]:
    """Show a longer content field, with a word about the missing language."""
    text = texts.text_of(thing, field)
    other = {"de": "en", "en": "de"}[text.language]
    return {"text": text, "missing": other}


@register.filter
def markdown(text: str) -> SafeString:
    """Set a text of the office or the help; raw HTML in it stays text, unsafe links are dropped."""
    rendered: SafeString = mark_safe(_markdown.render(text))  # noqa: S308  # the parser escapes HTML
    return rendered


@register.filter
def markdown_as_typed(text: str) -> SafeString:
    """Set a text and keep its line ends, as in an address."""
    rendered: SafeString = mark_safe(_typed.render(text))  # noqa: S308  # the parser escapes HTML
    return rendered


@register.filter
def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """Write a number with the separators of the language."""
    if value is None:
        return "–"
    rounded = round(Decimal(str(value)), decimals)  # number_format itself would cut
    return number_format(rounded, decimal_pos=decimals, use_l10n=True, force_grouping=True)


@register.filter
def faulty(form: BaseForm) -> list[BoundField]:
    """Return the fields of a form that were not understood."""
    return [field for field in form.visible_fields() if field.errors]


@register.filter
def undo_address(tags: str) -> str:
    return toasts.undo_address(tags)
