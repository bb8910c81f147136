"""Rows to the matching engine, and what it found to rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from verbund.language.spelling import fold
from verbund.matching import Introduction as Found
from verbund.matching.quotes import quoted
from verbund.records.organisation import Organisation as Record
from verbund.records.organisation import OrganisationType
from verbund.web.agreements.models import Field
from verbund.web.agreements.sharing import visible
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.models import Entry, Offer, Profile, Request
from verbund.web.networks.identifiers import pics_of
from verbund.web.networks.models import Alias, Membership, Network, Organisation, holds
from verbund.web.networks.rules import viewer_for_network
from verbund.web.partnering.models import Quote, Suggestion
from verbund.web.partnering.queries import Bond
from verbund.wording import LANGUAGES, Phrase

Pair = tuple[int, int]


def kept_history() -> Path:
    """Return the folder of past joint projects of this installation; it need not be there.

    They are public (open data on funded projects), so reasons may name them to everybody.
    """
    return Path(settings.DATA) / "history"


def members_shown(
    network: Network,
    *,
    to: Network,
    on: dt.date,
    purpose: Field | None,
    only: Collection[str] | None = None,
) -> list[Record]:
    """Return the members of a network as another one may see them: no reason can quote more.

    `only` reads some of them, named by their ids. Figures and contact persons are left out:
    they need consent, and the ranking does without.
    """
    members = Membership.objects.filter(holds(on), network=network, organisation=OuterRef("pk"))

    viewer = viewer_for_network(to)

    def shown(queryset: QuerySet[Any]) -> QuerySet[Any]:
        return visible(queryset, to=viewer, on=on, purpose=purpose)

    organisations = shown(Organisation.objects.filter(Exists(members)).order_by("pk"))
    if only is not None:
        organisations = organisations.filter(pk__in=only)

    def by_organisation(model: type[Model]) -> dict[int, list[Any]]:
        rows: dict[int, list[Any]] = defaultdict(list)
        theirs = model._default_manager.filter(organisation__in=organisations.values("pk"))
        for row in shown(theirs.order_by("pk")):
            rows[row.organisation_id].append(row)
        return rows

    aliases, profiles = by_organisation(Alias), by_organisation(Profile)
    offers, requests = by_organisation(Offer), by_organisation(Request)
    pics = pics_of(organisations)
    return [
        Record(
            id=str(organisation.pk),
            name=organisation.name,
            aliases=tuple(alias.name for alias in aliases[organisation.pk]),
            offers=tuple(_texts(offers[organisation.pk], on)),
            requests=tuple(_texts(requests[organisation.pk], on)),
            pic=pics.get(organisation.pk, ""),
            **_identity(organisation),
            **_profile(profiles[organisation.pk]),
        )
        for organisation in organisations
    ]


def _texts(entries: Iterable[Entry], on: dt.date) -> Iterator[str]:
    for entry in entries:
        text = entry.text_de or entry.text_en
        if text.strip() and (entry.ends_on is None or entry.ends_on >= on):
            yield text


def _identity(organisation: Organisation) -> dict[str, Any]:
    known = {
        field: getattr(organisation, field)
        for field in ("city", "postal_code", "country", "state", "website", "language")
    }
    if organisation.lat is not None and organisation.lon is not None:
        known |= {"lat": organisation.lat, "lon": organisation.lon}
    return known | {"type": OrganisationType(organisation.kind)}


def _profile(profiles: list[Profile]) -> dict[str, Any]:
    if not profiles:
        return {}
    profile = profiles[0]
    return {
        "profile": profile.text_de or profile.text_en,
        "topics": tuple(topic for topic in profile.topics.split("\n") if topic.strip()),
        "segment": profile.segment,
    }


def pair_of(found: Found) -> Pair:
    return int(found.left.id), int(found.right.id)


# ---------------------------------------------------------------- what was found, as rows

_NOT_TRUE_WITHIN = frozenset(("doubt.in_both",))  # one list on both sides is no double membership
_LONGEST_TOPIC = 90  # letters


def as_suggestion(found: Found, bond: Bond, rank: int, weights: str) -> Suggestion:
    """Return an unsaved row that says in both languages what the engine found, by which weights."""
    explanation = found.explanation
    reasons = [
        _said(reason.phrase)
        | {"code": reason.code, "contribution": reason.contribution, "facts": dict(reason.facts)}
        for reason in explanation.reasons
    ]
    doubts = [
        _said(doubt) | {"code": doubt.code}
        for doubt in explanation.doubts
        if not (bond.is_within and doubt.code in _NOT_TRUE_WITHIN)
    ]
    topics = _topics(reasons)
    names = (found.left.name, found.right.name)
    sentences = [reason[language] for reason in reasons for language in LANGUAGES]
    return Suggestion(
        left_network=bond.left,
        right_network=bond.right,
        left_id=int(found.left.id),
        right_id=int(found.right.id),
        rank=rank,
        score=found.score,
        strength=explanation.strength,
        topic_de=topics["de"],
        topic_en=topics["en"],
        search=fold(" ".join((*names, *topics.values(), *sentences))),
        reasons=reasons,
        doubts=doubts,
        distance=_said(explanation.distance) if explanation.distance else {},
        contributions=dict(explanation.contributions),
        weights_version=weights,
    )


def _said(phrase: Phrase) -> dict[str, Any]:
    return {language: phrase.say(language) for language in LANGUAGES}


def _topics(reasons: list[dict[str, Any]]) -> dict[str, str]:
    """Name what it is about: the concepts both sides use, else the request itself."""
    known = vocabulary_in_use().concepts
    for reason in reasons:
        concepts = [known[id_] for id_ in reason["facts"].get("concepts", ())[:2]]
        if concepts:
            return {
                language: ", ".join(concept.say(language) for concept in concepts)
                for language in LANGUAGES
            }
    texts = (reason["facts"].get(key) for reason in reasons for key in ("request", "left_request"))
    text = next(filter(None, texts), "")
    short = text if len(text) <= _LONGEST_TOPIC else text[:_LONGEST_TOPIC].rsplit(" ", 1)[0] + " …"
    return dict.fromkeys(LANGUAGES, short)


def quotes_of(found: Iterable[Found], on: dt.date) -> dict[Pair, list[Quote]]:
    """Tie what reasons and doubts quote to the entries they were taken from (unsaved rows)."""
    listed = list(found)
    ids = {int(o.id) for one in listed for o in (one.left, one.right)}
    entries = {model: _entries(model, ids, on) for model in (Offer, Request)}
    profiles = {p.organisation_id: p for p in Profile.objects.filter(organisation__in=ids)}
    quotes: dict[Pair, list[Quote]] = {}
    for one in listed:
        kept: dict[tuple[str, int, str], Quote] = {}
        for kind, owner, text in _quoted_in(one):
            if kind == "profile":
                quote = Quote(profile=profiles.get(owner), text=text)
            else:
                model = Offer if kind == "offer" else Request
                entry = entries[model].get((owner, text))
                whole = (entry.text_de or entry.text_en) if entry else text
                quote = Quote(text=whole, **{kind: entry})
            kept.setdefault((kind, owner, quote.text), quote)
        quotes[pair_of(one)] = list(kept.values())
    return quotes


def _entries(model: Any, ids: set[int], on: dt.date) -> dict[tuple[int, str], Any]:
    going = Q(ends_on=None) | Q(ends_on__gte=on)
    rows = model.objects.filter(going, organisation__in=ids).order_by("-pk")
    return {(row.organisation_id, quoted(row.text_de or row.text_en)): row for row in rows}


def _quoted_in(found: Found) -> Iterator[tuple[str, int, str]]:
    """Yield kind, owner and text of what is quoted; entries as sentences shorten them."""
    for reason in found.explanation.reasons:
        yield from _quoted_by(reason.code, reason.facts, found)
        in_return = cast("Mapping[str, object]", reason.facts.get("in_return", {}))
        yield from _quoted_by(reason.code, in_return, found)
    for doubt in found.explanation.doubts:
        for side, owner in (("left", found.left), ("right", found.right)):
            if text := doubt.values.get(f"{side}_offer"):
                yield "offer", int(owner.id), str(text)


def _quoted_by(
    code: str, facts: Mapping[str, object], found: Found
) -> Iterator[tuple[str, int, str]]:
    if "request" in facts:
        answer = "offer" if code == "request_met" else "profile"
        yield "request", int(str(facts["seeker"])), quoted(str(facts["request"]))
        answered = str(facts["answer"])
        yield (
            answer,
            int(str(facts["answerer"])),
            quoted(answered) if answer == "offer" else answered,
        )
    for side, owner in (("left", found.left), ("right", found.right)):
        if text := facts.get(f"{side}_request"):
            yield "request", int(owner.id), quoted(str(text))
