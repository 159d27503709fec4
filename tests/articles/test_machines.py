"""Open Graph on every page that has an address, and the web manifest."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.template import RequestContext, Template
from django.test import Client
from PIL import Image

from tests import factories
from tests.articles.test_views import HOST, LANGUAGES, read
from tests.factories import Desk

pytestmark = pytest.mark.django_db
OTHER = {"vi": "en", "en": "vi"}
LOCALES = {"vi": "vi_VN", "en": "en_GB"}
PAGES = {
    "": "",
    "categories/{category}/": "category",
    "authors/mai-lan/": "author",
    "archive/2020/02/": "month",
    "corrections/": "corrections",
    "sources/": "sources",
    "sources/example/": "source",
    "confidence/": "confidence",
    "ledger/": "ledger",
}


def graph(client: Client, path: str) -> dict[str, str | None]:
    metas = read(client, path).all("meta")
    named = [(str(each.get("property") or each.get("name")), each["content"]) for each in metas if "content" in each]
    found = {name: content for name, content in named if name.startswith(("og:", "article:", "twitter:"))}
    assert len(found) == len([name for name, _content in named if name in found])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_to_others_what_it_says_itself(desk: Desk, client: Client, language: str, path: str) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, "en", desk=desk)
    path = f"/{language}/{path.format(category=factories.category().address(language))}"
    page = read(client, path)
    [title], [about] = page.said("title"), page.all("meta", name="description")
    assert graph(client, path) == {
        "og:locale:alternate": LOCALES[OTHER[language]],
        "og:type": "website",
        "og:title": title.removesuffix(" · Newsroom"),
        "og:description": about["content"],
        "og:url": HOST + path,
        "og:site_name": "Newsroom",
        "og:locale": LOCALES[language],
        "og:image": f"{HOST}/static/icon-512.png",
        "og:image:type": "image/png",
        "og:image:width": "512",
        "og:image:height": "512",
        "og:image:alt": "Newsroom",
        "twitter:card": "summary",
    }
    assert title.removesuffix(" · Newsroom")


def test_a_page_around_a_reading_is_no_article_unless_it_has_its_card(rf: Any) -> None:
    """As that of an old version, or of one that was never published."""
    template = Template('{% load machines %}{% open_graph "A version" "What changed." %}')
    context = {"canonical": f"{HOST}/en/old/", "reading": object(), "editions": None}
    html = template.render(RequestContext(rf.get("/en/old/"), context))
    assert re.findall('(?:property|name)="(.*?)" content="(.*?)"', html)[:4] == [
        ("og:type", "website"),
        ("og:title", "A version"),
        ("og:description", "What changed."),
        ("og:url", f"{HOST}/en/old/"),
    ]
    assert "article:" not in html
    assert "summary_large_image" not in html


def test_what_has_no_address_of_its_own_has_no_card(client: Client) -> None:
    html = client.get("/en/nothing/").content.decode()
    assert "og:" not in html
    assert "twitter:" not in html


@pytest.mark.parametrize("name", ['The "Desk" & <sons>', "Tòa soạn"])
def test_the_name_of_the_site_is_words_alone(client: Client, settings: Any, name: str) -> None:
    settings.NEWSROOM_NAME = name
    found = graph(client, "/en/")
    assert (found["og:title"], found["og:site_name"], found["og:image:alt"]) == (name, name, name)
    assert graph(client, "/en/sources/")["og:title"] == "Sources"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manifest_names_the_site_its_home_and_its_signs(client: Client, language: str) -> None:
    [link] = read(client, f"/{language}/").all("link", rel="manifest")
    response = client.get(str(link["href"]))
    assert (link["href"], response["Content-Type"]) == (
        f"/{language}/manifest.webmanifest",
        "application/manifest+json",
    )
    home = f"/{language}/"
    assert response.json() == {
        "id": home,
        "name": "Newsroom",
        "short_name": "Newsroom",
        "lang": language,
        "dir": "ltr",
        "start_url": home,
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fdfcf9",
        "theme_color": "#fdfcf9",
        "icons": [
            {"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            {"src": "/static/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
            {"src": "/static/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any"},
            {"src": "/static/icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    }
    for icon in response.json()["icons"][1:]:
        with Image.open(Path(site.BASE_DIR, "static", Path(icon["src"]).name)) as image:
            assert icon["sizes"] == f"{image.width}x{image.height}"
    assert client.post(str(link["href"])).status_code == 405
    assert f'"name": "{"Tòa soạn"}"' not in response.content.decode()
