"""The site's sign: the files in the repository are what its one drawing makes."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image, ImageChops

from newsroom import icons

STATIC = Path(settings.BASE_DIR, "static")
SIZES = {"icon-192.png": 192, "icon-512.png": 512, "icon-maskable-512.png": 512, "apple-touch-icon.png": 180}


def pixels(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGBA")


@pytest.mark.parametrize("name", icons.files())
def test_the_files_are_those_of_the_drawing(name: str) -> None:
    """By what they show: another release of Pillow may write the same picture in other bytes."""
    made, kept = icons.files()[name], (STATIC / name).read_bytes()
    if name.endswith(".svg"):
        assert kept == made
    else:
        assert ImageChops.difference(pixels(made), pixels(kept)).getbbox() is None


@pytest.mark.parametrize(("name", "side"), SIZES.items())
def test_a_sign_is_square_and_small(name: str, side: int) -> None:
    content = (STATIC / name).read_bytes()
    assert pixels(content).size == (side, side)
    assert len(content) < 4_000


def test_what_others_cut_to_shape_fills_its_square_and_keeps_the_letter_from_the_edge() -> None:
    for name in ("icon-maskable-512.png", "apple-touch-icon.png"):
        image = pixels((STATIC / name).read_bytes())
        assert image.getextrema()[3] == (255, 255)
        white = image.convert("L").point(lambda level: 255 * (level > 150)).getbbox()
        assert white is not None
        assert min(white[:2]) > image.width * 0.2
        assert max(white[2:]) < image.width * 0.8
    assert pixels((STATIC / "icon-512.png").read_bytes()).getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_who_asks_at_the_door_is_shown_the_file(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/favicon.ico")
    with Image.open(STATIC / "favicon.ico") as image:
        assert image.info["sizes"] == {(16, 16), (32, 32)}
