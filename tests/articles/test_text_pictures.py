"""Pictures within a text, by reference to a picture of the desk: frozen with the words as they stand there, shown to
readers with what was said of them, and never from anywhere else.
"""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import ProtectedError
from django.test import Client

from articles import imaging, picturing, readtime, refusing, reverting, searching, workflow
from articles.comparing import compared
from articles.diff import lines
from articles.models import Article, ArticlePhoto, Author, Edit, Photo, Publication, Version, VersionPhoto
from articles.quoting import above
from articles.states import Move
from tests import factories
from tests.articles import pictures
from tests.articles.admin.conftest import change_url, form_at, page
from tests.articles.admin.test_translate import url as translate_url
from tests.articles.steps import edit
from tests.articles.test_lead_pictures import SignedIn, address, again, frozen, make_all
from tests.factories import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def figure(photo: Photo | int) -> str:
    return f'<figure data-photo="{photo if isinstance(photo, int) else photo.pk}"></figure>'


def body(*shown: Photo | int) -> str:
    return "<p>First words.</p>" + "".join(map(figure, shown)) + "<h2>Part</h2><p>Last words.</p>"


def photo(by: User, name: str, **said: Any) -> Photo:
    return pictures.photo(by, alt_en=f"{name} in words", alt_vi=f"{name} bằng lời", caption_en=f"{name}.",
                          caption_vi=f"{name} đây.", **said)  # fmt: skip


@pytest.fixture
def two(desk: Desk) -> tuple[Photo, Photo]:
    return photo(desk.an, "Bridge"), photo(desk.an, "Coast", licence="CC0", source_url="https://example.org/a")


def reason(article: Article, language: str = "en") -> str | None:
    return refusing.refusal(refusing.publication_of(article, language), Move.SUBMIT, article.edits.earliest("pk").by)


# --- frozen ------------------------------------------------------------------------------------------


def test_pictures_are_frozen_in_their_order_the_lead_first_each_in_its_language(
    desk: Desk, two: tuple[Photo, Photo]
) -> None:
    lead = photo(desk.an, "Field")
    article = factories.article(desk.an, lead=lead, body_en=body(two[1], two[0]), body_vi=body(two[0]))
    told = [(each["number"], each["place"], each["photo"], each["alt"]) for each in frozen(article).pictures]
    assert told == [
        (1, "lead", lead.pk, "Field in words"),
        (2, "text", two[1].pk, "Coast in words"),
        (3, "text", two[0].pk, "Bridge in words"),
    ]
    assert [each["caption"] for each in frozen(article, "vi").pictures] == ["Field đây.", "Bridge đây."]
    version = factories.in_review(article, desk=desk).in_review
    assert version is not None
    assert (version.body, version.content()["schema"]) == (body(two[1], two[0]), 2)
    assert set(VersionPhoto.objects.values_list("version", "photo")) == {(version.pk, each.pk) for each in (lead, *two)}
    call_command("verify_ledger")


@pytest.mark.usefixtures("quick")
def test_nothing_done_to_a_picture_later_changes_what_was_approved(
    desk: Desk, two: tuple[Photo, Photo], client: Client
) -> None:
    article = factories.article(desk.an, body_en=body(two[0]))
    factories.published(article, desk=desk)
    make_all()
    before, shown = Version.objects.get().content(), client.get("/en/articles/headline-alpha/").content
    said = dict.fromkeys(("alt_en", "caption_en", "credit", "licence"), "Draft")
    again(two[0], desk.dung, **said, focal_x=90, file=pictures.file(pictures.turned(3)))
    make_all()
    edit(article, desk.an, body_en=body())
    assert Version.objects.get().content() == before
    assert client.get("/en/articles/headline-alpha/").content == shown
    assert client.get(address(two[0])).status_code == 200
    call_command("verify_ledger")


# --- submitted ---------------------------------------------------------------------------------------


def test_a_picture_that_the_desk_has_not_is_named_and_kept_in_the_working_copy(desk: Desk) -> None:
    article = factories.article(desk.an, body_en=body(404, 123456789012345678))
    lost = "The text shows pictures that are not there: #404, #123456789012345678. Take them out, or choose others."
    assert reason(article) == lost
    with pytest.raises(refusing.Refused, match="#404"):
        workflow.submit(article, "en", by=desk.an)
    assert Article.objects.get(pk=article.pk).body_en == body(404, 123456789012345678)
    assert reason(article, "vi") is None


def test_one_that_lacks_words_in_this_language_holds_up_this_language_alone(desk: Desk) -> None:
    shown = photo(desk.an, "Bridge")
    again(shown, desk.an, alt_en="")
    article = factories.article(desk.an, body_en=body(shown), body_vi=body(shown))
    assert reason(article) == (
        "English is incomplete. Missing: text in place of each picture, unless it is marked as decorative."
    )
    assert reason(article, "vi") is None
    again(shown, desk.an, decorative=True)
    assert reason(article) is None


@pytest.mark.parametrize("as_lead", [False, True])
def test_no_picture_stands_twice(desk: Desk, two: tuple[Photo, Photo], as_lead: bool) -> None:
    shown = two if as_lead else (*two, two[0])
    article = factories.article(desk.an, lead=two[0] if as_lead else None, body_en=body(*shown), body_vi=body(two[1]))
    assert reason(article) == f"A picture stands here more than once: #{two[0].pk}. Leave it in one place."
    assert reason(article, "vi") is None


def test_a_text_of_pictures_alone_has_no_words(desk: Desk, two: tuple[Photo, Photo]) -> None:
    article = factories.article(desk.an, body_en=figure(two[0]))
    assert article.body_en == figure(two[0])
    assert reason(article) == "English is incomplete. Missing: text."


def test_a_forged_body_reaches_nobody(
    desk: Desk, two: tuple[Photo, Photo], signed_in: SignedIn, client: Client
) -> None:
    """As a form posts it that no editor wrote."""
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    an = signed_in(desk.an)
    forged = (
        '<p>Words.</p><img src="http://evil.example/a.png" onerror="x()">'
        f'<figure data-photo="{two[0].pk}" onclick="x()" style="x" data-src="http://evil.example/">'
        '<img src="http://evil.example/b.png"><figcaption onclick="x()">Caption</figcaption></figure>'
        f'<figure data-photo="{two[1].pk}"><figure data-photo="0"></figure></figure>'
        '<picture><source srcset="http://evil.example/c.png"></picture><figure data-photo="evil"></figure>'
    )
    response = an.post(change_url(article), form_at(an, change_url(article), {"body_en": forged}))
    assert response.status_code == 302
    kept = f"<p>Words.</p>{figure(two[0])}Caption{figure(two[1])}"
    assert Article.objects.get(pk=article.pk).body_en == kept
    factories.published(Article.objects.get(pk=article.pk), desk=desk)
    for address_ in ("articles/headline-alpha/", "articles/headline-alpha/record.json", "feed.json", "feed.atom"):
        shown = client.get(f"/en/{address_}").content
        assert b"evil" not in shown
    many = form_at(an, change_url(article), {"body_en": "".join(map(figure, range(1, 5_001)))})
    response = an.post(change_url(article), many)
    assert (response.status_code, Article.objects.get(pk=article.pk).body_en) == (200, kept)


# --- who had a hand in it ----------------------------------------------------------------------------


def test_who_described_a_picture_contributed_to_the_texts_that_show_it(desk: Desk) -> None:
    article = factories.article(desk.an, body_en=body(photo(desk.dung, "Bridge")))
    publication = factories.in_review(article, desk=desk)
    assert publication.in_review is not None
    assert [person["name"] for person in publication.in_review.contributors] == ["An", "Dung"]
    assert refusing.refusal(publication, Move.APPROVE, desk.dung) == str(refusing.OWN_WORK[Move.APPROVE])
    other = factories.in_review(article, "vi", desk=desk)
    assert other.in_review is not None
    assert [person["name"] for person in other.in_review.contributors] == ["An"]


def test_whoever_changes_a_picture_edits_each_text_that_shows_it(desk: Desk, two: tuple[Photo, Photo]) -> None:
    both = factories.article(desk.an, "Alpha", lead=two[0], body_vi=body(two[0]))
    english = factories.article(desk.an, "Beta", body_en=body(two[0]))
    factories.article(desk.an, "Gamma", body_en=body(two[1]))
    last = Edit.objects.latest("pk").pk
    for said in ({"alt_en": "Other"}, {"credit": "Other"}, {}):
        again(two[0], desk.dung, **said)
    made = Edit.objects.filter(pk__gt=last, by=desk.dung).order_by("pk")
    assert list(made.values_list("article", "language", "fields")) == [
        (both.pk, "en", ["lead_id"]),
        (english.pk, "en", ["body_en"]),
        (both.pk, "", ["lead_id"]),
        (both.pk, "vi", ["body_vi"]),
        (english.pk, "en", ["body_en"]),
    ]


def test_what_a_text_shows_is_found_by_its_pictures(desk: Desk, two: tuple[Photo, Photo], signed_in: SignedIn) -> None:
    article = factories.article(desk.an, body_en=body(*two, 404), body_vi=body(two[0]))

    def index() -> set[tuple[str, int]]:
        return set(ArticlePhoto.objects.filter(article=article).values_list("language", "photo"))

    assert index() == {("en", two[0].pk), ("en", two[1].pk), ("vi", two[0].pk)}
    edit(article, desk.an, body_en=body(two[1]))
    assert index() == {("en", two[1].pk), ("vi", two[0].pk)}
    with pytest.raises(ProtectedError):
        two[0].delete()
    an = signed_in(desk.an)
    an.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    used = page(an.get(f"/admin/articles/photo/{two[0].pk}/change/"))
    [uses] = [element for element in used.all("section") if element["aria-labelledby"] == "uses-heading"]
    assert "Headline Alpha" in uses.text


def test_what_a_text_or_a_version_shows_is_never_pruned(
    desk: Desk, two: tuple[Photo, Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.articles.management.test_prune_pictures import later, named, said, stored

    monkeypatch.setattr(imaging, "render", lambda data, *how: repr(how).encode())
    article = factories.article(desk.an, body_en=body(*two))
    factories.in_review(article, desk=desk)
    again(two[0], desk.an, file=pictures.file(pictures.turned(3)), focal_x=7)
    edit(article, desk.an, body_en=body(two[1]))
    make_all()
    before = named()
    with later(400):
        said()
    assert (named(), before <= stored()) == (before, True)


# --- shown to readers --------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imaging, "render", lambda kept, *how: repr(how).encode())


def test_readers_get_each_where_it_stands_with_its_words(
    desk: Desk, two: tuple[Photo, Photo], client: Client, django_assert_max_num_queries: Any
) -> None:
    article = factories.article(desk.an, body_en=body(*two), body_vi=body(*two))
    for code in ("vi", "en"):
        factories.published(article, code, desk=desk)
    with django_assert_max_num_queries(2):
        shown = page(client.get("/en/articles/headline-alpha/"))
    [words] = [element for element in shown.elements if element["class"] == "words"]
    assert "".join(words.text.split()) == ("Firstwords.Bridge.Picture:LanVuCoast.Picture:LanVu(CC0)PartLastwords.")
    images = shown.all("img")
    assert [(each["alt"], each["loading"], each["width"], each["height"]) for each in images] == [
        ("Bridge in words", "lazy", "960", "540"),
        ("Coast in words", "lazy", "960", "540"),
    ]
    assert [each["src"] for each in images] == [address(each, 960) for each in two]
    assert [each["type"] for each in shown.all("source")] == ["image/avif", "image/webp"] * 2
    assert "data-photo" not in client.get("/en/articles/headline-alpha/").content.decode()
    foreign = page(client.get("/vi/articles/tieu-de-alpha/"))
    assert [each["alt"] for each in foreign.all("img")] == ["Bridge bằng lời", "Coast bằng lời"]


def test_feeds_have_them_at_whole_addresses(desk: Desk, two: tuple[Photo, Photo], client: Client) -> None:
    factories.published(factories.article(desk.an, body_en=body(two[1])), desk=desk)
    [item] = json.loads(client.get("/en/feed.json").content)["items"]
    assert (
        f'<p>First words.</p><figure><img src="http://testserver{address(two[1], 960)}" width="960" height="540" '
        'alt="Coast in words"><figcaption>Coast. Picture: <a href="https://example.org/a">Lan Vu</a> (CC0)'
        "</figcaption></figure>\n<h2>Part</h2>"
    ) in item["content_html"]
    for form in ("atom", "rss"):
        assert f"http://testserver{address(two[1], 960)}" in client.get(f"/en/feed.{form}").content.decode()


def test_the_record_names_them_and_a_stranger_computes_the_digest(
    desk: Desk, two: tuple[Photo, Photo], client: Client
) -> None:
    from tests.articles import stranger

    factories.published(factories.article(desk.an, body_en=body(*two)), desk=desk)
    text = client.get("/en/articles/headline-alpha/record.json").content.decode()
    assert [each["photo"] for each in json.loads(text)["content"]["pictures"]] == [each.pk for each in two]
    assert stranger.check(text)["digest"] == Version.objects.get().digest  # type: ignore[no-untyped-call]


def test_no_reader_sees_one_before_its_article_or_after_it_was_withdrawn(
    desk: Desk, two: tuple[Photo, Photo], client: Client, quick: None
) -> None:
    article = factories.article(desk.an, body_en=body(two[0]))
    make_all()
    publication = factories.approved(article, desk=desk)
    assert client.get(address(two[0])).status_code == 404
    workflow.publish(publication, by=desk.chi, version=1)
    assert client.get(address(two[0])).status_code == 200
    workflow.withdraw(Publication.objects.get(), by=desk.chi, version=1, note="It was not so.")
    assert client.get(address(two[0])).status_code == 404


def test_neither_words_nor_paragraphs_are_counted_of_them(desk: Desk, two: tuple[Photo, Photo]) -> None:
    assert readtime.words(body(*two)) == readtime.words(body()) == 5
    assert lines(body(*two)) == lines(body()) == ["First words.", "Part", "Last words."]
    publication = factories.published(factories.article(desk.an, body_en=body(*two)), desk=desk)
    assert publication.live is not None
    _entry, words = searching.entry_of(publication)
    assert words["body"].split() == ["first", "words", "part", "last", "words"]


# --- on the desk -------------------------------------------------------------------------------------


def told(base: Version | None, version: Version) -> list[tuple[str, int, dict[str, str]]]:
    """What of the pictures changed, in words; that the rest stayed is asserted."""
    found = compared(base, version)
    assert not found.worded or base is None
    return [
        (
            str(op),
            number,
            {each.label: "".join(f"{piece.op[0]}{piece.text}" for piece in each.pieces) for each in fields},
        )
        for field in found.fields
        if field.label == "pictures"
        for op, number, fields in field.items
    ]


def test_that_a_picture_came_went_or_moved_is_told_in_words(desk: Desk, two: tuple[Photo, Photo]) -> None:
    none, one, both = (
        frozen(factories.article(desk.an, f"Alpha{count}", body_en=body(*two[:count]))) for count in range(3)
    )
    [(op, number, fields)] = told(one, both)
    assert (op, number) == ("ins", 2)
    assert fields["text in place of the picture"] == "iCoast in words"
    assert fields["place"] == "ibehind “First words.”"
    [(op, number, fields)] = told(one, none)
    assert (op, number, fields["text in place of the picture"]) == ("del", 1, "dBridge in words")
    moved = frozen(factories.article(desk.an, "Delta", body_en=body() + figure(two[0])))
    [(op, number, fields)] = told(one, moved)
    assert (op, number, set(fields)) == ("same", 1, {"place"})
    assert [each.label for each in compared(one, both).fields if each.label == "text"] == []


def test_a_picture_stands_behind_the_words_before_it() -> None:
    html = figure(1) + "<p>One two three four five six seven eight nine.</p>" + figure(2) + figure(3) + "<ul><li>A</li>"
    assert above(html + figure(4) + "</ul>") == {
        1: "", 2: "One two three four five six seven eight…", 3: "One two three four five six seven eight…", 4: "A"
    }  # fmt: skip


def test_the_reviewer_sees_it_and_readers_read_in_the_history_that_it_came(
    desk: Desk, two: tuple[Photo, Photo], signed_in: SignedIn, client: Client
) -> None:
    article = factories.article(desk.an, body_en=body())
    publication = factories.published(article, desk=desk)
    edit(article, desk.an, body_en=body(two[0]))
    publication = factories.in_review(Article.objects.get(pk=article.pk), desk=desk)
    assert publication.in_review is not None
    binh = signed_in(desk.binh)
    binh.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    frame = page(binh.get(f"/admin/articles/version/{publication.in_review.pk}/reading/"))
    assert [each["alt"] for each in frame.all("img")] == ["Bridge in words"]
    assert "Bridge in words" in binh.get(f"/admin/articles/publication/{publication.pk}/review/").content.decode()
    factories.approve(publication, desk=desk)
    workflow.correct(publication, by=desk.chi, version=2, kind="update", note="Now with a picture.")
    history = client.get("/en/articles/headline-alpha/history/").content.decode()
    assert "Bridge in words" in history


def test_a_version_that_is_started_from_again_brings_its_pictures(desk: Desk, two: tuple[Photo, Photo]) -> None:
    article = factories.article(desk.an, body_en=body(*two))
    publication = factories.in_review(article, desk=desk)
    assert publication.in_review is not None
    edit(article, desk.an, body_en=body())
    reverting.revert(publication.in_review, by=desk.an, seen=article.edits.latest("pk").pk)
    assert Article.objects.get(pk=article.pk).body_en == body(*two)
    assert ArticlePhoto.objects.count() == 2


def test_a_translator_sees_which_pictures_the_translation_lacks(
    desk: Desk, two: tuple[Photo, Photo], signed_in: SignedIn
) -> None:
    article = factories.article(desk.an, body_vi=body(*two), body_en=body(two[1]))
    factories.published(article, "vi", desk=desk)
    an = signed_in(desk.an)
    an.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    shown = page(an.get(translate_url(article)))
    [pairs] = [element for element in shown.elements if element["class"] == "desk-pairs"]
    assert " ".join(pairs.text.split()) == (
        f"¶1 First words. ¶1 First words. #{two[0].pk} Bridge bằng lời This picture is not in the translation yet. "
        f"#{two[1].pk} Coast bằng lời #{two[1].pk} Coast in words ¶2 Part ¶2 Part ¶3 Last words. ¶3 Last words."
    )


def test_an_editor_chooses_among_the_pictures_by_what_is_said_of_them(
    desk: Desk, two: tuple[Photo, Photo], signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    an = signed_in(desk.an)
    an.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    again(two[0], desk.an, alt_en="")

    def chosen(**asked: Any) -> list[str]:
        with django_assert_max_num_queries(8):
            shown = page(an.get("/admin/articles/photo/choices/", asked))
        return [button.words for button in shown.all("button")]

    both = [
        f"#{two[1].pk} Coast. Coast in words",
        f"#{two[0].pk} Bridge. Bridge bằng lời No text in its place in this language yet.",
    ]
    assert chosen(language="en") == chosen(language="xx") == both
    assert chosen(q="đây coast", language="en") == both[:1]
    assert chosen(photo=two[1].pk, language="vi") == [f"#{two[1].pk} Coast đây. Coast bằng lời"]
    for nothing in ({"q": "nowhere"}, {"photo": "404"}, {"photo": "x"}, {"photo": "9" * 40}):
        assert chosen(**nothing) == []
    for number in range(24):
        photo(desk.an, f"More {number}")
    found = an.get("/admin/articles/photo/choices/").content.decode()
    assert (found.count("data-photo"), "There are more" in found) == (24, True)


# --- portraits ---------------------------------------------------------------------------------------


@pytest.fixture
def portrayed(desk: Desk) -> Author:
    author = factories.author()
    author.portrait = photo(desk.an, "Lan", focal_x=30, licence="CC0")
    author.save()
    return author


def test_an_author_is_seen_on_her_page_around_the_focal_point(
    desk: Desk, portrayed: Author, client: Client, django_assert_max_num_queries: Any
) -> None:
    factories.published(factories.article(desk.an), desk=desk)
    assert portrayed.portrait is not None
    with django_assert_max_num_queries(3):
        shown = page(client.get(f"/en/authors/{portrayed.slug}/"))
    [figure_] = [element for element in shown.elements if element["class"] == "picture portrait-picture"]
    assert figure_.words == "Picture: Lan Vu (CC0)"
    image = shown.one("img")
    assert (image["alt"], image["src"]) == ("Lan in words", address(portrayed.portrait, 960))
    assert "/30-50-960.jpeg" in image["src"]
    [data] = [each for each in shown.all("script") if each["type"] == "application/ld+json"]
    assert json.loads(data.text)["mainEntity"]["image"] == {
        "@type": "ImageObject",
        "url": f"http://testserver{address(portrayed.portrait, 960)}",
        "width": 960,
        "height": 540,
    }


def test_where_nothing_is_said_of_a_portrait_in_this_language_it_is_the_name(
    desk: Desk, portrayed: Author, client: Client
) -> None:
    factories.published(factories.article(desk.an), desk=desk)
    assert portrayed.portrait is not None
    for said in ({"alt_en": ""}, {"alt_en": "Someone", "decorative": True}):
        again(portrayed.portrait, desk.an, **said)
        assert page(client.get(f"/en/authors/{portrayed.slug}/")).one("img")["alt"] == portrayed.name
    portrayed.portrait = None
    portrayed.save()
    shown = page(client.get(f"/en/authors/{portrayed.slug}/"))
    assert (shown.all("img"), shown.all("figure")) == ([], [])


@pytest.mark.usefixtures("quick")
def test_a_portrait_is_public_while_its_author_is(desk: Desk, portrayed: Author, client: Client) -> None:
    article = factories.article(desk.an)
    make_all()
    shown = portrayed.portrait
    assert shown is not None
    assert client.get(address(shown)).status_code == 404
    factories.published(article, desk=desk)
    assert client.get(address(shown)).status_code == 200
    again(shown, desk.an, focal_x=60)
    assert client.get(address(shown)).status_code == 404  # it is cut otherwise now
    workflow.withdraw(Publication.objects.get(), by=desk.chi, version=1, note="It was not so.")
    again(shown, desk.an, focal_x=30)
    assert client.get(address(shown)).status_code == 404


def test_a_picture_says_whose_portrait_it_is(desk: Desk, portrayed: Author, signed_in: SignedIn) -> None:
    an = signed_in(desk.an)
    an.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert portrayed.portrait is not None
    used = page(an.get(f"/admin/articles/photo/{portrayed.portrait.pk}/change/"))
    [uses] = [element for element in used.all("section") if element["aria-labelledby"] == "uses-heading"]
    assert " ".join(uses.text.split()) == f"Used in Portrait: {portrayed.name}"
    assert (
        'name="portrait"' in signed_in(desk.chi).get(f"/admin/articles/author/{portrayed.pk}/change/").content.decode()
    )
    with pytest.raises(ProtectedError):
        portrayed.portrait.delete()
    assert picturing.progress(portrayed.portrait).wanted == 9
