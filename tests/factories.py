"""Real rows for tests, made through the same doors as the desk's. Each word of a draft carries its marker."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles import judging, workflow
from articles.assessing import assess, screen_hash
from articles.linkhealth import LinkState
from articles.models import Article, Author, Category, Citation, Link, Publication, ReviewStatus, Verdict
from articles.states import LiveState
from sources.models import Source, SourceAddress, SourceAssessment


@dataclass(frozen=True)
class Desk:
    """An edits, Binh reviews, Chi publishes and keeps the register, Dung edits and reviews, Em may do nothing."""

    an: User
    binh: User
    chi: User
    dung: User
    em: User


def desk() -> Desk:
    return Desk(
        *people(
            an=["Editors"],
            binh=["Reviewers"],
            chi=["Publishers", "Librarians"],
            dung=["Editors", "Reviewers"],
            em=[],
        )
    )


def people(**groups: list[str]) -> list[User]:
    """All at once: nearly every test begins with a desk."""
    rows = [
        User(username=name, password=make_password("secret"), is_staff=True, last_name=name.title()) for name in groups
    ]
    made = {person.username: person for person in User.objects.bulk_create(rows)}
    known = Group.objects.in_bulk(field_name="name")
    belongs = User.groups.through
    belongs.objects.bulk_create(
        belongs(user=made[name], group=known[group]) for name, theirs in groups.items() for group in theirs
    )
    return [*made.values()]


def user(username: str, *groups: str, **fields: Any) -> User:
    person = User.objects.create_user(username, password="secret", is_staff=True, last_name=username.title(), **fields)
    person.groups.set(Group.objects.filter(name__in=groups))
    return person


def category() -> Category:
    row = Category.objects.filter(slug_en="technology").first()
    return row or Category.objects.create(
        name_vi="Công nghệ", name_en="Technology", slug_vi="cong-nghe", slug_en="technology"
    )


def author(name: str = "Mai Lan", user: User | None = None) -> Author:
    slug = name.lower().replace(" ", "-")
    return Author.objects.filter(slug=slug).first() or Author.objects.create(name=name, slug=slug, user=user)


def source(slug: str = "example", tier: int | None = 1, by: User | None = None, **fields: Any) -> Source:
    """A source at `<slug>.org`, of `tier` by the word of `by` (an own librarian where nobody is named)."""
    row = Source.objects.filter(slug=slug).first()
    if row is None:
        row = Source.objects.create(slug=slug, **{"name_en": slug.title(), "name_vi": slug.title(), **fields})
        SourceAddress.objects.create(source=row, host=f"{slug}.org")
        if tier is not None:
            by = by or User.objects.get_or_create(username="librarian")[0]
            SourceAssessment(source=row, tier=tier, assessor=by, review_by=date(2030, 1, 1)).save()
    return row


def article(by: User, marker: str = "Alpha", **fields: Any) -> Article:
    """Complete in both languages, with one author and no citation."""
    row = Article(
        **{
            "category": category(),
            "kind": "news",
            "headline_vi": f"Tiêu đề {marker}",
            "summary_vi": f"Tóm tắt {marker}.",
            "body_vi": f"<p>Mở đầu {marker}.</p><h2>Phần {marker}</h2><p>Thân bài.</p>",
            "headline_en": f"Headline {marker}",
            "summary_en": f"Summary {marker}.",
            "body_en": f"<p>Opening {marker}.</p><h2>Section {marker}</h2><p>Body.</p>",
            **fields,
        }
    )
    row.save(by=by)
    row.set_authors([author()], by=by)
    return row


def cite(article: Article, by: User, source_: Source | None = None, **fields: Any) -> Citation:
    source_ = source_ or source()
    position = article.citations.count() + 1
    defaults = {"url": f"https://{source_.slug}.org/{position}", "title": f"Document {position}", "position": position}
    row = Citation(article=article, source=source_, **{**defaults, **fields})
    row.save(by=by)
    return row


def dead(url: str, since: datetime | None = None) -> Link:
    """A link that three looks on three days found gone."""
    Link.objects.keep([url])
    since = since or timezone.now()
    Link.objects.of([url]).update(
        state=LinkState.DEAD, status=404, attempts=3, failing_since=since, checked_at=since
    )  # fmt: skip
    return Link.objects.of([url]).get()


def in_review(article: Article, language: str = "en", *, desk: Desk) -> Publication:
    workflow.submit(article, language, by=desk.an)
    return Publication.objects.get(article=article, language=language)


def seen(publication: Publication) -> str:
    """The hash on the review screen as it stands now."""
    publication.refresh_from_db()
    assert publication.in_review is not None
    return screen_hash(publication.in_review, assess(publication.in_review))


def approve(publication: Publication, *, desk: Desk, note: str = "Fine.") -> ReviewStatus:
    row = workflow.approve(publication, by=desk.binh, seen=seen(publication), note=note)
    publication.refresh_from_db()
    return row


def approved(article: Article, language: str = "en", *, desk: Desk) -> Publication:
    publication = in_review(article, language, desk=desk)
    approve(publication, desk=desk)
    return publication


def published(article: Article, language: str = "en", *, desk: Desk) -> Publication:
    publication = approved(article, language, desk=desk)
    assert publication.approved is not None
    workflow.publish(publication, by=desk.chi, version=publication.approved.number)
    publication.refresh_from_db()
    assert publication.state == LiveState.LIVE
    return publication


def case(publication: Publication, number: int = 1) -> judging.Case:
    """What the judging screen of this version stands on now."""
    return judging.case_of(publication.article.versions.get(language=publication.language, number=number))


def judge(publication: Publication, *, by: User, version: int = 1, **said: Any) -> Verdict:
    """A verdict as from the screen as it stands now: that the claim stood, and no word of its citations."""
    said = {"held": True, "citations": {}, "note": "It was so.", **said}
    if "seen" not in said:
        said["seen"] = case(publication, version).seen
    return judging.judge(publication, by=by, version=version, **said)
