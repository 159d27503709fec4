"""Pictures as readers get them: cut, in one size and format, each at an address that never says anything else. What is
kept of an upload is served nowhere.
"""

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import media, pixels
from articles.models import Author, Rendition, VersionPhoto
from articles.models.rendition import RenditionState

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def picture(
    request: HttpRequest, sha256: str, x: int, y: int, width: int, file_format: str, ratio: str = pixels.WIDE
) -> HttpResponseBase:
    """This size of the picture. While it is not made yet, the nearest that is, else its colour: kept by no cache, so
    that the page is whole at once and right at the next look. Of what no reader can read, only for the desk.
    """
    readable = Exists(VersionPhoto.objects.readable(timezone.now()).filter(file=OuterRef("file")))
    crop = Rendition.objects.filter(file=sha256, focal_x=x, focal_y=y, ratio=ratio).select_related("file")
    rows = {(row.width, row.file_format): row for row in crop.annotate(readable=readable)}
    if (wanted := rows.get((width, file_format))) is None:
        raise Http404
    public = wanted.readable or Author.objects.published().seen_in(sha256, x, y).exists()
    if not public and not request.user.has_perm("articles.view_photo"):
        raise Http404
    if wanted.state == RenditionState.DONE:
        return _answer(wanted, FOR_EVER if public else f"private, {media.NOT_KEPT}")
    made = [row for row in rows.values() if row.state == RenditionState.DONE]
    if not made:
        wide, high = pixels.RATIOS[ratio]
        colour = f'<rect width="{wide}" height="{high}" fill="{wanted.file.colour}"/>'
        size = f'width="{width}" height="{pixels.height_of(width, ratio)}" viewBox="0 0 {wide} {high}"'
        drawn = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{colour}</svg>'
        return media.drawn(drawn, "image/svg+xml", media.NOT_KEPT)
    return _answer(min(made, key=lambda row: (abs(row.width - width), row.file_format != "jpeg")), media.NOT_KEPT)


def _answer(row: Rendition, cache: str) -> HttpResponseBase:
    return media.stored(row.stored, f"image/{row.file_format}", cache)
