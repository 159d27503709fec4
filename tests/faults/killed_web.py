"""The web server killed while editors save: `python -m tests.faults.killed_web`, in `make faults`.

A round: eight writers save the form of an article each, again and again; half of them submit what they saved and recall
it, so that the ledger grows. In the middle of it the server is killed by SIGKILL with all its workers, then started
again. What must hold: every save that was answered is there, with one entry of who made it and, where it was submitted,
one version; of those not answered each is there whole or not at all; the database and the ledger are whole.
"""

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from tests.faults import desk

if TYPE_CHECKING:
    from articles.models import Article

WRITERS = 8
MOST = 4  # seconds of saving before the kill, from the first that is answered


@dataclass
class Writer:
    article: "Article"
    browser: desk.Browser
    publication: int | None  # of whoever submits what is saved
    edits: int  # of the article, before any of these
    last: int = 0  # the number that was last put into the headline
    answered: set[int] = field(default_factory=set)
    there: set[int] = field(default_factory=set)  # those that were found, answered or not

    @property
    def path(self) -> str:
        return f"/admin/articles/article/{self.article.pk}/change/"

    def write(self, stop: Event) -> None:
        while not stop.is_set():
            form = self.browser.form(self.path, "headline_en")
            if not form:
                return  # the server is gone
            self.last += 1
            pressed = {"_submit": "en"} if self.publication else {"_continue": "1"}
            answer = self.browser.post(self.path, form, headline_en=f"Number {self.last}", **pressed)
            if answer.status == 302:
                self.answered.add(self.last)
            if self.publication and not self.recalled():
                return

    def recalled(self) -> bool:
        path = f"/admin/articles/publication/{self.publication}/recall/do/"
        form = self.browser.form(path, "version")
        return bool(form) and self.browser.post(path, form).status == 302

    def faults(self) -> list[str]:
        """What is not as it was said to be."""
        from articles.models import Article, Edit, Version

        kept = number_of(Article.objects.get(pk=self.article.pk).headline_en)
        said = max(self.answered, default=0)
        self.there |= self.answered | ({kept} - {0})
        facts = {
            f"{said} was saved by its answer, {kept} is there": kept in (said, self.last),
            "not one entry of each save": Edit.objects.filter(article=self.article).count() - self.edits
            == len(self.there),
        }
        if self.publication:
            versions = Version.objects.filter(article=self.article).values_list("headline", flat=True)
            facts["not one version of each save"] = sorted(map(number_of, versions)) == [0, *sorted(self.there)]
        return [f"article {self.article.pk}: {fault}" for fault, holds in facts.items() if not holds]

    def settled(self) -> None:
        """So that the next round can submit again."""
        from articles import workflow
        from tests.factories import Publication, User

        if self.publication and (row := Publication.objects.get(pk=self.publication)).in_review:
            workflow.recall(row, by=User.objects.get(username="an"), version=row.in_review.number)


def number_of(headline: str | None) -> int:
    return int((headline or "").removeprefix("Number "))


def writer(number: int) -> Writer:
    from articles import workflow
    from articles.models import Edit
    from tests import factories

    an = factories.User.objects.get(username="an")
    article = factories.article(an, f"Writer {number}", headline_en="Number 0", slug_en=f"writer-{number}")
    factories.cite(article, an)
    publication = None
    if number % 2:
        workflow.submit(article, "en", by=an)
        row = factories.Publication.objects.get(article=article)
        workflow.recall(row, by=an, version=1)
        publication = row.pk
    return Writer(article, desk.Browser(an), publication, Edit.objects.filter(article=article).count())


def gone() -> bool:
    """Nobody but us is connected: PostgreSQL undoes what a killed process had begun once it notices."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] == 0


def killed(server: desk.Server, writers: list[Writer]) -> float:
    """Save until the server is killed in the middle; how many seconds after the first answer."""
    stop, waits = Event(), random.uniform(0, MOST)  # noqa: S311  (a moment, not a secret)
    before = sum(len(each.answered) for each in writers)
    with ThreadPoolExecutor(len(writers)) as pool:
        saving = [pool.submit(each.write, stop) for each in writers]
        desk.until(lambda: sum(len(each.answered) for each in writers) > before, "a save is answered", 60)
        time.sleep(waits)
        server.kill()
        stop.set()
        for each in saving:
            each.result()
    desk.until(gone, "the database let go of who was killed", 20)
    return waits


def main(rounds: int) -> int:
    from django.db import connection

    desk.people()
    writers, held, confirmed, found = [writer(number) for number in range(WRITERS)], desk.Held(), 0, 0
    with desk.Server() as server:
        for number in range(1, rounds + 1):
            waits = killed(server, writers)
            faults = [fault for each in writers for fault in each.faults()]
            faults += desk.damage()
            for each in writers:
                each.settled()
            before, confirmed = confirmed, sum(len(each.answered) for each in writers)
            found = sum(len(each.there) for each in writers)
            held.none(faults, f"round {number}: killed after {waits:.1f} s, {confirmed - before} saves answered")
            server.start()
    held.that(confirmed, f"{confirmed} saves were answered")
    desk.say(
        f"{rounds} rounds of {WRITERS} writers on {connection.vendor}: {confirmed} saves answered and all there, "
        f"{found - confirmed} more there that nobody was told of; {held.broken or 'nothing'} broken"
    )
    return held.code


if __name__ == "__main__":
    asked = desk.ask(__doc__, rounds=50)
    desk.begin("killed_web")
    sys.exit(main(asked.rounds))
