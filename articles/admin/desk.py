"""The front page of the admin: what waits for me, what is ready, what went out."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from articles import standing
from articles.models import Article, Publication, Version

LENGTH = 15


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the four lists; each in a fixed number of queries."""
    user = request.user
    if isinstance(user, User) and user.has_perm("articles.view_article"):
        mine = Article.objects.filter(edits__by=user).distinct().prefetch_related("publications")
        drafts = [(article, standing.in_words(article.publications.all())) for article in mine.drafts()[:LENGTH]]
        rows = Publication.objects.with_versions()
        context |= {
            "drafts": drafts,
            "waiting": [
                (row, row.in_review, standing.review_url(row), _mine(row.in_review, user))
                for row in rows.in_review()[:LENGTH]
            ],
            "ready": [(row, row.approved, standing.publish_url(row)) for row in rows.ready()[:LENGTH]],
            "recent": [(row, row.live, standing.public_url(row)) for row in rows.live()[:LENGTH]],
        }
    return context


def _mine(version: Version | None, user: User) -> bool:
    return version is not None and user.pk in {person["id"] for person in version.contributors}
