"""The register of sources, and the page of each."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import cleaning, register

from .editions import in_each_language, moved

LONGEST_QUERY = 100


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The register, by tier; with `q`, those of that name."""
    listed = register.entries(request.LANGUAGE_CODE)
    query = cleaning.line(request.GET.get("q", ""))[:LONGEST_QUERY]
    found = register.matching(listed, query) if query else listed
    context = {"query": query, "any": bool(listed), "named": len(found), "tiers": register.by_tier(found)}
    return render(request, "articles/sources.html", context | in_each_language(request, "sources"))


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    about = register.about(slug, request.LANGUAGE_CODE)
    if about is None:
        if (now_at := register.moved(slug)) is None:
            raise Http404
        return moved(reverse("articles:source", args=[now_at]), for_ever=True)
    return render(request, "articles/source.html", {"about": about, **in_each_language(request, "source", slug)})


@require_safe
def source_by_number(request: HttpRequest, pk: int) -> HttpResponse:
    """To a source's page from an article's, which knows numbers alone: an address may change, frozen words do not."""
    slug = register.slug_of(pk)
    if slug is None:
        raise Http404
    return HttpResponseRedirect(reverse("articles:source", args=[slug]))
