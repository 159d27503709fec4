"""Who was told that something is saved finds it again, whatever became of the process that told it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from articles.models import Article, Edit
from tests import factories
from tests.articles.test_killed_rendering import database_url
from tests.factories import Desk

ON_DISK = {
    "sqlite": {"PRAGMA journal_mode": "truncate", "PRAGMA synchronous": "3"},  # EXTRA
    "postgresql": {"SHOW synchronous_commit": "on"},
}
# Saves on and on, and says so of each save once it returned.
SAVES = """
import django
django.setup()
from django.contrib.auth.models import User
from django.db import connection
from articles.models import Article
with connection.cursor() as cursor:
    for question in %(questions)s:
        cursor.execute(question)
        print(cursor.fetchone()[0], end=" ")
print(flush=True)
an = User.objects.get(username="an")
for number in range(1, 10_000):
    row = Article.objects.get()
    row.headline_en = f"Number {number}"
    row.save(by=an)
    print(number, flush=True)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [1, 7, 30])
def test_what_was_confirmed_is_there_after_kill_9_with_its_edit_and_the_settings_ask_for_it_on_disk(
    after: int, desk: Desk
) -> None:
    """What of it a power cut would leave is the database's word: it is asked for the safest that it has."""
    article = factories.article(desk.an)
    edits = Edit.objects.count()
    environment = {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1", "DATABASE_URL": database_url()}
    saving = subprocess.Popen(
        [sys.executable, "-c", SAVES % {"questions": list(ON_DISK[connection.vendor])}],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with saving as process:
        assert process.stdout
        on_disk = process.stdout.readline().split()
        confirmed = 0
        while confirmed < after:
            confirmed = int(process.stdout.readline())
        process.kill()
        confirmed = int([str(confirmed), *process.stdout.read().split()][-1])
    assert on_disk == [*ON_DISK[connection.vendor].values()]
    kept = int(Article.objects.get(pk=article.pk).headline_en.removeprefix("Number "))
    assert kept in (confirmed, confirmed + 1)  # committed, and killed before it could say so
    assert Edit.objects.count() - edits == kept
    article.save(by=desk.an)  # no lock was left


@pytest.mark.django_db
def test_nobody_waits_for_a_lock_without_end() -> None:
    asked, told = {"sqlite": ("PRAGMA busy_timeout", 20_000), "postgresql": ("SHOW lock_timeout", "20s")}[
        connection.vendor
    ]
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone() == (told,)
