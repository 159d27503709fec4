"""The page about the method: what it says is what the arithmetic does, with every constant of the policy."""

import dataclasses
import re

import pytest
from django.test import Client
from django.utils.translation import override

from articles import calibration, method
from articles.calibration import Prediction
from articles.calibration import calibrated as measured
from articles.confidence import POLICY, Evidence, Likelihood, Policy, Stance, assess
from articles.models import PublishedPolicy
from articles.wording import LIKELIHOODS
from tests import factories
from tests.articles.test_views import HOST, LANGUAGES, queries_of, read, say
from tests.factories import Desk

pytestmark = pytest.mark.django_db

OTHER = Policy(
    version="2031.7", start=1 / 4, means=(7 / 8, 5 / 8, 3 / 8, 2 / 8), worth=16.0, unverified=2 / 3, second_hand=3 / 4,
    unreachable=3 / 5, successive=1 / 5, unrated_tier=3, tail=0.05, floor=41, lowest=2, highest=97,
)  # fmt: skip


def test_every_word_has_the_range_of_the_published_table() -> None:
    assert method.words() == [
        (Likelihood.ALMOST_CERTAIN, 95, 99),
        (Likelihood.VERY_LIKELY, 80, 94),
        (Likelihood.LIKELY, 55, 79),
        (Likelihood.ABOUT_EVEN, 45, 54),
        (Likelihood.UNLIKELY, 20, 44),
        (Likelihood.VERY_UNLIKELY, 5, 19),
        (Likelihood.ALMOST_CERTAINLY_WRONG, 1, 4),
    ]


@pytest.mark.parametrize(
    ("value", "shown"), [(1 / 3, "1/3"), (5 / 6, "5/6"), (7 / 12, "7/12"), (12.0, "12"), (0.34169, 0.342)]
)
def test_a_constant_is_shown_as_a_fraction_where_it_is_a_plain_one(value: float, shown: str | float) -> None:
    assert method.fraction(value) == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_computed_and_every_word_has_its_row(client: Client, language: str) -> None:
    page = read(client, f"/{language}/confidence/")
    with override(language):
        assert "1/3 + (5/6 − 1/3) × 1/2 = 7/12 = 58%" in page.said("main")
        assert page.said(".workings")[-2:] == [say("Confidence"), "58%"]
        assert f"58 → 83% {say('if we verify source %(number)d', number=1)}" in page.said("main")
        rows = [f"{low}–{high}" for _word, low, high in method.words()]
        table = page.said(".constants")
        assert [each for each in table if re.fullmatch(r"\d+–\d+", each)] == rows
        assert [table[table.index(row) + 1] for row in rows] == [str(LIKELIHOODS[word]) for word in Likelihood]
        assert say("%(version)s, in use", version="2026.1") in page.said("main")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_that_nothing_is_known_yet_about_whether_it_was_right(client: Client, language: str) -> None:
    said = read(client, f"/{language}/confidence/").said("main")
    with override(language):
        heading = said.index(say("Does %(percent)s%% mean %(percent)s%%?", percent=58))
        assert said[heading + 2] == say("We do not know yet: there are no outcomes so far, and nothing is claimed.")


def test_what_reviewers_judged_is_what_it_rests_on(desk: Desk, client: Client) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.judge(factories.published(article, desk=desk), by=desk.binh, note="Secretreason")
    said = " ".join(read(client, "/en/confidence/").said("main"))
    assert "We do not know yet: this rests on 1 outcome so far; nothing is claimed below 30." in said
    assert "Secretreason" not in said


def test_whether_it_was_right_is_shown_as_measured(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [Prediction(0.58, held=number % 2 == 0) for number in range(40)]
    monkeypatch.setattr(calibration, "calibrated", lambda _none: measured(outcomes))
    page = read(client, "/en/confidence/")
    assert "This rests on 40 outcomes." in page.said("main")
    assert page.said(".reliability-diagram")[-1].endswith(" 0 is perfect: 0.080")


def test_with_another_policy_the_page_says_other_numbers(client: Client) -> None:
    """No constant is typed a second time: every one of them is on the page, and none of the old ones is left."""
    PublishedPolicy.objects.create(
        version=OTHER.version, constants=OTHER.as_json(), note="Fitted.", by=factories.user("head")
    )
    text = " ".join(read(client, "/en/confidence/").said("main"))
    for told in (
        "we expect 1/4 to stand: 25%",
        "weighs as much as 16 checked claims",
        "2/3 of it if none",
        "3/4 of that if the source is second-hand",
        "and 3/5 of that again",
        "counts 1/5 of the one before",
        "counts as tier 3",
        "in the worst 5% of cases",
        "in the best 5%",
        "No number is below 2 or above 97, and below 41%",
        "1/4 + (7/8 − 1/4) × 2/3 = 2/3 = 67%",
        "long clean record 7/8 Tier 2: reliable 5/8 Tier 3: mixed or little known 3/8",
        "Tier 4: unreliable or unknown 1/4",
        "Does 67% mean 67%?",
    ):
        assert told in text, told
    assert not re.search(r"\b(1/3|5/6|1/2|7/12|58)\b", text)


def test_the_example_of_a_policy_is_its_arithmetic() -> None:
    one = Evidence(
        number=1, voice="1", stance=Stance.SUPPORTS, tier=1, held=0.0, failed=0.0, first_hand=True, verified=False,
        reachable=True,
    )  # fmt: skip
    for policy in (POLICY, OTHER, dataclasses.replace(POLICY, unverified=1.0)):
        assert method.method(policy).example == assess([one], policy)


def test_it_asks_for_the_policies_and_the_outcomes_and_writes_nothing(client: Client) -> None:
    assert queries_of(client, "/en/confidence/") == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_there_in_both_languages_and_the_article_leads_to_it(desk: Desk, client: Client, language: str) -> None:
    page = read(client, f"/{language}/confidence/")
    assert page.all("html") == [{"lang": language}]
    assert page.editions == [
        *((code, f"{HOST}/{code}/confidence/") for code in LANGUAGES),
        ("x-default", f"{HOST}/vi/confidence/"),
    ]
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    shown = read(client, f"/{language}/articles/headline-alpha/")
    assert f"/{language}/confidence/" in [attrs["href"] for tag, attrs in shown.within(".why") if tag == "a"]
