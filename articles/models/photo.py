"""A picture that articles show, with what is said of it in each language; and the file it is at present, which never
changes: another file is another row, and what was approved keeps its own.
"""

import secrets
from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles import pixels
from articles.reading import Pictured
from sources import addresses
from sources.naming import named

from .article import Article, WorkingQuerySet
from .article_photo import ArticlePhoto
from .citation import web_address
from .edit import Edit

SAID = ("alt", "caption")  # in each language
SHARED = (
    "file_id", "decorative", "credit", "licence", "source_url", "taken_on", "people", "place", "focal_x", "focal_y",
)  # fmt: skip


FOLDER = "pictures"


def random_name(row: models.Model, name: str) -> str:
    """Where a file is stored: nothing of what anybody called it is left."""
    return f"{FOLDER}/{secrets.token_hex(16)}"


class PhotoFile(models.Model):
    """Found by the SHA-256 of what is kept, which is what a version names: a JPEG in sRGB without metadata."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    kept = models.FileField(upload_to=random_name)
    preview = models.FileField(upload_to=random_name)  # whole and small, for the desk
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    colour = models.CharField(max_length=7)  # most of it, "#rrggbb"
    added_at = models.DateTimeField(_("added on"), default=timezone.now)

    class Meta:
        verbose_name = _("file of a picture")
        verbose_name_plural = _("files of pictures")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


class Photo(models.Model):
    file = models.ForeignKey(PhotoFile, on_delete=models.PROTECT, related_name="photos", verbose_name=_("file"))
    alt = models.CharField(
        _("text in place of the picture"),
        max_length=300,
        blank=True,
        help_text=_("What it shows, for those who cannot see it. No need to start with “picture of”."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("It says nothing that the words do not: read aloud, it is left out."),
    )
    credit = models.CharField(_("credit"), max_length=150, help_text=_("Who made it, as readers are to see it."))
    licence = models.CharField(
        _("licence"), max_length=100, blank=True, help_text=_("By what right it is shown: CC BY 4.0, bought, our own.")
    )
    source_url = models.CharField(
        _("where it is from"), max_length=addresses.LONGEST, blank=True, validators=[web_address]
    )
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    people = models.CharField(_("who is in it"), max_length=300, blank=True)
    place = models.CharField(_("where it was taken"), max_length=200, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        _("focal point from the left, in %"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point from the top, in %"), default=50, validators=[MaxValueValidator(100)]
    )
    # Whoever ever wrote or changed it: contributors of what shows it, also of what came to show it later.
    hands = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", editable=False)
    added_at = models.DateTimeField(_("added on"), default=timezone.now, editable=False)

    objects = WorkingQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(focal_x__lte=100, focal_y__lte=100), name="photo_focal_point_within"
            ),
        )

    def __str__(self) -> str:
        language = get_language() or ""
        text = named(self, "caption", language).text or named(self, "alt", language).text or self.credit
        return f"#{self.pk} {text}"

    @transaction.atomic
    def save(self, *args: Any, by: User, **kwargs: Any) -> None:  # type: ignore[override]
        """Save what the desk says of it, and want it cut so. Whoever did has edited every article that shows it."""
        from .rendition import Rendition

        showing = Article.objects.select_for_update(no_key=True).holding(self).order_by("pk") if self.pk else []
        articles = list(showing)  # held: whoever freezes one of them waits, or has frozen it before
        before = Photo._base_manager.filter(pk=self.pk).first()
        super().save(*args, **kwargs)
        edits = {code: [f"{name}_{code}" for name in SAID] for code, _label in settings.LANGUAGES}
        changed = {
            language
            for language, names in (edits | {Edit.SHARED: list(SHARED)}).items()
            if any(getattr(before, name, None) != getattr(self, name) for name in names)
        }
        Edit.objects.bulk_create(Edit(by=by, **row) for row in self._edits(articles, changed))
        self.hands.add(by)
        Rendition.objects.want(self)

    def _edits(self, articles: list[Article], changed: Collection[str]) -> Iterator[dict[str, Any]]:
        """Of the languages (or of what they share) in which it was `changed`, for each article where it stands."""
        texts = set(ArticlePhoto.objects.filter(photo=self).values_list("article", "language")) if articles else set()
        for article in articles:
            if article.lead_id == self.pk:
                yield from ({"article": article, "language": each, "fields": ["lead_id"]} for each in sorted(changed))
            for code, _label in settings.LANGUAGES:
                if (article.pk, code) in texts and {code, Edit.SHARED} & {*changed}:
                    yield {"article": article, "language": code, "fields": [f"body_{code}"]}

    def lacks_alt(self, language: str) -> bool:
        """Whether a reader who cannot see it would be told nothing, and nobody decided so."""
        return not self.decorative and not getattr(self, f"alt_{language}")

    def pictured(self, language: str) -> Pictured:
        """As it is now, with what is said of it in `language`."""
        same = ("focal_x", "focal_y", "credit", "licence", "source_url")
        return Pictured(
            hash=self.file_id,
            colour=self.file.colour,
            widths=tuple(pixels.widths(self.file.width, self.file.height)),
            alt="" if self.decorative else getattr(self, f"alt_{language}") or "",
            caption=getattr(self, f"caption_{language}") or "",
            **{name: getattr(self, name) for name in same},
        )

    @property
    def sizes(self) -> list[tuple[str, int, str]]:
        """Ratio, width and format of all that is made of it."""
        return pixels.sizes(self.file.width, self.file.height)
