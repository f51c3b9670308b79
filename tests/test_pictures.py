"""Photos as they come: whole, turned, broken, hostile. Real files, decoded for real."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from bot import pictures
from bot.pictures import Unfit, inspect, make_copies, near
from tests.data import draw
from tests.data.draw import bomb, encoded

DATA = Path(__file__).parent / "data"
TEA = (DATA / "anh.jpg").read_bytes()
ROAD = (DATA / "anh2.jpg").read_bytes()
HEIC = (DATA / "anh.heic").read_bytes()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def road(side: int = 240) -> Image.Image:
    image = opened(ROAD)
    image.thumbnail((side, side))
    return image


def refusal(data: bytes) -> str:
    with pytest.raises(Unfit) as refused:
        inspect(data)
    return refused.value.sentence


def parts_of(jpeg: bytes) -> list[tuple[int, bytes]]:
    """The segments of a JPEG before its picture: (marker, content)."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        size = struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + size]))
        at += 2 + size
    return found


# What a photo is


def test_a_phone_s_photo_is_known_for_what_it_is() -> None:
    picture = inspect(TEA)
    assert (picture.mime, picture.width, picture.height) == ("image/jpeg", 800, 600)
    assert opened(TEA).size == (600, 800)  # it lies on its side in the file
    assert picture.place == "22.093500,105.123700"
    assert picture.taken_at == "2026-11-22T15:58:10+07:00"
    assert len(picture.phash) == 16


def test_p37_heic_works() -> None:
    picture = inspect(HEIC)
    assert (picture.mime, picture.width, picture.height) == ("image/heic", 800, 600)
    assert picture.place == "22.071200,105.141000"
    assert near(picture.phash, inspect(ROAD).phash) <= 2  # it was made from that photo
    full, thumb = make_copies(HEIC)
    assert opened(full).format == opened(thumb).format == "JPEG"


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "JPEG"])
def test_other_formats(format_: str) -> None:
    picture = inspect(encoded(road(), format_, exif=draw.exif(1, -8.5, -70.25, "x")))
    assert (picture.mime, picture.width, picture.height) == (
        f"image/{format_.lower()}",
        240,
        180,
    )
    assert (picture.place, picture.taken_at) == ("-8.500000,-70.250000", None)
    assert near(picture.phash, inspect(ROAD).phash) <= 4


def test_webp_without_loss() -> None:
    assert inspect(encoded(road(), "WEBP", lossless=True)).width == 240


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel(mode: str) -> None:
    image = road()
    if mode == "I;16":
        wide = image.convert("L").convert("I").point(lambda grey: grey * 256)
        image = wide.convert("I;16")
    else:
        image = image.convert(mode)
    data = encoded(image, "JPEG" if mode == "CMYK" else "PNG")
    assert near(inspect(data).phash, inspect(ROAD).phash) <= (12 if mode == "1" else 4)
    copy = opened(make_copies(data)[0])
    assert (copy.mode, copy.size) == ("RGB", (240, 180))


def test_what_is_see_through_becomes_white() -> None:
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    assert opened(make_copies(encoded(image, "PNG"))[0]).getpixel((32, 32)) == (255, 255, 255)


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "MPO"])
def test_of_several_pictures_in_a_file_the_first_counts(format_: str) -> None:
    first, second = road(), opened(TEA).resize((240, 180))
    data = encoded(first, format_, save_all=True, append_images=[second])
    assert opened(data).n_frames == 2  # type: ignore[attr-defined]  # has it when there are several
    assert near(inspect(data).phash, inspect(ROAD).phash) <= 4


def test_the_same_photo_made_smaller_is_near_another_is_not() -> None:
    tea = inspect(TEA).phash
    smaller = opened(make_copies(TEA)[0]).resize((500, 375))
    assert near(tea, inspect(encoded(smaller, "JPEG", quality=40)).phash) <= 4
    assert near(tea, inspect(ROAD).phash) > 20
    assert near("0" * 16, "f" * 16) == 64


# Copies


@pytest.mark.parametrize("orientation", range(1, 9))
def test_p38_copies_stand_upright(orientation: int) -> None:
    undo = {2: 0, 3: 1, 4: 6, 5: 5, 6: 2, 7: 3, 8: 4}
    stored = draw.village_road()
    ways = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE"}
    ways |= {6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270"}
    if orientation in undo:
        stored = stored.transpose(Image.Transpose[ways[orientation]])
    data = encoded(stored, "JPEG", exif=draw.exif(orientation, 22, 105, ""))
    assert (inspect(data).width, inspect(data).height) == (800, 600)
    for copy in make_copies(data):
        upright = inspect(copy)
        assert upright.width > upright.height
        assert near(upright.phash, inspect(ROAD).phash) <= 4


def test_p38_copies_carry_no_place_and_no_word() -> None:
    profile = b"\0" * 128
    data = encoded(
        opened(TEA), "JPEG", exif=opened(TEA).getexif(), comment=b"Nguyen Van A", xmp=b"<x/>",
        icc_profile=profile,
    )  # fmt: skip
    assert inspect(data).place
    for copy in make_copies(data):
        assert {marker for marker, _ in parts_of(copy)} & {0xE1, 0xFE} == set()
        assert not opened(copy).getexif()
        assert b"Nguyen" not in copy
        assert opened(copy).info["icc_profile"] == profile  # colours are not a secret


def test_copies_have_their_sizes() -> None:
    noise = Image.frombytes("RGB", (3000, 2000), random.Random(1).randbytes(18_000_000))
    full, thumb = make_copies(encoded(noise, "JPEG", quality=90))
    assert len(full) <= pictures.FULL_BYTES
    assert max(opened(full).size) <= pictures.FULL_SIDE
    assert opened(thumb).size == (320, 213)
    assert opened(make_copies(TEA)[0]).size == (800, 600)  # a small one is never blown up


# What is refused, in words


def test_p36_a_truncated_photo_is_refused() -> None:
    whole = {
        "jpeg": TEA,
        "progressive": encoded(road(), "JPEG", progressive=True),
        "heic": HEIC,
        "png": encoded(road(), "PNG"),
        "webp": encoded(road(), "WEBP"),
    }
    for name, data in whole.items():
        inspect(data)
        for part in (0.3, 0.6, 0.9):
            assert refusal(data[: int(len(data) * part)]) == pictures.BROKEN, (name, part)


def test_a_large_truncated_jpeg_is_refused_though_decoded_at_half_its_size() -> None:
    data = encoded(opened(ROAD).resize((4800, 3600)), "JPEG", quality=60)
    inspect(data)
    assert refusal(data[:-2000]) == pictures.BROKEN


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", pictures.EMPTY),
        ("Báo cáo tháng 11".encode(), pictures.NOT_A_PHOTO),
        (b"%PDF-1.7\n", pictures.NOT_A_PHOTO),
        (b"GIF89a" + b"\0" * 50, pictures.NOT_A_PHOTO),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", pictures.NOT_A_PHOTO),
        (b"\0\0\0\x1cftypavif", pictures.NOT_A_PHOTO),
        (b"\xff\xd8\xff", pictures.BROKEN),
        (b"\x89PNG\r\n\x1a\n", pictures.BROKEN),
        (b"RIFF\x04\0\0\0WEBP", pictures.BROKEN),
        (b"\0\0\0\x1cftypheic", pictures.BROKEN),
        (TEA + b"\0" * pictures.MAX_BYTES, pictures.TOO_HEAVY),
    ],
    ids=["empty", "text", "pdf", "gif", "svg", "avif", "jpg", "png", "webp", "heic", "heavy"],
)
def test_what_is_no_photo_is_refused_in_words(data: bytes, sentence: str) -> None:
    assert refusal(data) == sentence


MEASURE = """
import sys
from bot import pictures
def most():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
before = most()
try:
    pictures.inspect(sys.stdin.buffer.read())
except pictures.Unfit as unfit:
    print(most() - before, unfit.sentence)
"""


def test_p35_a_144_megapixel_png_is_refused_in_little_memory() -> None:
    data = bomb()
    assert len(data) < 200_000
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", MEASURE], input=data, capture_output=True, check=True
    )
    kilobytes, _, sentence = done.stdout.decode().strip().partition(" ")
    assert sentence == pictures.TOO_LARGE
    assert int(kilobytes) < 8_000  # decoding it takes 144.000


def test_p35_the_same_in_the_header_of_every_format() -> None:
    webp = bytearray(encoded(road(), "WEBP", exif=draw.exif(1, 22, 105, "")))
    assert webp[12:16] == b"VP8X"
    webp[24:30] = (16_000).to_bytes(3, "little") * 2
    jpeg = bytearray(ROAD)
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    heic = bytearray(HEIC)
    extent = heic.index(b"ispe") + 8
    heic[extent : extent + 8] = struct.pack(">II", 12_000, 12_000)
    for data in (webp, jpeg, heic):
        assert refusal(bytes(data)) == pictures.TOO_LARGE


def test_odd_exif_is_no_reason_to_refuse() -> None:
    odd = draw.exif(1, 22, 105, "2026:13:45 99:99:99")
    nothing = IFDRational(0, 0)
    odd.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (nothing, nothing, nothing)
    odd[ExifTags.Base.Orientation] = 77
    data = encoded(road(), "JPEG", exif=odd)
    picture = inspect(data)
    assert (picture.place, picture.taken_at, picture.width) == (None, None, 240)
    garbage = encoded(road(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff garbage")
    assert inspect(garbage).place is None
    nowhere = encoded(road(), "JPEG", exif=draw.exif(1, 0, 0, ""))
    assert inspect(nowhere).place is None  # a phone without a fix writes 0, 0


def test_damage_anywhere_is_refused_or_read_and_raises_nothing_else() -> None:
    chance = random.Random(11)
    seeds = [TEA, encoded(road(), "PNG"), encoded(road(), "WEBP")]
    for _ in range(300):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 5, 20))):
            data[chance.randrange(min(len(data), 2000))] = chance.randrange(256)
        try:
            told = inspect(bytes(data)).phash
        except Unfit as unfit:
            told = unfit.sentence
        assert len(told) == 16 or told in (
            pictures.BROKEN,
            pictures.TOO_LARGE,
            pictures.NOT_A_PHOTO,
        )


def test_our_heic_reader_brings_no_gpl_encoder() -> None:
    import pi_heif  # type: ignore[import-untyped]  # carries no types

    files = [str(file).lower() for file in metadata.files("pi_heif") or []]
    assert files
    assert not [file for file in files if "x265" in file or "kvazaar" in file]
    assert not {"x265", "kvazaar"} & set(pi_heif.libheif_info()["encoders"])
    classifiers = metadata.metadata("pi_heif").get_all("Classifier") or []
    assert [each for each in classifiers if each.endswith("(LGPLv3)")]
