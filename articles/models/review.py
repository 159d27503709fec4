"""The ledger: what happened to versions, by whom and when. One chain of hashes; append-only."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections, models, router
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles import digest
from articles.confidence import Workings
from articles.reading import Glance, Reassessment, Review, glance
from articles.revisions import STEPS
from articles.states import Status
from sources.frozen import FrozenModel, FrozenQuerySet

from .version import Version

ASSESSED = (Status.APPROVED, Status.REASSESSED)  # rows that carry a confidence with its workings
_LOCK = 0x6E657773  # one writer at a time on PostgreSQL; SQLite's transactions are immediate


class Head(NamedTuple):
    """Of a row, what the next is chained to."""

    hash: str
    at: datetime


class ReviewStatusQuerySet(FrozenQuerySet["ReviewStatus"]):
    def told(self, publication: Any) -> Self:
        """What readers saw the effect of in this language of an article, the newest first, without words and workings.
        `gone`: it was withdrawn then or later.
        """
        here = self.filter(version__article=publication.article_id, version__language=publication.language)
        withdrawn = here.filter(status=Status.WITHDRAWN).order_by("-pk").values("pk")[:1]  # asked once, not of each row
        shown = ("status", "at", "note", "digest", "version__number")
        correction = (f"correction__{name}" for name in ("kind", "note", "at"))
        rows = here.filter(status__in=STEPS).annotate(gone=Coalesce(Q(pk__lte=Subquery(withdrawn)), False))
        return rows.select_related("version", "correction").only(*shown, *correction).order_by("-pk")

    def rating(self, rows: "Collection[ReviewStatus]") -> Self:
        """The rows with the confidence that readers had from each of these on, with their versions: approvals, of one
        version the latest last, and assessments of what was live.
        """
        approved = Q(status=Status.APPROVED, version__in={row.version_id for row in rows})
        again = Q(status=Status.REASSESSED, pk__in=[row.pk for row in rows])
        return self.filter(approved | again).select_related("version").order_by("pk")

    def append(self, version: Version, status: Status, **told: Any) -> "ReviewStatus":
        """Add the next row of the chain; `told` as `after` takes it. To be called inside a transaction, by the workflow
        alone.
        """
        row = ReviewStatus.after(self.head(), version, status, **told)
        row.save(force_insert=True)
        return row

    def head(self) -> "Head | None":
        """The last row of the chain, to which nobody else adds one until the transaction ends."""
        connection = connections[router.db_for_write(self.model)]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = self.order_by("-pk").values_list("hash", "at").first()
        return Head(*last) if last else None


class ReviewStatus(FrozenModel):
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="statuses", verbose_name=_("version"))
    status = models.CharField(_("status"), max_length=20, choices=Status)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"))
    actor_name = models.CharField(_("name then"), max_length=300)
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    confidence = models.JSONField(_("confidence and workings"), null=True)
    self_review = models.BooleanField(_("self-reviewed"), default=False)
    previous = models.CharField(_("hash of the row before"), max_length=64, unique=True, blank=True)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    objects = ReviewStatusQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("review status")
        verbose_name_plural = _("review ledger")
        constraints = (
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="review_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status__in=ASSESSED) | models.Q(confidence__isnull=False),
                name="approval_has_workings",
            ),
        )
        indexes = (
            models.Index(fields=("version", "status"), name="review_of_version"),
            models.Index(fields=("at",), name="review_by_date"),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.status}"

    @classmethod
    def after(
        cls,
        head: "Head | ReviewStatus | None",
        version: Version,
        status: Status,
        *,
        by: User,
        at: datetime,
        note: str = "",
        confidence: dict[str, Any] | None = None,
        self_review: bool = False,
    ) -> "ReviewStatus":
        """The unsaved row that follows `head`; a clock set back dates nothing back."""
        row = cls(
            version=version,
            status=status,
            actor=by,
            actor_name=by.get_full_name() or by.get_username(),
            at=max(at, head.at) if head else at,
            note=note,
            digest=version.digest,
            confidence=confidence,
            self_review=self_review,
            previous=head.hash if head else "",
        )
        row.hash = row.computed_hash()
        return row

    def review(self) -> Review:
        """What readers are told of the review: by an approval, or by the reassessment of what was approved."""
        told = self.confidence or {}
        if self.status != Status.REASSESSED:
            return Review(told["reviewer"], self.at, self.self_review, self.note)
        first = told["review"]
        return Review(
            first["by"],
            datetime.fromisoformat(first["at"]),
            first["self_review"],
            first["note"],
            Reassessment(told["reviewer"], self.at, self.note),
        )

    def glance(self, kind: str) -> Glance:
        """What the badges of an article of this kind say by this row, one of those that carry a confidence."""
        assert self.confidence is not None
        return glance(kind, Workings.from_json(self.confidence["workings"]))

    def computed_hash(self) -> str:
        """SHA-256 over the row before and everything that this row says."""
        return digest.sha256(
            {
                "previous": self.previous,
                "version": self.version_id,
                "status": str(self.status),
                "actor": self.actor_id,
                "actor_name": self.actor_name,
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "note": self.note,
                "digest": self.digest,
                "confidence": self.confidence,
                "self_review": self.self_review,
            }
        )
