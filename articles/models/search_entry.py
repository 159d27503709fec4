"""What readers can search: a row for each language of an article that is live, with what a search is narrowed by."""

from django.db import models

from .category import Category
from .publication import Publication


class SearchEntry(models.Model):
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, primary_key=True, related_name="+")
    language = models.CharField(max_length=8)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    tier = models.PositiveSmallIntegerField(null=True)  # of its best source, by the live approval
    first_published = models.DateTimeField()
    crowded = models.BooleanField(default=False)  # has more words, or one of them more often, than `CROWDED` says

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.publication_id} · {self.language}"
