"""What a reviewer asks about a paragraph of a version, what is answered, and that it is settled. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel, FrozenQuerySet

from .publication import Publication
from .version import Version


class RemarkQuerySet(FrozenQuerySet["Remark"]):
    def open(self) -> "RemarkQuerySet":
        """First remarks that no row of their thread resolves."""
        resolving = self.model.objects.filter(thread=OuterRef("pk"), resolves=True)
        return self.filter(~Exists(resolving), thread=None)


class Remark(FrozenModel):
    """`paragraph` counts the blocks of the version's text from 1, 0 is the whole; `excerpt` is that block as it read.
    A first remark has no `thread`; the rows that answer it name it there, and one of them may resolve it.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="remarks")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="remarks")
    paragraph = models.PositiveIntegerField(_("paragraph"))
    excerpt = models.TextField(_("excerpt"), blank=True)
    text = models.TextField(_("text"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    thread = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answers")
    resolves = models.BooleanField(_("resolves"), default=False)

    objects = RemarkQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("note on a text")
        verbose_name_plural = _("notes on texts")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=~Q(text="") | Q(resolves=True), name="remark_says_something"),
            models.CheckConstraint(condition=Q(thread__isnull=False) | Q(resolves=False), name="remark_opens_first"),
            models.UniqueConstraint(fields=("thread",), condition=Q(resolves=True), name="remark_resolved_once"),
        )

    def __str__(self) -> str:
        return f"{self.publication_id} ¶{self.paragraph}: {self.text}"
