"""The article's form and the desk of somebody who works in some languages alone: the others' words are to be read."""

from django.contrib.auth.models import User
from django.urls import reverse

from articles.admin.desk.lists import WHOLE
from articles.admin.desk.shape import Asked
from articles.models import Article
from articles.models.article import TRANSLATED
from tests import factories
from tests.articles.admin.conftest import ADD, Enter, change_url, changed, form_at, page, typed, unchanged
from tests.articles.test_working_languages import NOT_YOURS, limited
from tests.factories import Desk


def limited_editor(desk: Desk) -> User:
    return limited(desk.an, "en")


def texts(article: Article) -> tuple[str | None, str | None, str]:
    now = Article.objects.get(pk=article.pk)
    return now.headline_en, now.headline_vi, now.kind


def test_of_a_language_that_is_for_others_the_form_has_words_and_a_sentence_and_no_field(
    desk: Desk, enter: Enter
) -> None:
    article = factories.article(desk.an)
    form = form_at(enter(desk.an), change_url(article))
    assert {f"{name}_{code}" for name in TRANSLATED for code in ("en", "vi")} <= form.keys()
    client = enter(limited_editor(desk))
    shown = client.get(change_url(article))
    assert page(shown).said("leading-relaxed", "max-w-4xl") == [NOT_YOURS]
    assert {name for name in typed(shown) if name.endswith("_vi")} == set()
    assert article.headline_vi
    assert article.headline_vi in page(shown).said("readonly")[0]
    assert [(text["lang"], text.words) for text in page(shown).all("div") if text["class"] == "desk-text"] == [
        ("vi", "Mở đầu Alpha.Phần AlphaThân bài.")
    ]
    assert "&lt;p&gt;Mở" not in shown.content.decode()
    sent = client.post(change_url(article), changed(typed(shown), {"headline_en": "Mine", "kind": "analysis"}))
    assert sent.status_code == 302
    assert texts(article) == ("Mine", article.headline_vi, "analysis")
    assert {name for name in form_at(client, ADD) if name.endswith("_vi")} == set()


def test_what_was_typed_in_a_language_of_others_is_refused_and_shown_and_nothing_is_saved(
    desk: Desk, enter: Enter
) -> None:
    article = factories.article(desk.an)
    client = enter(desk.an)
    form = changed(form_at(client, change_url(article)), {"headline_vi": "Của tôi", "headline_en": "Mine"})
    limited_editor(desk)
    with unchanged():
        answer = client.post(change_url(article), form)
    assert answer.status_code == 200
    assert page(answer).faults() == [NOT_YOURS]
    again = typed(answer)
    assert (again["headline_vi"], again["headline_en"]) == (["Của tôi"], ["Mine"])
    # Back to what stands, the rest is saved: a form that was opened before the limit is not lost.
    assert (
        client.post(change_url(article), changed(again, {"headline_vi": article.headline_vi or ""})).status_code == 302
    )
    assert texts(article) == ("Mine", article.headline_vi, article.kind)


def test_a_new_article_has_no_words_in_a_language_of_others(desk: Desk, enter: Enter) -> None:
    client = enter(limited_editor(desk))
    with unchanged():
        answer = client.post(ADD, changed(form_at(client, ADD), {"headline_vi": "Của tôi"}))
    assert page(answer).faults() == [NOT_YOURS]
    assert client.post(ADD, changed(form_at(client, ADD), {"headline_en": "Mine"})).status_code == 302
    assert Article.objects.get().headline_en == "Mine"


def test_the_translators_screen_of_a_language_of_others_is_only_looked_at(desk: Desk, enter: Enter) -> None:
    article = factories.article(desk.an)
    factories.published(article, "en", desk=desk)
    screen = reverse("admin:articles_article_translate", args=[article.pk, "en", "vi"])
    client = enter(limited_editor(desk))
    shown = client.get(screen)
    assert {name for name in typed(shown) if name.endswith("_vi")} == set()
    assert [button["name"] for button in page(shown).all("button") if button["form"] == "article_form"] == []
    assert NOT_YOURS in page(shown).said("desk-warned")
    with unchanged():
        answer = client.post(screen, changed(typed(shown), {"headline_vi": "Của tôi"}))
    assert page(answer).faults() == [NOT_YOURS]


def test_what_is_to_be_translated_is_listed_for_whose_language_it_is(desk: Desk) -> None:
    none = {f"{name}_vi": "" for name in ("headline", "summary", "body", "slug")}
    article = factories.article(desk.an, **none)
    factories.published(article, "en", desk=desk)
    people = [
        desk.dung,
        limited(factories.user("english", "Editors"), "en"),
        limited(factories.user("viet", "Editors"), "vi"),
    ]

    def listed(person: User, name: str) -> list[tuple[str, bool]]:
        asked = Asked(person)
        rows = WHOLE[name].dressed(list(WHOLE[name].rows(asked)), asked)
        return [(cell.language, bool(cell.url)) for row in rows for cell in row["cells"]]

    assert [listed(person, "translate") for person in people] == [[("vi", True)], [], [("vi", True)]]
    assert listed(people[1], "languages") == [("vi", False), ("en", False)]
