"""Rows to the matching engine, and what it found to rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from verbund.language.spelling import fold
from verbund.matching import Introduction as Found
from verbund.matching import match
from verbund.matching.explain import quoted
from verbund.records.history import read_history
from verbund.records.organisation import Organisation as Record
from verbund.records.organisation import OrganisationType
from verbund.web.agreements.models import Field
from verbund.web.agreements.sharing import visible
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.models import Entry, Offer, Profile, Request
from verbund.web.directory.queries import unconfirmed
from verbund.web.networks.identifiers import pics_of
from verbund.web.networks.models import Alias, Membership, Network, Organisation, holds
from verbund.web.networks.rules import viewer_for_network
from verbund.web.partnering.models import Quote, Suggestion
from verbund.web.partnering.queries import Bond
from verbund.wording import LANGUAGES, Phrase

Pair = tuple[int, int]
_STALE = 0.9  # what a score is worth for the order, for each side not confirmed for a year


def kept_history() -> Path:
    """Return the folder of past joint projects of this installation; it need not be there.

    They are public (open data on funded projects), so reasons may name them to everybody.
    """
    return Path(settings.DATA) / "history"


def members_shown(
    network: Network, *, to: Network, on: dt.date, purpose: Field | None
) -> list[Record]:
    """Return the members of a network as another one may see them: no reason can quote more.

    Figures and contact persons are left out: they need consent, and the ranking does without.
    """
    members = Membership.objects.filter(holds(on), network=network, organisation=OuterRef("pk"))

    def shown(queryset: QuerySet[Any]) -> QuerySet[Any]:
        return visible(queryset, to=viewer_for_network(to), on=on, purpose=purpose)

    organisations = shown(Organisation.objects.filter(Exists(members)).order_by("pk"))

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


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many suggestions a run keeps, in all and of one organisation, besides decided ones."""

    top: int
    per_organisation: int


def find(
    bond: Bond,
    on: dt.date,
    *,
    sizes: Sizes,
    decided: set[Pair],
    wished: set[Pair],
    progress: Callable[[float], None],
) -> list[Found]:
    """Match the members of a bond; left and right stand as they are stored.

    Pairs somebody decided about take nobody's place. What a member wished for stays, as long as
    both are still there, however many better ones there are.
    """
    left = members_shown(bond.left, to=bond.right, on=on, purpose=bond.purpose)
    right = left
    if not bond.is_within:
        right = members_shown(bond.right, to=bond.left, on=on, purpose=bond.purpose)
    if not left or not right:
        return []
    twice = 2 if bond.is_within else 1  # each pair is found from both sides
    folder = kept_history()
    result = match(
        left,
        right,
        history=read_history(folder) if folder.is_dir() else None,
        top=(sizes.top + len(decided)) * twice,
        per_organisation=sizes.per_organisation + _most_of_one(decided),
        vocabulary=vocabulary_in_use(),
        progress=progress,
    )
    at_home = set() if bond.is_within else {o.id for o in left} & {o.id for o in right}
    candidates = [
        found for found in result.introductions if not {found.left.id, found.right.id} & at_home
    ]
    chosen = _choose(_sunk(candidates, on), sizes, decided, is_within=bond.is_within)
    by_id = {o.id: o for o in (*left, *right)}
    for one, other in sorted(wished - {pair_of(found) for found in chosen}):
        ids = str(one), str(other)
        if ids[0] in by_id and ids[1] in by_id and not set(ids) & at_home:
            explained = result.explain(*ids)
            chosen.append(Found(len(chosen) + 1, by_id[ids[0]], by_id[ids[1]], explained))
    return chosen


def _sunk(candidates: list[Found], on: dt.date) -> list[Found]:
    """Put pairs lower whose profiles nobody has confirmed for a year; what they say stays."""
    ids = {key for found in candidates for key in pair_of(found)}
    profiles = Profile.objects.filter(unconfirmed(on), organisation__in=ids)
    stale = set(profiles.values_list("organisation_id", flat=True))

    def worth(found: Found) -> float:
        return found.score * _STALE ** len(stale & set(pair_of(found)))

    return sorted(candidates, key=worth, reverse=True)


def _most_of_one(pairs: set[Pair]) -> int:
    counts: dict[int, int] = defaultdict(int)
    for pair in pairs:
        for organisation in pair:
            counts[organisation] += 1
    return max(counts.values(), default=0)


def _choose(
    candidates: Iterable[Found], sizes: Sizes, decided: set[Pair], *, is_within: bool
) -> list[Found]:
    """Take the best; inside one network each pair once, the smaller key on the left."""
    chosen: dict[Pair, Found] = {}
    counts: dict[int, int] = defaultdict(int)
    places = sizes.top
    for found in candidates:
        one, other = pair_of(found)
        if one == other or (one, other) in chosen or (is_within and one > other):
            continue
        if (one, other) not in decided:
            if not places or max(counts[one], counts[other]) >= sizes.per_organisation:
                continue
            places -= 1
            counts[one] += 1
            counts[other] += 1
        chosen[one, other] = found
    return list(chosen.values())


def pair_of(found: Found) -> Pair:
    return int(found.left.id), int(found.right.id)


# ---------------------------------------------------------------- what was found, as rows

_NOT_TRUE_WITHIN = frozenset(("doubt.in_both",))  # one list on both sides is no double membership
_LONGEST_TOPIC = 90  # letters


def as_suggestion(found: Found, bond: Bond, rank: int) -> Suggestion:
    """Return an unsaved row that says in both languages what the engine found."""
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
