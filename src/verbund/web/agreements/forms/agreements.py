"""The sheet on which an agreement is typed in, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verbund.web.agreements.forms.days import day_input
from verbund.web.agreements.model_clauses import MODEL_CLAUSES, SHAREABLE
from verbund.web.agreements.models import Agreement, Clause, Field
from verbund.web.agreements.services import AgreementDraft, ClauseDraft, PartyDraft, shared_by
from verbund.web.core.services import today
from verbund.web.networks.models import DataClass, Network
from verbund.web.networks.rules import Viewer

_USUAL_PARTIES, _MOST_PARTIES = 2, 6


class AgreementForm(forms.ModelForm[Agreement]):
    class Meta:
        model = Agreement
        fields = [
            "kind",
            "title_de",
            "title_en",
            "signed_on",
            "signed_at",
            "valid_from",
            "valid_until",
            "review_on",
            "aim_de",
            "aim_en",
            "source",
        ]
        widgets = {
            name: day_input() for name in ("signed_on", "valid_from", "valid_until", "review_on")
        } | {
            "aim_de": forms.Textarea(attrs={"rows": 2}),
            "aim_en": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {
            "valid_from": capfirst(gettext_lazy("in force from")),
            "valid_until": capfirst(gettext_lazy("in force until")),
            "source": gettext_lazy("Source"),
        }
        help_texts = {
            "title_de": gettext_lazy("One language is enough."),
            "valid_from": gettext_lazy("Empty: from the day of signing."),
            "valid_until": gettext_lazy("The last day. Empty: until it is ended."),
            "review_on": gettext_lazy("You are reminded 60 days ahead."),
            "source": gettext_lazy("Public: an address, or where it was published."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:  # the term is what the parties agreed; it can only be ended
            del self.fields["valid_from"], self.fields["valid_until"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("title_de") and not values.get("title_en"):
            self.add_error("title_de", _("Please write a title in at least one language."))
        if "valid_from" in self.fields:
            values["valid_from"] = values.get("valid_from") or values.get("signed_on")
            begin, end = values["valid_from"], values.get("valid_until")
            if begin and end and end < begin:
                self.add_error("valid_until", _("The last day is before the first."))
        return values


class PartyForm(forms.Form):
    network = forms.ModelChoiceField(
        Network.objects.all(),
        label=gettext_lazy("Network"),
        required=False,
        empty_label=gettext_lazy("no further party"),
    )
    signatory = forms.CharField(
        label=capfirst(gettext_lazy("signed by")), max_length=200, required=False
    )
    signatory_role = forms.CharField(
        label=capfirst(gettext_lazy("role at signing")), max_length=200, required=False
    )


class ClauseForm(forms.Form):
    is_included = forms.BooleanField(required=False)
    title_de = forms.CharField(
        label=capfirst(gettext_lazy("title (German)")), max_length=200, required=False
    )
    title_en = forms.CharField(
        label=capfirst(gettext_lazy("title (English)")), max_length=200, required=False
    )
    aim_de = forms.CharField(
        label=capfirst(gettext_lazy("aim (German)")),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    aim_en = forms.CharField(
        label=capfirst(gettext_lazy("aim (English)")),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    planned_a_year = forms.IntegerField(
        label=capfirst(gettext_lazy("activities planned a year")), min_value=0, max_value=365
    )
    shares = forms.MultipleChoiceField(
        label=gettext_lazy("What our members' data are shared for it"),
        required=False,
        choices=[(data_class.value, data_class.label) for data_class in SHAREABLE],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, field: Field, clause: Clause | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field, self.clause = field, clause
        self.fields["is_included"].label = field.label

    def draft(self) -> ClauseDraft:
        values = {name: self.cleaned_data[name] for name in self.fields if name != "is_included"}
        shares = frozenset(DataClass(value) for value in values.pop("shares"))
        return ClauseDraft(self.field, clause=self.clause, shares=shares, **values)


class AgreementPaper:
    """The sheet on which an agreement is typed: its own fields, parties and clauses.

    `template` fills a new sheet with an earlier agreement; an `agreement` given is changed.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        viewer: Viewer,
        agreement: Agreement | None = None,
        template: Agreement | None = None,
    ) -> None:
        self.viewer, self.agreement = viewer, agreement
        model = agreement or template
        initial = {}
        if template:
            names = ("kind", "title_de", "title_en", "aim_de", "aim_en")
            initial = {name: getattr(template, name) for name in names}
        self.form = AgreementForm(data, instance=agreement, initial=initial)
        self.parties = _party_forms(data, viewer, model, is_fixed=agreement is not None)
        self.clauses = _clause_forms(data, viewer, model, is_fixed=agreement is not None)
        self.problems: list[str] = []

    def is_valid(self) -> bool:
        answers = [form.is_valid() for form in (self.form, *self.parties, *self.clauses)]
        are_valid = all(answers)
        self.problems = list(self._problems()) if are_valid else []
        return are_valid and not self.problems

    def _problems(self) -> Sequence[str]:
        chosen = [party.network.pk for party in self._parties()]
        found = []
        if len(chosen) < _USUAL_PARTIES or len(set(chosen)) < len(chosen):
            found.append(_("An agreement has at least two different networks as parties."))
        if not self.viewer.managed & set(chosen):
            found.append(_("Your own network must be one of the parties."))
        if not any(form.cleaned_data["is_included"] for form in self.clauses):
            found.append(_("Choose at least one clause."))
        return found

    def _parties(self) -> list[PartyDraft]:
        return [PartyDraft(**form.cleaned_data) for form in self.parties if _network_of(form)]

    def draft(self) -> AgreementDraft:
        """Return what was typed; only after `is_valid`."""
        return AgreementDraft(
            agreement=self.form.save(commit=False),
            parties=tuple(self._parties()),
            clauses=tuple(
                form.draft() for form in self.clauses if form.cleaned_data["is_included"]
            ),
            changed=tuple(self.form.changed_data),
        )

    @property
    def has_spare_parties(self) -> bool:
        return (
            len(self.parties) > _USUAL_PARTIES
            and not self.parties[_USUAL_PARTIES]["network"].value()
        )

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.hidden)

    @property
    def givers(self) -> frozenset[int]:
        """Return the parties whose data this person may give."""
        return self.viewer.managed & {party.network.pk for party in self._parties()}

    @property
    def hidden(self) -> Sequence[forms.BaseForm]:
        """Return all forms, for a page that carries them along."""
        return [self.form, *self.parties, *self.clauses]


def _network_of(form: PartyForm) -> Network | None:
    network: Network | None = form.cleaned_data.get("network")
    return network


def _party_forms(
    data: QueryDict | None, viewer: Viewer, model: Agreement | None, *, is_fixed: bool
) -> list[PartyForm]:
    initial: list[dict[str, Any]] = []
    if model:
        initial = [
            {"network": party.network_id}
            | (
                {"signatory": party.signatory, "signatory_role": party.signatory_role}
                if is_fixed
                else {}
            )
            for party in model.signing.all()
        ]
    else:
        initial = [{"network": pk} for pk in sorted(viewer.managed)[:1]]
    rows = (
        len(initial)
        if is_fixed
        else min(max(Network.objects.count(), _USUAL_PARTIES), _MOST_PARTIES)
    )
    made = []
    for number in range(max(rows, len(initial))):
        form = PartyForm(
            data,
            prefix=f"party-{number}",
            initial=initial[number] if number < len(initial) else None,
        )
        form.fields["network"].disabled = is_fixed
        made.append(form)
    return made


def _clause_forms(
    data: QueryDict | None, viewer: Viewer, model: Agreement | None, *, is_fixed: bool
) -> list[ClauseForm]:
    made = []
    clauses = list(model.clauses.prefetch_related("rules")) if model else []
    givers = viewer.managed & {p.network_id for p in model.signing.all()} if model else frozenset()
    for clause in clauses:
        initial = {
            name: getattr(clause, name)
            for name in ("title_de", "title_en", "aim_de", "aim_en", "planned_a_year")
        } | {"is_included": True, "shares": list(shared_by(clause, givers, today()))}
        made.append(
            ClauseForm(
                data,
                prefix=f"clause-{clause.number}",
                initial=initial,
                field=Field(clause.field),
                clause=clause if is_fixed else None,
            )
        )
    for field, ready in MODEL_CLAUSES.items():
        if field not in {clause.field for clause in clauses}:
            initial = {
                "title_de": ready.title_de,
                "title_en": ready.title_en,
                "aim_de": ready.aim_de,
                "aim_en": ready.aim_en,
                "planned_a_year": ready.planned_a_year,
                "shares": list(ready.shares),
                "is_included": ready.is_usual and not model,
            }
            made.append(
                ClauseForm(
                    data, prefix=f"clause-{field}", initial=initial, field=field, clause=None
                )
            )
    return made


class EndForm(forms.Form):
    last_day = forms.DateField(label=gettext_lazy("Last day in force"), widget=day_input())
