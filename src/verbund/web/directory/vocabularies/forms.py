"""Web input about vocabularies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.errors import InvalidInput
from verbund.language.skos import SkosFile, read_skos
from verbund.web.directory.member_lists.content import engine_language
from verbund.wording import message


class VocabularyForm(forms.Form):
    """A file on its way in; `read` is what it says."""

    read: SkosFile

    file = forms.FileField(
        label=_("Vocabulary as SKOS (RDF/XML or Turtle)"),
        widget=forms.FileInput(attrs={"accept": ".rdf,.xml,.ttl,.skos"}),
        help_text=_("First you see what changes; nothing is taken over before."),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        limit = settings.UPLOAD_LIMIT_MB
        if upload.size > limit * 1024 * 1024:
            text = gettext("The file is larger than %(limit)s MB. Choose a part of it.")
            raise ValidationError(text % {"limit": limit})
        try:
            self.read = read_skos(upload.read(), name=str(upload.name)[:100])
        except InvalidInput as refusal:
            raise ValidationError(message(refusal, engine_language())) from refusal
        return upload
