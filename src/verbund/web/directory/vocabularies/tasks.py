"""Finding concepts beside the web process."""

from __future__ import annotations

from django_tasks import task

from verbund.web.core.services import ask_run
from verbund.web.directory.vocabularies import services


@task()
def find_anew() -> None:
    services.find_concepts_anew()


def ask_to_find_anew() -> None:
    ask_run(services.RUN_KIND, "")
    find_anew.enqueue()
