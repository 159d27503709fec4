"""A policy published by a person: numbers from then on are computed by it, and no earlier one changes."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.test import Client

from articles import policies, record, refusing, workflow
from articles.assessing import assess, screen_hash
from articles.confidence import POLICY, Policy
from articles.models import Publication, PublishedPolicy
from tests import factories
from tests.articles.steps import now
from tests.factories import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OTHER = replace(POLICY, version="2027.1", unverified=1.0, floor=40)


def _published(desk: Desk) -> Publication:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    return factories.published(article, desk=desk)


@pytest.fixture
def head(desk: Desk) -> User:
    desk.chi.user_permissions.add(Permission.objects.get(codename="add_publishedpolicy"))
    return User.objects.get(pk=desk.chi.pk)


def test_the_first_policy_is_in_use_until_another_is_published(head: User) -> None:
    assert policies.current() == POLICY
    policies.publish(OTHER, by=head, note="Fitted on 40 outcomes.")
    third = replace(OTHER, version="2027.2", floor=45)
    policies.publish(third, by=head, note="The floor as it was.")
    assert policies.current() == third
    assert [policies.of(version) for version in ("2026.1", "2027.1", "2027.2")] == [POLICY, OTHER, third]
    assert [row.version for row in policies.published()] == ["2027.2", "2027.1"]


def test_a_number_keeps_the_policy_it_was_computed_by(desk: Desk, head: User) -> None:
    publication = _published(desk)
    before = record.of(now(publication), [])
    assert (before["confidence"]["policy"]["version"], before["confidence"]["workings"]["percent"]) == ("2026.1", 58)
    policies.publish(OTHER, by=head, note="Fitted.")
    assert record.of(now(publication), []) == before
    anew = assess(publication.live)
    assert (anew.workings.policy, anew.workings.percent) == ("2027.1", 83)
    workflow.reassess(publication, by=desk.binh, seen=screen_hash(publication.live, anew), note="A new policy.")
    after = record.of(now(publication), [])["confidence"]
    assert after["policy"] == OTHER.as_json()
    assert (after["workings"]["policy"], after["workings"]["percent"]) == ("2027.1", 83)


def test_the_floor_below_which_a_note_is_needed_is_that_of_the_policy_in_use(desk: Desk, head: User) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, factories.source("paper", tier=3))
    version = factories.in_review(article, desk=desk).in_review
    assert refusing.note_needed(version, assess(version)) == (
        "The confidence is below 45%: say in a note why it may be published."
    )
    policies.publish(replace(POLICY, version="2027.1", floor=40), by=head, note="Lower.")
    assert assess(version).workings.percent == 42
    assert refusing.note_needed(version, assess(version)) is None


@pytest.mark.parametrize(
    ("policy", "note", "says"),
    [
        (OTHER, " ", "Write a note: it says why."),
        (replace(POLICY, version="2027.1"), "Why.", "Its constants are those of the policy in use."),
        (replace(OTHER, version="2026.1"), "Why.", "Version 2026.1 is published already."),
        (
            replace(OTHER, means=POLICY.means[:3], unrated_tier=3),
            "Why.",
            "A policy has a mean for each of the 4 tiers.",
        ),
        (replace(OTHER, version=""), "Why.", "This field cannot be blank."),
    ],
)
def test_what_is_no_new_policy_is_refused(head: User, policy: Policy, note: str, says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        policies.publish(policy, by=head, note=note)
    assert caught.value.messages == [says]
    assert not PublishedPolicy.objects.exists()


def test_nobody_publishes_a_version_twice_nor_without_the_permission(desk: Desk, head: User) -> None:
    policies.publish(OTHER, by=head, note="Why.")
    with pytest.raises(ValidationError, match=r"Version 2027\.1 is published already"):
        policies.publish(replace(OTHER, floor=50), by=head, note="Why.")
    for person in (desk.an, desk.binh, desk.dung):
        with pytest.raises(ValidationError, match="You may not publish a policy"):
            policies.publish(replace(OTHER, version="2027.2", floor=50), by=person, note="Why.")
    assert PublishedPolicy.objects.count() == 1


def test_the_method_page_tells_which_policy_is_in_use_and_why_each_was_published(client: Client, head: User) -> None:
    page = client.get("/en/confidence/").content.decode()
    assert "<li>2026.1, in use</li>" in page
    policies.publish(OTHER, by=head, note="Fitted on 40 <outcomes>.")
    page = client.get("/en/confidence/").content.decode()
    assert "2027.1, in use" in page
    assert "Fitted on 40 &lt;outcomes&gt;." in page
    assert "<li>2026.1</li>" in page
    assert "below 40% an article goes out only with a public note" in page


def test_the_page_asks_as_much_however_many_policies_there_are(
    client: Client, head: User, django_assert_num_queries: Callable[..., object]
) -> None:
    for year in range(2027, 2040):
        policies.publish(replace(OTHER, version=f"{year}.1", floor=year - 2000), by=head, note="Why.")
    with django_assert_num_queries(4):  # and whether anything changed
        client.get("/en/confidence/")


def test_a_policy_comes_back_from_its_json_and_nothing_else_does() -> None:
    plain = OTHER.as_json()
    assert Policy.from_json(plain) == OTHER
    for broken in ({**plain, "start": "2"}, {**plain, "floor": "45"}, {**plain, "means": 3}, {"version": "1"}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            Policy.from_json(broken)


def test_the_live_page_is_not_touched(desk: Desk, head: User, client: Client) -> None:
    publication = _published(desk)
    before = client.get(f"/en/articles/{publication.live.slug}/").content
    policies.publish(OTHER, by=head, note="Fitted.")
    assert client.get(f"/en/articles/{publication.live.slug}/").content == before
    assert Publication.objects.get(pk=publication.pk).stamp == publication.stamp
