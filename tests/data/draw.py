"""Draws the photos of the tests: `python tests/data/draw.py`. Scenes, so that they look like photos.

anh.heic was made from anh2.jpg by Debian's heif-enc: our own decoder cannot write the format.
"""

from __future__ import annotations

import io
import math
import random
import struct
import zlib
from pathlib import Path

from PIL import ExifTags, Image, ImageDraw, ImageFilter

SIZE = (800, 600)
FOLDER = Path(__file__).parent


def tea_hills() -> Image.Image:
    """Rows of tea on hills under a morning sky."""
    chance = random.Random(3)
    image = _sky((150, 190, 225), (240, 235, 215))
    draw = ImageDraw.Draw(image)
    for layer, green in enumerate(((118, 150, 130), (86, 132, 88), (52, 108, 52))):
        base, swing = 260 + 90 * layer, 40 + 10 * layer
        for row in range(0, 340 - 60 * layer, 9):
            shade = tuple(max(0, part - (row % 18) * 3) for part in green)
            line = [
                (x, base + row + swing * math.sin(x / (130 + 40 * layer) + layer * 2))
                for x in range(-10, SIZE[0] + 20, 10)
            ]
            draw.line(line, fill=shade, width=8)
            for x, y in chance.sample(line, 12):
                draw.ellipse((x - 4, y - 5, x + 5, y + 4), fill=(60, 130 - row // 8, 50))
    draw.polygon([(560, 330), (620, 280), (680, 330)], fill=(150, 70, 50))
    draw.rectangle((572, 330, 668, 390), fill=(215, 200, 170))
    draw.rectangle((606, 350, 634, 390), fill=(90, 60, 40))
    return _grain(image, chance)


def village_road() -> Image.Image:
    """A concrete road between houses, with a bin for rubbish."""
    chance = random.Random(7)
    image = _sky((205, 205, 210), (225, 220, 210))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 300, *SIZE), fill=(120, 105, 70))
    draw.polygon([(360, 300), (430, 300), (720, 600), (60, 600)], fill=(175, 172, 165))
    for y in range(320, 600, 40):
        half = (y - 300) * 0.02 + 1
        draw.rectangle((393 - half, y, 393 + half, y + 18), fill=(235, 232, 220))
    for left, top, wall in ((20, 150, (200, 170, 120)), (560, 130, (160, 185, 190))):
        draw.rectangle((left, top, left + 220, top + 210), fill=wall)
        draw.polygon(
            [(left - 20, top), (left + 110, top - 70), (left + 240, top)], fill=(140, 60, 45)
        )
        for x in (left + 30, left + 140):
            draw.rectangle((x, top + 60, x + 50, top + 130), fill=(70, 90, 110))
    draw.rectangle((150, 430, 230, 540), fill=(30, 120, 60))
    draw.rectangle((142, 415, 238, 435), fill=(20, 90, 45))
    return _grain(image, chance)


def _sky(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(SIZE)
    return Image.composite(Image.new("RGB", SIZE, bottom), Image.new("RGB", SIZE, top), ramp)


def _grain(image: Image.Image, chance: random.Random) -> Image.Image:
    small = Image.frombytes("L", (200, 150), chance.randbytes(30_000))
    grain = small.resize(SIZE, Image.Resampling.BICUBIC).convert("RGB")
    return Image.blend(image.filter(ImageFilter.GaussianBlur(0.8)), grain, 0.06)


def exif(orientation: int, lat: float, lon: float, when: str) -> Image.Exif:
    """EXIF as a phone writes it."""
    made = Image.Exif()
    made[ExifTags.Base.Orientation] = orientation
    made[ExifTags.Base.Make] = "Dien thoai mau"
    gps = made.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N" if lat >= 0 else "S"
    gps[ExifTags.GPS.GPSLatitude] = _parts(abs(lat))
    gps[ExifTags.GPS.GPSLongitudeRef] = "E" if lon >= 0 else "W"
    gps[ExifTags.GPS.GPSLongitude] = _parts(abs(lon))
    inner = made.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.DateTimeOriginal] = when
    inner[ExifTags.Base.OffsetTimeOriginal] = "+07:00"
    return made


def _parts(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round(((degrees - whole) * 60 - minutes) * 60, 3)


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def bomb() -> bytes:
    """12.000 × 12.000 pixels of nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    squeeze = zlib.compressobj(9)
    row = b"\0" * 12_001
    body = b"".join(squeeze.compress(row) for _ in range(12_000)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", 12_000, 12_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*each) for each in ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    )


def main() -> None:
    lying = tea_hills()
    # The phone was held sideways: stored turned by 90°, with the orientation that says so.
    lying.transpose(Image.Transpose.ROTATE_90).save(
        FOLDER / "anh.jpg", quality=85, exif=exif(6, 22.0935, 105.1237, "2026:11:22 15:58:10")
    )
    village_road().save(
        FOLDER / "anh2.jpg", quality=85, exif=exif(1, 22.0712, 105.1410, "2026:11:21 09:12:44")
    )


if __name__ == "__main__":
    main()
