"""What every form shows when something is wrong with it."""

from __future__ import annotations

from django import forms
from django.utils import translation


class Sample(forms.Form):
    name = forms.CharField(label="Name")
    choice = forms.ChoiceField(label="Choice", choices=[("a", "A")], widget=forms.RadioSelect)
    town = forms.CharField(label="Town", required=False)


def test_the_note_above_a_form_leads_to_each_faulty_field() -> None:
    with translation.override("en"):
        page = str(Sample({"town": "Jena"}))

    assert 'role="alert" tabindex="-1" autofocus' in page
    for target, label in (("id_name", "Name"), ("id_choice", "Choice")):
        assert f'<a href="#{target}">{label}</a>' in page
        assert f'id="{target}"' in page
    assert ">Town</a>" not in page


def test_a_form_without_mistakes_shows_no_note() -> None:
    assert "alert" not in str(Sample({"name": "Jena", "choice": "a"}))
