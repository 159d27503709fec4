"""What readers are told of a change after publication. Append-only; dated by its row of the ledger."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.kinds import RATED_KINDS, SUBSTANCE, CorrectionKind
from articles.reading import Notice
from articles.states import LiveState
from sources.frozen import FrozenModel, FrozenQuerySet

from .publication import Publication
from .review import ReviewStatus
from .version import Version


class CorrectionQuerySet(FrozenQuerySet["Correction"]):
    def told(self, publications: Iterable[Publication]) -> Self:
        """All that readers are told of these languages, the newest first; of what was withdrawn since, the withdrawal
        alone: a notice repeats words.
        """
        later = Correction.objects.filter(
            publication=OuterRef("publication"), kind=CorrectionKind.WITHDRAWAL, pk__gt=OuterRef("pk")
        )
        shown = Q(kind=CorrectionKind.WITHDRAWAL) | ~Exists(later)
        return self.filter(shown, publication__in=publications).order_by("-pk")

    def listed(self) -> Self:
        """What the page of corrections tells: all but typos."""
        return self.exclude(kind=CorrectionKind.TYPO)

    def of_language(self, language: str) -> Self:
        """All that its readers are told of changes, but for typos, the newest first, with the words that are live.
        `gone`: the text was withdrawn then or later.
        """
        here = Exists(Publication.objects.filter(pk=OuterRef("publication"), language=language))  # asked of each row
        told = self.listed().filter(here).order_by("-pk")
        later = self.filter(publication=OuterRef("publication"), kind=CorrectionKind.WITHDRAWAL, pk__gte=OuterRef("pk"))
        shown = ("state", "last_published", "live__slug", "live__kind", "live__headline")
        return (
            told.annotate(gone=Exists(later))
            .select_related("publication__live", "to_version")
            .only("kind", "note", "at", "to_version__number", *(f"publication__{name}" for name in shown))
        )

    def older_than(self, pk: int) -> Self:
        return self.filter(pk__lt=pk)

    def with_versions(self) -> Self:
        """With the numbers and digests that they lead from and to, in the same query."""
        versions = [f"{end}_version__{name}" for end in ("from", "to") for name in ("number", "digest")]
        told = self.select_related("from_version", "to_version")
        return told.only("kind", "note", "at", "publication", *versions)

    def news(self, language: Publication) -> Self:
        """What other languages changed in substance, of themselves, the newest first: `language` is to catch up."""
        others = self.filter(publication__article=language.article_id, kind__in=SUBSTANCE, follows=None)
        return others.exclude(publication=language).order_by("-pk")

    def to_judge(self) -> Self:
        """Changes of substance to a claim with a number, of which nobody has said yet whether it had stood."""
        return self.filter(kind__in=SUBSTANCE, from_version__kind__in=RATED_KINDS, verdicts=None)


class Correction(FrozenModel):
    """From the version that was live to the one that took its place; a withdrawal has none to go to."""

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="corrections", verbose_name=_("publication")
    )
    from_version = models.ForeignKey(
        Version, on_delete=models.PROTECT, related_name="+", verbose_name=_("from version")
    )
    to_version = models.ForeignKey(
        Version, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("to version")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=CorrectionKind)
    note = models.TextField(_("public note"))
    at = models.DateTimeField(_("at"))
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("catches up with"),
        help_text=_("The change in another language that this one brings here; it is no news to that language."),
    )
    row = models.OneToOneField(ReviewStatus, on_delete=models.PROTECT, related_name="correction")

    objects = CorrectionQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=CorrectionKind.values), name="correction_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=CorrectionKind.WITHDRAWAL, to_version=None)
                | ~Q(kind=CorrectionKind.WITHDRAWAL) & Q(to_version__isnull=False),
                name="correction_leads_somewhere",
            ),
            models.CheckConstraint(condition=~Q(note=""), name="correction_says_what"),
        )
        indexes = (models.Index(fields=("publication", "-at"), name="correction_of_publication"),)

    def __str__(self) -> str:
        return f"{self.publication_id} {self.kind}: {self.note}"

    @property
    def is_news(self) -> bool:
        """Whether other languages have to catch up with it."""
        return self.kind in SUBSTANCE and self.follows_id is None

    @property
    def tells(self) -> bool:
        """Whether its note is for readers still: of withdrawn words, why they were withdrawn is all that is told."""
        return self.kind == CorrectionKind.WITHDRAWAL or self.publication.state == LiveState.LIVE

    def notice(self) -> Notice:
        return Notice(CorrectionKind(self.kind), self.at, self.note)
