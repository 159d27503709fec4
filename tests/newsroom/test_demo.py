"""The demo desk: every badge there is, through the real workflow, and a second run that changes nothing."""

from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles.confidence import Basis, State
from articles.models import Article, Correction, Publication, ReviewStatus, Verdict, Version
from articles.states import LiveState, Status
from newsroom.demo import desk
from sources.models import SourceOutcome


def everything() -> dict[str, list[dict[str, object]]]:
    own = [model for app in ("articles", "sources", "auth") for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in own}


@pytest.fixture
def demo(db: None) -> None:
    assert len(list(desk.build())) >= 12


def test_a_second_run_changes_nothing(demo: None) -> None:
    before = everything()
    assert list(desk.build()) == []
    assert everything() == before


def test_every_badge_there_is_can_be_seen(demo: None) -> None:
    live = [publication.reading() for publication in Publication.objects.live().for_readers()]
    assert {reading.workings.state for reading in live} == set(State)
    rated = [reading for reading in live if reading.rated]
    assert {reading.workings.basis for reading in rated} >= {Basis.THIN, Basis.MODERATE, Basis.SOLID}
    assert {58, 83} <= {reading.workings.percent for reading in rated}
    assert any(row.stance == "contradicts" for reading in rated for row in reading.workings.rows)
    assert any(reading.workings.uncounted for reading in rated)
    assert any(not reading.shows_number for reading in live)


def test_a_claim_was_found_to_stand_and_one_not_and_others_wait_to_be_judged(demo: None) -> None:
    assert sorted(Verdict.objects.values_list("occasion", "held")) == [("correction", True), ("withdrawal", False)]
    assert SourceOutcome.objects.exclude(subject="").values_list("source__slug", "held").get() == ("bipm", True)
    assert Version.objects.to_judge().count() == 3


def test_languages_stand_in_every_place(demo: None) -> None:
    assert Article.objects.count() >= 12
    live = Counter(Publication.objects.live().values_list("language", flat=True))
    assert live["vi"] >= 10
    assert live["en"] >= 10
    places = {tuple(publication.places) for publication in Publication.objects.all()}
    assert places == {
        ("live",), ("approved",), ("in_review",), ("draft",), ("live", "scheduled", "approved"), ("withdrawn",),
    }  # fmt: skip
    one_language = Publication.objects.filter(state=LiveState.LIVE).values_list("article", flat=True)
    assert 1 in Counter(one_language).values()
    assert Article.objects.filter(publications=None).exists()


def test_readers_can_see_what_a_correction_an_update_and_a_withdrawal_look_like(demo: None) -> None:
    told = Counter(Correction.objects.values_list("kind", "publication__language"))
    assert told == {
        ("correction", "en"): 1, ("correction", "vi"): 1, ("update", "en"): 1, ("withdrawal", "en"): 1,
        ("withdrawal", "vi"): 1,
    }  # fmt: skip
    for row in Correction.objects.exclude(to_version=None).select_related("from_version", "to_version"):
        assert row.from_version.body != row.to_version.body


def test_each_step_was_taken_by_the_person_whose_step_it_is(demo: None) -> None:
    taken = {(row.status, row.actor.get_username()) for row in ReviewStatus.objects.select_related("actor")}
    assert taken == {
        (Status.SUBMITTED, "an"),
        (Status.APPROVED, "binh"),
        (Status.CHANGES_REQUESTED, "binh"),
        (Status.PUBLISHED, "chi"),
        (Status.CORRECTED, "chi"),
        (Status.SCHEDULED, "chi"),
        (Status.WITHDRAWN, "chi"),
    }


def test_the_command_prints_the_addresses_and_the_accounts(db: None, settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    out = StringIO()
    call_command("demo", port=8123, stdout=out)
    told = out.getvalue()
    assert "http://127.0.0.1:8123/vi/" in told
    for username, (_name, _groups, password) in desk.PEOPLE.items():
        assert password in told
        assert User.objects.get(username=username).check_password(password)


def test_accounts_with_known_passwords_are_never_made_outside_debug(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("demo")
    assert not User.objects.exists()
