"""`manage.py publish_policy`: what it tells, what it asks, and that a no leaves nothing behind."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from articles import policies
from articles.confidence import POLICY
from articles.models import Publication, PublishedPolicy
from tests import factories
from tests.articles.steps import everything
from tests.factories import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OTHER = replace(POLICY, version="2027.1", unverified=0.75)


@pytest.fixture
def file(desk: Desk, tmp_path: Path) -> Path:
    """What calibrate wrote, of a desk where Chi may publish it and one article is live."""
    desk.chi.user_permissions.add(Permission.objects.get(codename="add_publishedpolicy"))
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    path = tmp_path / "proposal.json"
    path.write_text(json.dumps({"outcomes": 40, "proposed": replace(OTHER, version="proposed").as_json()}))
    return path


def publish(file: Path, name: str = "2027.1", **options: Any) -> str:
    out = StringIO()
    call_command("publish_policy", file, name, **{"by": "chi", "note": "Fitted.", **options}, stdout=out)
    return out.getvalue()


def test_it_tells_what_it_changes_asks_and_lets_that_wait(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: "2027.1")
    assert publish(file) == (
        "Live articles that say something else by policy 2027.1 than they show, and so wait to be reassessed: 1, in "
        "languages: 1.\nPolicy 2027.1 is in use.\n"
    )
    assert policies.current() == OTHER
    assert Publication.objects.unsettled().count() == 1
    assert Publication.objects.get().reading().workings.policy == "2026.1"  # readers keep theirs


def test_a_no_leaves_nothing_behind(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: "yes")
    before = everything()
    assert publish(file).endswith("Nothing was published.\n")
    assert everything() == before
    assert not PublishedPolicy.objects.exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"by": "nobody"}, "There is no account “nobody”."),
        ({"by": "binh"}, "You may not publish a policy."),
        ({"note": ""}, "Write a note: it says why."),
        ({"name": "2026.1"}, "Version 2026.1 is published already."),
    ],
)
def test_what_cannot_be_published_is_told(file: Path, options: dict[str, str], says: str) -> None:
    with pytest.raises(CommandError) as caught:
        publish(file, **options, yes=True)
    assert str(caught.value) == says
    assert (PublishedPolicy.objects.count(), Publication.objects.unsettled().count()) == (0, 0)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": "1"}', "nonsense"])
def test_a_file_that_holds_no_policy_is_told(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(CommandError, match="holds no policy"):
        publish(file, yes=True)


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        publish(file.parent / "gone.json", yes=True)
