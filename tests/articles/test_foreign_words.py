"""Words in another language say so: as an editor marked them in the text, and as a citation and a name have it."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.diff import Op, blocks, changes
from articles.forms import CitationForm
from articles.models import Version
from tests import factories
from tests.articles.test_views import read
from tests.factories import Desk

pytestmark = pytest.mark.django_db

MARKED = '<p>She said <span lang="vi">xin chào</span>.</p>'


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Sentences in English."""


def test_what_an_editor_marked_is_frozen_published_and_fed_as_it_was_marked(desk: Desk, client: Client) -> None:
    publication = factories.published(factories.article(desk.an, body_en=MARKED), desk=desk)
    assert Version.objects.get().body == MARKED
    assert client.get(f"/en/articles/{publication.live.slug}/record.json").json()["content"]["body"] == MARKED
    assert '<span lang="vi">xin chào</span>' in client.get("/en/articles/headline-alpha/").content.decode()
    [item] = json.loads(client.get("/en/feed.json").content)["items"]
    assert '<span lang="vi">xin chào</span>' in item["content_html"]
    for form in ("atom", "rss"):
        assert '&lt;span lang="vi"&gt;xin chào&lt;/span&gt;' in client.get(f"/en/feed.{form}").content.decode()


def test_a_mark_divides_no_words_and_that_it_changed_is_seen() -> None:
    plain = MARKED.replace('<span lang="vi">', "").replace("</span>", "")
    assert [(block.changed, block.text) for block in blocks(MARKED, plain)] == [(False, "She said xin chào.")]
    [change] = changes({"body": plain}, {"body": MARKED})
    assert [piece.text for piece in change.pieces if piece.op == Op.INSERTED] == ['<span lang="vi">', "</span>"]


def test_the_title_the_quote_and_every_name_of_a_citation_say_their_language(desk: Desk, client: Client) -> None:
    paper, agency = factories.source("paper", name_en=""), factories.source("agency", name_en="")
    article = factories.article(desk.an)
    told = {"title": "Tài liệu", "quote": "Đúng thế.", "title_language": "vi"}
    factories.cite(article, desk.an, paper, first_hand=False, origin=agency, **told)
    factories.cite(article, desk.an, title="Paper", quote="So it is.", title_language="en")
    factories.published(article, desk=desk)
    page = read(client, "/en/articles/headline-alpha/")
    html = client.get("/en/articles/headline-alpha/").content.decode()
    assert [tag for tag, attrs in page.within("ol") if attrs.get("lang") == "vi"] == ["a", "span", "blockquote", "span"]
    assert 'from <span lang="vi">Agency</span>' in html
    assert "<blockquote>So it is.</blockquote>" in html


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("vi", "vi"), (" fr ", "fr"), ("pt-BR", "pt-BR"), ("", ""), ("English", None), ("x", None), ("vi_VN", None)],
)
def test_the_language_of_a_title_is_a_code(typed: str, kept: str | None) -> None:
    form = CitationForm()
    form.cleaned_data = {"title_language": typed}
    if kept is None:
        with pytest.raises(ValidationError, match="Write the code of a language"):
            form.clean_title_language()
    else:
        assert form.clean_title_language() == kept
