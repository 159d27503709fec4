"""The worker killed after each step of sending a scheduled version out, and started again: `make kill-rounds`.

A round: a version is scheduled for a moment from now, the desk's real worker is started and killed by SIGKILL after
its n-th step (a statement, or the commit), then started again. What must hold: after the kill nothing is done or all
is; in the end all is, once; nothing is dated before it was due; the ledger is whole. Every step of publishing and
every step of correcting has its round.
"""

import io
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.faults.desk import ROOT, ask, begin, people, say

AHEAD = timedelta(seconds=1)  # it is scheduled for: the worker looks a few times before
LEAST = 30
LONGEST = 60  # seconds until it is out, by the promise


@dataclass
class Round:
    """One scheduled version and what is true of it: `before` is all rows, `wanted` what the ledger is to say more."""

    publication: int
    version: int
    due: datetime
    before: object
    rows: int
    wanted: list[tuple[int, str]]
    corrections: int

    def untouched(self) -> bool:
        from tests.articles.steps import everything

        return everything() == self.before

    def faults(self) -> list[str]:
        """What is wrong with it as published; empty if nothing is."""
        from articles.models import Correction, Publication, ReviewStatus, Schedule
        from tests.articles.racing import broken

        row = Publication.objects.get(pk=self.publication)
        said = list(ReviewStatus.objects.order_by("pk")[self.rows :])
        schedule = Schedule.objects.latest("pk")
        facts = {
            "not the words that readers get": (row.state, row.live_id) == ("live", self.version),
            "still approved, or still on the schedule": (row.approved_id, row.scheduled_id) == (None, None),
            "the ledger says otherwise": [(one.version.number, one.status) for one in said] == self.wanted,
            "dated before it was due": all(one.at >= self.due for one in said),
            "not by who scheduled it": all(one.actor_id == schedule.by_id for one in said),
            "the schedule is not done": schedule.state == "done",
            "not one correction": Correction.objects.count() == self.corrections,
            "the ledger is broken": broken() == [],
        }
        return [fault for fault, holds in facts.items() if not holds]


def begun(marker: str, *, correcting: bool) -> Round:
    """Schedule a version of an article of this round's own."""
    from django.utils import timezone

    from articles import workflow
    from articles.models import Correction, ReviewStatus
    from tests import factories
    from tests.articles.steps import edit, everything, now

    desk = factories.Desk(*(factories.User.objects.get(username=name) for name in ("an", "binh", "chi", "dung", "em")))
    article = factories.article(desk.an, marker)
    factories.cite(article, desk.an)
    if correcting:
        factories.published(article, desk=desk)
        edit(article, desk.an, summary_en="Put right.")
    version = factories.approved(article, desk=desk).approved
    assert version is not None
    publication = now(factories.Publication.objects.get(article=article))
    due = timezone.now() + AHEAD
    kind, note = ("correction", "It said otherwise.") if correcting else ("", "")
    workflow.schedule(publication, by=desk.chi, version=version.number, due=due, kind=kind, note=note)
    return Round(
        publication=publication.pk,
        version=version.pk,
        due=due,
        before=everything(),
        rows=ReviewStatus.objects.count(),
        wanted=[(1, "corrected"), (2, "published")] if correcting else [(1, "published")],
        corrections=Correction.objects.count() + correcting,
    )


@contextmanager
def worker(last: int) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.worker", str(last)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def sent_out(last: int, this: Round) -> int | None:
    """Run a worker until the version is out; the steps it took, or None where it was killed after step `last`."""
    until = time.monotonic() + LONGEST
    with worker(last) as process:
        while process.poll() is None and this.faults() and time.monotonic() < until:
            time.sleep(0.05)
        if process.poll() is None:
            process.terminate()
        said, _ = process.communicate(timeout=LONGEST)
        if process.returncode == -signal.SIGKILL:
            return None
    return int(re.findall(r"^steps: (\d+)$", said, re.MULTILINE)[0])


def killed(number: int, last: int, *, correcting: bool) -> list[str]:
    """One round; what broke in it."""
    from django.core.management import call_command

    this = begun(f"Round {number}", correcting=correcting)
    harmed = sent_out(last, this) is None
    untouched = this.untouched()
    half = [] if untouched else [f"half done: {fault}" for fault in this.faults()]
    if untouched:
        sent_out(0, this)
    call_command("tick", stdout=io.StringIO())  # and once more, by another: nothing goes out twice
    faults = [*([] if harmed else ["the worker was not killed"]), *half, *this.faults()]
    say(
        f"round {number:2}: {'correct' if correcting else 'publish'}, killed after step {last:2}, "
        f"{'nothing' if untouched else 'half' if half else 'all'} done; "
        f"out {time_of(this):.1f} s after its time; {'; '.join(faults) or 'whole'}"
    )
    return faults


def time_of(this: Round) -> float:
    from articles.models import ReviewStatus

    at = ReviewStatus.objects.filter(version=this.version, status="published").values_list("at", flat=True).first()
    return (at - this.due).total_seconds() if at else float("inf")


def main(rounds: int) -> int:
    from django.db import connection

    people()
    steps = {}
    for correcting in (False, True):
        this = begun(f"Unharmed {correcting}", correcting=correcting)
        steps[correcting] = sent_out(0, this) or 0
        if faults := this.faults():
            say(f"not even a worker that lives sends it out: {'; '.join(faults)}")
            return 1
    say(f"{connection.vendor}: {steps[False]} steps to publish, {steps[True]} to correct")
    every = [(last, correcting) for correcting, count in steps.items() for last in range(1, count + 1)]
    plan = (every * rounds)[: max(rounds, len(every)) if rounds >= LEAST else rounds]
    broken = [
        fault
        for number, (last, correcting) in enumerate(plan, 1)
        for fault in killed(number, last, correcting=correcting)
    ]
    say(f"{len(plan)} rounds on {connection.vendor}: {len(broken) or 'nothing'} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    asked = ask(__doc__, rounds=LEAST)  # fewer leave steps out
    begin("killed_worker")
    sys.exit(main(asked.rounds))
