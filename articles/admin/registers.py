"""Sections, bylines and the ledger."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin
from unfold.admin import ModelAdmin

from articles.models import Author, Category, ReviewStatus
from sources.admin.slugs import ProposesSlugs

from .screens import ReadOnlyAdmin


@admin.register(Category)
class CategoryAdmin(ProposesSlugs, ModelAdmin, TranslationAdmin):
    list_display = ("__str__", *(f"name_{code}" for code, _label in settings.LANGUAGES))
    slugs_from = {f"slug_{code}": [f"name_{code}"] for code, _label in settings.LANGUAGES}


@admin.register(Author)
class AuthorAdmin(ProposesSlugs, ModelAdmin, TranslationAdmin):
    list_display = ("name", "user")
    list_select_related = ("user",)
    search_fields = ("name", "slug")
    slugs_from = {"slug": ["name"]}
    autocomplete_fields = ("user", "portrait")

    def has_delete_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        return False  # a byline outlives what its article says now; deleting it would edit that without an Edit


@admin.register(ReviewStatus)
class ReviewStatusAdmin(ReadOnlyAdmin):
    list_display = ("at", "version", "status", "actor_name", "note")
    list_filter = ("status",)
    list_select_related = ("version",)
    date_hierarchy = "at"
