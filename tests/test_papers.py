"""What a paper is, told by its content in a process apart; and the names that files are kept under."""

from __future__ import annotations

import io
import unicodedata
import zipfile

import pytest

from bot import papers
from bot.media_process import PictureProcess
from bot.papers import Paper
from bot.pictures import NOT_A_PHOTO, Unfit
from tests.papers import office, pdf
from vietnamese.filenames import clean_name, words_of_name
from vietnamese.marked import secrecy_mark


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (pdf(), "pdf"),
        (pdf() + b"\r\n" * 200, "pdf"),
        (office(), "docx"),
        (office("word/embeddings/sheet.xlsx", "docProps/app.xml"), "docx"),
        (office(main="xl/workbook.xml"), "xlsx"),
        (office(main="ppt/presentation.xml"), "pptx"),
    ],
)
async def test_a_paper_is_known_by_its_content(data: bytes, ending: str) -> None:
    assert await PictureProcess().prepare(data) == Paper(ending)


HEAVY = pdf("x" * 21 * 1024 * 1024)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"MZ\x90\x00" + bytes(100), NOT_A_PHOTO),  # a program, whatever it is called
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), NOT_A_PHOTO),  # .doc, .xls
        (b"<html>%PDF-1.7 %%EOF", NOT_A_PHOTO),
        (b"%PDF-1.7\nhalf of it", papers.BROKEN),
        (HEAVY, papers.TOO_HEAVY),
        (office("word/vbaProject.bin"), papers.MACROS),
        (office("xl/VBAPROJECT.BIN", main="xl/workbook.xml"), papers.MACROS),
        (office("xl/macrosheets/sheet1.xml", main="xl/workbook.xml"), papers.MACROS),
        (office(main="xl/workbook.bin"), papers.NOT_TAKEN),  # .xlsb
        (office(main="setup.exe"), papers.NOT_TAKEN),
        (office("xl/workbook.xml"), papers.NOT_TAKEN),  # two at once is neither
        (office()[:-40], papers.BROKEN),
        (b"PK\x03\x04", papers.BROKEN),
    ],
)
async def test_what_is_not_taken_says_what_would_be(data: bytes, sentence: str) -> None:
    with pytest.raises(Unfit) as refused:
        await PictureProcess().prepare(data)
    assert refused.value.sentence == sentence
    assert sentence.count("Đồng chí") == 1


async def test_of_a_zip_bomb_nothing_is_unpacked() -> None:
    bomb = office(bomb=400)
    assert len(bomb) < 1024 * 1024
    assert await PictureProcess(memory=256 * 1024 * 1024).prepare(bomb) == Paper("docx")


async def test_a_directory_without_end_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr("[Content_Types].xml", "")
        for number in range(papers.MAX_PARTS):
            pack.writestr(f"word/{number}.xml", "")
    with pytest.raises(Unfit):
        await PictureProcess().prepare(out.getvalue())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Báo cáo quý 3.pdf", "Báo cáo quý 3.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\A\ke-hoach.PDF", "ke-hoach.pdf"),
        ("hoa-don\u202efdp.exe", "hoa-donfdp.exe.pdf"),
        ("a\x00b\u200f<c>.pdf", "ab_c_.pdf"),
        ("..", "tep.pdf"),
        ("", "tep.pdf"),
        ("ke hoach.doc", "ke hoach.doc.pdf"),
    ],
)
def test_names_are_cleaned_and_end_as_their_kind(name: str, kept: str) -> None:
    assert clean_name(name, "pdf") == kept


def test_long_names_keep_their_ending() -> None:
    for ending in ("", "pdf"):
        kept = clean_name(f"{'ế' * 300}.pdf", ending)
        assert len(kept) == 100
        assert kept.endswith("ế.pdf")
    decomposed = unicodedata.normalize("NFD", "kế hoạch.pdf")
    assert clean_name(decomposed) == "kế hoạch.pdf"
    assert clean_name("") == ""


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Kế hoạch phòng thủ (Mật).pdf", "Mật"),
        ("MẬT - Phương án.docx", "Mật"),
        ("tai_lieu_toi_mat.pdf", "Tối mật"),
        ("TUYỆT-MẬT.pdf", "Tuyệt mật"),
        ("Nuôi ong lấy mật.pdf", None),
        ("bao-cao-mat-ruong.pdf", None),
    ],
)
def test_a_name_is_read_for_a_mark(name: str, mark: str | None) -> None:
    assert secrecy_mark(words_of_name(name)) == mark
