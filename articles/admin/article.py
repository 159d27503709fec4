"""The editor's screen: a tab for each language, what they share, the citations, and where the article stands."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import transaction
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from js_asset import Media
from modeltranslation.admin import TranslationAdmin
from unfold.admin import StackedInline

from articles import cleaning, languages, refusing, standing, workflow
from articles.citing import unmarked
from articles.forms import SHOW, ArticleForm, CitationForm, CitationFormSet, KnownChoiceField
from articles.models import Article, Citation
from articles.models.article import TRANSLATED
from sources.admin.paging import LongList
from sources.admin.slugs import ProposesSlugs

from . import citing, clashes, drafts, opened
from .history import HistoryScreens
from .live import LiveWorkings
from .screens import user, whole
from .translate import TranslateScreens, pair_of

SUBMIT = "_submit"  # the buttons of the bar save the form, then submit the language that is their value


class CitationInline(StackedInline):
    model = Citation
    form = CitationForm
    formset = CitationFormSet
    extra = 0
    max_num = opened.MOST_CITATIONS
    autocomplete_fields = ("source", "origin")
    ordering_field = "position"
    template_before = "admin/articles/article/citing.html"
    fields = (
        "url", "mark", ("source", "new_source"), ("stance", "origin"), "first_hand", ("title", "title_language"),
        "quote", ("locator", "accessed"), ("archive_url", "position"),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source", "origin")  # who may only look sees their names

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look has no source to name, and no text to mark."""
        if self.has_change_permission(request, obj):
            return self.fields
        return [
            tuple(name for name in row if name != "new_source") if isinstance(row, tuple) else row
            for row in self.fields
            if row != "mark"
        ]

    def formfield_for_foreignkey(self, *args: Any, **kwargs: Any) -> Any:
        kwargs |= {"required": False, "form_class": KnownChoiceField}  # so that a source can be cleared
        return super().formfield_for_foreignkey(*args, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(
            request, obj, **kwargs, absolute_max=opened.MOST_CITATIONS
        )  # so many are drawn, at most


def _to_read(name: str) -> Callable[[Article], SafeString]:
    field: Any = Article._meta.get_field(name)

    @admin.display(description=field.verbose_name)
    def text(article: Article) -> SafeString:
        lines = cleaning.text_of(getattr(article, name) or "").split("\n")  # no markup of another's in this page
        words = format_html_join("", "<p>{}</p>", ((line,) for line in lines))
        return format_html('<div class="desk-text" lang="{}">{}</div>', name.rpartition("_")[2], words)

    return text


TO_READ = {f"body_{code}": _to_read(f"body_{code}") for code, _label in settings.LANGUAGES}  # a text without its tags


def _of_others(request: HttpRequest) -> dict[str, str]:
    """By language, why it is for others to write."""
    reasons = {code: refusing.not_your_language(code, user(request)) for code, _label in settings.LANGUAGES}
    return {code: reason for code, reason in reasons.items() if reason}


@admin.register(Article)
class ArticleAdmin(
    LongList, TranslateScreens, ProposesSlugs, citing.CitingScreens, HistoryScreens, LiveWorkings, TranslationAdmin
):
    form = ArticleForm
    list_display = ("__str__", "category", "kind", "standing")
    list_filter = ("category", "kind")
    list_select_related = ("category",)
    search_fields = [f"{name}_{code}" for name in ("headline", "slug") for code, _label in settings.LANGUAGES]
    autocomplete_fields = ("authors", "lead")
    slugs_from = {f"slug_{code}": [f"headline_{code}"] for code, _label in settings.LANGUAGES}
    inlines = (CitationInline,)
    compressed_fields = False
    warn_unsaved_form = True
    actions = None

    @property
    def fieldsets(self) -> Any:  # type: ignore[override]
        """The working language's tab first."""
        first = get_language()
        codes = sorted((code for code, _label in settings.LANGUAGES), key=lambda code: code != first)
        tabs = [
            (languages.own_name(code), {"fields": [f"{n}_{code}" for n in TRANSLATED], "classes": ["tab"]})
            for code in codes
        ]
        return [(None, {"fields": (("category", "kind", "machine"), "authors", "lead")}), *tabs]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The tab of a language that is for others to write says so."""
        told = {languages.own_name(code): reason for code, reason in _of_others(request).items()}
        closed = self._closed(request, obj)
        return [
            (name, options | {"description": told.get(name), "fields": [closed.get(f, f) for f in options["fields"]]})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is for others to write. If it was typed all the same, the form holds it and says why it is not kept."""
        return [*super().get_readonly_fields(request, obj), *self._closed(request, obj).values()]

    def _closed(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """By name, the fields of a language that are to be read alone, each as it is drawn then."""
        codes = [code for code, _label in settings.LANGUAGES]
        looks = obj is not None and not self.has_change_permission(request, obj)
        names = [f"{name}_{code}" for code in (codes if looks else _of_others(request)) for name in TRANSLATED]
        return {name: TO_READ.get(name, name) for name in names if name not in request.POST}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.of_others = _of_others(request)
        return form

    @admin.display(description=_("where it stands"))
    def standing(self, article: Article) -> str:
        return standing.in_words(article.publications.all())

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("publications")

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False  # every edit is kept, and so is what was edited

    def get_formset_kwargs(self, *args: Any) -> dict[str, Any]:
        return super().get_formset_kwargs(*args) | {"save_as_new": False}  # Django believes the form, whatever save_as

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A save is merged with what others saved since the form was opened, under the lock that it is then made in."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        data = request.POST = request.POST.copy()  # type: ignore[assignment]
        data.pop("_saveasnew", None)  # Django believes the form, whatever save_as
        with transaction.atomic():
            article = self.get_object(request, unquote(object_id)) if object_id else None
            if article and self.has_change_permission(request, article) and (held := article.hold()):
                fields, cells = self._form_fields(request, held)
                extra_context = {**(extra_context or {}), "checked": opened.check(data, held, fields, cells)}
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _form_fields(self, request: HttpRequest, article: Article) -> tuple[opened.Fields, opened.Fields]:
        """The fields of the form, and of a citation in it."""
        names = flatten_fieldsets(self.get_fieldsets(request, article))
        rows = [formset.form.base_fields for formset, _inline in self.get_formsets_with_inlines(request, article)]
        return self.get_form(request, article, change=True, fields=names).base_fields, rows[0] if rows else {}

    def save_model(self, request: HttpRequest, obj: Article, form: ModelForm, change: bool) -> None:
        obj.save(by=user(request))

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        if "authors" in form.cleaned_data:
            form.instance.set_authors(form.cleaned_data["authors"], by=user(request))
        super().save_related(request, form, formsets, change)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        opened.Opened.read(request.POST.get(opened.OPENED, ""), form.instance).give_keys(formset)
        changed = formset.save(commit=False)
        for citation in formset.deleted_objects:
            citation.delete(by=user(request))
        for citation in changed:
            citation.save(by=user(request))
        citing.follow_marks(form, formset.extra_forms, by=user(request))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)  # type: ignore[attr-defined]
        context |= {"draft": drafts.number(request), "shown_again": SHOW in request.POST}
        if article := context.get("original"):
            if request.method == "POST":  # an invalid form has left its words in it
                article = context["original"] = Article.objects.get(pk=article.pk)
            context |= {"standings": standing.of(article, by=user(request)), "preview": standing.preview(article)}
            context["unmarked"] = unmarked(article)
            if self.has_change_permission(request, article):
                context |= self._opened(request, article, context)
        else:
            context["preview"] = standing.preview(Article(), [])
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if context.get("clashes") else response.status_code
        return response

    def _opened(self, request: HttpRequest, article: Article, context: dict[str, Any]) -> dict[str, Any]:
        """What the form is opened with: what is drawn in it, of the very rows that were read for that."""
        form, formsets = context["adminform"].form, [inline.formset for inline in context["inline_admin_formsets"]]
        fields, cells = form.fields, formsets[0].form.base_fields if formsets else {}
        if checked := context.get("checked"):
            found = clashes.of(article, checked, fields, cells) if checked.clashing else []
            return {"opened": checked.opened.signed(article), "clashes": found}
        rows = [(row.instance, row.initial) for formset in formsets for row in formset.initial_forms]
        return {"opened": opened.Opened(opened.copy_of(fields, cells, form.initial, rows), {}).signed(article)}

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        drafts.saved(request)
        return self._submitted(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        drafts.saved(request)
        return self._submitted(request, obj) or super().response_change(request, obj)

    def _submitted(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """The form is saved already; a refused submission loses nothing of it."""
        if not (language := request.POST.get(SUBMIT)) or language not in dict(settings.LANGUAGES):
            return None
        try:
            beside = whole(request.POST.get("beside")) if pair_of(request) else None
            version = workflow.submit(article, language, by=user(request), beside=beside)
        except refusing.Refused as refused:
            self.message_user(
                request, _("Saved, but not submitted. %(reason)s") % {"reason": refused.reason}, messages.ERROR
            )
        else:
            text = _("Saved and submitted for review: version %(number)d, %(language)s.")
            self.message_user(
                request,
                text % {"number": version.number, "language": languages.name(language)},
                messages.SUCCESS,
            )
        return HttpResponseRedirect(request.path if pair_of(request) else standing.change_url(article))
