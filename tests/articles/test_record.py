"""record.json: what a stranger gets, and that it is enough to compute the digest and the number anew."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from articles import digest, workflow
from articles.confidence import POLICY, Evidence
from articles.kinds import Kind
from articles.models import Correction, Publication, ReviewStatus, Version
from newsroom.demo.desk import build
from tests import factories
from tests.articles import stranger
from tests.articles.afterwards import assessed_again, corrected, withdrawn
from tests.articles.test_views import LANGUAGES, apart, made_anew, read, say, tables
from tests.factories import Desk

pytestmark = pytest.mark.django_db

EN, VI = "/en/articles/headline-alpha/record.json", "/vi/articles/tieu-de-alpha/record.json"


def told(response: HttpResponse) -> dict[str, Any]:
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    found: dict[str, Any] = json.loads(response.content)
    assert digest.canonical(found) == response.content  # one form, byte for byte
    return found


def at(row: ReviewStatus | Correction) -> str:
    return row.at.isoformat()


@pytest.fixture
def live(desk: Desk) -> Publication:
    """One tier 1 source, verified; the newspaper that has it from there; an unrated one against; one for context."""
    factories.author("Binh Tran", user=desk.binh)
    article = factories.article(desk.an)
    factories.cite(article, desk.an, factories.source("post"), quote="As it was.", locator="page 3")
    paper = factories.source("paper", tier=2)
    factories.cite(article, desk.an, paper, first_hand=False, origin=factories.source("post"))
    factories.cite(article, desk.an, factories.source("rival", tier=None), stance="contradicts")
    factories.cite(article, desk.an, factories.source("guide", tier=3), stance="context")
    publication = factories.in_review(article, desk=desk)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it.")
    factories.approve(publication, desk=desk, note="Why it may be.")
    workflow.publish(publication, by=desk.chi, version=1)
    return Publication.objects.get()


def test_it_holds_what_went_in_what_came_out_and_who_agreed(live: Publication, client: Client) -> None:
    version, approval = live.live, live.live_approval
    assert version is not None
    assert approval is not None
    assert approval.confidence is not None
    found = told(client.get(EN))
    voices = {name: str(factories.source(name).pk) for name in ("post", "rival", "guide")}
    fixed = {"held": "0.0", "failed": "0.0", "reachable": True, "retracted": False, "verified": False}
    check = approval.confidence["citations"][0]["verified"]
    assert check == {"by": "Binh Tran", "at": check["at"], "checked": "Read it."}
    assert found == {
        "schema": 1,
        "state": "live",
        "language": "en",
        "version": 1,
        "digest": version.digest,
        "published": at(approval.version.statuses.latest("pk")),
        "updated": at(approval.version.statuses.latest("pk")),
        "content": version.content(),
        "review": {
            "by": "Binh Tran", "at": at(approval), "self_review": False, "note": "Why it may be.", "reassessed": None,
        },
        "citations": [
            {"number": 1, "tier": 1, "verified": check},
            {"number": 2, "tier": 2, "verified": None},
            {"number": 3, "tier": None, "verified": None},
            {"number": 4, "tier": 3, "verified": None},
        ],
        "confidence": {
            "policy": POLICY.as_json(),
            "inputs": [
                fixed | {"number": 1, "voice": voices["post"], "stance": "supports", "tier": 1, "first_hand": True,
                         "verified": True},
                fixed | {"number": 2, "voice": voices["post"], "stance": "supports", "tier": 2, "first_hand": False},
                fixed | {"number": 3, "voice": voices["rival"], "stance": "contradicts", "tier": None,
                         "first_hand": True},
                fixed | {"number": 4, "voice": voices["guide"], "stance": "context", "tier": 3, "first_hand": True},
            ],
            "workings": approval.confidence["workings"],
        },
        "corrections": [],
        "ledger": approval.hash,
    }  # fmt: skip
    assert [row["number"] for row in found["confidence"]["workings"]["rows"]] == [1, 3]
    assert [(row["number"], row["reason"]) for row in found["confidence"]["workings"]["uncounted"]] == [
        (2, "repeats"),
        (4, "context"),
    ]


def test_the_policy_is_there_with_every_constant(live: Publication, client: Client) -> None:
    assert told(client.get(EN))["confidence"]["policy"] == {
        "version": "2026.1", "start": repr(1 / 3), "means": [repr(n / 6) for n in (5, 4, 3, 2)], "worth": "12.0",
        "unverified": "0.5", "second_hand": "0.5", "unreachable": "0.5", "successive": "0.5", "unrated_tier": 4,
        "tail": "0.1", "floor": 45, "lowest": 1, "highest": 99, "log_odds": "-0.69314718056",
    }  # fmt: skip


def test_a_correction_names_its_versions_and_a_reassessment_its_note(
    live: Publication, desk: Desk, client: Client
) -> None:
    first, before = live.live, live.live_approval
    assert first is not None
    row = corrected(live.article, desk=desk, kind="correction", note="Seven, not eleven.")
    second = row.version
    approval = Publication.objects.for_readers().get().live_approval
    assert approval is not None
    factories.source("post").outcomes.create(held=False, reason="Fell.", by=desk.chi, subject="elsewhere")
    again = assessed_again(live.article, desk=desk, note="Its record is worse.")
    found = told(client.get(EN))
    assert found["corrections"] == [
        {
            "kind": "correction", "at": at(row), "note": "Seven, not eleven.",
            "from": {"version": 1, "digest": first.digest}, "to": {"version": 2, "digest": second.digest},
        }
    ]  # fmt: skip
    assert (found["version"], found["digest"], found["ledger"]) == (2, second.digest, again.hash)
    assert found["review"] == {
        "by": "Binh Tran", "at": at(approval), "self_review": False, "note": "Fine.",
        "reassessed": {"by": "Binh Tran", "at": at(again), "note": "Its record is worse."},
    }  # fmt: skip
    assert found["confidence"]["inputs"][0]["failed"] == "1.0"
    assert stranger.check(json.dumps(found))["percent"] == found["confidence"]["workings"]["percent"]
    assert before is not None


@pytest.mark.parametrize("kind", [Kind.OPINION, Kind.PRESS_RELEASE, Kind.PAGE])
def test_a_kind_that_shows_no_number_publishes_none(desk: Desk, client: Client, kind: Kind) -> None:
    article = factories.article(desk.an, kind=kind)
    factories.cite(article, desk.an)
    publication = factories.published(article, desk=desk)
    found = told(client.get(EN))
    assert (found["confidence"], found["citations"]) == (None, [{"number": 1, "tier": 1, "verified": None}])
    assert publication.live is not None
    assert stranger.check(json.dumps(found)) == {
        "digest": publication.live.digest, "percent": None, "points": {}, "uncounted": set(),
    }  # fmt: skip


def test_an_approval_older_than_the_inputs_publishes_those_that_counted(live: Publication, client: Client) -> None:
    from articles import record

    approval = live.live_approval
    assert approval is not None
    assert approval.confidence is not None
    whole = record.of(live, [])["confidence"]["inputs"]
    del approval.confidence["evidence"]
    assert record.of(live, [])["confidence"]["inputs"] == [whole[0], whole[2]]
    assert set(whole[0]) == set(Evidence.__slots__)


@pytest.mark.parametrize("note", ["Never counted.", "<b>\u2028&"])
def test_of_a_withdrawn_language_the_words_are_gone(live: Publication, desk: Desk, client: Client, note: str) -> None:
    corrected(live.article, desk=desk, note="Seven, not eleven.")
    version, approval = Version.objects.get(number=2), ReviewStatus.objects.get(version__number=2, status="approved")
    published = Publication.objects.get()
    row = withdrawn(live.article, desk=desk, note=note)
    assert published.first_published is not None
    assert published.last_published is not None
    expected = {
        "schema": 1,
        "state": "withdrawn",
        "language": "en",
        "version": 2,
        "digest": version.digest,
        "published": published.first_published.isoformat(),
        "updated": told(client.get(EN))["updated"],
        "review": {"by": "Binh Tran", "at": at(approval)},
        "withdrawn": {"at": at(row), "reason": row.note},
    }
    for address in (EN, EN.replace("/en/", "/vi/")):  # whoever asks for a language that has nothing
        assert told(client.get(address)) == expected


def test_published_again_it_is_whole_and_tells_of_the_withdrawal(live: Publication, desk: Desk, client: Client) -> None:
    withdrawn(live.article, desk=desk, note="Never counted.")
    corrected(live.article, desk=desk, note="Counted now.")
    found = told(client.get(EN))
    assert (found["state"], found["version"]) == ("live", 2)
    assert [(each["kind"], each["to"] and each["to"]["version"]) for each in found["corrections"]] == [
        ("correction", 2),
        ("withdrawal", None),
    ]


def test_what_is_not_published_has_none(desk: Desk, client: Client) -> None:
    article = factories.article(desk.an)
    factories.approved(article, desk=desk)
    for code in LANGUAGES:
        for slug in ("headline-alpha", "tieu-de-alpha", "nothing"):
            assert client.get(f"/{code}/articles/{slug}/record.json").status_code == 404


def test_an_old_address_moves_and_another_languages_leads_there(live: Publication, desk: Desk, client: Client) -> None:
    foreign = client.get(EN.replace("/en/", "/vi/"))
    assert (foreign.status_code, foreign["Location"]) == (302, EN)  # until it is translated
    corrected(live.article, desk=desk, note="Renamed.", slug="renamed")
    moved = client.get(EN)
    assert (moved.status_code, moved["Location"]) == (301, "/en/articles/renamed/record.json")
    assert told(client.get("/en/articles/renamed/record.json"))["version"] == 2


@pytest.mark.parametrize("count", [1, 30])
def test_it_costs_two_queries_writes_nothing_and_is_the_same_for_staff(
    desk: Desk, client: Client, signed_in: Any, count: int
) -> None:
    article = factories.article(desk.an)
    for number in range(count):
        factories.cite(article, desk.an, factories.source(f"s{number}"))
    factories.published(article, desk=desk)
    for number in range(min(count, 5)):
        corrected(article, desk=desk, note=f"Note {number}.")
    statements, anybodys = made_anew(client, EN), client.get(EN)
    assert len(statements) == 2
    assert tables(statements) == {
        "articles_publication", "articles_version", "articles_reviewstatus", "articles_correction",
    }  # fmt: skip
    theirs = signed_in(desk.binh).get(EN)
    assert (theirs.content, apart(theirs)) == (anybodys.content, apart(anybodys))
    head = client.head(EN)
    assert (head.content, dict(head.headers)) == (b"", dict(anybodys.headers))
    assert client.post(EN).status_code == 405


def test_a_copy_that_is_kept_is_asked_for_anew_and_sent_again_only_if_it_changed(
    live: Publication, desk: Desk, client: Client
) -> None:
    first = client.get(EN)
    assert (first["Cache-Control"], first.cookies) == ("public, max-age=0, must-revalidate", {})
    kept = {"if-none-match": first["ETag"]}
    again = client.get(EN, headers=kept)
    assert (again.status_code, again.content) == (304, b"")
    corrected(live.article, desk=desk, note="Seven, not eleven.")
    assert client.get(EN, headers=kept).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_articles_page_links_it_in_the_words_own_language(live: Publication, client: Client, language: str) -> None:
    page = read(client, f"/{language}/articles/headline-alpha/")
    with override(language):
        text = say("All that the number and the digest are made of (JSON)")
        assert text in page.said(".published-record")
    links = [attrs["href"] for tag, attrs in page.within(".published-record") if tag == "a"]
    assert links == [f"/{language}/articles/headline-alpha/history/", EN]  # the history is in the reader's own language


def test_user_names_are_in_none(desk: Desk, client: Client) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    publication = factories.in_review(article, desk=desk)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it.")
    factories.approve(publication, desk=desk)
    workflow.publish(publication, by=desk.chi, version=1)
    found = told(client.get(EN))
    assert (found["review"]["by"], found["citations"][0]["verified"]["by"]) == ("", "")
    for name in ("binh", "chi", "an"):
        assert f'"{name}"' not in json.dumps(found).lower()


# --- the stranger ------------------------------------------------------------------------------------


def test_a_stranger_computes_every_number_and_digest_of_the_demo_desk(client: Client) -> None:
    list(build())
    numbers = set()
    for publication in Publication.objects.live().for_readers():
        with override(publication.language):
            assert publication.live is not None
            found = told(client.get(reverse("articles:record", args=[publication.live.slug])))
        workings = (found["confidence"] or {}).get("workings", {"percent": None, "rows": [], "uncounted": []})
        assert stranger.check(json.dumps(found)) == {
            "digest": found["digest"],
            "percent": workings["percent"],
            "points": {row["number"]: row["points"] for row in workings["rows"]},
            "uncounted": {row["number"] for row in workings["uncounted"]},
        }
        numbers.add(workings["percent"])
    assert len(numbers) > 5  # of several numbers, and none among them
    assert None in numbers


def test_a_stranger_finds_a_word_and_an_input_that_were_changed(live: Publication, client: Client) -> None:
    found = told(client.get(EN))
    honest = stranger.check(json.dumps(found))
    found["content"]["body"] += " "
    found["confidence"]["inputs"][0]["verified"] = False
    forged = stranger.check(json.dumps(found))
    assert forged["digest"] != honest["digest"] == found["digest"]
    assert forged["percent"] != honest["percent"] == found["confidence"]["workings"]["percent"]


def test_the_stranger_is_short_and_has_nothing_of_ours(live: Publication, client: Client) -> None:
    path = Path(settings.BASE_DIR, "tests", "articles", "stranger.py")
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 40
    imported = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names
    done = subprocess.run(
        [sys.executable, "-I", str(path)], input=client.get(EN).content, capture_output=True, check=True
    )
    assert ast.literal_eval(done.stdout.decode())["percent"] == 83
