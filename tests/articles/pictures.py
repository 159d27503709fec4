"""Pictures made for tests: of every kind that is taken, and of every kind that is sent to do harm."""

import io
import struct
import zlib
from functools import cache
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles import imaging
from articles.models import Photo, PhotoFile
from articles.picturing import take_in

SECRET = b"21.0285N 105.8542E"  # in every file that carries more than pixels
SCRIPT = b"<script>alert(1)</script>"


def encoded(image: Image.Image, file_format: str = "JPEG", **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, file_format, **how)
    return out.getvalue()


def quarters(width: int = 1200, height: int = 800) -> Image.Image:
    """Red, green over blue, white: so that whoever turns or cuts it is found out."""
    image = Image.new("RGB", (width, height), "#e02020")
    image.paste("#20c020", (width // 2, 0, width, height // 2))
    image.paste("#2020e0", (0, height // 2, width // 2, height))
    image.paste("#ffffff", (width // 2, height // 2, width, height))
    return image


@cache
def jpeg() -> bytes:
    return encoded(quarters())


def corners(data: bytes) -> str:
    """What is in the four corners of a picture, by the first letters of their colours: "rgbw" as `quarters` has it."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = image.size
    found = ""
    for x, y in ((40, 40), (width - 40, 40), (40, height - 40), (width - 40, height - 40)):
        red, green, blue = image.getpixel((x, y))  # type: ignore[misc]
        found += "w" if min(red, green, blue) > 180 else "rgb"[max(range(3), key=(red, green, blue).__getitem__)]
    return found


def exif(orientation: int = 1) -> Image.Exif:
    """As a telephone writes it, with the place."""
    tags = Image.Exif()
    tags[274] = orientation
    tags[270] = SECRET.decode()
    tags.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 42.6), 3: "E", 4: (105.0, 51.0, 15.1)})
    return tags


def turned(orientation: int) -> bytes:
    """`quarters` as a camera held otherwise stores it."""
    how = Image.Transpose
    stored = {1: None, 2: how.FLIP_LEFT_RIGHT, 3: how.ROTATE_180, 4: how.FLIP_TOP_BOTTOM, 5: how.TRANSPOSE,
              6: how.ROTATE_90, 7: how.TRANSVERSE, 8: how.ROTATE_270}[orientation]  # fmt: skip
    image = quarters() if stored is None else quarters().transpose(stored)
    return encoded(image, exif=exif(orientation), comment=SECRET)


def bomb(width: int, height: int, *, colours: int = 0) -> bytes:
    """A PNG of a few kilobytes that says it is this large, and is; of one bit a pixel, or of this type of colours."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    bits = {2: 24, 6: 32}.get(colours, 1)
    header = struct.pack(">IIBBBBB", width, height, min(bits, 8), colours, 0, 0, 0)
    packer = zlib.compressobj(9)
    line = b"\0" * ((width * bits + 7) // 8 + 1)
    rows = b"".join(packer.compress(line) for _row in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to 64 MB."""
    data = b"Comment\0\0" + zlib.compress(b"a" * (64 << 20), 9)
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    plain = encoded(quarters(), "PNG")
    return plain[:33] + chunk + plain[33:]


def lying(width: int, height: int) -> bytes:
    """A PNG of 600 × 400 that says it is this large."""
    plain = bytearray(encoded(quarters(600, 400), "PNG"))
    plain[16:24] = struct.pack(">II", width, height)
    plain[29:33] = struct.pack(">I", zlib.crc32(bytes(plain[12:29])))
    return bytes(plain)


def moving(file_format: str) -> bytes:
    return encoded(quarters(), file_format, save_all=True, append_images=[quarters().rotate(180)], duration=100)


def two_in_one() -> bytes:
    """As many telephones write it: a second, smaller picture behind the first."""
    return encoded(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (300, 200), "#000")])


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def file(data: bytes | None = None) -> PhotoFile:
    """The row of a picture taken in; of the usual one without the process, which each test would wait for."""
    if data:
        return take_in(upload(data))
    kept = usual()
    with patch.object(imaging, "keep", lambda data: kept):
        return take_in(upload(jpeg()))


@cache
def usual() -> imaging.Kept:
    return imaging.keep(jpeg())


def photo(by: Any, data: bytes | None = None, **said: Any) -> Photo:
    """A picture as the desk keeps it, described in both languages."""
    words = {"alt_vi": "Bốn ô màu", "alt_en": "Four fields of colour", "caption_vi": "Bốn ô.",
             "caption_en": "Four fields.", "credit": "Lan Vu"}  # fmt: skip
    row = Photo(file=file(data), **{**words, **said})
    row.save(by=by)
    return row
