"""Every address of the admin × every role: what answers what, written down. What is not written down is refused."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from zeal import zeal_ignore

from articles import remarks
from articles.models import Article, Photo, Publication, ReviewStatus
from tests import factories
from tests.articles import pictures
from tests.articles.admin.conftest import Enter, page, rows, unchanged
from tests.factories import Desk

# fmt: off
# Pattern under /admin/; the status codes of GET and of a POST of `FORGED`, in the order of `people`: nobody, staff
# without a group, an editor, a reviewer, a publisher, a librarian, a superuser. A star: rows of the desk are written.
TABLE = {
    "search/":                                            "302 200 200 200 200 200 200 | 302 200 200 200 200 200 200",
    "":                                                   "302 200 200 200 200 200 200 | 302 200 200 200 200 200 200",
    "login/":                                             "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "logout/":                                            "302 405 405 405 405 405 405 | 302 200 200 200 200 200 200",
    "password_change/":                                   "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "password_change/done/":                              "302 200 200 200 200 200 200 | 302 405 405 405 405 405 405",
    "running/":                                           "302 403 403 403 403 403 200 | 302 405 405 405 405 405 405",
    "autocomplete/":                                      "302 403 403 403 403 403 403 | 302 405 405 405 405 405 405",
    "jsi18n/":                                            "302 200 200 200 200 200 200 | 302 405 405 405 405 405 405",
    "r/<path:content_type_id>/<path:object_id>/":         "302 404 404 404 404 404 404 | 302 404 404 404 404 404 404",
    "auth/group/":                                        "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/group/add/":                                    "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/group/<path:object_id>/history/":               "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/group/<path:object_id>/delete/":                "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/group/<path:object_id>/change/":                "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/group/<path:object_id>/":                       "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "auth/user/<id>/password/":                           "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/user/":                                         "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/user/add/":                                     "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/user/<path:object_id>/history/":                "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/user/<path:object_id>/delete/":                 "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/user/<path:object_id>/change/":                 "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "auth/user/<path:object_id>/":                        "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "sources/source/":                                    "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "sources/source/add/":                                "302 403 200 403 403 200 200 | 302 403 200 403 403 200 200",
    "sources/source/<int:pk>/merge/":                     "302 403 403 403 403 200 200 | 302 403 403 403 403 200 200",
    "sources/source/<path:object_id>/history/":           "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "sources/source/<path:object_id>/delete/":            "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "sources/source/<path:object_id>/change/":            "302 403 200 200 200 200 200 | 302 403 200 403 403 200 200",
    "sources/source/<path:object_id>/":                   "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "articles/article/workings/":                         "302 405 405 405 405 405 405 | 302 403 200 403 403 403 200",
    "articles/article/<int:pk>/workings/":                "302 405 405 405 405 405 405 | 302 403 200 403 403 403 200",
    "articles/article/":                                  "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/article/citing/":                           "302 403 200 403 403 403 200 | 302 403 200 403 403 403 200",
    "articles/article/add/":                              "302 403 200 403 403 403 200 | 302 403 200 403 403 403 200",
    "articles/article/<int:pk>/translate/<slug:source>/<slug:language>/":
                                                          "302 403 200 200 200 200 200 | 302 403 409 403 403 403 409",
    "articles/article/<path:object_id>/history/":         "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/article/<path:object_id>/delete/":          "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "articles/article/<path:object_id>/change/":          "302 403 200 200 200 200 200 | 302 403 409 403 403 403 409",
    "articles/article/<path:object_id>/":                 "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "articles/photo/<int:pk>/preview/":                   "302 403 200 200 200 200 200 | 302 405 405 405 405 405 405",
    "articles/photo/<int:pk>/progress/":                  "302 403 200 200 200 200 200 | 302 405 405 405 405 405 405",
    "articles/photo/choices/":                            "302 403 200 200 200 200 200 | 302 405 405 405 405 405 405",
    "articles/photo/":                                    "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/photo/add/":                                "302 403 200 403 403 403 200 | 302 403 200 403 403 403 200",
    "articles/photo/<path:object_id>/history/":           "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/photo/<path:object_id>/delete/":            "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "articles/photo/<path:object_id>/change/":            "302 403 200 200 200 200 200 | 302 403 200 403 403 403 200",
    "articles/photo/<path:object_id>/":                   "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "articles/publication/<int:pk>/review/":              "302 403 200 200 200 200 200 | 302 403 409 409 409 409 409",
    "articles/publication/<int:pk>/verify/<int:number>/": "302 403 302 302 302 302 302 | 302 403 302 302 302 302 302",
    "articles/publication/<int:pk>/remarks/<int:remark>/": "302 403 200 200 200 200 200 | 302 403 409 409 409 409 409",
    "articles/publication/<int:pk>/reassess/":            "302 403 200 200 200 200 200 | 302 403 409 409 409 409 409",
    "articles/publication/<int:pk>/judge/<int:number>/": "302 403 200 200 200 200 200 | 302 403 409 409 409 409 409",
    "articles/publication/<int:pk>/<slug:move>/do/":      "302 403 200 200 200 200 200 | 302 403 409 409 409 409 409",
    "articles/publication/lists/<slug:name>/":            "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/publication/publish/":                      "302 403 302 302 302 302 302 | 302 403 302 302 302 302 302",
    "articles/publication/hand_over/":                    "302 403 200 200 200 200 200 | 302 403 409 409 409 409 409",
    "articles/publication/<int:pk>/assign/":              "302 403 200 200 200 200 200 | 302 403 409 409 409 409 409",
    "articles/notification/":                             "302 200 200 200 200 200 200 | 302 200 200 200 200 200 200",
    "articles/notification/read/":                        "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "articles/notification/choices/":                     "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "articles/publication/":                              "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/publication/add/":                          "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "articles/publication/<path:object_id>/history/":     "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/publication/<path:object_id>/delete/":      "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "articles/publication/<path:object_id>/change/":      "302 403 200 200 200 200 200 | 302 403 403 403 403 403 403",
    "articles/publication/<path:object_id>/":             "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "articles/version/<int:pk>/reading/":                 "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/version/<int:pk>/changes/":                 "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/version/<int:pk>/start-again/":             "302 403 200 200 200 200 200 | 302 403 409 409 409 409 409",
    "articles/version/<int:pk>/previews/":                "302 403 200 200 200 200 200 | 302 403 409 409 409 409 409",
    "articles/version/":                                  "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/version/add/":                              "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "articles/version/<path:object_id>/history/":         "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/version/<path:object_id>/delete/":          "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "articles/version/<path:object_id>/change/":          "302 403 200 200 200 200 200 | 302 403 403 403 403 403 403",
    "articles/version/<path:object_id>/":                 "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "articles/category/":                                 "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/category/add/":                             "302 403 403 403 200 403 200 | 302 403 403 403 200* 403 200*",
    "articles/category/<path:object_id>/history/":        "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/category/<path:object_id>/delete/":         "302 403 403 403 403 403 200 | 302 403 403 403 403 403 200",
    "articles/category/<path:object_id>/change/":         "302 403 200 200 200 200 200 | 302 403 403 403 200* 403 200*",
    "articles/category/<path:object_id>/":                "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "articles/author/":                                   "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/author/add/":                               "302 403 403 403 200 403 200 | 302 403 403 403 200 403 200",
    "articles/author/<path:object_id>/history/":          "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/author/<path:object_id>/delete/":           "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "articles/author/<path:object_id>/change/":           "302 403 200 200 200 200 200 | 302 403 403 403 200 403 200",
    "articles/author/<path:object_id>/":                  "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "articles/reviewstatus/":                             "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/reviewstatus/add/":                         "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "articles/reviewstatus/<path:object_id>/history/":    "302 403 200 200 200 200 200 | 302 403 200 200 200 200 200",
    "articles/reviewstatus/<path:object_id>/delete/":     "302 403 403 403 403 403 403 | 302 403 403 403 403 403 403",
    "articles/reviewstatus/<path:object_id>/change/":     "302 403 200 200 200 200 200 | 302 403 403 403 403 403 403",
    "articles/reviewstatus/<path:object_id>/":            "302 302 302 302 302 302 302 | 302 302 302 302 302 302 302",
    "^(?P<app_label>articles|auth|sources)/$":            "302 404 200 200 200 200 200 | 302 404 200 200 200 200 200",
    "(?P<url>.*)$":                                       "302 404 404 404 404 404 404 | 302 404 404 404 404 404 404",
}
# fmt: on

PARTS = 4  # of the table, so that more than one process has something to do
FORGED = {
    "post": "yes",
    "action": "delete_selected",
    "state": "live",
    "live": "1",
    "approved": "1",
    "digest": "0" * 64,
    "by": "1",
    "actor": "1",
    "self_review": "on",
    "_saveasnew": "1",
    "_popup": "1",
}
OWN_GETS = [{"model": "auth.User"}, {"model": "sessions.Session"}]  # Django's own: who asks, and whom the page is about


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, path)
        else:
            assert isinstance(each, URLPattern)
            yield path


def people(desk: Desk) -> list[User | None]:
    return [
        None,
        desk.em,
        desk.an,
        desk.binh,
        factories.user("phuc", "Publishers"),
        factories.user("lan", "Librarians"),
        factories.user("root", is_superuser=True),
    ]


def address(pattern: str, article: Article, desk: Desk) -> str:
    """The address of what is there: a publication in review, its version, the last row of the ledger."""
    publication = Publication.objects.get(language="en")
    objects = {
        "sources/source": factories.source(),
        "articles/article": article,
        "articles/publication": publication,
        "articles/version": publication.in_review,
        "articles/category": article.category,
        "articles/author": article.authors.get(),
        "articles/reviewstatus": ReviewStatus.objects.latest("pk"),
        "articles/photo": Photo.objects.get(),
        "auth/user": desk.em,
        "auth/group": Group.objects.latest("pk"),
    }
    number = str(getattr(objects.get("/".join(pattern.split("/")[:2])), "pk", 1))
    parts = {
        "<path:object_id>": number,
        "<int:pk>": number,
        "<id>": number,
        "<int:number>": "1",
        "<int:remark>": str(publication.remarks.get().pk),
        "<slug:move>": "publish",
        "<slug:source>": "vi",
        "<slug:language>": "en",
        "<slug:name>": "waiting",
        "<path:content_type_id>": "1",
        "^(?P<app_label>articles|auth|sources)/$": "articles/",
        "(?P<url>.*)$": "nowhere/",
    }
    for part, value in parts.items():
        pattern = pattern.replace(part, value)
    assert not set(pattern) & set("<>()?^$"), pattern
    return f"/admin/{pattern}"


@pytest.fixture
def article(desk: Desk) -> Article:
    """Approved in Vietnamese, in review with a note in English."""
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    factories.approved(row, "vi", desk=desk)
    publication = factories.in_review(row, desk=desk)
    remarks.write(publication, by=desk.binh, version=1, paragraph=1, text="Who says so?")
    pictures.photo(desk.an)
    return row


# --- the table ---------------------------------------------------------------------------------------


def test_every_address_of_the_admin_has_its_row() -> None:
    """A new address without one fails; so does a row without an address."""
    found = [path.removeprefix("admin/") for path in patterns(get_resolver()) if path.startswith("admin/")]
    assert sorted(found) == sorted(TABLE)


@pytest.mark.parametrize("part", range(PARTS))
def test_each_role_gets_the_answer_that_is_written_down(part: int, article: Article, desk: Desk, enter: Enter) -> None:
    clients = [enter(person) if person else Client() for person in people(desk)]
    asked = sorted([*TABLE][part::PARTS], key="logout/".__eq__)  # whoever is out is nobody afterwards
    urls = {pattern: address(pattern, article, desk) for pattern in asked}
    before = rows()

    def answer(client: Client, method: str, url: str, data: dict[str, str]) -> str:
        with transaction.atomic(), zeal_ignore(OWN_GETS):
            code = str(getattr(client, method)(url, data).status_code)
            star = "*" * (rows() != before)
            transaction.set_rollback(True)
        return code + star

    found = {
        pattern: " | ".join(
            " ".join(answer(client, method, url, data) for client in clients)
            for method, data in (("get", {}), ("post", FORGED))
        )
        for pattern, url in urls.items()
    }
    assert found == {pattern: TABLE[pattern] for pattern in asked}


def test_who_is_no_staff_or_not_active_is_sent_to_the_login(article: Article, desk: Desk, enter: Enter) -> None:
    reader = factories.user("reader", "Editors", "Reviewers", "Publishers", "Librarians")
    former = factories.user("former", is_superuser=True)
    clients = [enter(reader), enter(former)]
    User.objects.filter(pk=reader.pk).update(is_staff=False)
    User.objects.filter(pk=former.pk).update(is_active=False)
    with unchanged():
        for pattern in TABLE.keys() - {"login/", "logout/"}:
            url = address(pattern, article, desk)
            for client in clients:
                for response in (client.get(url), client.post(url, FORGED)):
                    assert response.status_code == 302, pattern
                    assert response.headers["Location"] == f"/admin/login/?next={response.wsgi_request.path}"


# --- what the table cannot say -----------------------------------------------------------------------


def suggestions(client: Client, app: str, model: str, field: str, term: str = "") -> tuple[int, list[str]]:
    query = {"app_label": app, "model_name": model, "field_name": field, "term": term}
    response = client.get("/admin/autocomplete/", query)
    found = response.json()["results"] if response.status_code == 200 else []
    return response.status_code, [row["text"] for row in found]


@pytest.mark.parametrize(
    ("name", "sources", "authors"),
    [("an", 200, 200), ("binh", 200, 200), ("chi", 200, 200), ("em", 403, 403)],
)
def test_suggestions_are_for_who_may_see_what_is_suggested(
    name: str, sources: int, authors: int, article: Article, desk: Desk, enter: Enter
) -> None:
    client = enter(getattr(desk, name))
    assert suggestions(client, "articles", "citation", "source") == (sources, ["Example"] * (sources == 200))
    assert suggestions(client, "articles", "article", "authors") == (authors, ["Mai Lan"] * (authors == 200))
    assert suggestions(client, "articles", "citation", "source", "nobody") == (sources, [])


@pytest.mark.parametrize(
    ("model", "field", "code"),
    [
        ("citation", "article", 200),
        ("version", "article", 200),
        ("edit", "by", 403),
        ("author", "user", 403),
        ("reviewstatus", "version", 404),
        ("publication", "live", 404),
        ("article", "no", 403),
        ("no", "no", 403),
    ],
)
def test_suggestions_of_other_fields_open_no_door(
    model: str, field: str, code: int, article: Article, desk: Desk, enter: Enter
) -> None:
    found = ["Headline Alpha"] if code == 200 else []  # whoever edits may see every article
    assert suggestions(enter(desk.dung), "articles", model, field) == (code, found)
    assert suggestions(enter(desk.em), "articles", model, field) == (404 if code == 404 else 403, [])


def test_the_search_of_the_bar_finds_no_words_of_articles(article: Article, desk: Desk, enter: Enter) -> None:
    for name in ("em", "an"):
        for query in ({"s": "alpha"}, {"s": "alpha", "extended": "1"}):
            response = enter(getattr(desk, name)).get("/admin/search/", query)
            assert (response.status_code, "Alpha" in response.content.decode()) == (200, False)


@pytest.mark.parametrize("model", ["article", "publication", "version", "reviewstatus", "author"])
def test_not_even_a_superuser_can_delete_from_a_list(model: str, article: Article, desk: Desk, enter: Enter) -> None:
    root, url = enter(factories.user("root", is_superuser=True)), f"/admin/articles/{model}/"
    assert page(root.get(url)).all("select", name="action") == []
    for pk in range(1, 4):
        forged = {"action": "delete_selected", "_selected_action": str(pk), "select_across": "1", "post": "yes"}
        with unchanged():
            assert root.post(url, forged).status_code in {200, 302}


def test_a_superuser_cannot_delete_what_a_version_names(article: Article, desk: Desk, enter: Enter) -> None:
    root = enter(factories.user("root", is_superuser=True))
    for url in (f"category/{article.category_id}", f"author/{article.authors.get().pk}", f"article/{article.pk}"):
        with unchanged():
            response = root.post(f"/admin/articles/{url}/delete/", {"post": "yes"})
        assert response.status_code == (200 if url.startswith("category") else 403)
    with unchanged(), zeal_ignore(OWN_GETS):
        assert root.post(f"/admin/auth/user/{desk.an.pk}/delete/", {"post": "yes"}).status_code == 200
    assert User.objects.filter(pk=desk.an.pk).exists()


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("publication", {"state": "live", "live": "1", "approved": "1", "language": "en", "stamp": "9"}),
        ("version", {"headline": "Forged", "digest": "0" * 64, "number": "9", "contributors": "[]"}),
        ("reviewstatus", {"status": "approved", "actor": "1", "self_review": "on", "confidence": "{}", "note": "No."}),
    ],
)
@pytest.mark.parametrize("name", ["binh", "chi", "root"])
def test_nobody_adds_or_changes_a_row_of_the_record_by_hand(
    name: str, model: str, fields: dict[str, str], article: Article, desk: Desk, enter: Enter
) -> None:
    root = factories.user("root", is_superuser=True)
    client = enter(root if name == "root" else getattr(desk, name))
    version = article.versions.latest("pk")
    for path in ("add", "1/change", "1/delete"):
        with unchanged():
            response = client.post(
                f"/admin/articles/{model}/{path}/",
                {"article": article.pk, "version": version.pk, "post": "yes", **fields},
            )
        assert response.status_code == 403
