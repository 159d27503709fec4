"""What waits to be judged: versions changed in substance or drawn for an audit, and why each waits."""

from django.utils.translation import gettext_lazy

from articles import standing
from articles.contributing import wrote
from articles.models import Correction, Publication, Version

from .shape import Asked, DeskList, Row


def _dressed(found: list[Version], asked: Asked) -> list[Row]:
    """Each with the first change that nobody judged yet, or else the draw."""
    keys = [version.pk for version in found]
    changes: dict[int, Correction] = {}
    for change in Correction.objects.to_judge().filter(from_version__in=keys).order_by("-pk"):
        changes[change.from_version_id] = change
    languages = Publication.objects.filter(article__in={version.article_id for version in found})
    publications = {(row.article_id, row.language): row for row in languages}
    return [
        {
            "version": version,
            "url": standing.judge_url(publications[version.article_id, version.language], version.number),
            "change": changes.get(version.pk),
            "drawn": getattr(version, "audit", None),
            "contributed": wrote(version, asked.user),
        }
        for version in found
    ]


TO_JUDGE = DeskList(
    "to_judge",
    gettext_lazy("To be judged"),
    gettext_lazy("No published claim waits to be judged."),
    lambda asked: asked.theirs(Version.objects.to_judge()).select_related("audit").defer("body", "citations"),
    _dressed,
)
