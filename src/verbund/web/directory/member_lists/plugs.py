"""What imports announce to the others."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from verbund.web.core.registries import NavEntry, Task, editors, navigation, tasks
from verbund.web.directory.member_lists.queries import waiting_imports
from verbund.web.networks.rules import Viewer


def announce_member_lists() -> None:
    """Announce the menu entry, and the task as long as a list waits to be taken over."""
    navigation.add(
        "import",
        NavEntry(
            "network",
            gettext_lazy("Import"),
            "import",
            shown_to=editors,
            count=_waiting,
            covers=("import_check", "import_columns", "import_terms", "import_undo"),
        ),
        place=20,
    )
    tasks.add("member_lists", _tasks, place=20)


def _waiting(viewer: Viewer, on: dt.date) -> int:
    return waiting_imports(viewer).count()


def _tasks(viewer: Viewer, on: dt.date) -> list[Task]:
    if not viewer.edited:
        return []
    return [
        Task(
            count=run.to_decide or 1,
            title=(
                ngettext(
                    "Row of the member list to decide",
                    "Rows of the member list to decide",
                    run.to_decide,
                )
                if run.to_decide
                else _("Checked member list to take over")
            ),
            reason=_("“%(file)s” for %(network)s, read on %(date)s; nothing is taken over yet.")
            % {
                "file": run.file_name,
                "network": run.network.name,
                "date": date_format(localtime(run.made_at)),
            },
            action=_("Check the list"),
            url=run.get_absolute_url(),
        )
        for run in waiting_imports(viewer)
    ]
