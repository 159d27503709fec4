"""What an article relies on for its claim: shared by its languages, ordered, each with a key that never changes."""

from functools import partial
from typing import Any, Self

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from articles import likeness
from articles.confidence import Stance
from sources import addresses
from sources.models import Source

from .article import WorkingQuerySet
from .edit import Edit
from .link import Link

STANCES = [
    (Stance.SUPPORTS.value, _("supports the claim")),
    (Stance.CONTRADICTS.value, _("contradicts the claim")),
    (Stance.CONTEXT.value, _("context only")),
]


def web_address(url: str) -> None:
    """Raises ValidationError, in the words of the address's grammar."""
    try:
        addresses.parse(url)
    except addresses.BadAddress as error:
        raise ValidationError(str(error)) from error


class CitationQuerySet(WorkingQuerySet):
    def dead(self) -> Self:
        """That no reader can open any more and of which there is no archived copy, the longest dead first."""
        dead = Link.objects.dead()
        since = dead.filter(url=OuterRef("url")).values("failing_since")
        rows = self.filter(archive_url="", url__in=dead.values("url"))
        return rows.annotate(dead_since=Subquery(since[:1])).order_by("dead_since", "pk")

    def naming(self, source: Source) -> Self:
        """That have it from `source`, at first or at second hand."""
        return self.filter(models.Q(source=source) | models.Q(origin=source))

    def repoint(self, source: Source, into: Source, *, by: User) -> None:
        """Let each of these that names `source` name `into`, and write the `Edit` of each article, which the caller
        holds. As many queries for all as for one.
        """
        keys: dict[int, list[str]] = {}
        for article, key in self.naming(source).order_by("article", "key").values_list("article", "key"):
            keys.setdefault(article, []).append(f"citation {key}")
        for role in ("source", "origin"):
            Citation._base_manager.filter(article__in=keys, **{role: source}).update(**{role: into})
        Edit.objects.bulk_create([Edit(article_id=article, fields=fields, by=by) for article, fields in keys.items()])


class Citation(models.Model):
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="citations")
    key = models.PositiveSmallIntegerField(
        _("mark"), editable=False, help_text=_("The number by which marks in the text point here.")
    )
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    url = models.CharField(_("URL"), max_length=addresses.LONGEST, validators=[web_address])
    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="+", verbose_name=_("source"))
    title = models.CharField(_("title"), max_length=300, blank=True)
    title_language = models.CharField(_("language of the title"), max_length=8, blank=True)
    stance = models.CharField(_("stance"), max_length=12, choices=STANCES, default=Stance.SUPPORTS.value)
    first_hand = models.BooleanField(
        _("first-hand"), default=True, help_text=_("The source did it, saw it, measured it or decided it itself.")
    )
    origin = models.ForeignKey(
        "sources.Source",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("has it from"),
        help_text=_("For a second-hand citation: whom the source has it from."),
    )
    quote = models.TextField(_("quote"), blank=True)
    locator = models.CharField(_("locator"), max_length=100, blank=True, help_text=_("Page, section, minute."))
    accessed = models.DateField(_("accessed"), null=True, blank=True)
    archive_url = models.CharField(
        _("archived copy"), max_length=addresses.LONGEST, blank=True, validators=[web_address]
    )

    likeness = models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True)  # of the page

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ("position", "key")
        constraints = (models.UniqueConstraint(fields=("article", "key"), name="citation_key_once"),)

    def __str__(self) -> str:
        return f"[{self.key}] {self.title or self.url}"

    @transaction.atomic
    def save(self, *args: Any, by: User, **kwargs: Any) -> None:  # type: ignore[override]
        """Save, and write the `Edit` of what the languages share. A new citation gets a key that was never given."""
        self.article.hold()
        if not self.key:
            self.key = self.article.next_key()
            self.position = self.position or self.key
        self.complete()
        super().save(*args, **kwargs)
        self.article.edited([f"citation {self.key}"], by=by)
        # Afterwards, as two who cite the same pages in another order would wait for each other.
        transaction.on_commit(partial(Link.objects.keep, [self.url]), robust=True)

    def complete(self) -> None:
        """Give it what is made of its address."""
        self.likeness = likeness.of_url(self.url)

    @transaction.atomic
    def delete(self, *args: Any, by: User, **kwargs: Any) -> Any:  # type: ignore[override]
        self.article.hold()
        self.article.edited([f"citation {self.key}"], by=by)
        return super().delete(*args, **kwargs)
