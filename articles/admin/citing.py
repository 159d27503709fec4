"""What an editor is told of an address while citing it, and the marks of citations that were not saved yet when the
text was marked. The form's own script is static/js/citing.js.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from unfold.admin import ModelAdmin

from articles import citing, cleaning

from .screens import whole


class CitingScreens(ModelAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.known)
        return [path("citing/", view, name="articles_article_citing"), *super().get_urls()]

    def known(self, request: HttpRequest) -> HttpResponse:
        """A piece of the form: what is known of `url`. A POST asks a worker to look at it first."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        if request.method == "POST":
            citing.ask(asked.get("url", ""))
        known = citing.known(asked.get("url", ""), asked.get("archive_url", ""))
        return TemplateResponse(request, "admin/articles/article/known.html", {"known": known})


def follow_marks(form: ModelForm, rows: Iterable[ModelForm], *, by: User) -> None:
    """Lead the marks that were made in the form's texts to the keys that its new citations have got by now: another
    editor may have saved one meanwhile.
    """
    given = {whole(row.cleaned_data.get("mark")): row.instance.key for row in rows}
    moved = {mark: key for mark, key in given.items() if mark and key and mark != key}
    texts = [name for code, _label in settings.LANGUAGES if (name := f"body_{code}") in form.changed_data]
    article, before = form.instance, [getattr(form.instance, name) for name in texts]
    for name, text in zip(texts, before, strict=True):
        setattr(article, name, cleaning.renumbered(text, {key: key for key in cleaning.marks(text)} | moved))
    if [getattr(article, name) for name in texts] != before:
        article.save(by=by)
