"""The sheet of an agreement: its parties, its text, its clauses and what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db.models import Max
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verbund.web.agreements.forms.days import day_input
from verbund.web.agreements.model_clauses import MODEL_CLAUSES, SHAREABLE, audience_of, ready_clause
from verbund.web.agreements.models import Agreement, Clause, SharingRule, Version
from verbund.web.agreements.terms import (
    EVERY_OTHER,
    ClauseTerms,
    PartyTerms,
    Share,
    Terms,
    terms_of,
)
from verbund.web.networks.models import DataClass, Network
from verbund.web.networks.rules import Viewer

_FEWEST, _MOST = 2, 6  # parties
_TEXTS = ("title_de", "title_en", "aim_de", "aim_en", "measures_de", "measures_en")


class PartiesForm(forms.Form):
    """Who agrees; the viewer's own network, and the only other one if there is but one."""

    parties = forms.ModelMultipleChoiceField(
        Network.objects.all(),
        label=gettext_lazy("Parties"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Two or more networks of this installation, your own among them."),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        self.viewer = viewer
        networks = list(Network.objects.values_list("pk", flat=True))
        chosen = networks if len(networks) == _FEWEST else sorted(viewer.managed)[:1]
        super().__init__(*args, **{"initial": {"parties": chosen}} | kwargs)

    def clean_parties(self) -> list[Network]:
        parties = list(self.cleaned_data["parties"])
        if not _FEWEST <= len(parties) <= _MOST:
            raise forms.ValidationError(_("An agreement has two to six networks as parties."))
        if not self.viewer.managed & {party.pk for party in parties}:
            raise forms.ValidationError(_("Your own network must be one of the parties."))
        return sorted(parties, key=lambda party: party.pk not in self.viewer.managed)


class TermsForm(forms.ModelForm[Agreement]):
    takes_effect_on = forms.DateField(
        label=capfirst(gettext_lazy("takes effect on")),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Empty: on the day of the last signature."),
    )
    reason = forms.CharField(
        label=capfirst(gettext_lazy("what changes, and why")), max_length=300, required=False
    )

    class Meta:
        model = Agreement
        fields = [
            "kind",
            "title_de",
            "title_en",
            "aim_de",
            "aim_en",
            "signed_at",
            "valid_from",
            "valid_until",
            "review_on",
            "renewal",
            "renewal_months",
            "notice_months",
            "source",
        ]
        widgets = {name: day_input() for name in ("valid_from", "valid_until", "review_on")} | {
            name: forms.Textarea(attrs={"rows": 2}) for name in ("aim_de", "aim_en")
        }
        labels = {
            "valid_from": capfirst(gettext_lazy("in force from")),
            "valid_until": capfirst(gettext_lazy("in force until")),
            "renewal": gettext_lazy("At the end of the term it"),
            "source": gettext_lazy("Source"),
        }
        help_texts = {
            "title_de": gettext_lazy("One language is enough."),
            "valid_from": gettext_lazy("Empty: from the day of signing."),
            "valid_until": gettext_lazy("The last day. Empty: until it is ended."),
            "review_on": gettext_lazy("You are reminded 60 days ahead."),
            "notice_months": gettext_lazy("Before the last day, to end it or not to let it go on."),
            "source": gettext_lazy("Public: an address, or where it was published."),
        }

    def __init__(self, *args: Any, is_amendment: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ["valid_from"] if is_amendment else ["takes_effect_on", "reason"]:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("title_de") and not values.get("title_en"):
            self.add_error("title_de", _("Please write a title in at least one language."))
        begin, end = values.get("valid_from"), values.get("valid_until")
        if begin and end and end < begin:
            self.add_error("valid_until", _("The last day is before the first."))
        return values


class PartyForm(forms.Form):
    signatory = forms.CharField(
        label=gettext_lazy("Who is to sign"), max_length=200, required=False
    )
    signatory_role = forms.CharField(
        label=capfirst(gettext_lazy("role at signing")), max_length=200, required=False
    )

    def __init__(self, *args: Any, party: PartyTerms, **kwargs: Any) -> None:
        self.party = party
        initial = {"signatory": party.signatory, "signatory_role": party.signatory_role}
        super().__init__(*args, **kwargs | {"initial": initial, "prefix": f"party-{party.slug}"})

    def terms(self) -> PartyTerms:
        return replace(self.party, **self.cleaned_data)


@dataclass(frozen=True)
class Choice:
    """A box to tick: this giver lets this receiver see the class of its row."""

    value: str
    label: str
    id: str
    is_chosen: bool


@dataclass(frozen=True)
class ShareRow:
    """A class of data, with the boxes of each giver, and who sees it."""

    data_class: DataClass
    cells: list[tuple[PartyTerms, list[Choice]]]
    audience: forms.BoundField


class ClauseForm(forms.Form):
    is_included = forms.BooleanField(required=False)
    title_de = forms.CharField(
        label=capfirst(gettext_lazy("title (German)")), max_length=200, required=False
    )
    title_en = forms.CharField(
        label=capfirst(gettext_lazy("title (English)")), max_length=200, required=False
    )
    aim_de = forms.CharField(label=capfirst(gettext_lazy("aim (German)")), required=False)
    aim_en = forms.CharField(label=capfirst(gettext_lazy("aim (English)")), required=False)
    measures_de = forms.CharField(
        label=capfirst(gettext_lazy("planned measures (German)")), required=False
    )
    measures_en = forms.CharField(
        label=capfirst(gettext_lazy("planned measures (English)")), required=False
    )
    planned_a_year = forms.IntegerField(
        label=capfirst(gettext_lazy("activities planned a year")), min_value=0, max_value=365
    )

    def __init__(
        self,
        *args: Any,
        clause: ClauseTerms,
        parties: Sequence[PartyTerms],
        is_included: bool,
        **kwargs: Any,
    ) -> None:
        self.clause, self.parties = clause, parties
        initial = {name: getattr(clause, name) for name in (*_TEXTS, "planned_a_year")}
        initial |= {"is_included": is_included, "shares": [_key(s) for s in clause.shares]}
        super().__init__(*args, **kwargs | {"initial": initial})
        self.fields["is_included"].label = clause.get_field_display()
        for name in _TEXTS[2:]:
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2})
        self._ask_responsible(dict(clause.responsible))
        self._ask_shares({share.data_class: share.audience for share in clause.shares})

    def _ask_responsible(self, known: dict[str, str]) -> None:
        for party in self.parties:
            self.fields[f"responsible-{party.slug}"] = forms.CharField(
                label=_("Responsible at %s") % party.name,
                max_length=200,
                required=False,
                initial=known.get(party.slug, ""),
            )

    def _ask_shares(self, known: dict[DataClass, SharingRule.Audience]) -> None:
        self.fields["shares"] = forms.MultipleChoiceField(
            required=False, choices=[(key, key) for key in self._possible()]
        )
        for data_class in SHAREABLE:
            self.fields[f"audience-{data_class}"] = forms.ChoiceField(
                label=_("Who sees: %s") % data_class.label,
                choices=SharingRule.Audience.choices,
                required=False,
                initial=known.get(data_class, audience_of(data_class)),
            )

    def _possible(self) -> Iterator[str]:
        for data_class in SHAREABLE:
            for giver in self.parties:
                for receiver in _receivers(giver, self.parties):
                    yield f"{data_class}:{giver.slug}:{receiver}"

    @property
    def responsible(self) -> list[forms.BoundField]:
        return [self[f"responsible-{party.slug}"] for party in self.parties]

    @property
    def share_rows(self) -> list[ShareRow]:
        """Return the boxes as a table: a class a row, a giver a column."""
        chosen = set(self["shares"].value() or ())
        return [
            ShareRow(
                data_class,
                [(giver, self._choices(data_class, giver, chosen)) for giver in self.parties],
                self[f"audience-{data_class}"],
            )
            for data_class in SHAREABLE
        ]

    def _choices(self, data_class: DataClass, giver: PartyTerms, chosen: set[str]) -> list[Choice]:
        others = {party.slug: party.name for party in self.parties if party != giver}
        names = others | {EVERY_OTHER: _("all other parties")}
        if len(others) == 1:
            names[EVERY_OTHER] = next(iter(others.values()))
        made = []
        for receiver in _receivers(giver, self.parties):
            value = f"{data_class}:{giver.slug}:{receiver}"
            box = f"{self.prefix}-{value}".replace(":", "-")
            made.append(Choice(value, names[receiver], box, value in chosen))
        return made

    def terms(self, number: int) -> ClauseTerms:
        values = self.cleaned_data
        named = ((p.slug, values[f"responsible-{p.slug}"]) for p in self.parties)
        return ClauseTerms(
            number=number,
            field=self.clause.field,
            **{name: values[name] for name in (*_TEXTS, "planned_a_year")},
            responsible=tuple(sorted((slug, name) for slug, name in named if name)),
            shares=tuple(sorted(self._shares())),
        )

    def _shares(self) -> Iterator[Share]:
        chosen = set(self.cleaned_data["shares"])
        for key in chosen:
            data_class, giver, receiver = key.split(":")
            if receiver and f"{data_class}:{giver}:" in chosen:
                continue  # who gives to all other parties gives to this one
            audience = self.cleaned_data[f"audience-{data_class}"] or audience_of(
                DataClass(data_class)
            )
            yield Share(DataClass(data_class), giver, receiver, SharingRule.Audience(audience))


def _key(share: Share) -> str:
    return f"{share.data_class}:{share.giver}:{share.receiver}"


def _receivers(giver: PartyTerms, parties: Sequence[PartyTerms]) -> list[str]:
    """Return all others, and where there are several, each of them."""
    others = [party.slug for party in parties if party != giver]
    return [EVERY_OTHER, *(others if len(others) > 1 else [])]


class DraftPaper:
    """The sheet on which a draft is changed: its own fields, who signs, and the clauses."""

    def __init__(self, version: Version, data: QueryDict | None = None) -> None:
        self.version, self.before = version, terms_of(version.content)
        self.is_amendment = version.agreement.stage == Agreement.Stage.SIGNED
        names = [*TermsForm.Meta.fields, "takes_effect_on"]
        initial = {name: getattr(self.before, name) for name in names}
        self.form = TermsForm(
            data, initial=initial | {"reason": version.reason}, is_amendment=self.is_amendment
        )
        self.parties = [PartyForm(data, party=party) for party in self.before.parties]
        self.clauses = list(self._clause_forms(data))
        self.seen = str(data.get("seen", "")) if data else self.before.digest
        self.problems: list[str] = []

    def _clause_forms(self, data: QueryDict | None) -> Iterator[ClauseForm]:
        """Give a form to each clause, and one for every field that has none yet."""
        parties = self.before.parties
        for clause in self.before.clauses:
            yield ClauseForm(
                data,
                clause=clause,
                parties=parties,
                is_included=True,
                prefix=f"clause-{clause.number}",
            )
        there = {clause.field for clause in self.before.clauses}
        for field in (one for one in MODEL_CLAUSES if one not in there):
            yield ClauseForm(
                data,
                clause=ready_clause(field, 0, parties),
                parties=parties,
                is_included=False,
                prefix=f"clause-{field}",
            )

    def is_valid(self) -> bool:
        answers = [form.is_valid() for form in (self.form, *self.parties, *self.clauses)]
        are_valid = all(answers)
        if are_valid and not any(form.cleaned_data["is_included"] for form in self.clauses):
            self.problems.append(_("Choose at least one clause."))
        return are_valid and not self.problems

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in (self.form, *self.parties, *self.clauses))

    @property
    def reason(self) -> str:
        return str(self.form.cleaned_data.get("reason", ""))

    def terms(self) -> Terms:
        """Return what was typed; only after `is_valid`."""
        values = {name: value for name, value in self.form.cleaned_data.items() if name != "reason"}
        if self.is_amendment:
            values["valid_from"] = self.before.valid_from
        return Terms(
            parties=tuple(form.terms() for form in self.parties),
            clauses=tuple(self._clauses()),
            **values
            | {
                "kind": Agreement.Kind(values["kind"]),
                "renewal": Agreement.Renewal(values["renewal"]),
            },
        )

    def _clauses(self) -> Iterator[ClauseTerms]:
        """Number new clauses after all that ever were: a number is never used for another one."""
        last = self._last_number()
        for form in self.clauses:
            if not form.cleaned_data["is_included"]:
                continue
            last += not form.clause.number
            yield form.terms(form.clause.number or last)

    def _last_number(self) -> int:
        numbers = [clause.number for clause in self.before.clauses]
        if self.is_amendment:
            rows = Clause.objects.filter(agreement=self.version.agreement)
            numbers.append(rows.aggregate(last=Max("number"))["last"] or 0)
        return max(numbers, default=0)
