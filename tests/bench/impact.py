"""How long a librarian waits for the impact page of a source that many articles cite: `python -m tests.bench.impact`.

In a database of its own that is thrown away; `N=1000` articles, each citing the source and one of its own. Prints
medians of five rounds, and checks nothing.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROUNDS = 5
N = int(os.environ.get("N", "1000"))


def bench() -> None:
    from django.db import transaction

    from articles import workflow
    from articles.impact import before, impact
    from sources.models import SourceAssessment
    from tests import factories

    desk, wire = factories.desk(), factories.source("wire")
    for number in range(N):
        article = factories.article(desk.an, f"A{number}")
        factories.cite(article, desk.an, wire)
        factories.cite(article, desk.an, factories.source(f"own{number % 50}"))
        factories.published(article, desk=desk)

    def change() -> None:
        SourceAssessment(source=wire, tier=4, assessor=desk.chi, review_by=date(2030, 1, 1)).save()

    def told() -> None:
        then = before([wire.pk])
        change()
        assert len(impact(then).effects) == N

    def saved() -> None:
        told()
        workflow.unsettle([wire.pk])

    def timed(what: Callable[[], None]) -> str:
        spent = []
        for _round in range(ROUNDS):
            with transaction.atomic():
                start = time.perf_counter(), time.process_time()
                what()
                spent.append((time.perf_counter() - start[0], time.process_time() - start[1]))
                transaction.set_rollback(True)
        return " | ".join(f"{statistics.median(each):.2f}" for each in zip(*spent, strict=True))

    rows = [f"| {N} live articles cite it | seconds | of which CPU here |", "|---|---|---|"]
    for title, what in (("the impact, told", told), ("the same, agreed to and saved", saved)):
        rows.append(f"| {title} | {timed(what)} |")
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ |= {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "newsroom.settings", "NEWSROOM_CHECK_LINKS": "0"}
        import django
        from django.core.management import call_command

        django.setup()
        from django.conf import settings
        from django.utils import translation

        settings.DEBUG = False  # which would keep every statement in memory
        call_command("migrate", verbosity=0)
        with translation.override("en"):
            bench()
