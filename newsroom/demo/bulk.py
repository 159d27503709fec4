"""A desk of as many articles as one likes, of made-up words, to be measured: the plan alone. `loading` writes it.

Article after article hangs on the seed and its own place alone, so that a run which was stopped goes on as if it had
not been. Nobody can sign in as its people, nobody is told of what they do, and its links lead to no host there is.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.utils import timezone

from articles import loading, notifications
from articles.confidence import Stance
from articles.kinds import CorrectionKind, Kind
from articles.loading import People, Step, Story
from articles.models import Article, Author, Category, Citation, Version
from articles.models.notification import Event
from articles.states import Move
from sources import slugs
from sources.models import Source, SourceAddress, SourceAssessment, SourceOutcome
from sources.models.source import Kind as SourceKind

YEARS = timedelta(days=5 * 365)
SOURCES, AUTHORS, BATCH = 400, 24, 200
LANGUAGES = ("vi", "en")
PEOPLE = {"bulk-editor": "Editors", "bulk-reviewer": "Reviewers", "bulk-publisher": "Publishers"}


class NotThisDesk(Exception):
    """Why these articles cannot be put here, in a sentence."""


@dataclass(frozen=True)
class Desk:
    """Who and what its articles are made with; `start` is the moment of the first."""

    people: People
    start: datetime
    categories: list[Category]
    authors: list[Author]
    sources: list[Source]


def fill(number: int, *, seed: int, beside: bool = False) -> Iterator[int]:
    """Bring the desk to `number` articles; says after each batch how many there are. Raises NotThisDesk, first of all,
    where there are others, unless they may be `beside`, and where those there are of another seed.
    """
    if not beside and Article.objects.exclude(pk__in=_made().values("article")).exists():
        raise NotThisDesk("This desk has articles of its own.")
    words = Words()
    desk = _desk(words)
    done = _made().count()
    if done and not _same(words, desk, seed, number):
        raise NotThisDesk("This desk was filled by another seed or to another number.")
    if connection.vendor == "sqlite":
        with (
            connection.cursor() as cursor
        ):  # a batch is larger than the usual cache, and a page put out early is synced
            cursor.execute("PRAGMA cache_size = -131072")
    while done < number:
        upto = min(done + BATCH, number)
        loading.load([story(words, desk, seed, place, number) for place in range(done, upto)], desk.people)
        done = upto
        yield done


def _made() -> Any:
    """The first version of each article of ours."""
    return Version.objects.filter(frozen_by__username="bulk-editor", language=LANGUAGES[0], number=1)


def _same(words: "Words", desk: Desk, seed: int, number: int) -> bool:
    """Whether the last article there is would be made now as it was."""
    done = _made().count()
    version = _made().latest("pk")
    told = story(words, desk, seed, done - 1, max(number, done))
    return version.slug == getattr(told.article, f"slug_{LANGUAGES[0]}") and version.frozen_at == told.steps[0].at


# --- who and what they are made with -----------------------------------------------------------------


@transaction.atomic
def _desk(words: "Words") -> Desk:
    people = [_person(username, group) for username, group in PEOPLE.items()]
    for row in words.category:
        if not Category.objects.filter(name_en=row["name_en"]).exists():
            Category.objects.create(**row, slug_vi=slugs.slug(row["name_vi"]), slug_en=slugs.slug(row["name_en"]))
    if not Source.objects.filter(slug="bulk-1").exists():
        for number in range(1, SOURCES + 1):
            _source(words, number, people[0])
    for number in range(1, AUTHORS + 1):
        slug = f"bulk-{number}"
        if not Author.objects.filter(slug=slug).exists():
            Author.objects.create(name=f"{words.place(number * 7).title()} {words.place(number).title()}", slug=slug)
    authors = list(Author.objects.filter(slug__startswith="bulk-").order_by("name", "pk"))
    sources = list(Source.objects.filter(slug__startswith="bulk-").order_by("pk"))
    categories = [Category.objects.get(name_en=row["name_en"]) for row in words.category]
    return Desk(People(*people), people[0].date_joined, categories, authors, sources)


def _person(username: str, group: str) -> User:
    user, created = User.objects.get_or_create(
        username=username,
        defaults={"last_name": username, "date_joined": timezone.now().replace(microsecond=0) - YEARS},
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        user.groups.set(Group.objects.filter(name=group))
        silent = {event.value: {"inbox": False, "mail": False} for event in Event}
        notifications.choose(user, LANGUAGES[0], silent)
    return user


def _source(words: "Words", number: int, librarian: User) -> None:
    """Of all kinds and tiers, some not rated, some with a record; every tenth is owned by the one before."""
    kinds = list(SourceKind)
    name = f"{words.place(number).title()} {number}"
    source = Source.objects.create(
        slug=f"bulk-{number}",
        kind=kinds[number % len(kinds)],
        name_vi=f"Cơ quan {name}",
        name_en=f"{name} Office",
        owner=Source.objects.get(slug=f"bulk-{number - 1}") if number % 10 == 0 else None,
    )
    SourceAddress.objects.create(source=source, host=f"source-{number}.example")
    if number % 13:
        SourceAssessment(
            source=source,
            tier=1 + number % 4,
            rationale_vi="Theo cách nguồn này sửa lỗi.",
            rationale_en="By how this source corrects itself.",
            assessor=librarian,
            review_by=timezone.now().date() + timedelta(days=number),
        ).save()
    for _outcome in range(number % 3):
        SourceOutcome.objects.create(source=source, held=number % 7 != 0, reason="Bulk.", by=librarian)


# --- the articles ------------------------------------------------------------------------------------


class Words:
    """The vocabulary, each entry in both languages, and what is put together of it."""

    def __init__(self) -> None:
        told: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
        self.category: list[dict[str, str]] = told["category"]
        self.syllables: list[str] = told["syllables"]
        self.note, self.reason, self.changed = told["note"], told["reason"], told["changed"]
        self.section = told["section"]
        self.slots = [told[name] for name in ("when", "who", "what", "where")]

    def place(self, number: int) -> str:
        """A made-up name, of which there are 8,000."""
        first, rest = divmod(number % 8000, 400)
        return "".join(self.syllables[each] for each in (first, *divmod(rest, 20)))

    def sentences(self, dice: Random, number: int, language: int) -> Iterator[str]:
        """So many; the same dice roll the same ones in each language."""
        drawn = [dice.choices(slot, k=number) for slot in self.slots]
        for when, who, what, where in zip(*drawn, strict=True):
            yield f"{when[language]}, {who[language]} {what[language]} {where[language]}."


def story(words: Words, desk: Desk, seed: int, place: int, number: int) -> Story:
    """The article at `place` of `number`: from the first, which is five years old, to the last, of today."""
    dice = Random(f"{seed} {place}")  # noqa: S311
    at = desk.start + YEARS * place / number
    moment = YEARS / number / 20  # in a twentieth of the time to the next article a step is taken
    cited = dice.randint(1, 5)
    name, roll = words.place(dice.randrange(8000)), dice.random()
    fields: dict[str, str] = {}
    for index, language in enumerate(LANGUAGES):
        headline, summary, body = _written(words, Random(roll), index, name.title(), cited)  # noqa: S311
        fields |= {
            f"headline_{language}": headline,
            f"summary_{language}": summary,
            f"body_{language}": body,
            f"slug_{language}": f"{slugs.slug(headline, 70)}-{place + 1}",
        }
    kind = Kind.NEWS if place % 4 else (Kind.ANALYSIS, Kind.EXPLAINER, Kind.OPINION)[place // 4 % 3]
    article = Article(category=desk.categories[dice.randrange(len(desk.categories))], kind=kind, **fields)
    citations = [_citation(words, desk, dice, at) for _citation_ in range(cited)]
    checked = {number: "Read it, and the figure stands there." for number in range(1, cited + 1) if number % 2}
    authors = sorted(dice.sample(desk.authors, 1 + place % 2), key=lambda author: (author.name, author.pk))
    steps = list(_steps(words, article, place, at, moment))
    return Story(article, authors, citations, checked if place % 3 else {}, at, steps)


def _written(words: Words, dice: Random, language: int, name: str, cited: int) -> tuple[str, str, str]:
    """Headline, summary and body of about 450 words, every citation marked in it."""
    sentences = list(words.sentences(dice, 34, language))
    sections = dice.sample(words.section, 4)
    place = (f"Ở {name}", f"In {name}")[language]
    headline = f"{name}: {sentences[0].partition(', ')[2].removesuffix('.')}"
    paragraphs = [" ".join(sentences[first : first + 4]) for first in range(2, 34, 4)]
    paragraphs[0] = f"{place}, {paragraphs[0][0].lower()}{paragraphs[0][1:]}"
    marked = [f'<p>{text}<sup data-cite="{1 + turn % cited}"></sup></p>' for turn, text in enumerate(paragraphs)]
    parts = [marked[0], marked[1]]
    for turn, section in enumerate(sections):
        parts += [f"<h2>{section[language]}</h2>", *marked[2 + turn : 3 + turn]]
    return headline, sentences[1], "".join([*parts, *marked[6:]])


def _citation(words: Words, desk: Desk, dice: Random, at: datetime) -> Citation:
    source, other = dice.sample(desk.sources, 2)
    document, first_hand = dice.randrange(200), dice.random() < 0.75
    language = dice.randrange(2)
    return Citation(
        source=source,
        url=f"https://source-{source.slug.removeprefix('bulk-')}.example/{document}",
        title=next(words.sentences(Random(document), 1, language)),  # noqa: S311
        title_language=LANGUAGES[language],
        stance=dice.choices(list(Stance), weights=(10, 1, 1))[0],
        first_hand=first_hand,
        origin=None if first_hand else other,
        locator=f"p. {document}" if document % 3 == 0 else "",
        accessed=at.date(),
    )


def _steps(words: Words, article: Article, place: int, at: datetime, moment: timedelta) -> Iterator[Step]:
    """Both languages go out but for some that stay in review in the second; then some are corrected, some withdrawn,
    and some edited again.
    """
    times = iter(at + moment * turn for turn in range(1, 20))
    for index, language in enumerate(LANGUAGES):
        why = (
            "Chưa có nguồn mạnh hơn; sự việc vẫn đáng biết.",
            "There is no stronger source yet; it is worth knowing.",
        )
        yield Step(next(times), Move.SUBMIT, language)
        if index and place % 40 == 7:
            return
        yield Step(next(times), Move.APPROVE, language, note=why[index])
        yield Step(next(times), Move.PUBLISH, language)
    index = place // 20 % 2
    language = LANGUAGES[index]
    body = {f"body_{language}": f"{getattr(article, f'body_{language}')}<p>{words.changed[index]}</p>"}
    if place % 20 == 3:
        kind = list(CorrectionKind)[place // 20 % 4]
        yield Step(next(times), None, words=body)
        yield Step(next(times), Move.SUBMIT, language)
        yield Step(next(times), Move.APPROVE, language, note=why[index])
        yield Step(next(times), Move.CORRECT, language, kind=kind, note=words.note[place // 40 % 2][index])
    elif place % 200 == 110:
        yield Step(next(times), Move.WITHDRAW, language, note=words.reason[index])
    elif place % 10 == 5:
        yield Step(next(times), None, words=body)
        if place % 50 == 25:
            yield Step(next(times), Move.SUBMIT, language)
