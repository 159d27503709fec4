"""A desk backed up and restored, in real processes and on the other engine too: every digest the same, and it goes on.
What was touched is refused, and changes nothing.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles import ledger, previewing, remarks, workflow
from articles.models import (
    Article,
    Category,
    Invalidation,
    PhotoFile,
    Publication,
    Rendition,
    SearchEntry,
    SearchWords,
    Version,
)
from newsroom.backup import Unfit, folder, making, restoring, tables
from newsroom.backup.folder import Manifest
from sources import frozen
from tests import factories
from tests.articles import pictures
from tests.articles.steps import edit
from tests.factories import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]

GOES_ON = """
import sys, django; django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from articles.models import Article, Publication
from tests import factories
call_command("backup", sys.argv[1])
desk = factories.Desk(*(User.objects.get(username=name) for name in ("an", "binh", "chi", "dung", "em")))
factories.published(Article.objects.get(headline_en="Headline Draft"), desk=desk)
assert Publication.objects.filter(state="live").count() == 3
call_command("verify_ledger")
call_command("backup", sys.argv[2])
"""


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return factories.desk()


@pytest.fixture
def elsewhere(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    """The environment of another desk, of no row yet, on SQLite."""
    path = tmp_path / "elsewhere.sqlite3"
    there = os.environ | {"DATABASE_URL": f"sqlite:///{path}", "MEDIA_ROOT": str(tmp_path / "media"), "STORAGE_URL": ""}
    there["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    if connection.vendor == "sqlite":  # as migrated
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
    else:
        run(there, "manage.py", "migrate", "--verbosity", "0")
    return there


def run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def filled(desk: Desk) -> None:
    """Live, corrected, withdrawn, scheduled, in review with a remark and an open preview, and a draft."""
    picture = pictures.photo(desk.an)
    corrected = factories.article(desk.an, "Alpha", lead=picture)
    factories.cite(corrected, desk.an)
    publication = factories.published(corrected, desk=desk)
    factories.published(corrected, "vi", desk=desk)
    edit(Article.objects.get(pk=corrected.pk), desk.an, summary_en="Summary Alpha, corrected.")
    factories.approved(Article.objects.get(pk=corrected.pk), desk=desk)
    workflow.correct(publication, by=desk.chi, version=2, kind="correction", note="Sai – đã sửa 🙂 \u2028")
    withdrawn = factories.published(factories.article(desk.an, "Beta"), desk=desk)
    workflow.withdraw(withdrawn, by=desk.chi, version=1, note="It was not so.")
    scheduled = factories.approved(factories.article(desk.an, "Gamma"), desk=desk)
    workflow.schedule(scheduled, by=desk.chi, version=1, due=timezone.now() + timedelta(days=1))
    waiting = factories.in_review(factories.article(desk.an, "Delta"), desk=desk)
    remarks.write(waiting, by=desk.binh, version=1, paragraph=1, text="Who says so?")
    previewing.make(Version.objects.get(article=waiting.article), by=desk.binh, days=7)
    factories.judge(publication, by=desk.binh, version=2)
    factories.article(desk.an, "Draft")
    Authenticator.objects.create(user=desk.binh, type="totp", data={"secret": "ciphertext – đã mã hóa"})


def emptied() -> None:
    with frozen.lifted(connection):
        SearchWords.objects.all().delete()
        Invalidation.objects.all().delete()
        with connection.cursor() as cursor:
            for name in [SearchEntry._meta.db_table, *(each.name for each in tables.kept() if not each.filled)]:
                cursor.execute(f'DELETE FROM "{name}"')
            connection.check_constraints()
    for file in default_storage.listdir("pictures")[1] if default_storage.exists("pictures") else ():
        default_storage.delete(f"pictures/{file}")


def backup(backups: Path, *arguments: str) -> Path:
    call_command("backup", str(backups), *arguments, stdout=StringIO())
    return folder.chosen(backups)


def nothing_there() -> bool:
    rows = [each.name for each in tables.kept() if not each.filled and each.rows("default").exists()]
    return not rows and not frozen.missing(connection)


def test_a_desk_goes_to_another_engine_and_back_with_every_digest_and_goes_on(
    elsewhere: dict[str, str], desk: Desk, tmp_path: Path
) -> None:
    filled(desk)
    head, found = ledger.head(), list(SearchWords.objects.order_by("pk").values_list("pk", flat=True))
    first = backup(tmp_path / "first")
    assert "the record holds" in run(elsewhere, "manage.py", "restore", str(tmp_path / "first"))
    run(elsewhere, "-c", GOES_ON, str(tmp_path / "second"), str(tmp_path / "third"))
    second = folder.chosen(tmp_path / "second")
    assert Manifest.read(second).tables == Manifest.read(first).tables
    assert (second / folder.INDEX).read_bytes() == (first / folder.INDEX).read_bytes()

    emptied()
    call_command("restore", str(tmp_path / "third"), stdout=StringIO())
    assert frozen.missing(connection) == []
    assert list(ledger.faults()) == []
    assert ledger.head().count == head.count + 3
    live = Publication.objects.filter(state="live").order_by("pk").values_list("pk", flat=True)
    assert list(SearchWords.objects.order_by("pk").values_list("pk", flat=True)) == list(live)
    assert set(found) < set(live)
    assert Invalidation.objects.filter(article_id=None, told=False).exists()
    assert default_storage.open(PhotoFile.objects.get().kept.name).read() == pictures.usual().data
    assert {*Rendition.objects.values_list("state", "stored")} == {("waiting", "")}
    factories.published(factories.article(desk.an, "Omega"), desk=desk)  # numbers go on from where they were
    assert list(ledger.faults()) == []


# --- refused -----------------------------------------------------------------------------------------


def rewritten(backup: Path, table: str, was: str, now: str) -> None:
    """By whoever takes care that every digest is right."""
    path = folder.rows_at(backup, table)
    assert was in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(was, now), "utf-8")
    told = json.loads((backup / folder.MANIFEST).read_bytes())
    told["tables"][table]["sha256"] = folder.digest_of(path)
    (backup / folder.MANIFEST).write_text(json.dumps(told), "utf-8")


def without(backup: Path, table: str) -> None:
    rewritten(backup, table, folder.rows_at(backup, table).read_text("utf-8"), "")
    told = json.loads((backup / folder.MANIFEST).read_bytes())
    told["tables"][table]["count"] = 0
    (backup / folder.MANIFEST).write_text(json.dumps(told), "utf-8")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def changed(backup: Path, **facts: object) -> None:
    told = json.loads((backup / folder.MANIFEST).read_bytes())
    (backup / folder.MANIFEST).write_text(json.dumps(told | facts), "utf-8")


def index(backup: Path, line: str) -> None:
    (backup / folder.INDEX).write_text(line, "utf-8")
    changed(backup, media={"count": 1, "sha256": folder.digest_of(backup / folder.INDEX)})


HARM: dict[str, tuple[Callable[[Path], object], str]] = {
    "a row rewritten": (
        lambda it: folder.rows_at(it, "articles_version").write_text("{}\n"), "articles_version.jsonl is not what was"
    ),
    "rows cut off": (lambda it: cut(folder.rows_at(it, "auth_user")), "auth_user.jsonl is not what was written"),
    "a table gone": (lambda it: folder.rows_at(it, "articles_edit").unlink(), "articles_edit.jsonl is missing"),
    "a picture damaged": (lambda it: cut(next((it / "media" / "pictures").iterdir())), "is not what was written"),
    "a picture gone": (lambda it: next((it / "media" / "pictures").iterdir()).unlink(), "is missing"),
    "the manifest cut off": (lambda it: cut(it / folder.MANIFEST), "manifest.json is damaged"),
    "a manifest of something else": (lambda it: (it / folder.MANIFEST).write_text("[]"), "manifest.json is damaged"),
    "a later format": (lambda it: changed(it, format=2), "of another kind"),
    "a name that leads out": (
        lambda it: index(it, '{"name": "../../etc/passwd", "sha256": null}\n'), "media.jsonl has a line"
    ),
    "another release": (lambda it: changed(it, migrations=["articles.0001_initial"]), "is of another release, by"),
    "a table less": (lambda it: changed(it, columns={}), "manifest.json is damaged"),
    "a word live that nobody approved": (
        lambda it: rewritten(it, "articles_version", "Opening Alpha.", "Opening Omega."),
        "The record in the backup does not hold; nothing was changed: version",
    ),
    "a number that the database refuses": (
        lambda it: rewritten(it, "articles_link", '"attempts": 0', '"attempts": -1'), "The rows do not fit"
    ),
    "rows gone that others refer to": (lambda it: without(it, "articles_category"), "The rows do not fit"),
    "more than this database would tell of it": (
        lambda it: rewritten(it, "articles_category", '"name_en": ', '"more": 1, "name_en": '), "would not be what was"
    ),
    "what is no row": (
        lambda it: rewritten(it, "articles_category", '"name_en": ', '"nobody": '), "The rows do not fit"
    ),
}  # fmt: skip


def test_a_backup_that_was_touched_is_refused_and_nothing_is_changed(desk: Desk, tmp_path: Path) -> None:
    filled(desk)
    whole = backup(tmp_path / "backups")
    noted = folder.fingerprint(whole)
    emptied()
    for name, (harm, says) in HARM.items():
        shutil.copytree(whole, harmed := tmp_path / "harmed")
        harm(harmed)
        with pytest.raises(CommandError) as refused:
            call_command("restore", str(harmed), stdout=StringIO())
        assert says in str(refused.value), name
        assert nothing_there(), name
        shutil.rmtree(harmed)
    changed(whole, made_at="2020-01-01")
    for command in (["restore"], ["backup", "--verify"]):
        with pytest.raises(CommandError, match="fingerprint is another"):
            call_command(*command, str(whole), "--fingerprint", noted, stdout=StringIO())
    assert nothing_there()
    call_command("restore", str(whole), stdout=StringIO())
    with pytest.raises(CommandError, match=r"This desk is not empty: \w+ has rows"):
        call_command("restore", str(whole), stdout=StringIO())
    assert list(ledger.faults()) == []


def test_one_that_has_only_a_reader_of_its_own_is_not_empty_either(desk: Desk, tmp_path: Path) -> None:
    done = backup(tmp_path / "backups")
    with pytest.raises(Unfit, match="not empty: auth_user"):
        restoring.restore(done, print)


# --- made --------------------------------------------------------------------------------------------


def test_a_stopped_backup_goes_on_and_fetches_no_picture_twice(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures.photo(desk.an)
    file = PhotoFile.objects.get()
    fetched: list[str] = []
    opened = default_storage.open

    def once(name: str, *how: str) -> object:
        if len(fetched) == 1:
            raise KeyboardInterrupt
        fetched.append(name)
        return opened(name, *how)

    with monkeypatch.context() as patch:
        patch.setattr(making.default_storage, "open", once)
        call_command("backup", str(tmp_path), stdout=(out := StringIO()))
    assert "Run it again to go on" in out.getvalue()
    assert folder.finished(tmp_path) == []
    default_storage.delete(fetched[0])
    (tmp_path / "unfinished" / "copy.sqlite3-journal").write_bytes(b"of a run that was killed")
    factories.article(desk.an)
    done = backup(tmp_path)
    assert {each.name for each in folder.media_of(done) if each.sha256} == {file.kept.name, file.preview.name}
    assert b"Headline Alpha" in folder.rows_at(done, "articles_article").read_bytes()
    assert [*tmp_path.iterdir()] == [done]
    assert {each.name for each in done.iterdir()} == {"manifest.json", "media", "media.jsonl", "rows"}


def test_a_picture_that_the_storage_lost_is_told_and_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    pictures.photo(desk.an)
    lost = PhotoFile.objects.get().preview.name
    default_storage.delete(lost)
    call_command("backup", str(tmp_path), stdout=(out := StringIO()))
    assert f"{lost} is lost" in out.getvalue()
    call_command("backup", str(tmp_path), "--verify", stdout=StringIO())


def test_the_desk_goes_on_meanwhile_and_the_backup_is_of_one_moment(desk: Desk, tmp_path: Path) -> None:
    factories.category()

    def renamed() -> None:
        Category.objects.update(name_en="Meanwhile")
        connection.close()

    def told(line: str) -> None:
        if line.startswith("django_admin_log"):  # the first of the tables
            other = Thread(target=renamed)
            other.start()
            other.join()

    done = making.make(tmp_path, told)
    assert Category.objects.get().name_en == "Meanwhile"
    assert b"Meanwhile" not in folder.rows_at(done, "articles_category").read_bytes()


def test_only_one_is_made_at_a_time_and_nobody_else_may_read_it(desk: Desk, tmp_path: Path) -> None:
    with making._alone(tmp_path), pytest.raises(CommandError, match="Another backup is being made"):
        call_command("backup", str(tmp_path))
    done = backup(tmp_path)
    assert done.stat().st_mode & 0o077 == 0
    assert "secret" not in (done / folder.MANIFEST).read_text("utf-8")


def test_no_value_of_a_setting_is_in_it(desk: Desk, tmp_path: Path) -> None:
    manifest = Manifest.read(backup(tmp_path))
    assert "SECRET_KEY" in manifest.settings
    assert os.environ["SECRET_KEY"].strip() not in (folder.chosen(tmp_path) / folder.MANIFEST).read_text("utf-8")


def test_the_newest_are_kept_and_nothing_else_in_the_folder_is_touched(tmp_path: Path) -> None:
    for name in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z", "mine", "unfinished"):
        (tmp_path / name).mkdir()
        (tmp_path / name / folder.MANIFEST).write_text("{}")
    (tmp_path / "20250101T000000Z").mkdir()  # of no manifest: not one of ours
    assert [each.name for each in folder.thin(tmp_path, 2)] == ["20260101T000000Z"]
    left = {"20260102T000000Z", "20260103T000000Z", "mine", "unfinished", "20250101T000000Z"}
    assert {each.name for each in tmp_path.iterdir()} == left
    with pytest.raises(Unfit, match="no finished backup"):
        folder.chosen(tmp_path / "mine" / "nothing")
    with pytest.raises(CommandError, match="At least one"):
        call_command("backup", str(tmp_path), "--keep", "0")
