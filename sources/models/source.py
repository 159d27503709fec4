"""Whoever an article relies on: a person, an organisation, a publication, a body, a work, a data set."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sources.naming import Named, folded, named

from .slug import KeptSlug, Slugged


class Kind(models.TextChoices):
    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")
    PUBLICATION = "publication", pgettext_lazy("kind of source", "publication")
    GOVERNMENT = "government", _("government body")
    ACADEMIC = "academic", _("academic work")
    DATASET = "dataset", _("data set")


class SourceQuerySet(models.QuerySet["Source"]):
    def kept(self) -> Self:
        """Those that were not merged into another."""
        return self.filter(merged_into=None)

    def with_tier(self) -> Self:
        """Each source with `tier`, and with `review_by`, until when it holds: of its latest assessment, or of that of
        the source it was merged into; None where there is none ("not rated").
        """
        from .assessment import SourceAssessment

        latest = SourceAssessment.objects.filter(source=Coalesce(OuterRef("merged_into"), OuterRef("pk")))
        latest = latest.order_by("-pk")
        return self.annotate(
            tier=Subquery(latest.values("tier")[:1]), review_by=Subquery(latest.values("review_by")[:1])
        )

    def with_record(self) -> Self:
        """Each source with `held` and `failed`, its outcomes by weight; `checks`, their number; and `own_checks`, those
        of our own articles; what was said of those merged into it among them.
        """
        from .outcome import SourceOutcome

        here = OuterRef(OuterRef("pk"))
        family = Source.objects.filter(models.Q(pk=here) | models.Q(merged_into=here))

        rows = SourceOutcome.objects.counting().filter(weight__gt=0, source__in=family.values("pk")).order_by()

        def told(what: models.Aggregate, none: Any, **which: Any) -> Coalesce:
            whole = rows.filter(**which).annotate(all=models.Value(1)).values("all")
            return Coalesce(Subquery(whole.annotate(told=what).values("told")), none)

        return self.annotate(
            held=told(models.Sum("weight"), Decimal(0), held=True),
            failed=told(models.Sum("weight"), Decimal(0), held=False),
            checks=told(models.Count("pk"), 0),
            own_checks=told(models.Count("pk"), 0, subject__gt=""),
        )

    def matching(self, text: str) -> Self:
        """Those found by `text`: words of a name in any language, or an address; what was merged finds the other."""
        from .address import SourceAddress

        named = models.Q()
        for word in folded(text).split():
            named &= models.Q(folded__contains=word)
        found = Source.objects.filter(named | models.Q(pk__in=SourceAddress.objects.like(text).values("source")))
        return self.filter(pk__in=found.annotate(head=Coalesce("merged_into", "pk")).values("head"))

    def alike(self, source: "Source") -> Self:
        """The others that have a name of `source`, in whatever language, capitals and marks aside."""
        same = models.Q(pk__in=[])
        for name in source.folded.split("\n"):
            if name:
                same |= models.Q(folded__contains=f"\n{name}\n")
        return self.kept().filter(same).exclude(pk=source.pk)


class Source(Slugged):
    name = models.CharField(_("name"), max_length=200, blank=True)
    slug = models.SlugField(
        _("address"), max_length=100, unique=True, blank=True, help_text=_("Left empty, it is made from the name.")
    )
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
        limit_choices_to={"merged_into": None},
        verbose_name=_("owner"),
        help_text=_("Who owns it. Sources of one owner count as one voice."),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )  # never one that was merged itself: `joining` sees to it

    folded = models.TextField(default="", editable=False)  # its names as they are searched for, a line each

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("slug",)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(owner=models.F("pk")) | models.Q(owner=None), name="source_not_its_own_owner"
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("pk")) | models.Q(merged_into=None),
                name="source_not_merged_into_itself",
            ),
        )

    def __str__(self) -> str:
        return self.named(get_language() or "").text or self.slug

    def named(self, language: str) -> Named:
        return named(self, "name", language)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        names = [folded(getattr(self, f"name_{code}") or "") for code, _label in settings.LANGUAGES]
        self.folded = "\n{}\n".format("\n".join(names))
        if update_fields is not None:
            update_fields = {*update_fields, "folded"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def name_for_slug(self, language: str) -> str:
        return self.named("").text

    def clean(self) -> None:
        if not self.named("").text:
            raise ValidationError(_("Give the source a name in at least one language."))
        super().clean()
        owner, seen = self.owner, {self.pk}
        while owner is not None:
            if owner.pk in seen:
                raise ValidationError({"owner": _("A source cannot own itself, not even through others.")})
            seen.add(owner.pk)
            owner = owner.owner


class SourceSlug(KeptSlug):
    of = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="kept_slugs")
