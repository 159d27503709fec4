"""Two saves of one article at the same moment, on connections of their own."""

import pytest
from django.test import Client

from articles.models import Article, Edit
from tests import factories
from tests.articles.admin.conftest import Enter, Form, change_url, changed, form_at
from tests.articles.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    return factories.desk()


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    return factories.article(desk.an)


def race(article: Article, *saves: tuple[Client, dict[str, str]]) -> list[int]:
    """Every form is opened before any is saved, and all are saved at once: the answers, sorted."""
    codes: list[int] = []
    forms: list[tuple[Client, Form]] = [
        (client, changed(form_at(client, change_url(article)), changes)) for client, changes in saves
    ]

    def save(client: Client, form: Form) -> None:
        codes.append(client.post(change_url(article), form).status_code)

    at_once(*((lambda client=client, form=form: save(client, form)) for client, form in forms))
    return sorted(codes)


def test_of_two_that_change_the_same_one_wins_and_the_other_is_shown_it(
    article: Article, desk: factories.Desk, enter: Enter
) -> None:
    for number in range(5):
        before = Edit.objects.latest("pk").pk
        an, dung = f"An {number}", f"Dung {number}"
        assert race(
            article, (enter(desk.an), {"headline_en": an}), (enter(desk.dung), {"headline_en": dung})
        ) == [302, 409]  # fmt: skip
        [edit] = Edit.objects.filter(pk__gt=before)
        assert Article.objects.get().headline_en == {desk.an.pk: an, desk.dung.pk: dung}[edit.by_id]


def test_of_two_that_change_different_fields_both_win(article: Article, desk: factories.Desk, enter: Enter) -> None:
    for number in range(5):
        an, dung = f"An {number}", f"Dung {number}"
        assert race(
            article, (enter(desk.an), {"headline_en": an}), (enter(desk.dung), {"summary_en": dung})
        ) == [302, 302]  # fmt: skip
        assert Article.objects.values_list("headline_en", "summary_en").get() == (an, dung)
