"""One picture in, another out: decoded, held to its bounds, encoded anew from its pixels alone. How large the crops of
a picture are. Knows no framework.

Run by `imaging` as a process of its own, which binds itself before it reads a byte that a stranger chose:

    python -I pixels.py keep                      python -I pixels.py render X Y WIDTH FORMAT RATIO

takes the picture on its input, and answers on its output one line of JSON, {"refused": …} or the facts, {…, "sizes":
[…]}, then that many bytes of each picture made.
"""

import io
import json
import os
import resource
import sys
import warnings
from enum import StrEnum
from typing import Any

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 12_000
KEPT_SIDE = 4_096  # what is kept of a larger one is made so small: more than any page shows
PREVIEW_SIDE = 640
HALVED = 16_000_000  # pixels; what has more is halved as it is read: nothing more of it would fit `MEMORY`
STRIP = 512  # lines
WIDTHS = (480, 960, 1600)
RATIOS = {"16x9": (16, 9), "4x3": (4, 3), "1x1": (1, 1)}  # by their names in addresses
WIDE = "16x9"  # on pages; the others are for machines that show a link to one
LEAST = (WIDTHS[0], WIDTHS[0] * 9 // 16)
TOLD = 1200  # the width that such machines ask for

SECONDS = 20  # of processor time
MEMORY = 400 << 20  # address space; the largest pictures that are taken have less than 300 MB in use

# How each format is written; in the order in which they are made, the quickest first.
HOW: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": 78, "optimize": True, "progressive": True},
    "webp": {"quality": 75},
    "avif": {"quality": 50, "speed": 8, "max_threads": 1},
}

Box = tuple[float, float, float, float]


class Kind(StrEnum):
    """What is taken, by its first bytes."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    AVIF = "AVIF"


# What decodes these has several copies of the whole at once: at so many pixels, less than 300 MB.
DECODED = {Kind.WEBP: 14_000_000, Kind.AVIF: 20_000_000}
COEFFICIENTS = 200 << 20  # of a progressive JPEG, all of which are held until the last scan


class Fault(StrEnum):
    """Why a picture is not taken; the last two are none of its own."""

    LARGE = "large"
    FORMAT = "format"
    BROKEN = "broken"
    PIXELS = "pixels"
    SMALL = "small"
    MOVING = "moving"
    MEMORY = "memory"
    TIME = "time"
    BUSY = "busy"
    STORAGE = "storage"


class Refused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def kind_of(head: bytes) -> Kind | None:
    """By the first 16 bytes; whatever its name and whatever the browser called it."""
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return Kind.AVIF
    return None


# --- crops -------------------------------------------------------------------------------------------


def crop(width: int, height: int, x: int, y: int, ratio: str = WIDE) -> Box:
    """Left, top, right, bottom of the largest part in this ratio whose middle is as near as can be to the focal point,
    `x` and `y` per cent from the left and the top.
    """
    wide, high = RATIOS[ratio]
    across = min(float(width), height * wide / high)
    down = across * high / wide
    left = min(max(width * x / 100 - across / 2, 0.0), width - across)
    top = min(max(height * y / 100 - down / 2, 0.0), height - down)
    return left, top, left + across, top + down


def widths(width: int, height: int) -> list[int]:
    """Of the crops that a picture of this size is shown by: none is larger than what there is."""
    return [each for each in WIDTHS if each <= wide_of(crop(width, height, 50, 50))] or [WIDTHS[0]]


def told(width: int, height: int) -> dict[str, int]:
    """How wide the crop of each ratio is that machines are told of: as they ask for, or all there is."""
    return {ratio: min(TOLD, int(wide_of(crop(width, height, 50, 50, ratio)))) for ratio in RATIOS}


def sizes(width: int, height: int) -> list[tuple[str, int, str]]:
    """Ratio, width and format of all that is made of a picture of this size."""
    shown = [(WIDE, each, file_format) for each in widths(width, height) for file_format in HOW]
    return list(dict.fromkeys([*shown, *((ratio, each, "jpeg") for ratio, each in told(width, height).items())]))


def wide_of(box: Box) -> float:
    return box[2] - box[0]


def height_of(width: int, ratio: str = WIDE) -> int:
    """Of a crop."""
    wide, high = RATIOS[ratio]
    return round(width * high / wide)


# --- in the process of its own -----------------------------------------------------------------------


def bind() -> None:
    """From here on: no file written, none but a few opened, no more memory or time than a picture needs."""
    for limit, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def opened(data: bytes) -> Any:
    """The picture, its size and frames known and within bounds, no pixel decoded yet. Raises Refused."""
    from PIL import Image, PngImagePlugin

    if not (kind := kind_of(data[:16])):
        raise Refused(Fault.FORMAT)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    PngImagePlugin.MAX_TEXT_MEMORY = PngImagePlugin.MAX_TEXT_CHUNK
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image: Any = Image.open(io.BytesIO(data), formats=(kind.value,))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Refused(Fault.PIXELS) from bomb
    if image.width * image.height > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
        raise Refused(Fault.PIXELS)
    progressive = image.info.get("progressive", 0) and 2 * len(image.getbands()) * image.width * image.height
    if image.width * image.height > DECODED.get(kind, MOST_PIXELS) or progressive > COEFFICIENTS:
        raise Refused(Fault.MEMORY)
    # Cameras put a small second picture behind the first (MPO): the first is taken, and the other left.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise Refused(Fault.MOVING)
    return image


def upright(image: Any) -> Any:
    """The same pixels as a reader is to see them: turned, in sRGB, 8 bits, on white, and nothing beside them."""
    turn, profile = turn_of(image), image.info.get("icc_profile")
    image = plain(image)  # what was decoded is let go of here
    image = in_srgb(on_white(kept_side(image)), profile)
    if turn is not None:
        image = image.transpose(turn)
    image.info = {}
    return image


def turn_of(image: Any) -> Any:
    """How to turn it to have it as the camera was held (Exif 2.3, tag 274); None where it is, or is not said."""
    from PIL.Image import Transpose

    try:
        orientation = image.getexif().get(274)
    except Exception:  # metadata that cannot be read says nothing
        return None
    turns = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270",
             7: "TRANSVERSE", 8: "ROTATE_90"}  # fmt: skip
    return Transpose[turns[orientation]] if orientation in turns else None


def plain(image: Any) -> Any:
    """In a mode that can be reckoned with; and halved where it has too many pixels, a strip at a time, so that a second
    whole of it is never there. A JPEG is read so to begin with.
    """
    from PIL import Image

    if image.format == Kind.WEBP:
        return eight_bits(image.copy())  # without the decoder, which keeps two more of it
    if image.width * image.height <= HALVED:
        return eight_bits(image)
    image.draft(None, (image.width // 2, image.height // 2))
    if image.width * image.height <= HALVED:
        return eight_bits(image)
    halved = None
    for top in range(0, image.height, STRIP):
        strip = image.crop((0, top, image.width, min(top + STRIP, image.height)))
        strip = eight_bits(strip).reduce(2)
        halved = halved or Image.new(strip.mode, (strip.width, (image.height + 1) // 2))
        halved.paste(strip, (0, top // 2))
    return halved


def eight_bits(image: Any) -> Any:
    """No palette; of 16 bits in grey the upper eight: Pillow would cut what is above 255."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "P" or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L") if image.mode in ("1", "F") else image


def kept_side(image: Any) -> Any:
    from PIL import Image

    image.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def on_white(image: Any) -> Any:
    """No longer to be seen through."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "#fff")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image


def in_srgb(image: Any, profile: bytes | None) -> Any:
    """Its colours as a browser shows them; a profile that cannot be read, or is another mode's, is left out."""
    from PIL import ImageCms

    if profile and image.mode in ("RGB", "L", "CMYK"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert("RGB")


def colour_of(image: Any) -> str:
    """The colour that most of it is near to, as "#rrggbb"."""
    small = image.resize((64, 64)).quantize(6)
    _count, index = max(small.getcolors())
    red, green, blue = small.getpalette()[index * 3 : index * 3 + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def encoded(image: Any, file_format: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, file_format, **how)
    return out.getvalue()


def keep(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What is kept of an upload, and a small copy of it for the desk, both JPEG. Raises Refused."""
    image = upright(opened(data))
    if image.width < LEAST[0] or image.height < LEAST[1]:
        raise Refused(Fault.SMALL)
    kept = encoded(image, "JPEG", quality=95, subsampling=0)
    facts = {"width": image.width, "height": image.height, "colour": colour_of(image)}
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), reducing_gap=3.0)
    return facts, [kept, encoded(image, "JPEG", quality=78, optimize=True)]


def render(data: bytes, x: int, y: int, width: int, file_format: str, ratio: str) -> tuple[dict[str, Any], list[bytes]]:
    """The crop of what is kept around this focal point."""
    from PIL import Image

    image = opened(data)
    scale = width / wide_of(crop(image.width, image.height, x, y, ratio))
    image.draft("RGB", (round(image.width * scale), round(image.height * scale)))
    box, size = crop(image.width, image.height, x, y, ratio), (width, height_of(width, ratio))
    image = image.convert("RGB").resize(size, Image.Resampling.LANCZOS, box, reducing_gap=3.0)
    image.info = {}
    return {}, [encoded(image, file_format.upper(), **HOW[file_format])]


def main(task: str, *arguments: str) -> None:
    bind()
    pieces: list[bytes] = []
    try:
        data = sys.stdin.buffer.read()
        if task == "keep":
            facts, pieces = keep(data)
        else:
            x, y, width, file_format, ratio = arguments
            facts, pieces = render(data, int(x), int(y), int(width), file_format, ratio)
        facts["sizes"] = [len(piece) for piece in pieces]
    except Refused as refused:
        facts = {"refused": refused.fault}
    except MemoryError:
        facts = {"refused": Fault.MEMORY}
    except Exception:  # whatever a decoder says of bytes made to break it
        facts = {"refused": Fault.BROKEN}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + b"".join(pieces))
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing is tidied up that a decoder may have left behind


if __name__ == "__main__":
    main(*sys.argv[1:])
