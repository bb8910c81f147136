"""What merging means for the rows of this app and those below, and what duplicates announce."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from verbund.web.core.registries import NavEntry, Task, navigation, tasks
from verbund.web.directory.duplicates.policies import Policy, policies
from verbund.web.directory.duplicates.queries import proposals_to_answer
from verbund.web.networks.rules import Viewer


def announce_duplicates() -> None:
    """Announce the menu entry, the task of those who are asked, and the policies of a merge."""
    navigation.add(
        "duplicates",
        NavEntry(
            "network",
            gettext_lazy("Duplicates"),
            "duplicates",
            shown_to=lambda viewer: bool(viewer.edited),
            covers=("duplicate", "merge_undo"),
        ),
        place=25,
    )
    tasks.add("duplicates", _tasks, place=16)
    for key, policy in _POLICIES.items():
        policies.add(key, policy)


def _tasks(viewer: Viewer, on: dt.date) -> list[Task]:
    if not viewer.edited:
        return []
    asked = proposals_to_answer(viewer, on)
    if not asked:
        return []
    return [
        Task(
            len(asked),
            ngettext(
                "firm stands in two networks as two records",
                "firms stand in two networks as two records",
                len(asked),
            ),
            _("Another office proposes to make them one. Nothing happens without your yes."),
            _("Look and answer"),
            reverse("duplicates"),
        )
    ]


def _entry(counted: object, *same: str) -> Policy:
    return Policy(same=same, counted=counted, is_entry=True)  # type: ignore[arg-type]  # int to text


_POLICIES = {
    "networks.organisation.parent": Policy(),
    "networks.alias.organisation": Policy(
        counted=lambda n: ngettext("%(n)s further name", "%(n)s further names", n) % {"n": n}
    ),
    "networks.identifier.organisation": _entry(
        lambda n: ngettext("%(n)s number in a register", "%(n)s numbers in registers", n) % {"n": n}
    ),
    "networks.site.organisation": _entry(
        lambda n: ngettext("%(n)s site", "%(n)s sites", n) % {"n": n}, "city", "street"
    ),
    "networks.membership.organisation": Policy(
        counted=lambda n: ngettext("%(n)s membership", "%(n)s memberships", n) % {"n": n}
    ),
    "networks.membershipclaim.organisation": Policy(),
    "networks.role.organisation": Policy(
        counted=lambda n: ngettext("%(n)s representative", "%(n)s representatives", n) % {"n": n}
    ),
    "agreements.consent.organisation": Policy(
        counted=lambda n: (
            ngettext("%(n)s consent or objection", "%(n)s consents or objections", n) % {"n": n}
        )
    ),
    "agreements.consent.to_organisation": Policy(),
    "directory.profile.organisation": Policy(),
    "directory.profiledraft.organisation": Policy(),
    "directory.competence.organisation": Policy(),
    "directory.figures.organisation": Policy(),
    "directory.pastfigures.organisation": _entry(
        lambda n: ngettext("%(n)s earlier year", "%(n)s earlier years", n) % {"n": n}
    ),
    "directory.enterpriselink.organisation": _entry(
        lambda n: ngettext("%(n)s linked enterprise", "%(n)s linked enterprises", n) % {"n": n},
        "name",
        "direction",
    ),
    "directory.contactperson.organisation": _entry(
        lambda n: ngettext("%(n)s contact person", "%(n)s contact persons", n) % {"n": n},
        "name",
        "email",
    ),
    "directory.offer.organisation": _entry(
        lambda n: ngettext("%(n)s offer", "%(n)s offers", n) % {"n": n}, "text_de", "text_en"
    ),
    "directory.request.organisation": _entry(
        lambda n: ngettext("%(n)s request", "%(n)s requests", n) % {"n": n}, "text_de", "text_en"
    ),
    "directory.approach.organisation": Policy(),
    "directory.sighting.organisation": Policy(),
    "directory.merge.kept": Policy(),
    "directory.mergeproposal.kept": Policy(),
    "directory.mergeproposal.merged": Policy(),
    "directory.distinctpair.left": Policy(in_order=("left_id", "right_id")),
    "directory.distinctpair.right": Policy(in_order=("left_id", "right_id")),
}
