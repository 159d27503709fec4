"""The desk's working copy. No public view, feed or search reads its words."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from articles import cleaning, likeness
from articles.coverage import Coverage
from articles.kinds import Kind, Machine
from articles.states import LiveState
from sources import slugs

from .article_photo import ArticlePhoto
from .edit import Edit
from .publication import Publication, PublicationQuerySet

if TYPE_CHECKING:
    from .author import Author
    from .photo import Photo

TRANSLATED = ("headline", "summary", "body", "slug", "claim", "translator")
SHARED = ("category_id", "kind", "machine", "lead_id")
WORDS = ("headline", "summary", "body", "claim")  # whatever of these there is was written; the rest is made or named


class WorkingQuerySet(models.QuerySet[Any]):
    """A working copy changes by what asks `by` whom, and writes the `Edit`: history without an author is gossip."""

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("A working copy is changed by save(by=…) and delete(by=…), which record who did it.")

    update = bulk_update = bulk_create = update_or_create = delete = _refuse


class ArticleQuerySet(WorkingQuerySet):
    def edited_by(self, user: User) -> Self:
        return self.filter(pk__in=Edit.objects.filter(by=user).values("article"))

    def showing(self, photo: "Photo") -> Self:
        """In the working copy, or in what readers have of it."""
        from .publication import Publication
        from .version_photo import VersionPhoto

        versions = VersionPhoto.objects.filter(photo=photo.pk).values("version")
        live = Publication.objects.live().order_by().filter(live__in=versions)
        return self.holding(photo) | self.filter(pk__in=live.values("article"))

    def holding(self, photo: "Photo") -> Self:
        """In the working copy: as the lead picture, or in a text."""
        texts = ArticlePhoto.objects.filter(photo=photo.pk).values("article")
        return self.filter(models.Q(lead=photo.pk) | models.Q(pk__in=texts))

    def drafts(self) -> Self:
        """Where something is still to be submitted or decided: not every language is live."""
        live = Article.objects.filter(publications__state=LiveState.LIVE).order_by()
        whole = live.annotate(languages=models.Count("publications")).filter(languages=len(settings.LANGUAGES))
        return self.exclude(pk__in=whole.values("pk"))

    def with_words(self) -> Self:
        """Each with `worded_<language>`: whether its working copy has words in that language."""
        codes = [code for code, _label in settings.LANGUAGES]
        return self.annotate(
            **{f"worded_{code}": models.Case(models.When(_worded(code), then=True), default=False) for code in codes}
        )

    def covered(self, language: str, coverage: Coverage) -> Self:
        return self.filter(covered(language, coverage))

    def to_translate(self, languages: Iterable[str]) -> Self:
        """Live in one language, and missing or out of date in another of these; what went live last comes first."""
        wanted = models.Q()
        for code in languages:
            lacks = covered(code, Coverage.MISSING) | covered(code, Coverage.OUTDATED)
            wanted |= _of(Publication.objects.live().exclude(language=code)) & lacks
        live = Publication.objects.live().filter(article=models.OuterRef("pk")).order_by().values("article")
        newest = live.annotate(went_live=models.Max("first_published")).values("went_live")
        return self.filter(wanted).annotate(newest_live=models.Subquery(newest)).order_by("-newest_live", "-pk")


def covered(language: str, coverage: Coverage) -> models.Q:
    """The articles of whose `language` this holds: `coverage.coverage`, as a question to the database."""
    rows = Publication.objects.filter(language=language)
    on_its_way = models.Q(in_review__isnull=False) | _approved()
    nowhere = ~_of(rows.filter(on_its_way | ~models.Q(state=LiveState.NEVER)))
    match coverage:
        case Coverage.LIVE:
            return _of(rows.filter(state=LiveState.LIVE))
        case Coverage.OUTDATED:
            return _of(rows.out_of_date())
        case Coverage.WITHDRAWN:
            return _of(rows.filter(state=LiveState.WITHDRAWN))
        case Coverage.APPROVED:
            return _of(rows.filter(_approved()))
        case Coverage.IN_REVIEW:
            return _of(rows.filter(in_review__isnull=False))
        case Coverage.DRAFT:
            return nowhere & _worded(language) | _of(rows.newer_in_draft())
        case Coverage.MISSING:
            return nowhere & ~_worded(language)


def _of(rows: PublicationQuerySet) -> models.Q:
    return models.Q(pk__in=rows.order_by().values("article"))


def _approved() -> models.Q:
    return models.Q(approved__isnull=False) | models.Q(scheduled__isnull=False)


def _worded(language: str) -> models.Q:
    found = models.Q()
    for name in WORDS:
        found |= models.Q(**{f"{name}_{language}__gt": ""})
    return found


class Article(models.Model):
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    summary = models.CharField(_("summary"), max_length=400, blank=True, help_text=_("One sentence."))
    body = ProseEditorField(_("text"), blank=True, extensions=cleaning.EXTENSIONS, sanitize=cleaning.rich)
    slug = models.SlugField(
        _("address"), max_length=100, blank=True, help_text=_("Left empty, it is made from the headline.")
    )
    claim = models.CharField(
        _("claim"),
        max_length=400,
        blank=True,
        help_text=_("The one sentence that the confidence is about. Left empty, it is the headline."),
    )
    translator = models.CharField(_("translator"), max_length=150, blank=True)
    category = models.ForeignKey(
        "articles.Category", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("category")
    )
    authors = models.ManyToManyField("articles.Author", blank=True, verbose_name=_("authors"), related_name="articles")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NEWS)
    machine = models.CharField(_("part that machines had"), max_length=20, choices=Machine, default=Machine.NONE)
    lead = models.ForeignKey(
        "articles.Photo",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leading",
        verbose_name=_("lead picture"),
    )

    likeness = models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True)  # the headline's
    last_key = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ("-pk",)

    def __str__(self) -> str:
        languages = [get_language() or "", *(code for code, _label in settings.LANGUAGES)]
        return next((text for code in languages if (text := getattr(self, f"headline_{code}", ""))), f"#{self.pk}")

    @transaction.atomic
    def save(self, *args: Any, by: User, **kwargs: Any) -> None:  # type: ignore[override]
        """Save the working copy and write an `Edit` for each language, and for what they share, that `by` changed."""
        before = self.hold() if self.pk else None
        if before:
            self.last_key = before.last_key  # what was loaded earlier would give a key again
        self.complete()
        super().save(*args, **kwargs)
        for language, fields in self.changes(before):
            self.edited(fields, language=language, by=by)
        for code, _label in settings.LANGUAGES:
            shown, was = (cleaning.pictures(getattr(each, f"body_{code}", "") or "") for each in (self, before))
            if shown != was:
                ArticlePhoto.objects.index(self, code, shown)

    def complete(self) -> None:
        """Give it what is made of its headlines."""
        for code, _label in settings.LANGUAGES:
            headline = getattr(self, f"headline_{code}") or ""
            setattr(self, f"likeness_{code}", likeness.of_headline(headline))
            if not getattr(self, f"slug_{code}"):
                setattr(self, f"slug_{code}", slugs.slug(headline))

    def changes(self, before: "Article | None") -> Iterator[tuple[str, list[str]]]:
        """The fields that differ from those of `before`, for each language and for what they share."""

        def changed(names: Iterable[str]) -> list[str]:
            return [
                name
                for name in names
                if ((getattr(before, name) if before else None) or "") != (getattr(self, name) or "")
            ]

        for code, _label in settings.LANGUAGES:
            yield code, changed(f"{name}_{code}" for name in TRANSLATED)
        yield Edit.SHARED, changed(SHARED)

    def hold(self) -> "Article | None":
        """The row as it is, locked until the transaction ends; whoever writes any part of the working copy, or freezes
        it, does this first: so the numbers of edits, which tell the contributors, follow the order of commits.
        """
        return Article.objects.select_for_update(no_key=True).filter(pk=self.pk).first()

    def edited(self, fields: list[str], *, by: User, language: str = Edit.SHARED) -> None:
        if fields:
            Edit.objects.create(article=self, language=language, fields=fields, by=by)

    @transaction.atomic
    def set_authors(self, authors: "Iterable[Author]", *, by: User) -> None:
        """Set the byline's authors; a change is an `Edit` like any other."""
        self.hold()
        before = set(self.authors.values_list("pk", flat=True))
        self.authors.set(authors)
        if before != set(self.authors.values_list("pk", flat=True)):
            self.edited(["authors"], by=by)

    def next_key(self) -> int:
        """A key for a citation of this article, never given before."""
        Article._base_manager.filter(pk=self.pk).update(last_key=models.F("last_key") + 1)
        [self.last_key] = Article._base_manager.filter(pk=self.pk).values_list("last_key", flat=True)
        return self.last_key
