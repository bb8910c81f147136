"""Words of the audit log for published figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from verbund.web.core.auditing import INSTALLATION, Audited, announce_kind
from verbund.web.indicators.models import Indicator


def announce_changes() -> None:
    announce_kind(Indicator, _INDICATOR)


_INDICATOR = Audited(
    _("figure"),
    said={
        "create": _("%(who)s published the figure %(what)s"),
        "update": _("%(who)s changed the description of the figure %(what)s"),
        "add_value": _("%(who)s published a value of %(what)s"),
        "correct_value": _("%(who)s corrected a value of %(what)s"),
        "remove_value": _("%(who)s took a value of %(what)s back"),
    },
    offices=lambda indicator, verb, changes: [indicator.network_id or INSTALLATION],
    seen=lambda viewer, on: Indicator.objects.all(),
    keeps_name=True,
)
