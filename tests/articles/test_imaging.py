"""What is kept of a picture, made by the real process from real files; and what is not taken, with the sentence."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from articles import imaging, pixels
from articles.pixels import Fault
from tests.articles import pictures
from tests.articles.pictures import SCRIPT, SECRET, encoded, quarters


def look(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def refused(data: bytes) -> Fault:
    with pytest.raises(imaging.Unusable) as caught:
        imaging.keep(data)
    assert caught.value.reason == str(imaging.SAID[caught.value.fault])
    return caught.value.fault


# --- what is taken -----------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_each_kind_is_kept_as_a_jpeg_of_the_same_pixels(file_format: str) -> None:
    kept = imaging.keep(encoded(quarters(), file_format))
    assert (kept.width, kept.height, look(kept.data).size) == (1200, 800, (1200, 800))
    assert (look(kept.data).format, look(kept.data).mode) == ("JPEG", "RGB")
    assert pictures.corners(kept.data) == pictures.corners(kept.preview) == "rgbw"
    assert look(kept.preview).size == (640, 427)


def test_the_same_picture_is_kept_as_the_same_bytes() -> None:
    assert imaging.keep(pictures.jpeg()) == imaging.keep(pictures.jpeg())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_as_the_camera_was_held_and_says_nothing_more(orientation: int) -> None:
    data = pictures.turned(orientation)
    assert SECRET in data
    kept = imaging.keep(data)
    assert (kept.width, kept.height, pictures.corners(kept.data)) == (1200, 800, "rgbw")
    for made in (kept.data, kept.preview):
        assert (dict(look(made).getexif()), look(made).info.keys() & {"exif", "icc_profile", "comment", "xmp"}) == (
            {},
            set(),
        )
        assert SECRET not in made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_no_metadata_of_any_kind_is_left(kind: str) -> None:
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    how = {"exif": pictures.exif()} | ({} if kind == "PNG" else {"xmp": xmp})
    data = encoded(
        quarters(), kind, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), **how
    )
    assert SECRET in data
    kept = imaging.keep(data)
    for made in (kept.data, kept.preview, *(imaging.render(kept.data, 50, 50, 480, each) for each in pixels.HOW)):
        assert SECRET not in made
        assert set(look(made).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive",
                                        "progression", "loop", "background", "timestamp", "duration"}  # fmt: skip


@pytest.mark.parametrize(
    "behind", [SCRIPT, b"PK\x03\x04" + SECRET, b"%PDF-1.7 " + SECRET, b"<?php " + SECRET], ids=range(4)
)
def test_of_a_file_that_is_two_things_only_the_picture_is_left(behind: bytes) -> None:
    inside = encoded(quarters(), comment=SCRIPT)
    kept = imaging.keep(inside + behind)
    for made in (kept.data, kept.preview):
        assert (SCRIPT in made, SECRET in made, behind in made) == (False, False, False)
    assert pictures.corners(kept.data) == "rgbw"


def test_a_telephones_second_picture_is_left_out() -> None:
    data = pictures.two_in_one()
    assert look(data).format == "MPO"
    assert pictures.corners(imaging.keep(data).data) == "rgbw"


def test_what_can_be_seen_through_stands_on_white() -> None:
    clear = quarters().convert("RGBA")
    clear.putalpha(0)
    assert pictures.corners(imaging.keep(encoded(clear, "PNG")).data) == "wwww"
    assert pictures.corners(imaging.keep(encoded(clear, "WEBP", lossless=True)).data) == "wwww"


@pytest.mark.parametrize(
    ("mode", "file_format", "expected"),
    [("CMYK", "JPEG", "rgbw"), ("P", "PNG", "rgbw"), ("YCbCr", "JPEG", "rgbw"), ("1", "PNG", "rrrw"), ("L", "PNG", "")],
)
def test_each_mode_becomes_rgb(mode: str, file_format: str, expected: str) -> None:
    kept = imaging.keep(encoded(quarters().convert(mode), file_format))
    assert look(kept.data).mode == "RGB"
    if expected and mode != "1":
        assert pictures.corners(kept.data) == expected


def test_a_grey_of_sixteen_bits_keeps_its_shades() -> None:
    dark = Image.new("I;16", (600, 400), 0x4000)
    kept = imaging.keep(encoded(dark, "PNG"))
    red, green, blue = look(kept.data).getpixel((300, 200))  # type: ignore[misc]
    assert {abs(shade - 0x40) <= 1 for shade in (red, green, blue)} == {True}


def test_colours_are_brought_to_srgb_and_a_broken_profile_is_left_out() -> None:
    """A profile whose curves are linear says that half the light is meant: which sRGB writes as 188, not as 128."""
    grey = Image.new("RGB", (600, 400), (128, 128, 128))
    linear = ImageCms.ImageCmsProfile(io.BytesIO(LINEAR)).tobytes()
    for profile, expected in ((linear, 188), (b"no profile", 128), (b"", 128)):
        kept = imaging.keep(encoded(grey, "PNG", **({"icc_profile": profile} if profile else {})))
        assert abs(look(kept.data).getpixel((300, 200))[0] - expected) <= 2  # type: ignore[index]


def linear_profile() -> bytes:
    """sRGB's own profile with its three curves replaced by the identity."""
    plain = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = plain.find(b"para\0\0\0\0")
    assert at > 0
    plain[at + 8 : at + 10] = (0).to_bytes(2, "big")  # Y = X^g
    plain[at + 12 : at + 16] = (0x10000).to_bytes(4, "big")  # g = 1
    return bytes(plain)


LINEAR = linear_profile()


def test_its_colour_is_that_of_most_of_it() -> None:
    image = quarters()
    image.paste("#20c020", (0, 0, 1200, 600))
    red, green, blue = bytes.fromhex(imaging.keep(encoded(image)).colour[1:])
    assert (red < 60, green > 170, blue < 60) == (True, True, True)


# --- what is not -------------------------------------------------------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NOT_TAKEN = {
    "svg": (lambda: SVG, Fault.FORMAT),
    "gif": (lambda: encoded(quarters(), "GIF"), Fault.FORMAT),
    "bmp": (lambda: encoded(quarters(), "BMP"), Fault.FORMAT),
    "tiff": (lambda: encoded(quarters(), "TIFF"), Fault.FORMAT),
    "html that says it is a picture": (lambda: b"<html>" + pictures.jpeg(), Fault.FORMAT),
    "a movie": (lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 100, Fault.FORMAT),
    "nothing": (lambda: b"", Fault.FORMAT),
    "the first bytes alone": (lambda: pictures.jpeg()[:16], Fault.BROKEN),
    "cut in the middle": (lambda: pictures.jpeg()[:-4000], Fault.BROKEN),
    "a png cut in the middle": (lambda: encoded(quarters(), "PNG")[:-1000], Fault.BROKEN),
    "a webp cut in the middle": (lambda: encoded(quarters(), "WEBP")[:-1000], Fault.BROKEN),
    "an avif cut in the middle": (lambda: encoded(quarters(), "AVIF")[:-200], Fault.BROKEN),
    "a jpeg of noise": (lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400, Fault.BROKEN),
    "95 megapixels in 12 kB": (lambda: pictures.bomb(9_740, 9_740), Fault.PIXELS),
    "more than 40 megapixels": (lambda: pictures.bomb(8_001, 5_000), Fault.PIXELS),
    "a side too long": (lambda: pictures.bomb(12_001, 600), Fault.PIXELS),
    "says it is huge": (lambda: pictures.lying(60_000, 60_000), Fault.PIXELS),
    "says it is larger": (lambda: pictures.lying(5_000, 5_000), Fault.BROKEN),
    "a webp of more than 14 megapixels": (lambda: encoded(quarters(4_376, 3_200), "WEBP", method=0), Fault.MEMORY),
    "an avif of more than 20 megapixels": (lambda: encoded(quarters(5_001, 4_000), "AVIF", speed=10), Fault.MEMORY),
    "a progressive jpeg of 40 megapixels": (lambda: encoded(quarters(8_000, 5_000), progressive=True), Fault.MEMORY),
    "a comment of 64 MB": (pictures.text_bomb, Fault.BROKEN),
    "moving png": (lambda: pictures.moving("PNG"), Fault.MOVING),
    "moving webp": (lambda: pictures.moving("WEBP"), Fault.MOVING),
    "moving avif": (lambda: pictures.moving("AVIF"), Fault.MOVING),
    "too narrow": (lambda: encoded(quarters(479, 400)), Fault.SMALL),
    "too low": (lambda: encoded(quarters(600, 269)), Fault.SMALL),
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_not_taken_is_said(name: str) -> None:
    made, fault = NOT_TAKEN[name]
    assert refused(made()) == fault


def test_more_than_20_megabytes_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: pytest.fail("looked at"))
    assert refused(pictures.jpeg() + b"\0" * imaging.MOST_BYTES) == Fault.LARGE


@pytest.mark.parametrize("name", [name for name, (_made, fault) in NOT_TAKEN.items() if fault != Fault.FORMAT])
def test_no_attack_takes_300_megabytes(name: str) -> None:
    made, _fault = NOT_TAKEN[name]
    assert most_memory(made()) < 300


def test_40_megapixels_are_taken_and_kept_smaller() -> None:
    data = encoded(quarters(8_000, 5_000), quality=50)
    kept = imaging.keep(data)
    assert (kept.width, kept.height, pictures.corners(kept.data)) == (4000, 2500, "rgbw")
    assert most_memory(data) < 300


def test_what_is_halved_strip_by_strip_is_whole() -> None:
    """Of a height that no strip divides, with a palette, and with what can be seen through."""
    tall = quarters(4_002, 4_001)
    for data in (encoded(tall, "PNG", compress_level=1), encoded(tall.quantize(4), "PNG", compress_level=1)):
        kept = imaging.keep(data)
        assert (kept.width, kept.height, pictures.corners(kept.data)) == (2001, 2001, "rgbw")


def through(width: int, height: int) -> Image.Image:
    """Two thirds of it can be seen through."""
    image = quarters(width, height).convert("RGBA")
    image.putalpha(85)
    return image


LARGEST = {
    "a png of 40 megapixels that can be seen through": lambda: pictures.bomb(8_000, 5_000, colours=6),
    "a progressive jpeg of 32 megapixels": lambda: encoded(quarters(8_000, 4_000), progressive=True, subsampling=0),
    "a webp of 14 megapixels that can be seen through": lambda: encoded(through(4_375, 3_200), "WEBP", method=0),
    "an avif of 20 megapixels that can be seen through": lambda: encoded(
        through(5_000, 4_000), "AVIF", speed=10, subsampling="4:4:4"
    ),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_that_are_taken_take_less_than_300_megabytes(name: str) -> None:
    data = LARGEST[name]()
    assert imaging.keep(data).width > 2_000
    assert most_memory(data) < 300


def most_memory(data: bytes) -> int:
    """Megabytes that the process had in use at most."""
    ask = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, '-IB', sys.argv[1], 'keep'], stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", ask, pixels.__file__], input=data, stdout=subprocess.PIPE, check=True)
    return int(done.stdout) // 1024


# --- the process -------------------------------------------------------------------------------------


def test_it_binds_itself_before_it_reads() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(pixels.__file__).parent)!r}); import pixels; pixels.bind();"
        "from resource import *;"
        "print([getrlimit(each) for each in (RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_CORE)])"
    )
    done = subprocess.run([sys.executable, "-IB", "-c", code], capture_output=True, text=True, check=True)
    most = [pixels.SECONDS, pixels.MEMORY, 0, 64, 0]
    assert done.stdout.strip() == str([(each, each) for each in most])


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("import time; time.sleep(60)", Fault.TIME),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", Fault.TIME),
        ("raise SystemExit(3)", Fault.BROKEN),
    ],
)
def test_a_process_that_does_not_answer_is_ended_and_said(
    code: str, fault: Fault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pixels.py").write_text(code)
    monkeypatch.setattr(pixels, "__file__", str(tmp_path / "pixels.py"))
    monkeypatch.setattr(imaging, "TIMEOUT", 1)
    assert refused(pictures.jpeg()) == fault


def test_what_takes_more_memory_than_it_may_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code = (
        Path(pixels.__file__).read_text("utf-8").replace("def keep(", "def keep(data):\n    b'x' * MEMORY\ndef _keep(")
    )
    (tmp_path / "pixels.py").write_text(code)
    monkeypatch.setattr(pixels, "__file__", str(tmp_path / "pixels.py"))
    assert refused(pictures.jpeg()) == Fault.MEMORY


# --- how many at once --------------------------------------------------------------------------------

NOTING = """
import sys, time
def note(sign):
    with open({log!r}, "a") as log:
        log.write(sign)
note("+")
sys.stdin.buffer.read()
time.sleep(0.2)
note("-")
"""


def test_no_more_decode_at_once_than_the_machine_may_and_each_gets_its_turn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pixels.py").write_text(NOTING.format(log=str(tmp_path / "log")))
    monkeypatch.setattr(pixels, "__file__", str(tmp_path / "pixels.py"))
    monkeypatch.setattr(imaging, "PATIENCE", 300)
    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(refused, [pictures.jpeg()] * 6)) == {Fault.BROKEN}
    signs = (tmp_path / "log").read_text()
    running = list(accumulate(1 if sign == "+" else -1 for sign in signs))
    assert (signs.count("+"), max(running), running[-1]) == (6, imaging.AT_ONCE, 0)


HOLDING = """
import fcntl, sys
held = [open(path, "w") for path in sys.argv[1:]]
for each in held:
    fcntl.flock(each, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_who_waits_too_long_is_told_and_a_killed_process_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    imaging.keep(pictures.jpeg())
    monkeypatch.setattr(imaging, "PATIENCE", 0)
    turns = [str(settings.DECODERS / str(number)) for number in range(imaging.AT_ONCE)]
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, *turns], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert refused(pictures.jpeg()) == Fault.BUSY
        with pytest.raises(imaging.Unusable) as caught:
            imaging.render(pictures.jpeg(), 50, 50, 480, "jpeg")
        assert caught.value.passing
        holder.kill()
    assert imaging.keep(pictures.jpeg()).width == 1200


# --- crops -------------------------------------------------------------------------------------------

RATIOS = {"16x9": 16 / 9, "4x3": 4 / 3, "1x1": 1.0}


@given(
    st.integers(480, 12_000),
    st.integers(270, 12_000),
    st.integers(0, 100),
    st.integers(0, 100),
    st.sampled_from(sorted(RATIOS.items())),
)
def test_a_crop_lies_within_has_its_ratio_and_is_as_near_the_point_as_can_be(
    w: int, h: int, x: int, y: int, ratio: tuple[str, float]
) -> None:
    left, top, right, bottom = pixels.crop(w, h, x, y, ratio[0])
    assert -1e-6 <= left <= right <= w + 1e-6
    assert -1e-6 <= top <= bottom <= h + 1e-6
    assert abs((right - left) / (bottom - top) - ratio[1]) < 1e-9
    assert max((right - left) / w, (bottom - top) / h) > 1 - 1e-9  # none larger would fit
    for point, low, high, side in ((w * x / 100, left, right, w), (h * y / 100, top, bottom, h)):
        middle = (low + high) / 2
        assert abs(middle - point) < 1e-6 or low < 1e-6 or high > side - 1e-6


@given(st.integers(480, 4_096), st.integers(270, 4_096))
def test_machines_are_told_of_three_ratios_as_wide_as_they_ask_for_or_as_there_is(width: int, height: int) -> None:
    told = pixels.told(width, height)
    assert set(told) == set(RATIOS)
    for ratio, wide in told.items():
        there = min(width, height * RATIOS[ratio])
        assert wide == 1200 if there >= 1200 else there - 1 <= wide <= there
        assert abs(pixels.height_of(wide, ratio) - wide / RATIOS[ratio]) <= 0.5
    made = pixels.sizes(width, height)
    assert len(made) == len(set(made))
    assert {(ratio, wide, "jpeg") for ratio, wide in told.items()} <= set(made)


@pytest.mark.parametrize(
    ("size", "widths"),
    [((480, 270), [480]), ((959, 800), [480]), ((960, 540), [480, 960]), ((1599, 3000), [480, 960]),
     ((4000, 3000), [480, 960, 1600]), ((3000, 270), [480])],
)  # fmt: skip
def test_nothing_is_shown_larger_than_it_is(size: tuple[int, int], widths: list[int]) -> None:
    assert pixels.widths(*size) == widths


@pytest.mark.parametrize(("x", "y", "expected"), [(50, 50, "rgbw"), (50, 0, "rgrg"), (50, 100, "bwbw")])
def test_the_crop_shows_what_the_focal_point_asks_for(x: int, y: int, expected: str) -> None:
    tall = imaging.keep(encoded(quarters(800, 1600))).data
    for file_format in pixels.HOW:
        made = imaging.render(tall, x, y, 480, file_format)
        assert (look(made).size, look(made).format) == ((480, 270), file_format.upper())
        assert pictures.corners(made) == expected


def test_each_ratio_is_cut_around_the_point() -> None:
    wide = imaging.keep(encoded(quarters(1600, 800))).data
    for ratio, width in (("4x3", 1066), ("1x1", 800)):
        for x, expected in ((0, "rrbb"), (100, "ggww")):
            made = imaging.render(wide, x, 50, width, "jpeg", ratio)
            assert look(made).size == (width, pixels.height_of(width, ratio))
            if ratio == "1x1":
                assert pictures.corners(made) == expected
