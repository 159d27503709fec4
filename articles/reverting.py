"""Starting again from an old version: the working copy gets its words. No state moves, and readers notice nothing."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import cleaning
from articles.models import Article, Citation, Version
from articles.models.article import TRANSLATED
from articles.refusing import Refused, without_role
from articles.states import Role
from sources.standing import heads


@transaction.atomic
def revert(version: Version, *, by: User, seen: int) -> Article:
    """Give the working copy the words of `version` again, in its language: with its citations, where they are gone.
    What the languages share stays. `seen` is the number of the article's last edit on the screen. Raises Refused.
    """
    article = version.article
    article.hold()
    article.refresh_from_db()
    if reason := without_role(Role.EDITOR, by, version.language):
        raise Refused(reason)
    if article.edits.latest("pk").pk != seen:
        raise Refused(_("Somebody edited this article meanwhile. Look again, then go back to this version."))
    roles = ("source", "origin")
    now = heads({cited[role]["id"] for cited in version.citations for role in roles if cited[role]})
    keys = {cited["number"]: _cited_again(article, cited, now, by=by).key for cited in version.citations}
    words = {name: getattr(version, name) for name in TRANSLATED} | {"body": cleaning.renumbered(version.body, keys)}
    if version.claim == version.headline:
        words["claim"] = ""
    for name, text in words.items():
        setattr(article, f"{name}_{version.language}", text)
    article.save(by=by)
    return article


def _cited_again(article: Article, cited: dict[str, Any], now: dict[int, int], *, by: User) -> Citation:
    """The working copy's citation that a version froze as `cited`; made anew where it is gone. `now`: what its sources
    were merged into since.
    """
    source = now[cited["source"]["id"]]
    there = article.citations.filter(url=cited["url"], source=source, stance=cited["stance"]).first()
    if there:
        return there
    same = ("url", "title", "title_language", "stance", "first_hand", "quote", "locator", "archive_url")
    citation = Citation(
        article=article,
        source_id=source,
        origin_id=cited["origin"] and now[cited["origin"]["id"]],
        accessed=cited["accessed"] or None,
        **{name: cited[name] for name in same},
    )
    citation.save(by=by)
    return citation
