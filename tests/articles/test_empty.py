"""What a page says when there is nothing to say, and where it leads on from there: with no row at all, and in the
language that has none.
"""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.translation import override

from articles.models import Category
from tests import factories
from tests.articles.afterwards import corrected
from tests.articles.test_views import queries_of, read
from tests.factories import Desk

pytestmark = pytest.mark.django_db

# What an English page says first of there being nothing, and the addresses that it leads on to.
HOME, OTHER = "/en/", "/vi/"
EMPTY = {
    "": ("There are no articles in this language yet.", ["/en/about/", "/en/confidence/"]),
    "archive/": ("There are no articles in this language yet.", [HOME]),
    "archive/2026/05/": ("Nothing was published in this month in this language.", [HOME]),
    "corrections/": ("There have been no corrections in this language so far.", [HOME]),
    "about/": ("There are no pages about this site in this language yet.", [HOME]),
    "sources/": ("No source is assessed or cited by a published article yet.", [HOME]),
    "ledger/": ("Nothing is written down yet.", [HOME]),
}
# The same, with one article and one page in Vietnamese: where the other language comes first, and by which address.
HALF = {
    "": (EMPTY[""][0], [OTHER, *EMPTY[""][1]]),
    "archive/": (EMPTY["archive/"][0], ["/vi/archive/", HOME]),
    "archive/2026/05/": EMPTY["archive/2026/05/"],
    "corrections/": (EMPTY["corrections/"][0], ["/vi/corrections/", HOME]),
    "about/": (EMPTY["about/"][0], ["/vi/about/", HOME]),
    "categories/technology/": (
        "Nothing is published under this heading in this language yet.",
        ["/vi/categories/cong-nghe/", HOME],
    ),
    "categories/bare/": ("Nothing is published under this heading in this language yet.", [HOME]),
    "authors/mai-lan/": (
        "No article by this author is published in this language yet.",
        ["/vi/authors/mai-lan/", HOME],
    ),
    "authors/page-writer/": ("No article by this author is published in this language yet.", [HOME]),
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.parametrize("path", EMPTY)
def test_an_empty_database_is_told_in_words_with_a_way_on(client: Client, path: str) -> None:
    leads_on(client, path, *EMPTY[path])


def test_a_method_without_outcomes_claims_nothing(client: Client) -> None:
    said = read(client, "/en/confidence/").said("main")
    assert "We do not know yet: there are no outcomes so far, and nothing is claimed." in said


@pytest.mark.parametrize("path", HALF)
def test_one_language_alone_is_told_with_a_link_to_it(desk: Desk, client: Client, path: str) -> None:
    article = factories.article(desk.an)
    factories.published(article, "vi", desk=desk)
    corrected(article, "vi", desk=desk, note="Đã sửa.")
    page = factories.article(desk.an, "Page", kind="page", category=None)
    page.set_authors([factories.author("Page Writer")], by=desk.an)
    factories.published(page, "vi", desk=desk)
    Category.objects.create(name_en="Bare", slug_en="bare", name_vi="Trống", slug_vi="trong")
    leads_on(client, path, *HALF[path])
    assert queries_of(client, f"/en/{path}") <= 3


def leads_on(client: Client, path: str, sentence: str, addresses: list[str]) -> None:
    page = read(client, f"/en/{path}")
    assert page.said("main").count(sentence) == 1
    links = [attrs for tag, attrs in page.within(".ways-on") if tag == "a"]
    assert [attrs["href"] for attrs in links] == addresses
    assert [attrs.get("hreflang") for attrs in links] == [
        "vi" if each.startswith("/vi/") else None for each in addresses
    ]
    for attrs in links:
        assert client.get(str(attrs["href"])).status_code in (200, 302)
