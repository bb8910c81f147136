"""What the life of agreements asks of people today: signing, what was refused, terms that end."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from verbund.web.agreements.days import notice_day
from verbund.web.agreements.models import Agreement, Party, Version, is_in_force
from verbund.web.agreements.rules import signs_for
from verbund.web.core.registries import Task
from verbund.web.core.texts import text_of
from verbund.web.networks.rules import Viewer

_AHEAD = dt.timedelta(days=60)


def to_sign(viewer: Viewer, on: dt.date) -> list[Task]:
    """List the texts that wait for this signatory's answer."""
    if not viewer.signs_for:
        return []
    proposed = (
        Version.objects.filter(
            state=Version.State.PROPOSED, agreement__parties__in=viewer.signs_for
        )
        .select_related("agreement")
        .prefetch_related("signatures", "agreement__signing__network")
        .distinct()
    )
    return [
        Task(
            count=1,
            title=_("Sign “%s”, or say why not") % text_of(version.agreement, "title"),
            reason=_("The text is laid before you; it holds once all parties have signed."),
            action=_("Read and sign"),
            url=reverse("version", args=[version.agreement.slug, version.number]),
            is_urgent=True,
        )
        for version in proposed
        if signs_for(viewer, version)
    ]


def to_mend(viewer: Viewer, on: dt.date) -> list[Task]:
    """List the drafts whose last proposal was refused."""
    refused = Version.objects.filter(
        agreement=OuterRef("agreement"), state=Version.State.REFUSED, number=OuterRef("number") - 1
    )
    drafts = Version.objects.filter(
        Exists(refused),
        state=Version.State.DRAFT,
        agreement__in=Party.objects.filter(network__in=viewer.managed).values("agreement"),
    )
    return [
        Task(
            count=1,
            title=_("“%s” was refused") % text_of(version.agreement, "title"),
            reason=_("The text is a draft again; the reason stands with the version before."),
            action=_("Read the reason"),
            url=reverse("agreement_history", args=[version.agreement.slug]),
        )
        for version in drafts.select_related("agreement")
    ]


def to_renew(viewer: Viewer, on: dt.date) -> list[Task]:
    """List the agreements whose term ends soon, or whose last day of notice comes."""
    own = Party.objects.filter(
        agreement=OuterRef("pk"), network__in=viewer.managed, is_confirmed=True
    )
    with_term = Agreement.objects.filter(
        Exists(own),
        is_in_force(on),
        valid_until__isnull=False,
        terminated_on=None,
        renewed_by=None,
    )
    return [task for agreement in with_term if (task := _of_term(agreement, on))]


def _of_term(agreement: Agreement, on: dt.date) -> Task | None:
    is_automatic = agreement.renewal == Agreement.Renewal.AUTOMATIC
    deadline = notice_day(agreement) if is_automatic else agreement.valid_until
    if deadline is None or not on <= deadline <= on + _AHEAD:
        return None
    title = text_of(agreement, "title")
    said = _("It goes on by itself unless a party gives notice up to %s.")
    if not is_automatic:
        said = _("Its last day is %s; on the day after nothing of it is shared any more.")
    return Task(
        count=1,
        title=(_("“%s” goes on") if is_automatic else _("“%s” ends")) % title,
        reason=said % date_format(deadline),
        action=_("Look at it"),
        url=agreement.get_absolute_url(),
        deadline=deadline,
    )
