"""One language of an article, frozen at submission: the words, the names and the citations as they were."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import digest
from articles.confidence import State
from articles.kinds import RATED_KINDS, Kind, Machine
from articles.states import Status
from sources.frozen import FrozenModel, FrozenQuerySet

from .edit import Edit
from .version_author import VersionAuthor
from .version_photo import VersionPhoto
from .version_source import VersionSource


class VersionQuerySet(FrozenQuerySet["Version"]):
    def last_approved(self, version: "Version", *, by: User) -> "Version | None":
        """The newest before `version`, of its language, that `by` approved."""
        earlier = self.filter(article=version.article_id, language=version.language, number__lt=version.number)
        return earlier.filter(statuses__status=Status.APPROVED, statuses__actor=by).order_by("-number").first()

    def says_the_same(self, version: "Version", language: str) -> "Version | None":
        """The one in another language that `version` was made from, or else the first that was made from `version`;
        those that came after it were made beside `version`, and may say something new.
        """
        there = self.filter(article=version.article_id, language=language).order_by("number")
        return there.filter(pk=version.made_from_id or 0).first() or there.filter(made_from=version).first()

    def to_judge(self) -> Self:
        """Whose claim waits to be judged: changed in substance, or drawn for an audit; the oldest first."""
        from .audit import Audit
        from .correction import Correction

        changed = Correction.objects.to_judge().values("from_version")
        return self.filter(Q(pk__in=changed) | Q(pk__in=Audit.objects.to_judge().values("version"))).order_by("pk")

    def to_draw(self, live_since: datetime) -> Self:
        """Of what an audit draws: live with a number since `live_since` or before, neither judged nor drawn yet."""
        from .publication import Publication

        live = Publication.objects.live().filter(live_approval__confidence__workings__state=State.RATED.value)
        published = {"statuses__status": Status.PUBLISHED, "statuses__at__lte": live_since}
        fresh = self.filter(kind__in=RATED_KINDS, verdicts=None, audit=None, **published)
        return fresh.filter(pk__in=live.order_by().values("live")).order_by("pk")

    @transaction.atomic
    def bulk_create(self, objs: "Iterable[Version]", *args: Any, **kwargs: Any) -> "list[Version]":
        """With the sources that they name, their authors and their pictures."""
        made = super().bulk_create(objs, *args, **kwargs)
        VersionSource.objects.index(made)
        VersionAuthor.objects.index(made)
        VersionPhoto.objects.index(made)
        return made


class Version(FrozenModel):
    """`citations` is a list of objects with number, url, title, title_language, source {id, name, language}, origin
    (the same, or None), stance, first_hand, quote, locator, accessed (ISO date or ""), archive_url. `byline` and
    `contributors` are lists of {id, name}: of authors, and of users. Numbers in the body's marks are the citations'.
    `pictures` is a list of objects with number, place ("lead", then those in the "text" as they stand there), photo
    (its id, which the body has), hash (of the file), width, height, colour, focal_x, focal_y (per cent: what it is cut
    around), alt, decorative, caption, credit, licence, source_url.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, related_name="versions", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=8)
    number = models.PositiveIntegerField(_("number"))
    headline = models.CharField(_("headline"), max_length=200)
    summary = models.CharField(_("summary"), max_length=400)
    body = models.TextField(_("text"))
    slug = models.SlugField(_("address"), max_length=100)
    claim = models.CharField(_("claim"), max_length=400)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    machine = models.CharField(_("part that machines had"), max_length=20, choices=Machine)
    translator = models.CharField(_("translator"), max_length=150, blank=True)
    category = models.ForeignKey(
        "articles.Category", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("category")
    )
    category_name = models.CharField(_("category"), max_length=100, blank=True)
    byline = models.JSONField(_("byline"))
    citations = models.JSONField(_("citations"))
    pictures = models.JSONField(_("pictures"), default=list)
    contributors = models.JSONField(_("contributors"))
    made_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("translated from")
    )
    last_edit = models.ForeignKey(Edit, on_delete=models.PROTECT, related_name="+", verbose_name=_("last edit"))
    digest = models.CharField(_("digest"), max_length=64)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("frozen by")
    )
    frozen_at = models.DateTimeField(_("frozen on"), default=timezone.now)

    objects = VersionQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ("article", "language", "number")
        constraints = (
            models.UniqueConstraint(fields=("article", "language", "number"), name="version_number_once"),
            models.CheckConstraint(
                condition=Q(category__isnull=False) | Q(kind=Kind.PAGE), name="only_a_page_has_no_category"
            ),
        )

    def __str__(self) -> str:
        return f"{self.headline} ({self.language} {self.number})"

    @transaction.atomic(savepoint=False)
    def save(self, **options: Any) -> None:
        """With the sources that it names, its authors and its pictures."""
        super().save(**options)
        VersionSource.objects.index([self])
        VersionAuthor.objects.index([self])
        VersionPhoto.objects.index([self])

    def content(self) -> dict[str, Any]:
        """What the digest is over, and record.json publishes."""
        pictures = {"schema": digest.WITH_PICTURES, "pictures": self.pictures} if self.pictures else {}
        return {
            "schema": digest.SCHEMA,
            "article": self.article_id,
            "language": self.language,
            "headline": self.headline,
            "summary": self.summary,
            "body": self.body,
            "slug": self.slug,
            "claim": self.claim,
            "kind": str(self.kind),
            "category": self.category_name,
            "byline": self.byline,
            "machine": str(self.machine),
            "translator": self.translator,
            "citations": self.citations,
            **pictures,
        }

    def computed_digest(self) -> str:
        return digest.sha256(self.content())
