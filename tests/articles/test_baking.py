"""The baked copy: what the application answers a stranger, at every address that there is and no other; after every
move at once, after anything else and after whoever was killed by the next tick.
"""

import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import brotli
import pytest
import time_machine
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve
from django.utils import timezone
from django.utils.translation import override

from articles import addressing, baking, pages, refusing, workflow
from articles.models import Article, Author, Category, Publication
from articles.states import MOVES, LiveState, Move, Role
from newsroom import health
from sources.models import Source, SourceOutcome
from tests import factories
from tests.articles.admin.test_permissions import patterns
from tests.articles.afterwards import corrected, withdrawn
from tests.articles.racing import DONE, at_once
from tests.articles.stands import DO
from tests.articles.steps import edit
from tests.factories import Desk
from tests.newsroom.test_processes import environment

pytestmark = pytest.mark.django_db(transaction=True)

MOVES_MADE = int(os.environ.get("NEWSROOM_BAKED_MOVES", 12))  # a thousand, where somebody wants to know
READ = {"br": brotli.decompress, "gz": gzip.decompress}
# No page for everybody, or not for long, or kept by its address.
LEFT = {
    "",
    ".well-known/security.txt",
    "favicon.ico",
    "healthz",
    "readyz",
    "metrics",
    "policy-report",
    "news-sitemap.xml",
    "i18n/setlang/",
    "pictures/<slug:sha256>/<int:x>-<int:y>-<int:width>.<slug:file_format>",
    "pictures/<slug:sha256>/<int:x>-<int:y>-<slug:ratio>-<int:width>.<slug:file_format>",
    "en/articles/<slug:slug>/card-<slug:key>.png",
    "en/archive/",  # leads to the newest month
    "en/categories/number/<int:pk>/",
    "en/authors/number/<int:pk>/",
    "en/sources/number/<int:pk>/",
    "en/search/",
    "en/preview/<str:token>/",
}


@pytest.fixture
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.BAKED_ROOT, settings.NEWSROOM_URL = str(tmp_path), "http://testserver"
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]  # that which counts queries in tests, and takes its time
    baking._handler.cache_clear()
    monkeypatch.setattr(baking, "release", lambda: "this release")
    return tmp_path


@pytest.fixture
def desk(folder: Path, transactional_db: None) -> Desk:
    return factories.desk()


def published(marker: str, desk: Desk, language: str = "en", **fields: Any) -> Article:
    article = factories.article(desk.an, marker, **fields)
    factories.cite(article, desk.an)
    factories.published(article, language, desk=desk)
    return article


@pytest.fixture
def live(desk: Desk) -> Article:
    article = published("Alpha", desk)
    tick()
    return article


def tick() -> list[str]:
    return [baked.key for baked in baking.bake_due()]


def faults() -> list[tuple[str, str]]:
    return list(baking.faults())


def files(folder: Path) -> dict[str, bytes]:
    there = (path for path in (folder / "pages").rglob("*") if path.is_file())
    return {str(path.relative_to(folder / "pages")): path.read_bytes() for path in there}


# --- what is baked -----------------------------------------------------------------------------------


def addressed(path: str) -> str:
    for ending in (".br", ".gz"):
        path = path.removesuffix(ending)
    return f"/{path}".removesuffix("index.html")


def test_a_file_is_what_a_stranger_is_answered_at_every_kind_of_address_and_no_word_of_a_draft(
    folder: Path, desk: Desk
) -> None:
    articles = {marker: published(marker, desk) for marker in ("Alpha", "Both", "Gone")}
    published("About", desk, kind="page")
    factories.published(articles["Both"], "vi", desk=desk)
    withdrawn(articles["Gone"], desk=desk)
    corrected(articles["Alpha"], desk=desk, note="It was wrong.", slug="headline-new")
    edit(articles["Alpha"], desk.an, headline_en="Omegadrafted", summary_vi="Omegadrafted", slug_en="omegadrafted")
    factories.in_review(factories.article(desk.an, "Secret"), desk=desk)
    tick()
    found = files(folder)
    for path, body in found.items():
        answer = Client().get(addressed(path))
        assert answer.status_code == 200, path
        assert READ.get(path.rsplit(".", 1)[1], bytes)(body) == b"".join(answer), path
    plain = {path: body for path, body in found.items() if not path.endswith((".br", ".gz"))}
    assert len(found) == 3 * len(plain)
    shown = b"".join(plain.values())
    assert b"Summary Both" in shown
    for draft in (b"megadrafted", b"Secret", b"secret", b"Summary Gone"):
        assert draft not in shown
        assert not any(draft.decode() in path for path in found)
    with override("en"):
        baked = {resolve(addressed(path)).route for path in plain if not path.startswith("vi/")}
        known = {each for each in patterns(get_resolver()) if not each.startswith(("admin/", "accounts/"))}
    assert baked == known - LEFT


def test_where_no_folder_is_named_nothing_is_written(settings: Any, folder: Path, desk: Desk) -> None:
    settings.BAKED_ROOT = ""
    published("Alpha", desk)
    call_command("tick")
    assert list(folder.iterdir()) == []
    with pytest.raises(CommandError, match="BAKED_ROOT"):
        call_command("bake")


# --- a move ------------------------------------------------------------------------------------------


def test_a_withdrawal_has_removed_its_words_before_it_reports_success_and_not_before_it_is_committed(
    folder: Path, desk: Desk, live: Article
) -> None:
    before = files(folder)
    assert any(b"Opening Alpha" in body for body in before.values())
    with transaction.atomic():
        withdrawn(live, desk=desk)
        assert files(folder) == before
    after = files(folder)
    assert not any(b"Alpha" in body for path, body in after.items() if not path.endswith((".br", ".gz")))
    assert {path for path in after if "headline-alpha" in path} == {
        f"{language}/articles/headline-alpha/record.json{ending}"
        for language in ("vi", "en")
        for ending in ("", ".br", ".gz")
    }
    assert faults() == []


def test_nothing_is_baked_of_what_is_rolled_back(folder: Path, desk: Desk, live: Article) -> None:
    before = files(folder)
    with transaction.atomic():
        corrected(live, desk=desk, note="It was wrong.")
        transaction.set_rollback(True)
    assert (files(folder), faults(), tick()) == (before, [], [])


def test_what_changes_twice_in_a_second_has_another_moment(folder: Path) -> None:
    moments = set()
    for number in range(3):
        baking._write(folder / "page", b"%d" % number)
        moments.add(int((folder / "page").stat().st_mtime))
    assert len(moments) == 3


def test_a_page_that_fails_is_removed_by_a_move_and_mended_by_the_next_tick(
    folder: Path, desk: Desk, live: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = published("Other", desk)
    tick()
    with monkeypatch.context() as broken:
        broken.setattr("articles.views.lists.LENGTH", "none")
        withdrawn(live, desk=desk)
        assert not any(path.startswith(("en/index", "en/articles/headline-alpha/index")) for path in files(folder))
        assert [baked.error for baked in baking.bake_due() if baked.error]
        assert any(path.startswith("en/articles/headline-other/index") for path in files(folder))
    assert faults()
    tick()
    assert (faults(), tick()) == ([], [])
    assert Article.objects.filter(pk=other.pk).exists()


def test_a_folder_that_fails_stops_no_move_and_is_told_of(
    folder: Path, desk: Desk, live: Article, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "taken").write_text("a file where the folder is to be")
    settings.BAKED_ROOT = str(folder / "taken")
    withdrawn(live, desk=desk)
    assert Publication.objects.get(article=live).state == LiveState.WITHDRAWN
    assert "after_a_move" in caplog.text
    assert health.faults()["baked"] == "FileExistsError"
    settings.BAKED_ROOT = str(folder)
    assert health.faults()["baked"] == ""
    assert faults()
    tick()
    assert faults() == []


@pytest.mark.parametrize("turn", range(2))
def test_of_two_moves_at_once_neither_leaves_what_the_other_made_stale(desk: Desk, live: Article, turn: int) -> None:
    other = published("Other", desk)
    tick()
    withdrawing = [lambda row=row: withdrawn(row, desk=desk) for row in (live, other)]
    assert at_once(*withdrawing) == [DONE, DONE]
    assert (faults(), tick()) == ([], [])


# --- a thousand moves --------------------------------------------------------------------------------


class Walk:
    """A desk that does anything in any order, on articles that share whatever articles may share."""

    FORWARD = {Move.SUBMIT: 8, Move.APPROVE: 9, Move.PUBLISH: 8, Move.CORRECT: 8, Move.WITHDRAW: 2}

    def __init__(self, desk: Desk, seed: str) -> None:
        self.desk, self.chance = desk, Random(seed)  # noqa: S311
        self.people = {Role.EDITOR: desk.an, Role.REVIEWER: desk.binh, Role.PUBLISHER: desk.chi}
        self.categories = [factories.category(), Category.objects.create(name_en="Science", slug_en="science")]
        self.authors = [factories.author(), factories.author("Binh Minh")]
        self.sources = [factories.source(), factories.source("second", tier=None), factories.source("third", tier=2)]
        Source.objects.filter(slug="third").update(owner=self.sources[1])
        self.articles = [factories.article(desk.an, marker).pk for marker in ("Alpha", "Beta", "Gamma")]
        for article in Article.objects.all():
            factories.cite(article, desk.an, self.chance.choice(self.sources))
        self.clock = timezone.now() - timedelta(days=400)

    def move(self) -> str:
        """One move, whatever had to be done before it; what it was."""
        while True:
            self.clock += timedelta(days=self.chance.choice([0, 0, 1, 20, 45]))
            article = Article.objects.get(pk=self.chance.choice(self.articles))
            row = refusing.publication_of(article, self.chance.choice(["en", "en", "vi"]))
            may = [move for move in MOVES if not refusing.refusal(row, move, self.people[MOVES[move].role])]
            if not may or self.chance.random() < 0.3:
                self.edit(article, row.language)
                continue
            [move] = self.chance.choices(may, [self.FORWARD.get(move, 1) for move in may])
            try:
                with time_machine.travel(self.clock, tick=False):
                    DO[move](row, self.people[MOVES[move].role])
            except workflow.Refused:
                continue
            return f"{move} of {row.language} {article.pk}"

    def edit(self, article: Article, language: str) -> None:
        words = f"{self.chance.choice(['Alpha', 'Beta', 'Gamma', 'Delta'])} {article.pk}"
        fields: dict[str, Any] = {f"summary_{language}": f"Summary {self.chance.random()}."}
        match self.chance.randrange(6):
            case 0:
                slug = f"{words.lower().replace(' ', '-')}-{self.chance.choice(['en', 'vi'])}"
                fields |= {f"headline_{language}": words, f"slug_{language}": slug}
            case 1:
                fields["category"] = self.chance.choice(self.categories)
            case 2:
                fields["kind"] = self.chance.choice(["news", "page", "opinion"])
            case 3:
                article.set_authors(self.chance.sample(self.authors, self.chance.choice([1, 2])), by=self.desk.an)
            case 4:
                citation = article.citations.get()
                citation.source = self.chance.choice(self.sources)
                citation.save(by=self.desk.an)
        edit(article, self.desk.an, **fields)

    def change(self) -> str:
        """Something that is no move, and the worker's next tick."""
        match self.chance.randrange(4):
            case 0:
                by = self.desk.chi
                SourceOutcome.objects.create(source=self.sources[0], held=False, reason="It fell.", by=by)
            case 1:
                Category.objects.filter(pk=self.categories[0].pk).update(name_en=f"Tech {self.chance.random()}")
            case 2:
                row = Author.objects.get(pk=self.authors[0].pk)
                row.slug = f"mai-lan-{self.chance.randrange(10**9)}"
                row.save()
            case 3:
                row = Category.objects.get(pk=self.categories[1].pk)
                row.slug_en = f"science-{self.chance.randrange(10**9)}"
                row.save()
        tick()
        return "a change"


def test_after_each_of_many_moves_nothing_is_stale_missing_or_extra(
    folder: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if MOVES_MADE < 100:  # one form of each feed says what the others would
        monkeypatch.setattr(pages, "feeds", lambda *named: addressing.feeds(*named)[:1])
    seed = os.environ.get("NEWSROOM_BAKED_SEED", str(time.time_ns()))
    walk = Walk(desk, seed)
    tick()
    for number in range(MOVES_MADE):
        made = walk.change() if number % 6 == 5 else walk.move()
        assert faults() == [], f"after {made}, the move {number} by NEWSROOM_BAKED_SEED={seed}"
    assert (tick(), faults()) == ([], [])


def test_a_list_that_a_move_baked_first_goes_with_its_address(folder: Path, desk: Desk) -> None:
    """Renamed, moved before any tick, and renamed again."""
    row, author = published("Alpha", desk), Author.objects.get()
    tick()
    for slug in ("second", "third"):
        author.slug = slug
        author.save()
        corrected(row, desk=desk, note=f"By its {slug} name.")
    tick()
    assert faults() == []


# --- whoever was killed ------------------------------------------------------------------------------

CHILD = """
import os, signal, django; django.setup()
from django.conf import settings
settings.BAKED_ROOT, settings.NEWSROOM_URL = {folder!r}, "http://testserver"
from django.core.management import call_command
from articles import baking
baking.release = lambda: "this release"
"""
KILLED = """
from tests.articles.afterwards import withdrawn
from tests.factories import Desk
from tests.newsroom.test_processes import environment
from articles.models import Article
from django.contrib.auth.models import User
writes, write = [], baking._write
def killed(path, body):
    writes.append(path)
    write(path, body) if len(writes) < {number} else os.kill(os.getpid(), signal.SIGKILL)
baking._write = killed
people = [User.objects.get(username=name) for name in ("an", "binh", "chi", "dung", "em")]
withdrawn(Article.objects.get(), desk=Desk(*people))
"""


def child(folder: Path, code: str) -> "subprocess.Popen[bytes]":
    code = CHILD.format(folder=str(folder)) + code
    return subprocess.Popen([sys.executable, "-c", code], env=environment(), cwd=configured.BASE_DIR)


def test_the_next_tick_mends_what_a_killed_bake_left(folder: Path, desk: Desk) -> None:
    published("Alpha", desk)
    while not (there := files(folder)):
        with child(folder, 'call_command("bake")') as process:
            while process.poll() is None and not (folder / "pages" / "en" / "corrections").exists():
                time.sleep(0.01)
            process.kill()
        if process.returncode != -signal.SIGKILL:
            shutil.rmtree(folder / "pages")  # it was the faster
    assert any(fault == "missing" for _address, fault in faults()), len(there)
    call_command("tick")
    assert faults() == []


@pytest.mark.parametrize("number", [1, 8])
def test_the_next_tick_mends_what_a_killed_move_left_and_nothing_else(
    folder: Path, desk: Desk, live: Article, number: int
) -> None:
    with child(folder, KILLED.format(number=number)) as process:
        assert process.wait() == -signal.SIGKILL
    assert Publication.objects.get().state == LiveState.WITHDRAWN
    assert faults()
    assert (tick(), faults()) == ([str(live.pk)], [])


# --- verified ----------------------------------------------------------------------------------------


def test_verifying_says_what_is_wrong_and_changes_nothing_and_baking_mends_it(
    folder: Path, desk: Desk, live: Article
) -> None:
    home, archive, extra = (folder / "pages" / path for path in ("en/index.html", "robots.txt", "en/extra/index.html"))
    home.write_bytes(home.read_bytes().replace(b"Alpha", b"Omega"))
    archive.with_name("robots.txt.br").unlink()
    (folder / "pages" / "vi" / "ledger" / "index.html.gz").write_bytes(b"garbage")
    extra.parent.mkdir()
    extra.with_name("index.html.gz").write_bytes(b"")
    (folder / "pages" / "en" / "articles" / "headline-alpha" / "notes.txt").write_bytes(b"")
    before, out = files(folder), StringIO()
    with pytest.raises(CommandError, match="5 pages"):
        call_command("bake", "--verify", stdout=out)
    assert files(folder) == before
    assert sorted(out.getvalue().splitlines()) == [
        "extra: /en/articles/headline-alpha/notes.txt",
        "extra: /en/extra/",
        "missing: /robots.txt",
        "stale: /en/",
        "stale: /vi/ledger/",
    ]
    call_command("bake", stdout=StringIO())
    call_command("bake", "--verify", stdout=out)
    assert out.getvalue().splitlines()[-1] == "Every page is baked, and none but those."


def test_what_a_folder_knows_and_an_older_database_does_not_is_removed(folder: Path, live: Article) -> None:
    page = folder / "pages" / "en" / "articles" / "headline-later" / "index.html"
    page.parent.mkdir()
    page.write_bytes(b"Later")
    with baking._held() as state:
        state.keep("999", baking.Stamps("", ""))
        state.forget([baking.WHOLE])
    tick()
    assert (page.exists(), faults()) == (False, [])
