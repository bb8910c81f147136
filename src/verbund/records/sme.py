"""Whether an enterprise counts as small or medium-sized, by which definition, and why.

1. Headcount, turnover and balance-sheet total of each year are summed up with those of enterprises
   it is tied to: linked ones in full, partners by their share.
2. Per size class each year exceeds the ceilings, does not, or it cannot be told from what is known.
3. Where the definition says so, that counts only after two accounting years in a row.
4. The status is the first class that is not exceeded.

Ties count as they are on the day asked for, in all years: a change of ownership works at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from verbund.records.sme_definitions import Definition, Step, definition_for
from verbund.wording import Language, Phrase, Sayable, number, refuse, sentence

_NEXT_YEAR = dt.timedelta(days=550)  # from one closing day to the next, short years and leaps too
_PARTNER, _MAJORITY = 25, 50  # per cent of capital or votes
LARGE, UNKNOWN = "large", "unknown"
_FIELDS = ("employees", "turnover_eur", "balance_eur")


class Tie(StrEnum):
    """What another enterprise is to this one, by capital or votes."""

    LINKED = "linked"
    PARTNER = "partner"
    APART = "apart"
    PUBLIC = "public"  # a public body with a quarter or more: no SME
    EXEMPT = "exempt"  # an investor that a quarter to a half does not make a partner


class Holder(StrEnum):
    """Who the other one is: the rule treats public bodies and some investors differently."""

    ENTERPRISE = "enterprise"
    PUBLIC_BODY = "public"
    EXEMPT_INVESTOR = "exempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """Size in one accounting year: annual work units, EUR; None where it is not known.

    Raises
    ------
    InvalidInput
        For a negative number.
    """

    closing_day: dt.date
    employees: float | None = None
    turnover_eur: float | None = None
    balance_eur: float | None = None

    def __post_init__(self) -> None:
        _refuse_negative(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An enterprise that owns a share of this one or is owned by it, with its latest figures.

    Where it is tied to further ones, its figures include them already.

    Raises
    ------
    InvalidInput
        For a negative number or a share that is no percentage.
    """

    name: str
    share_percent: float
    is_owner: bool = True
    is_dominant: bool = False
    holder: Holder = Holder.ENTERPRISE
    employees: float | None = None
    turnover_eur: float | None = None
    balance_eur: float | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None

    def __post_init__(self) -> None:
        _refuse_negative(self)
        if not 0 <= self.share_percent <= 100:
            raise refuse("sme.no_percentage", name=self.name, found=self.share_percent)

    def holds(self, on: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )

    @property
    def tie(self) -> Tie:
        if self.holder is Holder.PUBLIC_BODY and self.is_owner:
            return Tie.PUBLIC if self.share_percent >= _PARTNER else Tie.APART
        if self.is_dominant or self.share_percent > _MAJORITY:
            return Tie.LINKED
        if self.share_percent < _PARTNER:
            return Tie.APART
        exempt = self.holder is Holder.EXEMPT_INVESTOR and self.is_owner
        return Tie.EXEMPT if exempt else Tie.PARTNER


def _refuse_negative(thing: YearFigures | Link) -> None:
    for name in _FIELDS:
        value = getattr(thing, name)
        if value is not None and not value >= 0:
            raise refuse("sme.negative", field=Phrase(f"sme.field.{name}"), found=value)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum, and whose part of it is not known: then it is at least this."""

    known: float = 0.0
    missing: tuple[str, ...] = ()
    is_money: bool = False

    @property
    def value(self) -> float | None:
        return None if self.missing else self.known

    def say(self, language: Language) -> str:
        if self.missing and not self.known:
            return sentence("sme.amount.unknown", language)
        million = self.is_money and self.known >= 1_000_000
        shown = self.known / 1_000_000 if million else self.known
        decimals = 0 if round(shown, 1) == round(shown) else 1
        unit = "million" if million else "money" if self.is_money else "plain"
        text = sentence(f"sme.amount.{unit}", language, number=number(shown, language, decimals))
        return sentence("sme.amount.at_least", language, amount=text) if self.missing else text


@dataclass(frozen=True, slots=True)
class Year:
    """What counts for one accounting year, tied enterprises included."""

    closing_day: dt.date
    employees: Amount
    turnover: Amount
    balance: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The answer: the size class, whether that is an SME (None: cannot be told), and the reasons.

    `status` is the id of a step of the definition, `large` or `unknown`; `latest` is the year that
    counts, None without any figures.
    """

    definition: Definition
    on: dt.date
    status: str
    is_sme: bool | None
    latest: Year | None
    reasons: tuple[Phrase, ...] = field(default=())

    def say(self, language: Language) -> str:
        return sentence(
            "sme.verdict",
            language,
            definition=self.definition,
            answer=Phrase(f"sme.answer.{_said(self.is_sme)}"),
            status=Phrase(f"sme.step.{self.status}"),
        )


def _said(is_sme: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[is_sme]


def sme_status(
    figures: Iterable[YearFigures], links: Iterable[Link], definition: str, on: dt.date
) -> Status:
    """Tell the size class of an enterprise by a definition on a day.

    Parameters
    ----------
    figures
        One per accounting year; those closed after the day are left out.
    links
        Enterprises it is tied to; those of other days are left out. Their order does not matter.
    definition
        An id of `sme_definitions.DEFINITIONS`.

    Raises
    ------
    InvalidInput
        If the definition is unknown or does not hold on the day.
    """
    rule = definition_for(definition, on)
    tied = sorted((link for link in links if link.holds(on)), key=lambda link: link.name)
    closed = sorted((y for y in figures if y.closing_day <= on), key=lambda y: y.closing_day)
    years = [_summed(year, tied, rule) for year in _in_a_row(closed)]
    is_public = any(link.tie is Tie.PUBLIC for link in tied)
    exceeded = [(is_public and step.is_sme) or _lasting(step, years) for step in rule.steps]
    status = _first_kept(rule.steps, exceeded)
    return Status(
        definition=rule,
        on=on,
        status=status,
        is_sme=_is_sme(rule.steps, exceeded),
        latest=years[-1] if years else None,
        reasons=tuple(_reasons(rule, years, tied, exceeded)),
    )


def _in_a_row(years: list[YearFigures]) -> list[YearFigures]:
    """Keep the latest years without a gap: what lies before one says nothing about today."""
    kept = years[-1:]
    for year in reversed(years[:-1]):
        if kept[0].closing_day - year.closing_day > _NEXT_YEAR:
            break
        kept.insert(0, year)
    return kept


def _summed(year: YearFigures, tied: list[Link], rule: Definition) -> Year:
    def total(name: str) -> Amount:
        own = getattr(year, name)
        parts, missing = [own or 0.0], [] if own is not None else [""]
        for link in tied:
            share = _share(link, rule)
            value = getattr(link, name)
            if share and value is None:
                missing.append(link.name)
            parts.append(share * float(value or 0))
        return Amount(round(sum(parts), 4), tuple(missing), is_money=name != "employees")

    return Year(year.closing_day, *(total(name) for name in _FIELDS))


def _share(link: Link, rule: Definition) -> float:
    """Return how much of the other's figures is added."""
    if link.tie is Tie.LINKED:
        return 1.0
    return link.share_percent / 100 if link.tie is Tie.PARTNER and rule.counts_partners else 0.0


def _exceeds(step: Step, year: Year) -> bool | None:
    """Tell whether a year exceeds the ceilings of a class; None if too little is known."""
    heads = _above(year.employees, step.employees_below, lambda known, limit: known >= limit)
    money = [
        _above(amount, limit, lambda known, limit: known > limit)
        for amount, limit in (
            (year.turnover, step.turnover_up_to),
            (year.balance, step.balance_up_to),
        )
        if limit is not None
    ]
    too_rich = _all(money) if money else False
    return _any([heads, too_rich])


def _above(amount: Amount, limit: int | None, compare: Callable[[float, int], bool]) -> bool | None:
    if limit is None:
        return False
    if compare(amount.known, limit):
        return True
    return None if amount.missing else False


def _all(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers: list[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def _lasting(step: Step, years: list[Year]) -> bool | None:
    """Tell whether a class is exceeded for good: a change counts once two years agree."""
    if not years:
        return None
    single = [_exceeds(step, year) for year in years]
    if not step.waits:
        return single[-1]
    held = single[0]
    for before, now in pairwise(single):
        held = now if now == before else _majority(before, now, held)
    return held


def _majority(*answers: bool | None) -> bool | None:
    return next((wanted for wanted in (True, False) if answers.count(wanted) >= 2), None)


def _first_kept(steps: tuple[Step, ...], exceeded: list[bool | None]) -> str:
    for step, above in zip(steps, exceeded, strict=True):
        if above is None:
            return UNKNOWN
        if not above:
            return step.id
    return LARGE


def _is_sme(steps: tuple[Step, ...], exceeded: list[bool | None]) -> bool | None:
    small = [above for step, above in zip(steps, exceeded, strict=True) if step.is_sme]
    if False in small:
        return True
    return None if None in small else False


# ---------------------------------------------------------------- the reasons


def _reasons(
    rule: Definition, years: list[Year], tied: list[Link], exceeded: list[bool | None]
) -> Iterable[Phrase]:
    yield _summed_up(years[-1]) if years else Phrase("sme.no_figures")
    yield from (_tie_said(link, rule) for link in tied)
    if not tied:
        yield Phrase("sme.no_links")
    if not years:
        return
    if decisive := _decisive(rule.steps, exceeded, years):
        yield _ceilings(*decisive)
        yield from _waiting(*decisive, years[-1])
    yield from _lacking(rule.steps, years[-1], exceeded)


def _summed_up(year: Year) -> Phrase:
    return Phrase(
        "sme.figures",
        {
            "day": year.closing_day,
            "employees": year.employees,
            "turnover": year.turnover,
            "balance": year.balance,
        },
    )


def _tie_said(link: Link, rule: Definition) -> Phrase:
    tie = link.tie
    if tie is Tie.PARTNER and not rule.counts_partners:
        tie = Tie.APART
    dominant = tie is Tie.LINKED and link.share_percent <= _MAJORITY
    code = f"sme.tie.{'dominant' if dominant else tie}.{'owner' if link.is_owner else 'owned'}"
    return Phrase(code, {"name": link.name, "share": _Percent(link.share_percent)})


@dataclass(frozen=True, slots=True)
class _Percent:
    value: float

    def say(self, language: Language) -> str:
        decimals = 0 if self.value == round(self.value) else 1
        return number(self.value, language, decimals)


def _decisive(
    steps: tuple[Step, ...], exceeded: list[bool | None], years: list[Year]
) -> tuple[Step, bool] | None:
    """Return the class that decides: the first one kept, else the last one its figures exceed."""
    answers = list(zip(steps, exceeded, strict=True))
    for step, above in answers:
        if above is False:
            return step, False
    by_figures = [step for step, above in answers if above and _lasting(step, years)]
    return (by_figures[-1], True) if by_figures and None not in exceeded else None


def _ceilings(step: Step, is_exceeded: bool) -> Phrase:
    limits: list[Sayable] = []
    if step.employees_below is not None:
        limits.append(Phrase("sme.limit.employees", {"limit": step.employees_below}))
    money = [
        Phrase(f"sme.limit.{name}", {"limit": Amount(limit, is_money=True)})
        for name, limit in (("turnover", step.turnover_up_to), ("balance", step.balance_up_to))
        if limit is not None
    ]
    if len(money) == 2:
        limits.append(Phrase("sme.limit.either", {"one": money[0], "other": money[1]}))
    else:
        limits += money
    code = "sme.exceeded" if is_exceeded else "sme.kept"
    return Phrase(code, {"limits": limits})


def _waiting(step: Step, is_exceeded: bool, latest: Year) -> Iterable[Phrase]:
    """Say that the latest year alone would tell otherwise."""
    alone = _exceeds(step, latest)
    if step.waits and alone is not None and alone is not is_exceeded:
        code = "sme.waiting.above" if alone else "sme.waiting.below"
        yield Phrase(code, {"year": str(latest.closing_day.year), "step": step})


def _lacking(
    steps: tuple[Step, ...], latest: Year, exceeded: list[bool | None]
) -> Iterable[Phrase]:
    """Name what is missing, where the answer hangs on it."""
    limits = [
        (step.employees_below, step.turnover_up_to, step.balance_up_to)
        for step, above in zip(steps, exceeded, strict=True)
        if above is None
    ]
    amounts = (latest.employees, latest.turnover, latest.balance)
    asked = [any(limit is not None for limit in column) for column in zip(*limits, strict=True)]
    names = [
        _missing_said(Phrase(f"sme.field.{name}"), who)
        for name, amount, is_asked in zip(_FIELDS, amounts, asked, strict=False)
        for who in amount.missing
        if is_asked
    ]
    if names:
        yield Phrase("sme.missing", {"names": names})


def _missing_said(field: Phrase, who: str) -> Phrase:
    return Phrase("sme.of", {"field": field, "name": who}) if who else field
