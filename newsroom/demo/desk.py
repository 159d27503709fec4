"""The demo desk: its people, sources, articles and pictures from the files beside this one, through the real workflow.

Run again, it changes nothing: whatever is there already is left alone.
"""

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from articles import cleaning, judging, picturing, workflow
from articles.assessing import assess, screen_hash
from articles.models import Article, Author, Category, Citation, Photo, Publication, Version
from sources.models import Source, SourceAddress, SourceAssessment, SourceOutcome

HERE = Path(__file__).parent
STAGES = ("draft", "in_review", "changes_requested", "approved", "published", "withdrawn")
PEOPLE = {
    "an": ("Nguyễn Hoài An", ["Editors"], "an-writes-the-news"),
    "binh": ("Trần Thanh Bình", ["Reviewers"], "binh-reads-every-word"),
    "chi": ("Lê Minh Chi", ["Publishers", "Librarians"], "chi-sends-it-out"),
}


def build() -> Iterator[str]:
    """Make what is missing, article by article, each whole or not at all; says what it did."""
    people = _people()
    desk = _read("desk.toml")
    for row in desk["category"]:
        if not Category.objects.filter(slug_en=row["slug_en"]).exists():
            Category.objects.create(**row)
    for row in desk["author"]:
        if not Author.objects.filter(slug=row["slug"]).exists():
            portrait = _picture(row["portrait"], people["an"]) if "portrait" in row else None
            Author.objects.create(**{**row, "user": people.get(row.get("user", "")), "portrait": portrait})
    _sources(people["chi"])
    verdicts = []
    for path in sorted((HERE / "articles").glob("*.toml")):
        told = _read(f"articles/{path.name}")
        if _article(told, people):
            verdicts += [(told, verdict) for verdict in told.get("verdict", ())]
            yield path.stem
    for told, verdict in verdicts:  # once all is out, as what it was published by is not to hang on the order here
        _judge(told, verdict, people["binh"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text("utf-8"))


@transaction.atomic
def _people() -> dict[str, User]:
    people = {}
    for username, (name, groups, password) in PEOPLE.items():
        user, created = User.objects.get_or_create(
            username=username, defaults={"last_name": name, "is_staff": True, "email": f"{username}@example.org"}
        )
        if created:
            user.set_password(password)
            user.save(update_fields=["password"])
            user.groups.set(Group.objects.filter(name__in=groups))
        people[username] = user
    return people


@transaction.atomic
def _sources(librarian: User) -> None:
    rows = [row for row in _read("sources.toml")["source"] if not Source.objects.filter(slug=row["slug"]).exists()]
    words = [f"{field}_{code}" for field in ("name", "description") for code, _label in settings.LANGUAGES]
    for row in rows:
        source = Source(slug=row["slug"], kind=row["kind"], **{name: row.get(name, "") for name in words})
        source.save()
        for address in row["addresses"]:
            host, _slash, path = address.partition("/")
            SourceAddress.objects.create(source=source, host=host, path=path)
        if "tier" in row:
            fields = ("tier", "criteria", "rationale_vi", "rationale_en", "review_by")
            SourceAssessment(source=source, assessor=librarian, **{name: row[name] for name in fields}).save()
        for outcome in row.get("outcomes", ()):
            SourceOutcome(source=source, by=librarian, **outcome).save()
    for row in rows:
        if "owner" in row:
            Source.objects.filter(slug=row["slug"]).update(owner=Source.objects.get(slug=row["owner"]))


@transaction.atomic
def _article(told: dict[str, Any], people: dict[str, User]) -> bool:
    """Whether the article was new, and is now where its file says."""
    languages = [code for code, _label in settings.LANGUAGES if code in told]
    if any(Article.objects.filter(**{f"slug_{code}": told[code]["slug"]}).exists() for code in languages):
        return False
    writer = people["an"]
    words = {
        f"{field}_{code}": told[code].get(field, "")
        for code in languages
        for field in ("headline", "summary", "body", "slug", "claim")
    }
    corrections = told.get("correction", ())
    for change in reversed(corrections):  # the file has the words as they are in the end
        words[f"body_{change['language']}"] = words[f"body_{change['language']}"].replace(change["is"], change["was"])
    shown = [_picture(picture, writer) for picture in told.get("picture", ())]  # which the texts number from 1
    figures = {number: f'<figure data-photo="{photo.pk}"></figure>' for number, photo in enumerate(shown, 1)}
    for code in languages:
        words[f"body_{code}"] = cleaning.pictured(words[f"body_{code}"], figures)
    category = Category.objects.get(slug_en=told["category"]) if "category" in told else None
    lead = _picture(told["lead"], writer) if "lead" in told else None
    article = Article(category=category, kind=told["kind"], machine=told["machine"], lead=lead, **words)
    article.save(by=writer)
    article.set_authors(Author.objects.filter(slug__in=told["authors"]), by=writer)
    for position, cited in enumerate(told.get("citation", ()), 1):
        _citation(article, position, cited, writer)
    for code in languages:
        _move(article, code, told, people)
    for change in corrections:
        _correct(article, change, told, people)
    return True


def _picture(told: dict[str, Any], writer: User) -> Photo:
    said = {name: value for name, value in told.items() if name != "file"}
    data = (HERE / "pictures" / told["file"]).read_bytes()
    photo = Photo(file=picturing.take_in(SimpleUploadedFile(told["file"], data)), **said)
    photo.save(by=writer)
    return photo


def _judge(told: dict[str, Any], verdict: dict[str, Any], by: User) -> None:
    language, number = verdict["language"], verdict["version"]
    version = Version.objects.get(language=language, slug=told[language]["slug"], number=number)
    judging.judge(
        Publication.objects.get(article=version.article_id, language=language),
        by=by,
        version=number,
        held=verdict["held"],
        citations={int(cited): held for cited, held in verdict["citations"].items()},
        note=verdict["note"],
        seen=judging.case_of(version).seen,
    )


def _citation(article: Article, position: int, told: dict[str, Any], writer: User) -> None:
    fields = ("url", "title", "title_language", "quote", "locator", "stance", "first_hand", "accessed", "archive_url")
    origin = told.get("origin")
    Citation(
        article=article,
        position=position,
        source=Source.objects.get(slug=told["source"]),
        origin=Source.objects.get(slug=origin) if origin else None,
        **{name: told[name] for name in fields if name in told},
    ).save(by=writer)


def _move(article: Article, language: str, told: dict[str, Any], people: dict[str, User]) -> None:
    """As far through the workflow as the file says, each step by the person whose step it is."""
    stage, note = STAGES.index(told[language]["stage"]), told[language].get("note", "")
    if stage < STAGES.index("in_review"):
        return
    if stage < STAGES.index("approved"):
        version = workflow.submit(article, language, by=people["an"])
        if stage == STAGES.index("changes_requested"):
            publication = Publication.objects.get(article=article, language=language)
            workflow.request_changes(publication, by=people["binh"], version=version.number, note=note)
        return
    publication, number = _approved(article, language, told, people)
    if stage >= STAGES.index("published"):
        workflow.publish(publication, by=people["chi"], version=number)
    if stage == STAGES.index("withdrawn"):
        workflow.withdraw(publication, by=people["chi"], version=number, note=told[language]["reason"])


def _approved(
    article: Article, language: str, told: dict[str, Any], people: dict[str, User]
) -> tuple[Publication, int]:
    """Its words as they are now, submitted, checked and approved: the publication, and the number of the version."""
    version = workflow.submit(article, language, by=people["an"])
    publication = Publication.objects.get(article=article, language=language)
    for number, cited in enumerate(told.get("citation", ()), 1):
        if cited.get("verified") and not assess(version).citations[number - 1]["verified"]:
            workflow.verify(
                publication, by=people["binh"], version=version.number, number=number, checked=cited["verified"]
            )
    seen = screen_hash(version, assess(version))
    workflow.approve(publication, by=people["binh"], seen=seen, note=told[language].get("note", ""))
    return publication, version.number


def _correct(article: Article, change: dict[str, Any], told: dict[str, Any], people: dict[str, User]) -> None:
    """`was` becomes `is`, for readers at once or, with `in_days`, on a day to come."""
    field = f"body_{change['language']}"
    setattr(article, field, getattr(article, field).replace(change["was"], change["is"]))
    article.save(by=people["an"])
    publication, number = _approved(article, change["language"], told, people)
    about = {"by": people["chi"], "version": number, "kind": change["kind"], "note": change["note"]}
    if "in_days" in change:
        workflow.schedule(publication, due=timezone.now() + timedelta(days=change["in_days"]), **about)
    else:
        workflow.correct(publication, **about)
