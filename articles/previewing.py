"""Preview links: made, revoked and opened. The sole writer of their rows; they move nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core import signing
from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from articles.assessing import assess
from articles.models import PreviewLink, PreviewOpening, ReviewStatus, Version
from articles.reading import Reading, reading
from articles.refusing import Refused
from articles.states import Status

DAYS = {1: gettext_lazy("1 day"), 7: gettext_lazy("7 days"), 30: gettext_lazy("30 days")}
DEFAULT_DAYS = 7
MOST_OPENINGS = 20  # of one link, in sight
_signer = signing.Signer(salt="articles.preview")


def make(version: Version, *, by: User, days: int) -> PreviewLink:
    """A link to `version` for so many days. Raises Refused."""
    if not by.has_perm("articles.view_version"):
        raise Refused(_("Only who may see versions may hand them out."))
    if days not in DAYS:
        raise Refused(_("Choose how long the link is to work."))
    if withdrawn(version):
        raise Refused(_("These words were withdrawn: they are served nowhere, by no link either."))
    return PreviewLink.objects.create(version=version, by=by, expires=timezone.now() + timedelta(days=days))


def revoke(link: PreviewLink, *, by: User) -> None:
    """End it now; a second time changes nothing. Raises Refused."""
    if not by.has_perm("articles.view_version"):
        raise Refused(_("Only who may see versions may hand them out."))
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by)


def opened(link: PreviewLink) -> None:
    PreviewOpening.objects.create(link=link)


def url(link: PreviewLink) -> str:
    """In the language of its version."""
    with override(link.version.language):
        return reverse("articles:preview", args=[_signer.sign(link.key.hex)])


def of_token(token: str, language: str) -> PreviewLink | None:
    """The link that was signed so, for a version in `language`; None for whatever was made up."""
    try:
        key = UUID(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return links().filter(key=key, version__language=language).first()


def links() -> "QuerySet[PreviewLink]":
    return PreviewLink.objects.select_related("version", "by", "revoked_by").order_by("-pk")


def with_openings(version: Version) -> "QuerySet[Any]":
    """The links to this version, each with the `count` of its openings and the `newest` of them."""
    newest = Prefetch("openings", PreviewOpening.objects.order_by("-pk")[:MOST_OPENINGS], to_attr="newest")
    return links().filter(version=version).annotate(count=Count("openings")).prefetch_related(newest)


def closed(link: PreviewLink) -> str:
    """Why it opens nothing any more, for whoever holds it; "" while it does."""
    if link.revoked_at:
        return _("The desk has closed this link.")
    if link.expired(timezone.now()):
        return _("This link was for a while only, and that is over.")
    if withdrawn(link.version):
        return _("The text that this link led to was withdrawn.")
    return ""


def withdrawn(version: Version) -> bool:
    """Whether these words, or newer ones of their language, were taken from the readers: a new link, or an old one,
    must not bring back what is gone.
    """
    return ReviewStatus.objects.filter(
        status=Status.WITHDRAWN,
        version__article=version.article_id,
        version__language=version.language,
        version__number__gte=version.number,
    ).exists()


def reading_of(version: Version) -> Reading:
    """As readers would get it: by the approval that stands, or where there is none as not reviewed, assessed now."""
    ends = version.statuses.filter(status__in=(Status.APPROVED, Status.APPROVAL_WITHDRAWN))
    last = ends.order_by("-pk").first()
    if last is None or last.confidence is None:  # an approval taken back carries none
        return reading(version.content(), assess(version).as_json(), number=version.number, digest=version.digest)
    return reading(
        version.content(), last.confidence, number=version.number, digest=version.digest, review=last.review()
    )
