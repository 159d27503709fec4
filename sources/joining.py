"""Two rows of one source become one: why it may not be, and what moves. Who cites them is not known here.

What is merged stays as it is, with its assessments and outcomes, for versions that name it; it stands where the other
stands (`standing`). Nothing is ever merged into what was merged itself, so that one step leads to the end.
"""

from django.utils.translation import gettext as _

from .models import Source
from .owning import group


def refusal(source: Source, into: Source) -> str | None:
    """Why `source` cannot be merged into `into`, or None."""
    if source.pk == into.pk:
        return _("A source cannot be merged into itself.")
    for each in (source, into):
        if each.merged_into:
            names = {"source": each, "into": each.merged_into}
            return _("“%(source)s” was merged into “%(into)s” already.") % names
    if source in group(into).owners:
        names = {"source": source, "into": into}
        return _("“%(source)s” owns “%(into)s”: an owner is not merged into what it owns.") % names
    return None


def join(source: Source, into: Source) -> None:
    """Give what belongs to `source` to `into`, and let it count as that from now on. The caller holds both."""
    source.addresses.update(source=into)
    source.owned.update(owner=into)
    source.merged.update(merged_into=into)
    Source.objects.filter(pk=source.pk).update(merged_into=into)
