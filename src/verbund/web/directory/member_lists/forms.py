from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from verbund.records.tables import JSON, TEXTS, WORKBOOKS
from verbund.web.directory.member_lists.choosing import remembered
from verbund.web.directory.member_lists.reading import read_upload
from verbund.web.directory.member_lists.services import Choice
from verbund.web.networks.models import Network, Visibility
from verbund.web.networks.rules import Viewer

if TYPE_CHECKING:
    from django.http import QueryDict


class UploadForm(forms.Form):
    """A member list on its way in; `content` is what was read from the file."""

    network = forms.ModelChoiceField(
        label=_("Whose members are they?"), queryset=Network.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=_("Member list"),
        error_messages={
            "required": _("Choose the file with your member list."),
            "empty": _("The file is empty. Save the list again and upload it once more."),
        },
        widget=forms.FileInput(attrs={"accept": ",".join((*WORKBOOKS, *TEXTS, *JSON))}),
    )
    entries_visibility = forms.ChoiceField(
        label=_("Who may see the offers and requests of rows that say nothing about it?"),
        choices=Visibility,
        initial=Visibility.OWN,
        widget=forms.RadioSelect,
        help_text=_(
            "A column “Visibility” in the list goes before this. Members can change it for each"
            " offer and request later."
        ),
    )

    def __init__(self, viewer: Viewer, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        networks = Network.objects.filter(pk__in=viewer.edited)
        field = self.fields["network"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        field.queryset = networks
        if len(viewer.edited) == 1:
            field.initial = networks.first()
            field.widget = field.hidden_widget()

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        network = self.cleaned_data.get("network")
        if network:  # otherwise it is asked for once more, file and all
            self.content = read_upload(upload, remembered(network))
        return upload


def choices_of(data: QueryDict) -> dict[int, Choice]:
    """Read what was chosen for the rows of a page; cells whose box is not ticked are left out."""
    choices = {}
    for text in data.getlist("row"):
        if not (text.isascii() and text.isdigit() and len(text) < 8):
            continue
        cells = data.getlist(f"cell-{text}")
        kept = set(data.getlist(f"keep-{text}"))
        leave = tuple(cell for cell in cells if cell not in kept)
        choices[int(text)] = Choice(data.get(f"as-{text}", ""), leave)
    return choices
