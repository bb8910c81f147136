"""How long the server works on each kind of page of the demo, and how much travels.

    python benchmarks/site.py [--rounds 7]

Seeds a demo of its own in a temporary folder. `times` is the ratio to the plainest page (about), so
that two machines can be compared; targets are 300 ms and 300 kB a page.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

PAGES = (
    "/about/", "/", "/members/", "/members/?q=headlamp", "/members/map/", "/members/{own}/",
    "/members/{own}/edit/", "/suggestions/", "/introductions/", "/bridge/", "/agreements/",
    "/agreements/acod-optonet-2022/", "/agreements/acod-optonet-2022/clauses/2/", "/activities/",
    "/figures/", "/figures/export-quota/", "/networks/", "/search/?q=laser", "/import/", "/people/",
    "/outbox/", "/help/",
)  # fmt: skip
FIXED = ("verbund/verbund.css", "verbund/verbund.js", "verbund/icons.svg", "verbund/logo.svg",
    "verbund/font/instrument-sans-latin.woff2", "django_htmx/htmx-2.min.js",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        client, fixed, own = prepare(folder)
        print(f"{'page':44} {'ms':>6} {'times':>6} {'queries':>8} {'kB':>6}")
        plainest = 0.0
        for page in (address.format(own=own) for address in PAGES):
            milliseconds, queries, size = measure(client, page, rounds)
            plainest = plainest or milliseconds
            total = (size + fixed) / 1000
            ratio = milliseconds / plainest
            print(f"{page:44} {milliseconds:6.0f} {ratio:6.1f} {queries:8} {total:6.0f}")


def prepare(folder: str) -> tuple[Client, int, int]:
    """Seed a demo, sign its first manager in.

    Returns the client, what every page loads besides (packed bytes), and one of its members.
    """
    os.environ |= {"VERBUND_DATA": folder, "VERBUND_DEMO": "yes", "VERBUND_HOSTS": "testserver"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "verbund.web.settings"
    import django  # noqa: PLC0415  # after the environment is set
    from django.contrib.staticfiles import finders  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    from django.test import Client  # noqa: PLC0415

    from verbund.web.archive.demo import seed  # noqa: PLC0415
    from verbund.web.core.services import today  # noqa: PLC0415
    from verbund.web.networks.models import Membership, Role  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    seed(today())
    print(f"demo seeded in {time.perf_counter() - started:.1f} s")
    role = Role.objects.filter(kind=Role.Kind.MANAGER).order_by("pk")[0]
    own = Membership.objects.filter(network=role.network_id).order_by("pk")[0].organisation_id
    client = Client(headers={"accept-language": "de"})
    client.force_login(role.user)
    files = [Path(str(finders.find(name))) for name in FIXED]
    fixed = sum(len(gzip.compress(file.read_bytes())) for file in files)
    return client, fixed, own


def measure(client: Client, page: str, rounds: int) -> tuple[float, int, int]:
    """Return the median of the server's processor time in ms, queries, and packed bytes."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as queries:
        response = client.get(page)
    asked = len(queries)
    if response.status_code != 200:
        raise SystemExit(f"{page} answers {response.status_code}")
    times = []
    for _ in range(rounds):
        started = time.process_time()
        response = client.get(page)
        times.append(time.process_time() - started)
    return 1000 * statistics.median(times), asked, len(gzip.compress(response.content))


if __name__ == "__main__":
    main()
