"""An article's picture: frozen with the words and in their digest, shown to readers as it was approved and to nobody
before; nothing that is said or done of it later changes what was approved.
"""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone
from PIL import ImageCms

from articles import completeness, digest, imaging, picturing, previewing, refusing, workflow
from articles.comparing import compared
from articles.freezing import freeze
from articles.models import Article, Edit, Photo, Publication, Rendition, Version, VersionPhoto
from articles.states import Move
from sources.frozen import missing
from tests import factories
from tests.articles import pictures
from tests.articles.admin.conftest import page
from tests.articles.steps import edit, now
from tests.articles.test_views import queries_of
from tests.factories import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SignedIn = Callable[[User], Client]


def with_picture(desk: Desk, **said: Any) -> Article:
    article = factories.article(desk.an, lead=pictures.photo(desk.an, **said))
    factories.cite(article, desk.an)
    return article


def again(photo: Photo, by: User, **said: Any) -> None:
    row = Photo.objects.get(pk=photo.pk)
    for name, value in said.items():
        setattr(row, name, value)
    row.save(by=by)


def frozen(article: Article, language: str = "en") -> Version:
    return freeze(Article.objects.get(pk=article.pk), language).version


def address(photo: Photo, width: int = 480, file_format: str = "jpeg") -> str:
    return f"/pictures/{photo.file_id}/{photo.focal_x}-{photo.focal_y}-{width}.{file_format}"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imaging, "render", lambda kept, *how: repr(how).encode())


def make_all() -> None:
    while picturing.make_next():
        pass


# --- frozen ------------------------------------------------------------------------------------------


def test_a_version_keeps_all_that_is_said_of_its_picture_in_its_language(desk: Desk) -> None:
    article = with_picture(
        desk, focal_x=30, focal_y=70, licence="CC BY 4.0", source_url="https://example.org/a", people="Mai", place="Hue"
    )
    photo = article.lead
    assert photo is not None
    kept = {
        "number": 1, "place": "lead", "photo": photo.pk, "hash": photo.file_id, "width": 1200, "height": 800,
        "colour": photo.file.colour, "focal_x": 30, "focal_y": 70, "decorative": False, "credit": "Lan Vu",
        "licence": "CC BY 4.0", "source_url": "https://example.org/a",
    }  # fmt: skip
    said = {"alt": "Four fields of colour", "caption": "Four fields."}
    assert frozen(article).pictures == [kept | said]
    assert frozen(article, "vi").pictures == [kept | {"alt": "Bốn ô màu", "caption": "Bốn ô."}]
    version = factories.in_review(article, desk=desk).in_review
    assert version is not None
    assert version.content()["pictures"] == [kept | said]
    assert version.content()["schema"] == digest.WITH_PICTURES == 2
    assert version.digest == version.computed_digest()
    assert list(VersionPhoto.objects.values_list("version", "photo", "file")) == [(version.pk, photo.pk, photo.file_id)]
    call_command("verify_ledger")


@pytest.mark.parametrize(
    "said",
    [{"alt_en": "Other"}, {"caption_en": ""}, {"credit": "Other"}, {"licence": "CC0"}, {"focal_x": 49},
     {"decorative": True}, {"source_url": "https://example.org/b"}],
    ids=lambda said: next(iter(said)),
)  # fmt: skip
def test_the_digest_is_over_each_part_of_it(said: dict[str, Any], desk: Desk) -> None:
    article = with_picture(desk)
    before = frozen(article).digest
    assert article.lead is not None
    again(article.lead, desk.an, **said)
    assert frozen(article).digest != before


def test_what_has_no_picture_has_the_digest_it_always_had(desk: Desk) -> None:
    """Word for word as it was before there were pictures: approvals of then hold, and nothing seems to have changed."""
    version = frozen(factories.article(desk.an))
    content = version.content()
    assert (content["schema"], "pictures" in content) == (1, False)
    assert sorted(content) == sorted([
        "schema", "article", "language", "headline", "summary", "body", "slug", "claim", "kind", "category", "byline",
        "machine", "translator", "citations",
    ])  # fmt: skip


def test_of_what_is_decorative_no_words_are_frozen_in_its_place(desk: Desk) -> None:
    assert frozen(with_picture(desk, decorative=True)).pictures[0]["alt"] == ""


def test_words_about_it_are_cleaned_and_an_address_is_one(desk: Desk) -> None:
    said = frozen(with_picture(desk, alt_en=" A\u202e\n bridge ", credit="<b>Lan</b>")).pictures[0]
    assert (said["alt"], said["credit"]) == ("A bridge", "<b>Lan</b>")
    article = factories.article(desk.an, "Beta", lead=pictures.photo(desk.an, source_url="javascript:alert(1)"))
    reason = refusing.refusal(refusing.publication_of(article, "en"), Move.SUBMIT, desk.an)
    assert reason is not None
    assert not article.versions.exists()


# --- submitted ---------------------------------------------------------------------------------------


def test_without_words_in_its_place_that_language_cannot_be_submitted(desk: Desk) -> None:
    article = with_picture(desk, alt_en="")
    reason = refusing.refusal(refusing.publication_of(article, "en"), Move.SUBMIT, desk.an)
    lacking = "text in place of each picture, unless it is marked as decorative"
    assert reason == f"English is incomplete. Missing: {lacking}."
    with pytest.raises(refusing.Refused, match="Missing"):
        workflow.submit(article, "en", by=desk.an)
    assert factories.in_review(article, "vi", desk=desk).in_review
    assert article.lead is not None
    again(article.lead, desk.an, decorative=True)
    assert factories.in_review(Article.objects.get(pk=article.pk), desk=desk).in_review


def test_completeness_asks_for_words_or_a_choice() -> None:
    whole = dict.fromkeys(completeness.REQUIRED, "x") | {"kind": "news", "pictures": []}
    for alt, decorative, lacking in (("", False, 1), ("x", False, 0), ("", True, 0)):
        picture = {"alt": alt, "decorative": decorative}
        assert len(completeness.missing(whole | {"pictures": [picture]})) == lacking
    assert completeness.missing(whole) == []


def test_who_described_it_contributed_to_what_shows_it_later_too(desk: Desk) -> None:
    """Dung writes the words, then An takes the picture: Dung may not approve her own words."""
    photo = pictures.photo(desk.dung)
    article = factories.article(desk.an, lead=photo)
    publication = factories.in_review(article, desk=desk)
    assert publication.in_review is not None
    assert [person["name"] for person in publication.in_review.contributors] == ["An", "Dung"]
    assert refusing.refusal(publication, Move.APPROVE, desk.dung) == str(refusing.OWN_WORK[Move.APPROVE])
    assert refusing.refusal(publication, Move.APPROVE, desk.binh) is None


def test_whoever_changes_it_edits_each_article_that_shows_it_in_that_language(desk: Desk) -> None:
    photo = pictures.photo(desk.an)
    one, other = (factories.article(desk.an, marker, lead=photo) for marker in ("Alpha", "Beta"))
    factories.article(desk.an, "Gamma")
    last = Edit.objects.latest("pk").pk
    again(photo, desk.dung, alt_en="Other")
    again(photo, desk.dung, credit="Other")
    again(photo, desk.dung)
    made = Edit.objects.filter(pk__gt=last).order_by("pk").values_list("article", "language", "fields", "by")
    assert list(made) == [
        (article.pk, language, ["lead_id"], desk.dung.pk) for language in ("en", "") for article in (one, other)
    ]


def test_choosing_another_is_an_edit_of_what_the_languages_share(desk: Desk) -> None:
    article = with_picture(desk)
    edit(article, desk.dung, lead=pictures.photo(desk.an))
    row = Edit.objects.latest("pk")
    assert (row.language, row.fields, row.by) == ("", ["lead_id"], desk.dung)


# --- approved and kept -------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick")
def test_nothing_done_later_changes_what_was_approved(desk: Desk, client: Client) -> None:
    article = with_picture(desk, focal_x=20)
    photo = article.lead
    assert photo is not None
    publication = factories.published(article, desk=desk)
    make_all()
    version = publication.live
    assert version is not None
    before, shown = version.content(), client.get(f"/en/articles/{version.slug}/").content
    size = b"".join(client.get(address(photo)).streaming_content)  # type: ignore[attr-defined]

    again(photo, desk.an, alt_en="Draft words", caption_en="Draft", credit="Draft", focal_x=90,
          file=pictures.file(pictures.turned(3)))  # fmt: skip
    make_all()
    edit(article, desk.an, lead=None)

    assert Version.objects.get(pk=version.pk).content() == before
    after = client.get(f"/en/articles/{version.slug}/").content
    assert after == shown
    assert b"Draft" not in after
    assert b"".join(client.get(address(photo)).streaming_content) == size  # type: ignore[attr-defined]
    call_command("verify_ledger")


def test_what_a_version_names_cannot_be_deleted(desk: Desk) -> None:
    article = with_picture(desk)
    factories.in_review(article, desk=desk)
    edit(article, desk.an, lead=None)
    photo = Photo.objects.get()
    for row in (photo, photo.file):
        with pytest.raises(ProtectedError):
            row.delete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_photofile")
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_a_version_of_before_is_compared_with_one_that_has_a_picture(desk: Desk) -> None:
    article = factories.article(desk.an)
    old = frozen(article)
    edit(article, desk.an, lead=pictures.photo(desk.an, licence="CC0", focal_x=10))
    new = frozen(article)
    [told] = compared(old, new).fields
    [(op, number, fields)] = told.items
    assert (told.label, str(op), number) == ("pictures", "ins", 1)
    assert {each.label: each.pieces[0].text for each in fields} == {
        "text in place of the picture": "Four fields of colour",
        "decorative": "no",
        "caption": "Four fields.",
        "credit": "Lan Vu",
        "licence": "CC0",
        "file": Photo.objects.get().file_id,
        "focal point, in per cent from the left and the top": "10, 50",
    }
    assert [each.label for each in compared(None, new).fields if each.items] == ["pictures"]
    assert compared(new, new).nothing
    again(Photo.objects.get(), desk.an, alt_en="Four fields of light", decorative=False)
    [told] = compared(new, frozen(article)).fields
    [(op, number, fields)] = told.items
    assert (str(op), [(each.label, [piece.text for piece in each.pieces]) for each in fields]) == (
        "same",
        [("text in place of the picture", ["Four fields of ", "colour", "light"])],
    )
    [gone] = compared(new, old).fields
    assert [str(op) for op, _number, _fields in gone.items] == ["del"]


# --- shown to readers --------------------------------------------------------------------------------


def test_readers_get_it_with_its_words_in_every_format_and_nothing_moves(desk: Desk, client: Client) -> None:
    article = with_picture(desk, licence="CC BY 4.0", source_url="https://example.org/a", focal_x=30)
    photo = article.lead
    assert photo is not None
    for code in ("en", "vi"):
        factories.published(article, code, desk=desk)
    shown = page(client.get("/en/articles/headline-alpha/"))
    [figure] = [element for element in shown.elements if element["class"] == "picture lead-picture"]
    assert figure.words == "Four fields. Picture: Lan Vu (CC BY 4.0)"
    [image] = shown.all("img")
    srcset = "{0} 480w, {1} 960w"
    assert {name: value for name, value in image.attributes.items() if name != "sizes"} == {
        "src": address(photo, 960),
        "srcset": srcset.format(address(photo), address(photo, 960)),
        "width": "960",
        "height": "540",
        "alt": "Four fields of colour",
        "fetchpriority": "high",
    }
    assert [(each["type"], each["srcset"]) for each in shown.all("source")] == [
        (f"image/{name}", srcset.format(address(photo, 480, name), address(photo, 960, name)))
        for name in ("avif", "webp")
    ]
    assert len({each["sizes"] for each in (image, *shown.all("source"))}) == 1
    [ground] = [rect for rect in shown.all("rect") if rect["fill"]]
    assert ground["fill"] == photo.file.colour
    assert not [element for element in shown.elements if "style" in element.attributes]
    assert page(client.get("/vi/articles/tieu-de-alpha/")).one("img")["alt"] == "Bốn ô màu"


def test_what_is_decorative_is_left_out_when_read_aloud(desk: Desk, client: Client) -> None:
    factories.published(with_picture(desk, decorative=True), desk=desk)
    [image] = page(client.get("/en/articles/headline-alpha/")).all("img")
    assert image.attributes["alt"] == ""


def test_its_words_are_marked_where_the_page_is_in_another_language(desk: Desk, client: Client) -> None:
    factories.published(with_picture(desk), desk=desk)
    shown = page(client.get("/vi/articles/headline-alpha/"))
    [figure] = [element for element in shown.elements if element["class"] == "picture lead-picture"]
    [credit] = [element for element in shown.elements if element["class"] == "credit"]
    assert (figure["lang"], credit["lang"]) == ("en", "vi")


def test_hostile_words_about_it_do_nothing(desk: Desk, client: Client) -> None:
    hostile = '"><script>alert(1)</script>'
    factories.published(
        with_picture(desk, alt_en=hostile, caption_en=hostile, credit=hostile, licence=hostile), desk=desk
    )
    html = client.get("/en/articles/headline-alpha/").content.decode()
    assert "<script>alert" not in html
    assert page(client.get("/en/articles/headline-alpha/")).one("img")["alt"] == hostile


def test_lists_stay_text_and_ask_no_more(desk: Desk, client: Client) -> None:
    factories.published(with_picture(desk), desk=desk)
    for path in ("/en/", "/en/categories/technology/", "/en/authors/mai-lan/"):
        assert page(client.get(path)).all("img") == []
    assert queries_of(client, "/en/articles/headline-alpha/") == 1


def test_the_record_says_by_which_file(desk: Desk, client: Client) -> None:
    publication = factories.published(with_picture(desk), desk=desk)
    assert publication.live is not None
    told = json.loads(client.get("/en/articles/headline-alpha/record.json").content)
    assert told["content"]["pictures"] == publication.live.pictures
    assert digest.sha256(told["content"]) == told["digest"] == publication.live.digest


# --- its sizes ---------------------------------------------------------------------------------------


def headers(response: Any) -> dict[str, str]:
    return {name: response.headers[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")} | {
        "csp": "; ".join(sorted(part.strip() for part in response.headers["Content-Security-Policy"].split(";")))
    }


@pytest.mark.usefixtures("quick")
def test_each_size_is_served_as_what_it_is_for_ever_by_one_query(
    desk: Desk, client: Client, django_assert_num_queries: Any
) -> None:
    article = with_picture(desk)
    photo = article.lead
    assert photo is not None
    factories.published(article, desk=desk)
    make_all()
    for width in (480, 960):
        for file_format in ("avif", "webp", "jpeg"):
            with django_assert_num_queries(1) as queries:
                response = client.get(address(photo, width, file_format))
            [query] = queries.captured_queries
            assert not re.search(r'"articles_(article|photo)"', query["sql"] or "")  # nothing that an edit could change
            assert response.status_code == 200
            assert headers(response) == {
                "Content-Type": f"image/{file_format}",
                "Cache-Control": "public, max-age=31536000, immutable",
                "X-Content-Type-Options": "nosniff",
                "csp": "default-src 'none'; sandbox",
            }
            assert response.cookies == {}
            assert b"".join(response.streaming_content) == repr((50, 50, width, file_format, "16x9")).encode()  # type: ignore[attr-defined]
    for ratio, width in (("4x3", 1066), ("1x1", 800)):
        response = client.get(f"/pictures/{photo.file_id}/50-50-{ratio}-{width}.jpeg")
        assert headers(response)["Cache-Control"] == "public, max-age=31536000, immutable"
        assert b"".join(response.streaming_content) == repr((50, 50, width, "jpeg", ratio)).encode()  # type: ignore[attr-defined]
    for missed in (
        "50-50-4x3-960.jpeg",
        "50-50-3x2-960.jpeg",
        "50-50-16x9-1600.jpeg",
        "50-50-1600.jpeg",
        "50-51-480.jpeg",
        "50-50-480.png",
        "50-50-480.svg",
        "9999999999-50-480.jpeg",
    ):
        assert client.get(f"/pictures/{photo.file_id}/{missed}").status_code == 404
    assert client.get("/pictures/0/50-50-480.jpeg").status_code == 404
    assert client.post(address(photo)).status_code == 405


def test_while_a_size_is_not_made_the_nearest_is_shown_and_before_any_its_colour(
    desk: Desk, client: Client, quick: None
) -> None:
    article = with_picture(desk)
    photo = article.lead
    assert photo is not None
    factories.published(article, desk=desk)
    first = client.get(address(photo, 960, "avif"))
    assert headers(first)["Content-Type"] == "image/svg+xml"
    assert headers(first)["Cache-Control"] == "no-store"
    assert first.content.decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="540" viewBox="0 0 16 9">'
        f'<rect width="16" height="9" fill="{photo.file.colour}"/></svg>'
    )
    picturing.make_next()
    near = client.get(address(photo, 960, "avif"))
    assert (headers(near)["Content-Type"], headers(near)["Cache-Control"]) == ("image/jpeg", "no-store")
    make_all()
    made = client.get(address(photo, 960, "avif"))
    assert (headers(made)["Content-Type"], headers(made)["Cache-Control"][:6]) == ("image/avif", "public")


def test_what_is_kept_of_an_upload_is_served_nowhere(desk: Desk, client: Client, signed_in: SignedIn) -> None:
    article = with_picture(desk)
    photo = article.lead
    assert photo is not None
    factories.published(article, desk=desk)
    names = (photo.file.kept.name, photo.file.preview.name, f"pictures/{photo.file_id}")
    for browser in (client, signed_in(desk.binh)):
        for name in names:
            for path in (f"/{name}", f"/media/{name}", f"/static/{name}", f"/{name}/"):
                assert browser.get(path).status_code == 404


@pytest.mark.usefixtures("quick")
def test_no_reader_sees_a_picture_before_its_article_or_after_it_was_withdrawn(
    desk: Desk, client: Client, signed_in: SignedIn
) -> None:
    article = with_picture(desk)
    photo = article.lead
    assert photo is not None
    make_all()
    staff = signed_in(desk.binh)

    def answers() -> tuple[int, int, str]:
        theirs = staff.get(address(photo))
        return client.get(address(photo)).status_code, theirs.status_code, theirs.headers["Cache-Control"]

    of_the_desk = (404, 200, "private, no-store")
    assert answers() == of_the_desk
    publication = factories.in_review(article, desk=desk)
    assert answers() == of_the_desk
    factories.approve(publication, desk=desk)
    assert answers() == of_the_desk
    workflow.publish(publication, by=desk.chi, version=1)
    assert answers() == (200, 200, "public, max-age=31536000, immutable")
    edit(article, desk.an, lead=None)
    factories.approved(Article.objects.get(pk=article.pk), desk=desk)
    workflow.correct(publication, by=desk.chi, version=2, kind="correction", note="Another picture was meant.")
    assert answers()[0] == 200  # the history shows what stood there
    workflow.withdraw(now(publication), by=desk.chi, version=2, note="It was not so.")
    assert answers() == of_the_desk
    assert signed_in(desk.em).get(address(photo)).status_code == 404


@pytest.mark.usefixtures("quick")
def test_who_holds_an_open_link_to_a_draft_sees_its_picture(desk: Desk, client: Client) -> None:
    article = with_picture(desk)
    photo = article.lead
    assert photo is not None
    version = factories.in_review(article, desk=desk).in_review
    assert version is not None
    assert client.get(address(photo)).status_code == 404
    link = previewing.make(version, by=desk.binh, days=1)
    assert address(photo, 960) in client.get(previewing.url(link)).content.decode()
    assert client.get(address(photo)).status_code == 200
    previewing.revoke(link, by=desk.binh)
    assert client.get(address(photo)).status_code == 404
    late = previewing.make(version, by=desk.binh, days=1)
    type(late).objects.filter(pk=late.pk).update(expires=timezone.now() - timedelta(seconds=1))
    assert client.get(address(photo)).status_code == 404


@pytest.mark.usefixtures("quick")
def test_a_picture_that_another_live_article_shows_stays(desk: Desk, client: Client) -> None:
    photo = pictures.photo(desk.an)
    rows = [factories.published(factories.article(desk.an, m, lead=photo), desk=desk) for m in ("Alpha", "Beta")]
    workflow.withdraw(rows[0], by=desk.chi, version=1, note="It was not so.")
    assert client.get(address(photo)).status_code == 200
    workflow.withdraw(rows[1], by=desk.chi, version=1, note="It was not so.")
    assert client.get(address(photo)).status_code == 404


def test_of_all_that_a_file_carried_nothing_is_in_any_byte_that_is_served(
    desk: Desk, client: Client, signed_in: SignedIn
) -> None:
    secrets = (pictures.SECRET, pictures.SCRIPT, b"Exif", b"http://ns.adobe.com/xap", b"ICC_PROFILE", b"Photoshop")
    xmp = b"<x:xmpmeta>" + pictures.SECRET + b"</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    how = {"exif": pictures.exif(), "xmp": xmp, "comment": pictures.SECRET, "icc_profile": profile}
    data = pictures.encoded(pictures.quarters(), **how)
    iptc = b"Photoshop 3.0\0" + pictures.SECRET
    data = data[:2] + b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc + data[2:] + pictures.SCRIPT
    assert all(secret in data for secret in secrets)
    photo = pictures.photo(desk.an, data)
    factories.published(factories.article(desk.an, lead=photo), desk=desk)
    make_all()
    shapes = {(row.ratio, row.width, row.file_format) for row in Rendition.objects.all()}
    assert {ratio for ratio, _width, _format in shapes} == {"16x9", "4x3", "1x1"}
    paths = [
        f"/pictures/{photo.file_id}/50-50-{'' if ratio == '16x9' else f'{ratio}-'}{width}.{file_format}"
        for ratio, width, file_format in shapes
    ]
    preview = signed_in(desk.binh).get(f"/admin/articles/photo/{photo.pk}/preview/")
    for response in (preview, *map(client.get, paths)):
        assert response.status_code == 200
        served = b"".join(response.streaming_content)  # type: ignore[attr-defined]
        assert len(served) > 500
        assert [secret for secret in secrets if secret in served] == []


# --- told to machines --------------------------------------------------------------------------------


def told(client: Client) -> dict[str, Any]:
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', _article(client), re.DOTALL)
    return json.loads(script)  # type: ignore[no-any-return]


def shared(client: Client) -> dict[str, str]:
    metas = page(client.get("/en/articles/headline-alpha/")).all("meta")
    return {meta["property"]: meta["content"] for meta in metas if meta["property"].startswith("og:image")}


def _article(client: Client) -> str:
    return client.get("/en/articles/headline-alpha/").content.decode()


@pytest.mark.usefixtures("quick")
def test_machines_are_told_of_three_crops_once_all_are_made_and_of_the_card_till_then(
    desk: Desk, client: Client
) -> None:
    article = with_picture(desk, focal_x=30)
    photo = article.lead
    assert photo is not None
    factories.published(article, desk=desk)
    before, card = shared(client), told(client)["image"]
    assert (card["@type"], card["width"], card["height"], "card-" in card["url"]) == ("ImageObject", 1200, 630, True)
    assert before["og:image"] == card["url"]
    while picturing.make_next():
        waiting = Rendition.objects.filter(file_format="jpeg").exclude(state="done")
        assert (told(client)["image"] == card) == waiting.exists()
    assert queries_of(client, "/en/articles/headline-alpha/") == 1
    found = told(client)["image"]
    assert [(each["@type"], each["width"], each["height"]) for each in found] == [
        ("ImageObject", 1200, 675), ("ImageObject", 1066, 800), ("ImageObject", 800, 800)
    ]  # fmt: skip
    root = f"http://testserver/pictures/{photo.file_id}/30-50"
    assert [each["url"] for each in found] == [f"{root}-1200.jpeg", f"{root}-4x3-1066.jpeg", f"{root}-1x1-800.jpeg"]
    for each in found:
        assert headers(client.get(each["url"]))["Content-Type"] == "image/jpeg"
    assert shared(client) == before  # whoever shares the page shares the three facts

    again(photo, desk.an, focal_x=90, file=pictures.file(pictures.turned(3)))
    assert [each["url"][: len(root)] for each in told(client)["image"]] == [root] * 3


def test_while_a_ratio_is_not_made_its_colour_has_that_ratio(desk: Desk, client: Client) -> None:
    article = with_picture(desk)
    factories.published(article, desk=desk)
    assert article.lead is not None
    shown = client.get(f"/pictures/{article.lead.file_id}/50-50-4x3-1066.jpeg").content.decode()
    assert 'width="1066" height="800" viewBox="0 0 4 3"' in shown


# --- on the desk -------------------------------------------------------------------------------------


def test_the_reviewer_sees_the_picture_and_what_changed_of_it(desk: Desk, signed_in: SignedIn) -> None:
    article = with_picture(desk)
    factories.approved(article, desk=desk)
    assert article.lead is not None
    again(article.lead, desk.an, caption_en="Five fields.")
    publication = factories.in_review(Article.objects.get(pk=article.pk), desk=desk)
    assert publication.in_review is not None
    binh = signed_in(desk.binh)
    binh.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    frame = page(binh.get(f"/admin/articles/version/{publication.in_review.pk}/reading/"))
    assert frame.one("img")["alt"] == "Four fields of colour"
    shown = binh.get(f"/admin/articles/publication/{publication.pk}/review/").content.decode()
    assert re.search(r"<dt>Caption</dt>\s*<dd.*Five", shown, re.DOTALL)


def test_the_picture_says_where_it_is_used(desk: Desk, signed_in: SignedIn) -> None:
    photo = pictures.photo(desk.an)
    live = factories.published(factories.article(desk.an, "Alpha", lead=photo), desk=desk)
    edit(live.article, desk.an, lead=None)
    factories.article(desk.an, "Beta", lead=photo)
    factories.article(desk.an, "Gamma")
    an = signed_in(desk.an)
    an.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    shown = page(an.get(f"/admin/articles/photo/{photo.pk}/change/"))
    [uses] = [element for element in shown.all("section") if element["aria-labelledby"] == "uses-heading"]
    assert ("Headline Alpha" in uses.text, "Headline Beta" in uses.text, "Gamma" in uses.text) == (True, True, False)


def test_two_who_choose_another_picture_at_once_are_both_heard(desk: Desk, signed_in: SignedIn) -> None:
    from tests.articles.admin.conftest import change_url, form_at

    article = with_picture(desk)
    mine, theirs = pictures.photo(desk.an, caption_en="Mine"), pictures.photo(desk.an, caption_en="Theirs")
    an = signed_in(desk.an)
    an.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    form = form_at(an, change_url(article), {"lead": str(mine.pk)})
    edit(article, desk.dung, lead=theirs)
    response = an.post(change_url(article), form)
    assert response.status_code == 409
    assert ("Mine" in response.content.decode(), "Theirs" in response.content.decode()) == (True, True)


# --- the migration -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_was_frozen_before_keeps_its_digest_through_the_migration(desk: Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    before = list(Version.objects.values_list("pk", "digest"))
    executor = MigrationExecutor(connection)
    executor.migrate([("articles", "0018_renditions")])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert [(row.pk, row.computed_digest()) for row in Version.objects.all()] == before
    assert missing(connection) == []
    call_command("verify_ledger")


@pytest.mark.django_db(transaction=True)
def test_of_pictures_of_before_the_migration_wants_what_machines_are_told(desk: Desk) -> None:
    pictures.photo(desk.an)
    before = set(Rendition.objects.values_list("ratio", "width", "file_format"))
    executor = MigrationExecutor(connection)
    executor.migrate([("articles", "0019_lead_pictures")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM articles_rendition")
        [left] = cursor.fetchone()
        cursor.execute("DELETE FROM articles_rendition WHERE width = 1200")
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert left == 7
    assert set(Rendition.objects.values_list("ratio", "width", "file_format")) == before


@override_settings(NEWSROOM_SOLO_DESK=True)
def test_a_desk_of_one_says_so_of_pictures_too(desk: Desk) -> None:
    solo = factories.user("solo", "Editors", "Reviewers", "Publishers")
    article = factories.article(solo, lead=pictures.photo(solo))
    workflow.submit(article, "en", by=solo)
    publication = Publication.objects.get()
    row = workflow.approve(publication, by=solo, seen=factories.seen(publication), note="Mine.")
    assert row.self_review


def test_rows_of_sizes_are_there_for_each_frozen_crop(desk: Desk) -> None:
    article = with_picture(desk, focal_x=20)
    factories.in_review(article, desk=desk)
    assert article.lead is not None
    again(article.lead, desk.an, focal_x=80)
    for picture in Version.objects.get().pictures:
        cut = {"file": picture["hash"], "focal_x": picture["focal_x"], "focal_y": picture["focal_y"]}
        assert Rendition.objects.filter(**cut).count() == 9
