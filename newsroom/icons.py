"""The site's sign in every form that browsers and telephones ask for: `python -m newsroom.icons` writes static/ anew.

One drawing, in units of its 32 × 32; the files are kept in the repository, so that nothing is made at the start.
"""

import io
from pathlib import Path

from PIL import Image, ImageDraw

SIDE, RADIUS = 32, 6
BACK, FRONT = "#23408e", "#fff"
LETTER = ((8, 24), (8, 8), (11.5, 8), (20.5, 19), (20.5, 8), (24, 8), (24, 24), (20.5, 24), (11.5, 13), (11.5, 24))
FINER = 8  # drawn so many times larger, then reduced: Pillow's polygons have rough edges
FOLDER = Path(__file__).resolve().parent.parent / "static"


def svg() -> str:
    path = "".join(f"{'L' if at else 'M'}{x:g} {y:g}" for at, (x, y) in enumerate(LETTER))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}"><rect width="{SIDE}" height="{SIDE}" '
        f'rx="{RADIUS}" fill="{BACK}"/><path d="{path}z" fill="{FRONT}"/></svg>\n'
    )


def drawn(side: int, *, bleeds: bool = False) -> Image.Image:
    """`side` pixels wide; `bleeds`: filled to the edges, the letter within the middle 80 % that every mask leaves."""
    large, scale = side * FINER, side * FINER / SIDE
    image = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    on = ImageDraw.Draw(image)
    on.rounded_rectangle((0, 0, large - 1, large - 1), radius=0 if bleeds else RADIUS * scale, fill=BACK)
    on.polygon([(x * scale, y * scale) for x, y in LETTER], fill=FRONT)
    return image.resize((side, side), Image.Resampling.BOX)


def files() -> dict[str, bytes]:
    """Name → content. Apple's and the maskable one are cut to shape by whoever shows them."""
    return {
        "icon.svg": svg().encode(),
        "icon-192.png": _png(drawn(192)),
        "icon-512.png": _png(drawn(512)),
        "icon-maskable-512.png": _png(drawn(512, bleeds=True)),
        "apple-touch-icon.png": _png(drawn(180, bleeds=True)),
        "favicon.ico": _saved(drawn(32), "ICO", sizes=[(16, 16), (32, 32)]),
    }


def _png(image: Image.Image) -> bytes:
    """Of few colours: a flat drawing and its edges."""
    return _saved(image.quantize(32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE), "PNG", optimize=True)


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    kept = io.BytesIO()
    image.save(kept, form, **options)
    return kept.getvalue()


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)
