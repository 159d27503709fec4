"""The address of a page, and every one that it had: kept for ever, never given to another, so that no link dies.

What is shown at an address is no matter of this module's.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from sources import slugs
from sources.frozen import FrozenModel, FrozenQuerySet

ALL = ""  # the language of a slug that serves every one


class KeptSlugQuerySet(FrozenQuerySet["KeptSlug"]):
    def at(self, slug: str, language: str = ALL) -> "KeptSlug | None":
        """Whose `slug` is or was, with `of`: in `language`, else in another, where it is before where it was."""
        rows = self.filter(slug=slug).select_related("of").order_by("pk")  # type: ignore[misc]
        return min(rows, key=lambda row: (row.language != language, not row.current), default=None)


class KeptSlug(FrozenModel):
    """A concrete one has `of`: a key to the `Slugged` that keeps it, whose `kept_slugs` they are."""

    language = models.CharField(_("language"), max_length=8, blank=True, default=ALL)
    slug = models.SlugField(_("address"), max_length=100)

    of: Any

    objects = KeptSlugQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        abstract = True
        default_permissions = ()
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = (models.UniqueConstraint(fields=("language", "slug"), name="%(class)s_once"),)

    def __str__(self) -> str:
        return f"{self.language}/{self.slug}" if self.language else self.slug

    @property
    def current(self) -> bool:
        return bool(self.of.slugs()[self.language] == self.slug)


class Slugged(models.Model):
    """At `slug` for every language, or where `slug_per_language` at one in each."""

    slug_per_language = False

    kept_slugs: Any

    class Meta:
        abstract = True

    def name_for_slug(self, language: str) -> str:
        """Of what a slug is made where none is written."""
        raise NotImplementedError

    @classmethod
    def slug_fields(cls) -> dict[str, str]:
        """The name of the field with the slug, by its language."""
        return {code: f"slug_{code}" for code, _label in settings.LANGUAGES} if cls.slug_per_language else {ALL: "slug"}

    def slugs(self) -> dict[str, str]:
        return {language: getattr(self, field) or "" for language, field in self.slug_fields().items()}

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """With what it is at from now on. Raises IntegrityError where another is or was there."""
        super().save(*args, **kwargs)
        slugs = self.kept_slugs.model.objects
        kept = set(slugs.filter(of=self.pk).values_list("language", "slug"))
        for language, slug in self.slugs().items():
            if slug and (language, slug) not in kept:
                slugs.create(of=self, language=language, slug=slug)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        for language, field in self.slug_fields().items():
            if not getattr(self, field):
                setattr(self, field, slugs.slug(self.name_for_slug(language)) or None)
            if not getattr(self, field) and not self.slug_per_language:
                errors[field] = _("Write an address: none can be made from the name.")
        if errors := errors | dict(self._taken()):
            raise ValidationError(errors)

    def _taken(self) -> Iterator[tuple[str, str]]:
        """Each field whose slug is or was another's, and the sentence that says so."""
        slugs, fields = self.slugs(), self.slug_fields()
        rows = self.kept_slugs.model.objects.filter(slug__in=[slug for slug in slugs.values() if slug])
        for row in rows.exclude(of=self.pk).select_related("of"):
            if slugs.get(row.language) == row.slug:
                is_or_was = (
                    _("“%(slug)s” is the address of “%(name)s”. Choose another one.")
                    if row.current
                    else _("“%(slug)s” was the address of “%(name)s”, and still leads there. Choose another one.")
                )
                yield fields[row.language], is_or_was % {"slug": row.slug, "name": row.of}
