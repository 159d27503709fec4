"""Many editors save at once, 20 on SQLite, 50 on PostgreSQL: `python -m tests.faults.crowd`, in `make faults`.

Each has a form of an article of their own open; all press the button at once, round after round. What must hold: every
save is answered as saved, and is there; nobody is told that the database is locked. How long they waited is printed
beside what one editor waits who is alone; by that nothing is broken.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.faults import desk

if TYPE_CHECKING:
    from articles.models import Article

EDITORS = {"sqlite": 20, "postgresql": 50}


def path_of(article: "Article") -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def at_once(crowd: list[tuple[desk.Browser, "Article"]], headline: str) -> list[desk.Answer]:
    line = threading.Barrier(len(crowd))

    def save(browser: desk.Browser, article: "Article") -> desk.Answer:
        form = browser.form(path_of(article), "headline_en")
        line.wait(300)
        return browser.post(path_of(article), form, headline_en=headline, _continue="1")

    with ThreadPoolExecutor(len(crowd)) as pool:
        return [each.result() for each in [pool.submit(save, *one) for one in crowd]]


def told(seconds: list[float]) -> str:
    seconds = sorted(seconds)
    p50, p95 = (seconds[min(len(seconds) - 1, round(part * len(seconds)))] for part in (0.5, 0.95))
    return f"p50 {p50:.2f} s, p95 {p95:.2f} s, the longest {seconds[-1]:.2f} s"


def main(rounds: int, editors: int) -> int:
    from django.db import connection

    from articles.models import Article, Edit
    from tests import factories

    desk.people()
    held, editors = desk.Held(), editors or EDITORS[connection.vendor]
    crowd = []
    for number in range(editors):
        editor = factories.User.objects.create(username=f"editor-{number}", is_staff=True)
        editor.groups.set(factories.Group.objects.filter(name="Editors"))
        crowd.append((desk.Browser(editor), factories.article(editor, f"Crowd {number}")))
    mine = Article.objects.filter(pk__in=[article.pk for _browser, article in crowd])
    edits = Edit.objects.count()
    connection.close()
    with desk.Server():
        at_once(crowd[:2], "warm")
        alone = [at_once(crowd[:1], f"Alone {number}")[0].seconds for number in range(10)]
        waited, failed = [], []
        for number in range(1, rounds + 1):
            answers = at_once(crowd, f"Round {number}")
            waited += [answer.seconds for answer in answers]
            failed += [f"round {number}: {answer.status}" for answer in answers if answer.status != 302]
            held.that(mine.filter(headline_en=f"Round {number}").count() == editors, f"round {number}: all are there")
    held.none(failed, f"{len(waited)} saves were answered as saved")
    made = Edit.objects.count() - edits
    held.that(made == len(waited) + 2 + len(alone), f"{made} entries of who saved")
    held.none(desk.damage(), "the database and the ledger are whole")
    desk.say(f"one editor on {connection.vendor}: {told(alone)}")
    desk.say(f"{editors} at once, {desk.WORKERS} web processes: {told(waited)}")
    return held.code


if __name__ == "__main__":
    asked = desk.ask(__doc__, rounds=3, editors=0)
    desk.begin("crowd")
    sys.exit(main(asked.rounds, asked.editors))
