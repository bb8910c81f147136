"""Filters of activities, and what people type in about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePath
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verbund.web.agreements.forms.days import day_input
from verbund.web.agreements.models import Activity, Clause, Field
from verbund.web.agreements.queries import overdue, taking_part
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.networks.models import Network

OVERDUE = "overdue"
_STATES = [(state.value, state.label) for state in Activity.State]
# First bytes of files that open in an office and run nothing by themselves.
_BEGINNINGS = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"), (b"PK\x03\x04",)),
}
_PLAIN = (".txt", ".csv")


def harmless(file: UploadedFile[Any]) -> None:
    """Refuse a file that is too large, of a kind that could do harm, or not what it says it is."""
    if (file.size or 0) > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
        raise ValidationError(
            _("The file is larger than %(limit)s MB.") % {"limit": settings.UPLOAD_LIMIT_MB}
        )
    ending = PurePath(file.name or "").suffix.lower()
    start = file.read(4096)
    file.seek(0)
    is_text = ending in _PLAIN and b"\0" not in start
    if not is_text and not start.startswith(_BEGINNINGS.get(ending, ())):
        raise ValidationError(
            _("Please choose a file of one of these kinds: %(kinds)s.")
            % {"kinds": ", ".join(kind[1:] for kind in (*_BEGINNINGS, *_PLAIN))}
        )


def _file_field() -> forms.FileField:
    return forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        validators=[harmless],
        widget=forms.FileInput,
        help_text=gettext_lazy(
            "Minutes, programme or report (PDF, office document, picture or text). Only managers"
            " of the parties and of the networks taking part can open it."
        ),
    )


class ActivityFilters(forms.Form):
    """Filters of a list of activities; what makes no sense is left out."""

    field = forms.ChoiceField(label=gettext_lazy("Field of cooperation"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)
    network = forms.ModelChoiceField(
        Network.objects.all(),
        label=gettext_lazy("Network"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("all"),
    )
    state = forms.ChoiceField(
        required=False, choices=[*_STATES, (OVERDUE, OVERDUE)], widget=forms.HiddenInput
    )

    def __init__(self, asked: QueryDict, *, years: Sequence[int], within_clause: bool) -> None:
        super().__init__(asked)
        everything = ("", _("all"))
        choices: dict[str, list[tuple[Any, Any]]] = {
            "field": Field.choices,
            "kind": Activity.Kind.choices,
            "year": [(str(year), str(year)) for year in years],
        }
        for name, options in choices.items():
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [everything, *options]
        if within_clause:
            del self.fields["field"], self.fields["network"]
        self.is_valid()

    @property
    def on(self) -> dict[str, Any]:
        """Return the filters that are set and make sense."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def applied_to(self, activities: QuerySet[Activity]) -> QuerySet[Activity]:
        """Filter by all but the state."""
        ways = {"field": "clause__field", "kind": "kind", "year": "date__year"}
        for name, way in ways.items():
            if name in self.on:
                activities = activities.filter(**{way: self.on[name]})
        if network := self.on.get("network"):
            activities = activities.filter(taking_part(network)).distinct()
        return activities

    def state_applied_to(self, activities: QuerySet[Activity], on: dt.date) -> QuerySet[Activity]:
        state = self.on.get("state")
        if not state:
            return activities
        return activities.filter(overdue(on) if state == OVERDUE else Q(state=state))


class ClauseChoice(forms.ModelChoiceField[Clause]):
    def label_from_instance(self, clause: Clause) -> str:
        title = text_of(clause, "title") or clause.get_field_display()
        return f"{text_of(clause.agreement, 'title')}: {clause.number} {title}"


class ActivityForm(forms.ModelForm[Activity]):
    clause = ClauseChoice(
        Clause.objects.none(),
        label=gettext_lazy("Clause"),
        empty_label=gettext_lazy("please choose"),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("How far is it?"),
        choices=_STATES[:2],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Result and participants are asked for what was held."),
    )
    file = _file_field()
    remove_file = forms.BooleanField(label=gettext_lazy("Remove the present file"), required=False)

    class Meta:
        model = Activity
        fields = [
            "clause",
            "kind",
            "title_de",
            "title_en",
            "date",
            "until",
            "place",
            "partners",
            "others",
            "state",
            "result_de",
            "result_en",
            "participants",
            "source",
            "file",
        ]
        widgets = {
            "date": day_input(),
            "until": day_input(),
            "partners": forms.CheckboxSelectMultiple,
            "result_de": forms.Textarea(attrs={"rows": 3}),
            "result_en": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "partners": gettext_lazy("Further networks taking part"),
            "source": gettext_lazy("Source"),
        }
        help_texts = {
            "title_de": gettext_lazy(
                "Titles are public: please name no member. One language is enough."
            ),
            "until": gettext_lazy("Only if it takes more than one day."),
            "others": gettext_lazy("Companies, institutes or guests who are not a network here."),
            "result_de": gettext_lazy("Members of the parties read it; one language is enough."),
            "source": gettext_lazy("Public: an address, or where it was published."),
        }

    def __init__(self, *args: Any, clauses: QuerySet[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Clause]", self.fields["clause"]).queryset = clauses.order_by(
            "-agreement__signed_on", "number"
        )
        if self.instance.pk:
            del self.fields["state"]
        if not self.instance.file:
            del self.fields["remove_file"]
        if self.instance.pk and self.instance.state != Activity.State.HELD:
            for name in ("result_de", "result_en", "participants"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("title_de") and not values.get("title_en"):
            self.add_error("title_de", _("Please write a title in at least one language."))
        date, until = values.get("date"), values.get("until")
        if date and until and until < date:
            self.add_error("until", _("The last day is before the first."))
        if date and values.get("state") == Activity.State.HELD and date > today():
            self.add_error("state", _("This day is still to come; it can only be planned."))
        if values.get("remove_file") and "file" not in self.files:
            values["file"] = False  # Django's word for "none any more"
        return values


class HoldForm(forms.ModelForm[Activity]):
    """What came of an activity."""

    file = _file_field()

    class Meta:
        model = Activity
        fields = ["result_de", "result_en", "participants", "file"]
        widgets = {
            "result_de": forms.Textarea(attrs={"rows": 4}),
            "result_en": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "result_de": gettext_lazy("Members of the parties read it; one language is enough.")
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.instance.date > today():
            raise ValidationError(
                _("This day is still to come. If the day has changed, change it first.")
            )
        return values


def initial_activity(asked: QueryDict, clauses: QuerySet[Clause]) -> dict[str, Any]:
    """Return how a new activity is filled in by the address; nonsense is left out."""
    initial: dict[str, Any] = {
        name: asked[name][:200]
        for name in ("title_de", "title_en", "others", "place")
        if asked.get(name)
    }
    initial["state"] = Activity.State.PLANNED
    if asked.get("kind") in Activity.Kind.values:
        initial["kind"] = asked["kind"]
    with suppress(ValueError):
        initial["date"] = dt.date.fromisoformat(asked.get("date", ""))
    asked_clause = asked.get("clause", "")
    if asked_clause.isdecimal() and len(asked_clause) < 19:
        initial["clause"] = clauses.filter(pk=int(asked_clause)).first()
    elif asked.get("field") in Field.values:
        initial["clause"] = clauses.filter(field=asked["field"]).first()
    return initial


def origin_of(asked: QueryDict) -> str:
    """Return the page of this site on which the idea came up, if the address names one."""
    origin = asked.get("origin", "")[:300]
    is_ours = origin.startswith("/") and url_has_allowed_host_and_scheme(origin, allowed_hosts=None)
    return origin if is_ours else ""
