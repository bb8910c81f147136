"""How forms look: label above, help below it, the error in words."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    field_template_name = "core/_field.html"
    form_template_name = "core/_form.html"
