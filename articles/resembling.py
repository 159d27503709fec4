"""What of an article another one has too: a headline, a page that is cited. A warning; nothing is refused for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from articles.models import Article, Citation

MOST = 200  # rows looked at, however many articles cite a page


@dataclass(frozen=True, slots=True)
class Resemblance:
    """`other` has this headline too, or (with a `url`) is a draft that cites this page too."""

    other: Article
    url: str = ""


def of(articles: Iterable[Article]) -> dict[int, list[Resemblance]]:
    """For each article that has any: what it shares with others. Three queries, whatever their number."""
    mine = {article.pk: article for article in articles}
    found: dict[int, list[Resemblance]] = defaultdict(list)
    for pk, other in _headlines(mine):
        found[pk].append(Resemblance(other))
    for pk, resemblance in _pages(mine):
        if resemblance not in found[pk]:
            found[pk].append(resemblance)
    return dict(found)


def _headlines(mine: dict[int, Article]) -> Iterable[tuple[int, Article]]:
    codes = [code for code, _label in settings.LANGUAGES]
    wanted = {
        code: {key for article in mine.values() if (key := getattr(article, f"likeness_{code}"))} for code in codes
    }
    same = Q(*((f"likeness_{code}__in", keys) for code, keys in wanted.items()), _connector=Q.OR)
    for other in Article.objects.filter(same).order_by("-pk")[:MOST]:
        for pk, article in mine.items():
            keys = [(getattr(article, f"likeness_{code}"), getattr(other, f"likeness_{code}")) for code in codes]
            if other.pk != pk and any(key and key == theirs for key, theirs in keys):
                yield pk, other


def _pages(mine: dict[int, Article]) -> Iterable[tuple[int, Resemblance]]:
    cited: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for pk, url, key in (
        Citation.objects.filter(article__in=mine)
        .exclude(likeness="")
        .order_by("article_id", "position")
        .values_list("article", "url", "likeness")
    ):
        cited[key].append((pk, url))
    others = Citation.objects.filter(likeness__in=cited, article__in=Article.objects.drafts().values("pk"))
    for citation in others.select_related("article").order_by("-article_id", "position")[:MOST]:
        for pk, url in cited[citation.likeness]:
            if citation.article_id != pk:
                yield pk, Resemblance(citation.article, url)
