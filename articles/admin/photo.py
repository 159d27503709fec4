"""Pictures in the admin: a file is looked at before the transaction of the save, so nobody waits for it."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from modeltranslation.admin import TranslationAdmin
from unfold.admin import ModelAdmin

from articles import imaging, languages, media, picturing, standing
from articles.forms import PhotoForm, not_taken, taken_in
from articles.models import Article, Author, Photo
from articles.models.photo import SAID
from sources.admin.paging import LongList
from sources.naming import named

from .screens import user, whole

MOST_USES = 50  # on one screen
MOST_CHOICES = 24


@admin.register(Photo)
class PhotoAdmin(LongList, ModelAdmin, TranslationAdmin):
    form = PhotoForm
    list_display = ("thumbnail", "__str__", "credit", "added_at")
    list_display_links = ("__str__",)
    list_select_related = ("file",)
    search_fields = [*(f"{name}_{code}" for name in SAID for code, _label in settings.LANGUAGES),
                     "credit", "people", "place"]  # fmt: skip
    actions = None
    warn_unsaved_form = True
    compressed_fields = False

    @property
    def fieldsets(self) -> Any:  # type: ignore[override]
        """The working language's tab first."""
        codes = sorted((code for code, _label in settings.LANGUAGES), key=lambda code: code != get_language())
        tabs = [
            (languages.own_name(code), {"fields": [f"{name}_{code}" for name in SAID], "classes": ["tab"]})
            for code in codes
        ]
        shared = ("upload", ("focal_x", "focal_y"), "decorative", ("credit", "licence"), "source_url")
        return [(None, {"fields": (*shared, ("taken_on", "place"), "people")}), *tabs]

    @admin.display(description=_("what it looks like"))
    def thumbnail(self, photo: Photo) -> str:
        return render_to_string("admin/articles/photo/thumbnail.html", {"photo": photo})

    def get_urls(self) -> list[Any]:
        preview = self.admin_site.admin_view(self.preview, cacheable=True)
        progress = self.admin_site.admin_view(self.progress)
        choices = self.admin_site.admin_view(self.choices)
        return [
            path("choices/", choices, name="articles_photo_choices"),
            path("<int:pk>/preview/", preview, name="articles_photo_preview"),
            path("<int:pk>/progress/", progress, name="articles_photo_progress"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def preview(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        """The whole picture, small: for who may see pictures, and kept by their browser alone."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        photo: Photo = get_object_or_404(Photo.objects.select_related("file"), pk=pk)
        return media.stored(photo.file.preview, "image/jpeg", "private, max-age=600")

    @method_decorator(require_safe)
    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A piece of the form: how many of the sizes for readers are made."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return TemplateResponse(
            request, "admin/articles/photo/progress.html", _progress(get_object_or_404(Photo, pk=pk))
        )

    @method_decorator(require_safe)
    def choices(self, request: HttpRequest) -> HttpResponse:
        """A piece of the article's form: the newest pictures of which `q` is said, or the one numbered `photo`, each as
        the text in `language` shows it.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked, language = request.GET, request.GET.get("language", "")
        if language not in dict(settings.LANGUAGES):
            language = get_language() or ""
        found, _repeats = self.get_search_results(request, Photo.objects.select_related("file"), asked.get("q", ""))
        if "photo" in asked:
            found = found.filter(pk=whole(asked["photo"]))
        photos = list(found[: MOST_CHOICES + 1])
        context = {
            "more": len(photos) > MOST_CHOICES,
            "rows": [
                (photo, named(photo, "caption", language), named(photo, "alt", language), photo.lacks_alt(language))
                for photo in photos[:MOST_CHOICES]
            ],
        }
        return TemplateResponse(request, "admin/articles/photo/choices.html", context)

    def has_delete_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        return False  # what was approved with it keeps it

    def get_fieldsets(self, request: HttpRequest, obj: Photo | None = None) -> Any:
        """Who may only look has no file to choose."""
        found = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            return found
        [(title, shared), *tabs] = found
        return [(title, {"fields": [name for name in shared["fields"] if name != "upload"]}), *tabs]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        upload = request.FILES.get("upload") if request.method == "POST" else None
        if upload and upload.size and (self.has_change_permission(request) or self.has_add_permission(request)):
            data = request.POST = request.POST.copy()  # type: ignore[assignment]
            try:
                data["kept"] = taken_in(upload.name or "", picturing.take_in(upload))
            except imaging.Unusable as unusable:
                data["kept"] = not_taken("", unusable.reason)
                response = super().changeform_view(request, object_id, form_url, extra_context)
                response.status_code = 503 if unusable.passing else response.status_code
                return response
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if photo := context.get("original"):
            saved = Photo.objects.select_related("file").get(pk=photo.pk)  # an invalid form has left its words in it
            people = Author.objects.filter(portrait=saved)[:MOST_USES]
            context |= {"saved": saved, **_progress(saved), "uses": _uses(saved), "people": people}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Photo, form: ModelForm, change: bool) -> None:
        obj.save(by=user(request))


def _uses(photo: Photo) -> list[tuple[Article, str]]:
    """The articles that show it, each with where it stands."""
    rows = Article.objects.showing(photo).prefetch_related("publications")[:MOST_USES]
    return [(article, standing.in_words(article.publications.all())) for article in rows]


def _progress(photo: Photo) -> dict[str, Any]:
    return {"progress": picturing.progress(photo)}
