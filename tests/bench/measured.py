"""The pages and moves that a bench measures. Needs a filled database."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import loading, workflow
from articles.assessing import assess, screen_hash
from articles.models import Article, Publication
from newsroom.demo import bulk
from tests.bench.serving import Ask, Server, answer, serving

LANGUAGE = "en"
FAR = 500
CONSTANT = Ask(["/bench/constant/"])


@dataclass(frozen=True)
class Row:
    """A page, and what one would write in its place."""

    name: str
    ask: Ask
    beside: Ask


def articles(number: int) -> list[str]:
    """The addresses of so many, the newest first."""
    slugs = Publication.objects.live(LANGUAGE).values_list("live__slug", flat=True)[:number]
    return [f"/{LANGUAGE}/articles/{slug}/" for slug in slugs]


def rows() -> Iterator[Row]:
    live = Publication.objects.stories(LANGUAGE).select_related("live__category")
    [newest] = live[:1]
    slug, category = newest.live.slug, newest.live.category
    here, by_hand = f"/{LANGUAGE}/articles/{slug}/", Ask([f"/bench/written/{LANGUAGE}/{slug}/"])
    hand = Ask([f"/bench/list/{LANGUAGE}/"])
    many = articles(2_000)
    written = Ask([path.replace(f"/{LANGUAGE}/articles", f"/bench/written/{LANGUAGE}") for path in many])
    yield Row("article, known", Ask([here]), by_hand)
    yield Row("article, each another", Ask(many), written)
    etag = answer(Ask([here]))[1].get("ETag")
    if etag:
        yield Row("article, not modified", Ask([here], {"If-None-Match": etag}, 304), by_hand)
    yield Row("home", Ask([f"/{LANGUAGE}/"]), hand)
    path = f"/{LANGUAGE}/categories/{category.slug_en}/"
    yield Row("category", Ask([path]), hand)
    in_category = live.in_category(category.pk)
    far = min(FAR * 20, max(in_category.count() - 40, 20))
    last = in_category[far : far + 1].get()
    yield Row(
        f"category, from article {far} on", Ask([f"{path}?before={last.pk}"]), Ask([f"{hand.paths[0]}?from={far}"])
    )
    yield Row("archive, a month", Ask([f"/{LANGUAGE}/archive/{newest.first_published:%Y/%m}/"]), hand)
    cited = newest.live.citations[0]["source"]["id"]
    yield Row("register of sources", Ask([f"/{LANGUAGE}/sources/"]), hand)
    yield Row("a source", Ask([bulk.Source.objects.get(pk=cited).slug.join((f"/{LANGUAGE}/sources/", "/"))]), hand)
    rare = newest.live.headline.partition(":")[0]
    for name, word in (("common", "published"), ("rare", rare)):
        yield Row(
            f"search, a {name} word",
            Ask([f"/{LANGUAGE}/search/?q={word}"]),
            Ask([f"/bench/search/{LANGUAGE}/?q={word}"]),
        )
    yield Row("feed", Ask([f"/{LANGUAGE}/feed.atom"]), Ask([f"/bench/rows/{LANGUAGE}/20/"]))
    yield Row("news sitemap", Ask(["/news-sitemap.xml"]), Ask([f"/bench/rows/{LANGUAGE}/20/"]))
    yield Row("sitemap page", Ask(["/sitemap-1.xml"]), Ask(["/bench/rows/all/20000/"]))
    signed = {"Cookie": f"sessionid={_session()}"}
    yield Row("admin, articles", Ask([reverse("admin:articles_article_changelist")], signed), Ask(["/bench/desk/"]))
    yield Row("admin, the desk", Ask([reverse("admin:index")], signed), Ask(["/bench/desk/"]))


def _staff() -> Client:
    chief, _created = User.objects.get_or_create(username="bench", defaults={"is_staff": True, "is_superuser": True})
    client = Client()
    client.force_login(chief)
    return client


def _session() -> str:
    return _staff().cookies["sessionid"].value


def pages(server: str, rounds: int, seconds: float, most: int, only: str) -> list[dict[str, Any]]:
    """Of each page the costs, and how they compare with those of the constant answer and of what is written by hand:
    each round asks the three in turn, and what is compared is of one round.
    """
    told = []
    with serving(server) as running:
        for row in rows():
            if only not in row.name:
                continue
            sys.stderr.write(f"{row.name} …\n")
            turns = [_turn(running, row, seconds, most) for _round in range(rounds)]
            told.append(
                {
                    "name": row.name,
                    "cpu": median(own.cpu for own, _constant, _hand in turns),
                    "rate": median(own.rate for own, _constant, _hand in turns),
                    "constant": median(own.cpu / constant.cpu for own, constant, _hand in turns),
                    "written": median(own.cpu / hand.cpu for own, _constant, hand in turns),
                }
            )
    return told


def _turn(server: Server, row: Row, seconds: float, most: int) -> list[Any]:
    asked = (row.ask, CONSTANT, row.beside)
    return [server.cost(each, seconds=seconds, most=most) for each in asked]


def served(server: str) -> dict[str, float]:
    """The memory of the largest worker after so many requests."""
    asked = Ask(articles(2_000), {"Accept-Encoding": "gzip, br"})  # as browsers do
    told = {}
    with serving(server) as running:
        for number, name in ((500, "500 requests"), (9_500, "10,000"), (10_000, "20,000")):
            running.cost(asked, seconds=600, most=number)
            told[f"worker, MB after {name}"] = running.memory()
    return told


def within() -> dict[str, float]:
    """In this process: queries of the desk's screens, and what it takes to bring one language to its readers."""
    told: dict[str, float] = {}
    client = _staff()
    in_review = Publication.objects.in_review()[:1].get()
    screens = {
        "admin, articles": reverse("admin:articles_article_changelist"),
        "admin, an article": reverse("admin:articles_article_change", args=[in_review.article_id]),
        "review screen": reverse("admin:articles_publication_review", args=[in_review.pk]),
        "front page of the desk": reverse("admin:index"),
    }
    for name, path in screens.items():
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200, path
        told[f"{name}, queries"] = len(asked)
    spent = [_published() for _round in range(7)]
    told["submit, approve, publish: queries"] = spent[0][0]
    told["submit, approve, publish: ms"] = 1000 * median(seconds for _queries, seconds in spent[1:])
    return told


def _published() -> tuple[int, float]:
    """One article in one language, through the workflow; undone afterwards."""
    words = bulk.Words()
    with transaction.atomic():
        desk = bulk._desk(words)
        told = bulk.story(words, desk, 0, Article.objects.latest("pk").pk + 3, 10**7)
        people: loading.People = desk.people
        told.article.save(by=people.editor)
        told.article.set_authors(told.authors, by=people.editor)
        for citation in told.citations:
            citation.article = told.article
            citation.save(by=people.editor)
        editor, reviewer, publisher = (
            User.objects.get(pk=each.pk) for each in (people.editor, people.reviewer, people.publisher)
        )
        with CaptureQueriesContext(connection) as asked:
            start = time.perf_counter()
            version = workflow.submit(told.article, LANGUAGE, by=editor)
            publication = Publication.objects.get(article=told.article, language=LANGUAGE)
            publication.in_review = version
            seen = screen_hash(version, assess(version))
            workflow.approve(publication, by=reviewer, seen=seen, note="Fine.")
            workflow.publish(publication, by=publisher, version=version.number)
            spent = time.perf_counter() - start
        transaction.set_rollback(True)
    return len(asked), spent
