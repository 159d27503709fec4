"""A thousand versions due at the same moment, one worker: `python -m tests.faults.due`, in `make faults`.

What must hold: each goes out once, none before its time, and the ledger is whole. How long they took is printed, beside
the minute that is promised; by that alone nothing is broken.
"""

import subprocess
import sys
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.faults import desk

if TYPE_CHECKING:
    from tests import factories

WITHIN = 60  # seconds, by the promise
EACH = timedelta(milliseconds=30)  # that it takes to schedule one, and more
LONGEST = 600


def scheduled(number: int, people: "factories.Desk") -> datetime:
    """So many, all due then."""
    from django.db import transaction
    from django.utils import timezone

    from articles import workflow
    from tests import factories

    found = []
    for begin in range(0, number, 50):
        with transaction.atomic():
            for each in range(begin, min(begin + 50, number)):
                article = factories.article(people.an, f"Due {each}")
                factories.cite(article, people.an)
                found.append(factories.approved(article, desk=people))
        if len(found) % 250 == 0:
            desk.say(f" {len(found)} approved …")
    due = timezone.now() + timedelta(seconds=2) + number * EACH
    with transaction.atomic():
        for publication in found:
            assert publication.approved is not None
            workflow.schedule(publication, by=people.chi, version=publication.approved.number, due=due)
    assert timezone.now() < due, "all are scheduled before they are due"
    return due


def main(versions: int) -> int:
    from django.db import connection
    from django.db.models import Count
    from django.utils import timezone

    from articles.models import Publication, ReviewStatus, Schedule

    people, held = desk.people(), desk.Held()
    due = scheduled(versions, people)
    live = Publication.objects.filter(state="live")
    early = live.count()
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=desk.ROOT, stdout=subprocess.DEVNULL)
    try:
        time.sleep(max(0, (due - timezone.now()).total_seconds()))
        desk.until(lambda: live.count() == versions or worker.poll() is not None, "all are out", LONGEST)
    finally:
        worker.terminate()
        worker.wait()
    rows = ReviewStatus.objects.filter(status="published")
    after = sorted((row.at - due).total_seconds() for row in rows)
    more = rows.values("version").annotate(times=Count("pk")).filter(times__gt=1).count()
    held.that(not early and after[0] >= 0, f"none went out before its time; the first {after[0]:.1f} s after")
    held.that(
        len(after) == versions and not more, f"{len(after)} of {versions} went out, {more} of them more than once"
    )
    held.that(not Schedule.objects.exclude(state="done").exists(), "every schedule is done")
    held.none(desk.damage(), "the database and the ledger are whole")
    desk.say(
        f"{versions} due at once on {connection.vendor}, one worker: the half after {after[len(after) // 2]:.1f} s, "
        f"the last after {after[-1]:.1f} s; promised: {WITHIN} s"
    )
    return held.code


if __name__ == "__main__":
    asked = desk.ask(__doc__, versions=1000)
    desk.begin("due")
    sys.exit(main(asked.versions))
