"""Whoever an article relies on: a person, an organisation, a publication, a body, a work, a data set."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sources.naming import Named, named


class Kind(models.TextChoices):
    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")
    PUBLICATION = "publication", pgettext_lazy("kind of source", "publication")
    GOVERNMENT = "government", _("government body")
    ACADEMIC = "academic", _("academic work")
    DATASET = "dataset", _("data set")


class SourceQuerySet(models.QuerySet["Source"]):
    def with_tier(self) -> Self:
        """Each source with `tier` and `review_by` of its latest assessment, None where there is none ("not rated")."""
        from .assessment import SourceAssessment

        latest = SourceAssessment.objects.filter(source=OuterRef("pk")).order_by("-pk")
        return self.annotate(**{name: Subquery(latest.values(name)[:1]) for name in ("tier", "review_by")})


class Source(models.Model):
    name = models.CharField(_("name"), max_length=200, blank=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    kind = models.CharField(
        pgettext_lazy("of a source", "kind"), max_length=20, choices=Kind, default=Kind.ORGANISATION
    )
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned",
        verbose_name=_("owner"),
        help_text=_("Who owns it. Sources of one owner count as one voice."),
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("slug",)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(owner=models.F("pk")) | models.Q(owner=None), name="source_not_its_own_owner"
            ),
        )

    def __str__(self) -> str:
        return self.named(get_language() or "").text or self.slug

    def named(self, language: str) -> Named:
        return named(self, "name", language)

    def clean(self) -> None:
        if not self.named("").text:
            raise ValidationError(_("Give the source a name in at least one language."))
        owner, seen = self.owner, {self.pk}
        while owner is not None:
            if owner.pk in seen:
                raise ValidationError({"owner": _("A source cannot own itself, not even through others.")})
            seen.add(owner.pk)
            owner = owner.owner
