"""The translator's screen: the article's own form, of one language alone, beside what another language says.

It is saved through the same door: the address says which fields are in it, and nothing else is different.
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from articles import languages, standing, translating
from articles.diff import Block
from articles.models import Article
from articles.models.article import TRANSLATED
from articles.states import Move

NAME = "articles_article_translate"


@dataclass(frozen=True, slots=True)
class Languages:
    source: str
    language: str


@dataclass(slots=True)
class Row:
    """A line of the form, and what the source says there. `change` is its number among what changed, 0 where nothing
    did; of a text, each block has its own, and whether it is a heading.
    """

    line: Any
    side: translating.Side | None = None
    change: int = 0
    blocks: list[tuple[Block, int, bool]] = field(default_factory=list)


def pair_of(request: HttpRequest) -> Languages | None:
    """From which language to which; None on any other screen."""
    match = request.resolver_match
    if match is None or match.url_name != NAME:
        return None
    return Languages(match.kwargs["source"], match.kwargs["language"])


class TranslateScreens(ModelAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.translate)
        return [path("<int:pk>/translate/<slug:source>/<slug:language>/", view, name=NAME), *super().get_urls()]

    def translate(self, request: HttpRequest, pk: int, source: str, language: str) -> HttpResponse:
        if not {source, language} <= {code for code, _label in settings.LANGUAGES} or source == language:
            raise Http404
        return self.changeform_view(request, str(pk))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if pair := pair_of(request):
            return [(None, {"fields": [f"{name}_{pair.language}" for name in TRANSLATED]})]
        return super().get_fieldsets(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [] if pair_of(request) else super().get_inlines(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article, pair = context.get("original"), pair_of(request)
        if article and pair:
            context |= _about(article, pair, context) | _of_both(article, pair, context["adminform"])
        response = super().render_change_form(request, context, *args, **kwargs)
        if article and pair:
            response.template_name = "admin/articles/article/translate.html"
        return response


def _about(article: Article, pair: Languages, context: dict[str, Any]) -> dict[str, Any]:
    here = next(each for each in context["standings"] if each.language == pair.language)
    return {
        "title": _("Translate: %(article)s") % {"article": article},
        "pair": pair,
        "source_name": languages.name(pair.source),
        "language_name": languages.name(pair.language),
        "closed": context["adminform"].form.of_others.get(pair.language),
        "standing": here,
        "submission": next((offer for offer in here.offers if offer.move == Move.SUBMIT), None),
        "others": [
            (languages.name(code), standing.translate_url(article.pk, code, pair.language))
            for code, _label in settings.LANGUAGES
            if code not in (pair.source, pair.language)
        ],
    }


def _of_both(article: Article, pair: Languages, form: Any) -> dict[str, Any]:
    lines = [line for fieldset in form for line in fieldset]
    try:
        both = translating.beside(article, pair.source, pair.language)
    except ValidationError as error:
        return {"faults": error.messages, "rows": [Row(line) for line in lines]}
    if both is None:
        return {"rows": [Row(line) for line in lines]}
    count, rows = 0, []
    headings = {pair.source.number for pair in both.pairs if pair.source and pair.source.heading}
    for line, side in zip(lines, both.sides, strict=True):
        row = Row(line, side)
        if side.changed:
            count += not side.blocks
            row.change = 0 if side.blocks else count
        for block in side.blocks:
            count += block.changed
            row.blocks.append((block, count if block.changed else 0, block.number in headings))
        rows.append(row)
    return {"both": both, "rows": rows, "changes": range(1, count + 1)}
