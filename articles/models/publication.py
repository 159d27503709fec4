"""What readers have of one language of an article, and what is on its way to them. Every move locks these rows."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from articles import pixels
from articles.kinds import SUBSTANCE, Kind
from articles.reading import Notice, Reading, reading
from articles.states import LiveState, Place, Role, ScheduleState, Status

from .edit import Edit
from .review import ReviewStatus
from .schedule import Schedule
from .version import Version
from .version_author import VersionAuthor
from .version_source import VersionSource


class PublicationQuerySet(models.QuerySet["Publication"]):
    def live(self, language: str | None = None) -> Self:
        """What readers can read now, newest first; in one language, or in all."""
        live = self.filter(state=LiveState.LIVE).order_by("-first_published", "-pk")
        return live if language is None else live.filter(language=language)

    def stories(self, language: str | None = None) -> Self:
        """Live, and no page about ourselves: what lists, feeds and news are made of."""
        return self.live(language).exclude(live__kind=Kind.PAGE)

    def pages(self, language: str) -> Self:
        """The live pages about ourselves, the first published first."""
        return self.live(language).filter(live__kind=Kind.PAGE).order_by("first_published", "pk")

    def beside(self, page: "PublicationQuerySet") -> Self:
        """Every live language of the articles in `page`, which may be sliced."""
        return self.live().filter(article__in=page.values("article"))

    def news(self, since: datetime) -> Self:
        """Stories that are live since then at the earliest, in all languages."""
        return self.stories().filter(first_published__gte=since)

    def ever_public(self) -> Self:
        """What readers can read now, and what was withdrawn from them, the newest first."""
        return self.exclude(state=LiveState.NEVER).order_by("-first_published", "-pk")

    def older_than(self, pk: int) -> Self:
        """After this row in the order of `live`, found by what is in its index: as cheap wherever it begins."""
        there = Subquery(Publication.objects.filter(pk=pk).values("first_published"))
        return self.filter(first_published__lte=there).exclude(first_published=there, pk__gte=pk)

    def in_category(self, category: int) -> Self:
        """By the version that readers have."""
        return self.filter(live__category=category)

    def by_author(self, author: int) -> Self:
        """In whose byline, as readers have it, this author is."""
        return self.filter(live__in=VersionAuthor.objects.by(author).values("version"))

    def since(self, start: datetime) -> Self:
        return self.filter(first_published__gte=start)

    def until(self, end: datetime) -> Self:
        return self.filter(first_published__lt=end)

    def for_readers(self) -> Self:
        """With the words and the approval, in the same query; the working copy stays out of it."""
        return self.select_related("live", "live_approval")

    def with_crops(self) -> Self:
        """`cropped`: whether every JPEG of the live version's lead picture, which is the first of its pictures, is made
        as it was to be cut then.
        """
        from .rendition import Rendition, RenditionState

        first = KeyTransform("0", "live__pictures")
        lead = {name: KeyTextTransform(name, first) for name in ("hash", "focal_x", "focal_y")}
        cut = {name: Cast(lead[name], models.IntegerField()) for name in ("focal_x", "focal_y")}
        rows = self.alias(lead_file=lead["hash"], lead_x=cut["focal_x"], lead_y=cut["focal_y"])
        of_it = {"file": OuterRef("lead_file"), "focal_x": OuterRef("lead_x"), "focal_y": OuterRef("lead_y")}
        sizes = Rendition.objects.filter(**of_it, file_format="jpeg")
        unmade = sizes.exclude(state=RenditionState.DONE)
        return rows.annotate(cropped=Exists(sizes.exclude(ratio=pixels.WIDE)) & ~Exists(unmade))

    def at(self, language: str, slug: str) -> "list[Publication]":
        """Every language, live or withdrawn, of the article that is or was public at `slug`: in `language`, else in
        another.

        One query. An address that was only ever reserved finds nothing: a draft does not show by its slug. `corrected`:
        readers are told of a change, in this language.
        """
        public = Version.objects.filter(slug=slug, statuses__status=Status.PUBLISHED)
        here = public.filter(article=OuterRef("article"), language=language)
        found = self.ever_public().for_readers().filter(article__in=public.values("article"))
        told = Publication.objects.filter(pk=OuterRef("pk"), corrections__isnull=False)
        rows = list(found.annotate(here=Exists(here), corrected=Exists(told)))
        first = next((row for row in rows if row.here), rows[0] if rows else None)  # type: ignore[attr-defined]
        return [row for row in rows if first and row.article_id == first.article_id]

    def in_review(self) -> Self:
        return self.filter(in_review__isnull=False).order_by("in_review__frozen_at", "pk")

    def unassigned(self) -> Self:
        return self.filter(reviewer=None)

    def overdue(self, today: date) -> Self:
        """Whose review was due before `today`."""
        return self.filter(review_due__lt=today)

    def ready(self) -> Self:
        """Approved and waiting for a publisher; what waits for its hour does not."""
        return self.filter(approved__isnull=False).exclude(scheduled__version=F("approved")).order_by("pk")

    def on_schedule(self) -> Self:
        """What goes out by itself: what failed first, then by the hour."""
        failed = Q(scheduled__state=ScheduleState.FAILED)
        return self.filter(scheduled__isnull=False).order_by(Case(When(failed, 0), default=1), "scheduled__due", "pk")

    def newer_in_draft(self) -> Self:
        """Live, and the working copy was edited after the live version was frozen, the last edited first; not where the
        newest edit is frozen in a version on its way.
        """
        here = Q(language=OuterRef("language")) | Q(language=Edit.SHARED)
        edits = Edit.objects.filter(here, article=OuterRef("article")).order_by("-pk").values("pk")
        rows = self.filter(state=LiveState.LIVE).annotate(newest_edit=Subquery(edits[:1]))
        on_its_way = Q()
        for version in ("in_review", "approved", "scheduled__version"):
            on_its_way |= Q(**{f"{version}__last_edit__gte": F("newest_edit")})
        return rows.filter(newest_edit__gt=F("live__last_edit")).exclude(on_its_way).order_by("-newest_edit")

    def out_of_date(self) -> Self:
        """Live, and behind a change of substance in another language: `outdated.behind`, as a question to the
        database.
        """
        from .correction import Correction

        changes = Correction.objects.filter(kind__in=SUBSTANCE, follows=None)
        reached, left = Q(to_version__gt=OuterRef("base")), Q(from_version__gte=OuterRef("base"))
        after = changes.filter(reached | Q(to_version=None) & left, publication=OuterRef("pk"))
        beside = Q(language=Coalesce(OuterRef("live__made_from__language"), Value("")))
        base = Case(When(beside, then=OuterRef("live__made_from")), default=OuterRef("live"))
        others = Publication.objects.filter(article=OuterRef("article")).exclude(pk=OuterRef("pk")).alias(base=base)
        rows = self.filter(article__in=changes.values("publication__article"), state=LiveState.LIVE)
        return rows.filter(Exists(others.filter(Exists(after)))).order_by("-live_id", "pk")

    def relying_on(self, sources: Collection[int]) -> Self:
        """Live, and the live version names any of these, as source or as origin of a citation."""
        versions = VersionSource.objects.naming(sources).values("version")
        return self.filter(state=LiveState.LIVE, live__in=versions).order_by("pk")

    def to_rely_on(self, sources: Collection[int]) -> Self:
        """Of which any version on its way or live names any of these."""
        versions = VersionSource.objects.naming(sources).values("version")
        here = Q()
        for place in ("live", "approved", "in_review", "scheduled__version"):
            here |= Q(**{f"{place}__in": versions})
        return self.filter(here).order_by("pk")

    def unsettled(self) -> Self:
        """That wait to be reassessed, the longest first."""
        return self.filter(unsettled_since__isnull=False).order_by("unsettled_since", "pk")

    def due(self) -> Self:
        """Whose scheduled version is to go out now, the earliest first."""
        return self.filter(scheduled__in=Schedule.objects.due()).order_by("scheduled__next_try", "pk")

    def of(self, article_id: int) -> Self:
        return self.filter(article=article_id).order_by("pk")

    def with_versions(self) -> Self:
        """With what the desk shows of each row, in the same query."""
        return self.select_related(
            "in_review", "approved", "live", "live_approval", "in_review__frozen_by", "in_review__category",
            "scheduled__version", "scheduled__by", "reviewer",
        )  # fmt: skip


def _version(verbose_name: Any) -> "models.ForeignKey[Version | None, Version | None]":
    return models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=verbose_name)


class Publication(models.Model):
    article = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, related_name="publications", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=8)
    in_review = _version(_("in review"))
    approved = _version(_("approved"))
    live = _version(_("live"))
    live_approval = models.ForeignKey(
        ReviewStatus, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("live approval")
    )
    state = models.CharField(_("state"), max_length=10, choices=LiveState, default=LiveState.NEVER)
    first_published = models.DateTimeField(_("first published"), null=True)
    last_published = models.DateTimeField(_("last published"), null=True)  # moves with substance alone
    scheduled = models.OneToOneField(
        Schedule, on_delete=models.PROTECT, null=True, related_name="publication", verbose_name=_("scheduled")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="assigned",
        verbose_name=_("named reviewer"),
    )
    review_due = models.DateField(_("review due"), null=True)
    unsettled_since = models.DateTimeField(
        _("to be reassessed since"),
        null=True,
        help_text=_("Since then, an assessment says something else than readers are shown."),
    )
    stamp = models.PositiveBigIntegerField(_("stamp"), default=0)  # raised by every move in any language of the article

    cropped: bool  # by `with_crops`

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        default_permissions = ("view",)
        permissions = [(role.value, role.value.replace("_", " ")) for role in Role]
        constraints = (
            models.UniqueConstraint(fields=("article", "language"), name="publication_once"),
            models.CheckConstraint(condition=Q(state__in=LiveState.values), name="publication_state_known"),
            models.CheckConstraint(
                condition=Q(state=LiveState.NEVER, live=None, live_approval=None, first_published=None)
                | Q(live__isnull=False, live_approval__isnull=False, first_published__isnull=False)
                & ~Q(state=LiveState.NEVER),
                name="live_is_approved_and_dated",
            ),
            models.CheckConstraint(
                condition=Q(in_review=None) | Q(approved=None) | ~Q(in_review=F("approved")),
                name="in_review_or_approved",
            ),
            models.CheckConstraint(
                condition=Q(unsettled_since=None) | Q(state=LiveState.LIVE), name="only_what_is_live_is_unsettled"
            ),
        )
        indexes = (
            models.Index(fields=("language", "state", "-first_published", "-id"), name="publication_live"),
            models.Index(fields=("state", "-first_published", "-id"), name="publication_newest"),  # of all languages
            models.Index(fields=("state", "article", "last_published"), name="publication_in_sitemap"),
            models.Index(
                fields=("unsettled_since", "id"),
                condition=Q(unsettled_since__isnull=False),
                name="publication_unsettled",
            ),
        )

    def __str__(self) -> str:
        return f"{self.newest or self.article_id} · {self.language}"

    @property
    def newest(self) -> Version | None:
        """The furthest version on its way: in review, else approved, else live."""
        return self.in_review or self.approved or self.live

    @property
    def places(self) -> list[Place]:
        """Where the language stands, the nearest to the reader first; a draft alone when nowhere else."""
        places = [
            place
            for place, here in [
                (Place.WITHDRAWN, self.state == LiveState.WITHDRAWN),
                (Place.LIVE, self.state == LiveState.LIVE),
                (Place.SCHEDULED, self.scheduled_id),
                (Place.APPROVED, self.approved_id),
                (Place.IN_REVIEW, self.in_review_id),
            ]
            if here
        ]
        return places or [Place.DRAFT]

    def with_its_versions(self) -> Self:
        """Itself, with the versions it names: in one query, and none of them twice."""
        names = ("in_review", "approved", "live")
        versions = Version.objects.order_by().in_bulk({getattr(self, f"{name}_id") for name in names} - {None})
        for name in names:
            setattr(self, name, versions.get(getattr(self, f"{name}_id")))
        return self

    @property
    def settled_id(self) -> int | None:
        """The version that another language is made from: the live one, else the approved, else that in review.
        Withdrawn words are none.
        """
        return (self.live_id if self.state == LiveState.LIVE else None) or self.approved_id or self.in_review_id

    def reading(self, notices: tuple[Notice, ...] = ()) -> Reading:
        """What readers get, with these notices. Only of a row that is live, with its version and approval."""
        version, approval = self.live, self.live_approval
        if self.state != LiveState.LIVE or version is None or approval is None or approval.confidence is None:
            raise ValueError("nothing of this language is live")
        return reading(
            version.content(),
            approval.confidence,
            number=version.number,
            digest=version.digest,
            review=approval.review(),
            published=self.first_published,
            updated=self.last_published,
            notices=notices,
            category_id=version.category_id,
        )


def answering(public: "Sequence[Publication]", language: str) -> "Publication | None":
    """Of the public languages of an article, the one that answers for `language`: itself, be it withdrawn, for whoever
    asks for withdrawn words gets their notice and not what another language says instead; else one that is live.
    """
    live = [row for row in public if row.state == LiveState.LIVE]
    return next((row for row in public if row.language == language), next(iter(live or public), None))


def to_translate_from(rows: "Iterable[Publication]", language: str) -> "Publication | None":
    """Of the languages of an article, the one that `language` is best made from: live before approved before in review;
    of several, the one submitted last.
    """
    others = [row for row in rows if row.language != language and row.settled_id]
    return max(
        others,
        key=lambda row: (row.state == LiveState.LIVE, row.approved_id is not None, row.settled_id),
        default=None,
    )
