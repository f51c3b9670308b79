"""What a photo is, and copies of it that are safe to hand out. Pure: bytes in, bytes out.

Run as a program it reads one photo on standard input and answers on standard output, so that
bytes from strangers are decoded in a process of their own (bot.media_process starts it by its
path, in an empty environment; therefore it imports nothing of ours).
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import re
import resource
import struct
import sys
import warnings
from dataclasses import asdict, dataclass
from datetime import datetime

from PIL import ExifTags, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
FULL_SIDE = 2048
THUMB_SIDE = 320
FULL_BYTES = 1_000_000
"""The strictest network takes photos of 1 MB (Zalo OA), so every full copy fits."""
FULL_STEPS = ((FULL_SIDE, 85), (FULL_SIDE, 70), (1600, 70), (1280, 60), (1024, 50))
MEMORY_BYTES = 1024**3
CPU_SECONDS = 30

EMPTY = "Tệp không có nội dung. Đồng chí chọn lại ảnh rồi gửi lại."
NOT_A_PHOTO = (
    "Loại tệp này chưa nhận được. "
    "Đồng chí gửi ảnh (JPG, PNG, WebP, HEIC) hoặc tệp PDF, DOCX, XLSX, PPTX."
)
TOO_HEAVY = "Ảnh nặng quá 20 MB. Đồng chí gửi ảnh nhẹ hơn."
TOO_LARGE = "Ảnh quá lớn (trên 50 triệu điểm ảnh). Đồng chí chụp lại ở cỡ thường rồi gửi."
UNREADABLE = "Ảnh này không đọc được. Đồng chí chụp lại, hoặc gửi ảnh JPG."
BROKEN = "Ảnh bị hỏng hoặc chưa tải lên hết. Đồng chí gửi lại ảnh này."

# The plugins are named so that Pillow tries these and no others.
MIMES = {
    JpegImagePlugin.JpegImageFile.format: "image/jpeg",
    PngImagePlugin.PngImageFile.format: "image/png",
    WebPImagePlugin.WebPImageFile.format: "image/webp",
    "HEIF": "image/heic",
}
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_WHEN = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)\Z", re.ASCII)
_OFFSET = re.compile(r"[+-]\d\d:\d\d\Z", re.ASCII)
_BAD_FILE = (OSError, SyntaxError, ValueError, EOFError, RuntimeError, struct.error)
_BAD_EXIF = (*_BAD_FILE, ArithmeticError, AttributeError, LookupError, TypeError)


class Unfit(Exception):
    """This is no photo we can keep; `sentence` says why and what to do, for its sender."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Picture:
    """What a photo is. Width and height in pixels, standing upright."""

    mime: str
    width: int
    height: int
    phash: str
    """A 64-bit difference hash, 16 hex digits. A picture of one even colour has all zeros."""
    place: str | None
    """"lat,lon" in degrees, from EXIF."""
    taken_at: str | None
    """ISO 8601 as the camera's clock had it, with an offset if the camera knew one."""


def kind(data: bytes) -> str:
    """The format, told by the first bytes and never by a name. Raises Unfit, also on size."""
    if not data:
        raise Unfit(EMPTY)
    if data.startswith(b"\xff\xd8\xff"):
        found = "JPEG"
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        found = "PNG"
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = "WEBP"
    elif data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        found = "HEIF"
    else:
        raise Unfit(NOT_A_PHOTO)
    if len(data) > MAX_BYTES:
        raise Unfit(TOO_HEAVY)
    return found


def inspect(data: bytes) -> Picture:
    """What the photo is, after decoding all of it. Raises Unfit."""
    return _decode(data)[0]


def make_copies(data: bytes) -> tuple[bytes, bytes]:
    """A full copy (JPEG, at most 2048 pixels a side and 1 MB) and a small one (320 pixels).

    Upright, without EXIF, place or comments. Raises Unfit.
    """
    return _encode(_decode(data)[1])


def near(a: str, b: str) -> int:
    """In how many of their 64 bits two hashes differ; up to about 10: much the same picture."""
    return (int(a, 16) ^ int(b, 16)).bit_count()


def _decode(data: bytes) -> tuple[Picture, Image.Image]:
    format_ = kind(data)
    try:
        with warnings.catch_warnings():
            # A warning about odd EXIF is no reason to refuse a photo; a bomb is.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decode_as(format_, data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise Unfit(TOO_LARGE) from error
    except _BAD_FILE as error:
        raise Unfit(BROKEN) from error


def _decode_as(format_: str, data: bytes) -> tuple[Picture, Image.Image]:
    if format_ == "WEBP":
        _check_pixels(*_webp_size(data))  # Pillow makes room for the picture before it tells
    elif format_ == "HEIF":
        _learn_heic()
    opened = Image.open(io.BytesIO(data), formats=(format_,))
    _check_pixels(*opened.size)
    width, height = opened.size
    opened.draft(None, (FULL_SIDE, FULL_SIDE))  # JPEG only: a big one is decoded at half its size
    opened.load()  # verify() does not see that the end is missing (pitfall 36)
    exif = _exif(opened)
    turned = exif.get(ExifTags.Base.Orientation)
    image = _upright(_flat(opened), turned)
    if turned in (5, 6, 7, 8):
        width, height = height, width
    picture = Picture(
        MIMES[format_], width, height, _difference_hash(image), _place(exif), _taken_at(exif)
    )
    return picture, image


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Unfit(TOO_LARGE)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header (RFC 9649)."""
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise Unfit(BROKEN)
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", body[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _learn_heic() -> None:
    import pi_heif  # type: ignore[import-untyped]  # carries no types; why it: docs/decisions/0003

    # One thread: each further one reserves address space, which is limited here.
    pi_heif.register_heif_opener(
        decode_threads=1, thumbnails=False, depth_images=False, aux_images=False
    )


def _flat(image: Image.Image) -> Image.Image:
    """At most FULL_SIDE a side, RGB, on white where it was see-through, with nothing attached."""
    profile = image.info.get("icc_profile", b"") if image.mode == "RGB" else b""
    if image.mode.startswith(("I", "F")):  # 16 bits of grey
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    see_through = image.has_transparency_data
    if image.mode not in ("RGB", "L", "RGBA") or (see_through and image.mode != "RGBA"):
        image = image.convert("RGBA" if see_through else "RGB")
    image.thumbnail((FULL_SIDE, FULL_SIDE), Image.Resampling.LANCZOS)
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A") if see_through else None)
    if profile and len(profile) <= 8192:
        flat.info["icc_profile"] = profile  # the colours of a wide-gamut phone
    return flat


def _upright(image: Image.Image, turned: object) -> Image.Image:
    """Turn by EXIF orientation (1 to 8)."""
    turn = Image.Transpose
    ways = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_270,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_90,
    }
    way = ways.get(turned) if isinstance(turned, int) else None
    if way is None:
        return image
    upright = image.transpose(way)
    upright.info = dict(image.info)
    return upright


def _difference_hash(image: Image.Image) -> str:
    """One bit for each of 8 × 8 neighbours in a row: is the right one lighter?"""
    grey = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(0, 72, 9):
        for left, right in zip(grey[row : row + 8], grey[row + 1 : row + 9], strict=True):
            bits = bits << 1 | (right > left)
    return f"{bits:016x}"


def _exif(image: Image.Image) -> Image.Exif:
    try:
        exif = image.getexif()
        exif.get_ifd(ExifTags.IFD.Exif)
    except _BAD_EXIF:
        return Image.Exif()
    return exif


def _place(exif: Image.Exif) -> str | None:
    try:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "S")
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "W")
    except _BAD_EXIF:
        return None
    if not (math.isfinite(lat) and math.isfinite(lon)) or (lat == 0 and lon == 0):
        return None
    return f"{lat:.6f},{lon:.6f}" if abs(lat) <= 90 and abs(lon) <= 180 else None


def _degrees(parts: tuple[float, float, float], side: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    sign = -1 if side.strip("\0 ").upper() == negative else 1
    return sign * (degrees + minutes / 60 + seconds / 3600)


def _taken_at(exif: Image.Exif) -> str | None:
    try:
        tags = exif.get_ifd(ExifTags.IFD.Exif)
        when = _WHEN.match(str(tags.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 "))
        offset = str(tags.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
        if when is None:
            return None
        year, month, day, hour, minute, second = when.groups()
        text = f"{year}-{month}-{day}T{hour}:{minute}:{second}"
        text += offset if _OFFSET.match(offset) else ""
        datetime.fromisoformat(text)  # 2026-13-45 is no date
    except _BAD_EXIF:
        return None
    return text


def _encode(image: Image.Image) -> tuple[bytes, bytes]:
    for side, quality in FULL_STEPS:
        full = _jpeg(image, side, quality)
        if len(full) <= FULL_BYTES:
            break
    return full, _jpeg(image, THUMB_SIDE, 75)


def _jpeg(image: Image.Image, side: int, quality: int) -> bytes:
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    copy.save(
        out, "JPEG", quality=quality, optimize=True, icc_profile=image.info.get("icc_profile")
    )
    return out.getvalue()


def main() -> None:
    """One photo in; out a line of JSON, then the full copy and the small one."""
    for limit, most in (
        (resource.RLIMIT_AS, int(sys.argv[1]) if len(sys.argv) > 1 else MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(limit, (most, most))
    os.nice(5)  # people who are typing come first
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    full = thumb = b""
    try:
        picture, image = _decode(sys.stdin.buffer.read())
        full, thumb = _encode(image)
        answer = {"picture": asdict(picture), "full": len(full), "thumb": len(thumb)}
    except Unfit as unfit:
        answer = {"unfit": unfit.sentence}
    except MemoryError:
        answer = {"unfit": TOO_LARGE}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + full + thumb)


if __name__ == "__main__":
    main()
