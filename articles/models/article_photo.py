"""Which pictures the texts of the working copy show, each in its language: the index of what stands in them. Written
as the article is.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .article import Article


class ArticlePhotoQuerySet(models.QuerySet["ArticlePhoto"]):
    def index(self, article: "Article", language: str, pictures: Iterable[int]) -> None:
        """Let these, as far as there are such, be the pictures of this text. To be called by whoever saves it, in that
        transaction.
        """
        from .photo import Photo

        there = Photo.objects.filter(pk__in=set(pictures)).values_list("pk", flat=True)
        self.filter(article=article, language=language).delete()
        self.bulk_create([self.model(article=article, language=language, photo_id=photo) for photo in there])


class ArticlePhoto(models.Model):
    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="pictures")
    language = models.CharField(_("language"), max_length=8)
    photo = models.ForeignKey("articles.Photo", on_delete=models.PROTECT, related_name="+")

    objects = ArticlePhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture in a text")
        verbose_name_plural = _("pictures in texts")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("article", "language", "photo"), name="picture_of_a_text_once"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.language}: {self.photo_id}"
