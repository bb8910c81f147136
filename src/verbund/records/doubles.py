"""Rows of one list that are one organisation, and numbers that two of them share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace

from verbund.records.duplicates import Likeness, likenesses
from verbund.records.entries import LISTS
from verbund.records.names import almost_same_name, parse_name
from verbund.records.organisation import Organisation, Visibility
from verbund.records.problems import Problem, Severity
from verbund.wording import Phrase

_MERGED_QUIETLY = frozenset(
    ("id", "key", "name", "origins", "profile", "visibility", "details", *LISTS)
)


def with_unique_ids(
    organisations: list[Organisation], problems: list[Problem], *, same_name_is_same: bool = True
) -> list[Organisation]:
    """Give every record an id of its own, unless two of one id may yet become one record."""
    taken = {organisation.id for organisation in organisations}
    owners: dict[str, Organisation] = {}
    result = []
    for organisation in organisations:
        owner = owners.get(organisation.id)
        if owner and not (same_name_is_same and almost_same_name(owner.name, organisation.name)):
            origin = organisation.origins[0]
            new_id = f"#{origin.row}"  # as of a row without a number: this one is another's
            while new_id in taken:
                new_id += "+"
            taken.add(new_id)
            organisation = organisation.with_id(new_id)
            problems.append(
                Problem(
                    "id_twice",
                    Severity.WARNING,
                    origin.file,
                    origin.sheet,
                    origin.row,
                    found=owner.id,
                    values={"name": owner.name, "row": owner.origins[0].row},
                )
            )
        owners.setdefault(organisation.id, organisation)
        result.append(organisation)
    return result


def join_duplicates(
    organisations: list[Organisation], problems: list[Problem]
) -> list[Organisation]:
    """Make one record of those that are one organisation; report each, and those that may be."""
    first_of = list(range(len(organisations)))
    joined = list(organisations)
    pairs = sorted(likenesses(organisations), key=lambda pair: pair[:2])
    forms = _legal_forms_by_core(organisations)
    for i, j, likeness in pairs:
        if _have_different_keys(organisations[i], organisations[j]):
            continue
        one, other = parse_name(organisations[i].name), parse_name(organisations[j].name)
        open_form = len(forms[one.squeezed]) > 1 and one.legal_form != other.legal_form
        target = first_of[i]
        if (
            likeness is Likeness.SAME
            and first_of[j] == j
            and target != j
            and not open_form  # "X" beside "X GmbH" and "X AG" could be either
        ):
            problems += _duplicate_problems(joined[target], organisations[j])
            joined[target] = merge(joined[target], organisations[j])
            first_of[j] = target
        elif first_of[j] == j and target != j:
            problems.append(_pair_problem("similar", organisations[j], organisations[i]))
    return [joined[index] for index, first in enumerate(first_of) if index == first]


def _have_different_keys(one: Organisation, other: Organisation) -> bool:
    """Tell whether the platform itself knows the two as two."""
    return bool(one.key and other.key and one.key != other.key)


def _legal_forms_by_core(organisations: list[Organisation]) -> dict[str, set[str]]:
    forms: dict[str, set[str]] = {}
    for organisation in organisations:
        name = parse_name(organisation.name)
        forms.setdefault(name.squeezed, set()).update({name.legal_form} - {""})
    return forms


def merge(one: Organisation, other: Organisation) -> Organisation:
    """Join two records of one organisation: the first one's values, filled up by the second's.

    Lists are joined; the name with a legal form wins, because the form is part of the identity.
    The stricter visibility wins, and "not stated" is the strictest: joining must not publish what
    one of the rows keeps to its network.
    """
    changes: dict[str, object] = {}
    for field in fields(Organisation):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, tuple):
            changes[field.name] = tuple(dict.fromkeys((*mine, *theirs)))
        elif mine in ("", None) and theirs not in ("", None):
            changes[field.name] = theirs
    if parse_name(other.name).legal_form and not parse_name(one.name).legal_form:
        changes["name"] = other.name
    spellings = dict.fromkeys((*one.aliases, one.name, *other.aliases, other.name))
    changes["aliases"] = tuple(s for s in spellings if s != changes.get("name", one.name))
    changes["visibility"] = min(one.visibility, other.visibility, key=_openness)
    if one.id.startswith("#") and not other.id.startswith("#"):
        changes["id"] = other.id
    if one.profile and other.profile and other.profile not in one.profile:
        changes["profile"] = f"{one.profile}\n{other.profile}"
    return replace(one, **changes)  # type: ignore[arg-type]  # values come from the same fields


def _openness(visibility: Visibility | None) -> int:
    """Order by how many may see it; what is not stated is treated as own, but "own" is said."""
    return (Visibility.OWN, None, Visibility.PARTNERS, Visibility.PUBLIC).index(visibility)


def _shown(value: object) -> str:
    """Write a value as a person would, so that only real differences are reported."""
    if value is None:
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return re.sub(r"^(https?://)www\.", r"\1", text).removesuffix("/")


def _duplicate_problems(kept: Organisation, other: Organisation) -> Iterator[Problem]:
    yield _pair_problem("duplicate", other, kept)
    if kept.visibility != other.visibility:
        strict, open_ = sorted((kept.visibility, other.visibility), key=_openness)
        words = {"kept": strict or Visibility.OWN, "found": open_}
        yield _pair_problem(
            "duplicate_differs", other, kept, field=Phrase("field.visibility"), **words
        )
    for field in fields(Organisation):
        mine, theirs = _shown(getattr(kept, field.name)), _shown(getattr(other, field.name))
        if field.name in _MERGED_QUIETLY or not mine or not theirs or mine == theirs:
            continue
        yield _pair_problem(
            "duplicate_differs",
            other,
            kept,
            field=Phrase(f"field.{field.name}"),
            kept=mine,
            found=theirs,
        )


def _pair_problem(
    code: str, one: Organisation, other: Organisation, *, found: object = "", **more: object
) -> Problem:
    origin, first = one.origins[0], other.origins[0]
    where = f"{first.sheet}, {first.row}" if first.sheet != origin.sheet else str(first.row)
    severity = Severity.NOTE if code == "duplicate" else Severity.WARNING
    known = {"name": other.name, "row": where, **more}
    text = str(found) or one.name
    return Problem(code, severity, origin.file, origin.sheet, origin.row, found=text, values=known)
