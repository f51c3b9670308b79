"""The template, the invitation sheet and the official table, read back as others would read them."""

from __future__ import annotations

import io
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import segno
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from documents.cells import Cell, Unreadable, number, read
from documents.columns import PLANS, TASKS, Column, SheetPlan
from documents.invitations import (
    Invitation,
    telegram_link,
    web_link,
    write_invitations,
)
from documents.official import _result
from documents.strings import CUT, MOST, cell_text
from documents.table import HEADERS, LABELS, TableHead, TableRow, write_table
from documents.template import HEADER_ROW, write_template
from documents.workbook import GUIDE, read_workbook
from services.loading.rows import SHEETS, PostRow, ProgrammeRow, TaskRow, UnitRow
from services.summary import Line
from vietnamese.marked import secrecy_mark

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def opened(data: bytes, sheet: str) -> Worksheet:
    found = load_workbook(io.BytesIO(data))[sheet]
    assert isinstance(found, Worksheet)
    return found


def test_the_template_has_the_four_sheets_and_a_guide() -> None:
    book = load_workbook(io.BytesIO(write_template()))
    assert book.sheetnames == [*SHEETS.values(), "Hướng dẫn"]
    for plan in PLANS:
        sheet = book[plan.title]
        headers = [cell.value for cell in sheet[HEADER_ROW + 1]]
        assert headers == [c.header + (" *" if c.required else "") for c in plan.columns] + [
            "Ghi chú"
        ]
        assert sheet.freeze_panes == "C4"
        assert sheet.max_row == HEADER_ROW + 1


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.sheet)
def test_drop_downs_name_what_the_reader_takes(plan: SheetPlan) -> None:
    data = write_template()
    book = load_workbook(io.BytesIO(data))
    rules = {
        str(rule.sqref).split(":")[0].rstrip("0123456789"): rule
        for rule in book[plan.title].data_validations.dataValidation
    }
    for at, column in enumerate(plan.columns):
        letter = get_column_letter(at + 1)
        if column.reads == "day":
            assert rules[letter].type == "date"
        if not column.choices:
            continue
        source = rules[letter].formula1
        assert rules[letter].type == "list"
        assert rules[letter].errorStyle in (None, "stop")
        cells = book[GUIDE][source.split("!")[1].replace("$", "")]
        labels = [row[0].value for row in cells]
        assert [read(column, Cell(label, "s")) for label in labels] == list(column.choices)
    if plan is TASKS:
        owner = rules["G"]
        assert owner.formula1 == "'Người và chức vụ'!$C$4:$C$10000"
        assert owner.errorStyle == "information"
        assert rules["A"].formula1 == "'Chương trình'!$A$4:$A$10000"
        assert rules["E"].showErrorMessage is False


@pytest.mark.parametrize(
    ("plan", "row"), list(zip(PLANS, (UnitRow, PostRow, ProgrammeRow, TaskRow), strict=True))
)
def test_columns_are_the_fields_of_the_rows(plan: SheetPlan, row: type) -> None:
    assert {column.field for column in plan.columns} == {one.name for one in fields(row)} - {"at"}
    assert all(column.example for column in plan.columns if column.required)


def test_the_examples_can_be_typed_into_the_template_and_are_read() -> None:
    book = load_workbook(io.BytesIO(write_template()))
    for plan in PLANS:
        for at, column in enumerate(plan.columns):
            book[plan.title].cell(HEADER_ROW + 2, at + 1, column.example or None)
    target = io.BytesIO()
    book.save(target)
    content = read_workbook(target.getvalue())
    assert content.faults == ()
    (task,) = content.tasks
    assert (task.code, task.target, task.due) == ("NV-03", Decimal(2), date(2026, 12, 31))
    assert task.tags == ("đột phá", "nông nghiệp")
    assert (content.posts[0].kind, content.units[0].kind) == ("cadre", "commune")
    assert content.programmes[0].year == 2026


def test_every_text_of_the_template_may_stand_in_a_workbook() -> None:
    for sheet in load_workbook(io.BytesIO(write_template())).worksheets[:4]:
        for row in sheet.iter_rows(values_only=True):
            assert not any(isinstance(text, str) and secrecy_mark(text) for text in row)


_NUMBER = Column("n", "Số", "number", "", "")
_TEXT = Column("t", "Tên", "text", "", "")


@pytest.mark.parametrize(
    ("value", "kind", "meant"),
    [
        ("98,3", "s", "98.3"), ("98,3 %", "s", "98.3"), ("3.500.000.000", "s", "3500000000"),
        ("1 234 567", "s", "1234567"), ("1\u00a0234", "s", "1234"), ("−5", "s", "-5"),
        ("0,00004", "s", "0"), (0.1 + 0.2, "n", "0.3"), (400, "n", "400"), ("１２", "s", "12"),
    ],
)  # fmt: skip
def test_p49_numbers(value: object, kind: str, meant: str) -> None:
    assert number(Cell(value, kind)) == Decimal(meant)


@pytest.mark.parametrize(
    "value", ["1.5", "1,234.5", "1.23.456", "một", "1/2", "--1", "1e5", "5,", ",5"]
)
def test_p49_numbers_that_are_never_guessed(value: str) -> None:
    with pytest.raises(Unreadable):
        read(_NUMBER, Cell(value, "s"))


@pytest.mark.parametrize(
    ("value", "kind", "meant"),
    [
        (7, "n", "7"), (7.0, "n", "7"), (1.5, "n", "1,5"), ("  Xã \t Phù\nLưu ", "s", "Xã Phù Lưu"),
        ("A_x000D__x0041_", "s", "A_x0041_"), ("\u202eAB\u200b", "s", "AB"), ("Phu\u0300", "s", "Phù"),
    ],
)  # fmt: skip
def test_texts(value: object, kind: str, meant: str) -> None:
    assert read(_TEXT, Cell(value, kind)) == meant


HEAD = TableHead("Xã Phù Lưu", NOW, "Kế hoạch 12-KH/ĐU năm 2026")


def table_row(title: str, **changed: object) -> TableRow:
    facts = {"unit": "Xã Phù Lưu", "due": date(2026, 12, 31), "result": "1/2 tổ (50%)"}
    return TableRow(title, progress="Đang thực hiện", **(facts | changed))  # type: ignore[arg-type] # the facts are a row's fields


def test_the_official_table() -> None:
    rows = [
        table_row("Xây dựng 2 tổ VietGAP"),
        table_row("Thu gom rác", due=date(2027, 1, 31), first_due=date(2026, 11, 30)),
        table_row("Việc không hạn", due=None),
    ]
    sheet = opened(write_table(HEAD, rows), "Nhiệm vụ")
    lines = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    assert lines[0] == ["XÃ PHÙ LƯU"]
    assert ["(Số liệu đến 16:30 ngày 22/11/2026)"] in lines
    top = lines.index(list(HEADERS))
    assert [line[0] for line in lines[top + 1 : top + 4]] == [1, 2, 3]
    assert lines[top + 1][3] == datetime(2026, 12, 31)  # noqa: DTZ001 - Excel knows no zones
    assert sheet.cell(top + 2, 4).number_format == "dd/mm/yyyy"
    assert lines[top + 2][3] == "31/01/2027 (hạn đầu 30/11/2026)"
    assert lines[top + 3][3] == "Không thời hạn"
    assert lines[top + 5] == ["Tổng số: 3 nhiệm vụ, trong đó:"]
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert sheet.print_title_rows == f"${top + 1}:${top + 1}"


def test_the_labels_of_the_table_add_up_to_its_tasks() -> None:
    labels = [*LABELS, "Đang thực hiện", "Chờ xem xét", "", "Đang thực hiện"]
    rows = [TableRow("Việc", "Xã", None, "", label) for label in labels]
    sheet = opened(write_table(HEAD, rows), "Nhiệm vụ")
    texts = [str(cell) for (cell,) in sheet.iter_rows(min_col=2, max_col=2, values_only=True)]
    total = next(at for at, text in enumerate(texts) if text.startswith("Tổng số"))
    parts = [int(text.rsplit(": ")[1]) for text in texts[total + 1 :]]
    assert texts[total].startswith("Tổng số: 8 ")
    assert sum(parts) == 8
    assert parts[2] == 3


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "http://example.vn", "{=1}", "0012",
        "A < B & C > D", "_x0041_", "1/2", "ĐƯỜNG ₫ 👍🏽",
    ],
)  # fmt: skip
def test_p39_texts_come_out_of_excel_as_texts(text: str) -> None:
    sheet = opened(write_table(HEAD, [table_row(text, result=text, unit=text)]), "Nhiệm vụ")
    rows = list(sheet.iter_rows(min_row=8, max_row=8))
    assert [rows[0][at].value for at in (1, 2, 4)] == [text] * 3
    assert [rows[0][at].data_type for at in (1, 2, 4)] in (["s"] * 3, ["f"] * 3)
    assert [rows[0][at].hyperlink for at in (1, 2, 4)] == [None] * 3
    assert b"<f>" not in _parts(write_table(HEAD, [table_row(text)]))


def _parts(data: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_p39_control_signs_and_40000_letters() -> None:
    long = "Việc " * 8000
    rows = [
        table_row("a\x00\x08\x1f\ud800\uffffb"),
        table_row(long),
        table_row("ế" + "👍🏽" * 20000),
    ]
    sheet = opened(write_table(HEAD, rows), "Nhiệm vụ")
    values = [str(sheet.cell(row, 2).value) for row in (8, 9, 10)]
    assert values[0] == "ab"
    assert values[1] == long[:MOST] + CUT
    assert values[2].endswith("👍🏽" + CUT)
    assert len(cell_text("x" * MOST)) == MOST


def invitation(name: str = "Nguyễn Văn A", code: str = "4729183651") -> Invitation:
    return Invitation(name, "Phó Chủ tịch UBND xã", "Xã Phù Lưu", code, NOW)


def test_an_invitation_has_the_code_three_ways() -> None:
    page = write_invitations(
        [invitation()], bot_name="@giaoviec_bot", public_url="https://giaoviec.example.vn/"
    )
    assert "4729 183 651" in page
    assert "16:30 Chủ Nhật 22/11/2026" in page
    assert (
        telegram_link("@giaoviec_bot", "4729183651") == "https://t.me/giaoviec_bot?start=4729183651"
    )
    assert web_link("https://giaoviec.example.vn/", "4729183651") == (
        "https://giaoviec.example.vn/vao/4729183651"
    )
    drawn = re.findall(r'<path[^>]* d="([^"]+)"', page)
    links = (
        "https://t.me/giaoviec_bot?start=4729183651",
        "https://giaoviec.example.vn/vao/4729183651",
    )
    for link, path in zip(links, drawn, strict=True):
        code = segno.make(link, error="m", micro=False)
        assert f'd="{path}"' in code.svg_inline(border=4)


def test_an_invitation_without_a_bot_or_an_address() -> None:
    assert "<svg" not in write_invitations([invitation()])
    assert write_invitations([invitation()], public_url="http://127.0.0.1:8080").count("<svg") == 1
    with pytest.raises(ValueError, match="Telegram"):
        write_invitations([invitation()], bot_name="x/y?z")


def test_a_card_says_only_what_can_be_done_with_it() -> None:
    """One square is "mã vuông", not "một trong các mã"; only networks that there are are named."""
    one = write_invitations([invitation()], public_url="https://x.vn")
    # With the web alone there is no chat to send the code to: the address stands there in words.
    assert (
        "Đồng chí quét mã vuông bằng điện thoại hoặc mở https://x.vn/dang-nhap rồi nhập dãy số này. "
        "Mã dùng một lần" in one
    )
    assert "chatbot" not in one
    assert "Mạng khác" not in one
    both = replace(invitation(), zalo="Bot Một", typed_on=("Zalo", "Telegram"))
    page = write_invitations([both], public_url="https://x.vn", bot_name="giaoviec_bot")
    assert (
        "Đồng chí quét một trong các mã bằng điện thoại hoặc nhắn dãy số này trên Zalo hoặc Telegram."
        in page
    )


def test_eight_cards_a_page() -> None:
    page = write_invitations([invitation(code=f"{at:010d}") for at in range(17)])
    pages = page.split('<main class="page">')[1:]
    assert [part.count('class="card"') for part in pages] == [8, 8, 1]
    assert write_invitations([]).count("<main") == 0


def test_p45_names_never_break_the_page() -> None:
    nasty = "<script>alert(1)</script> A & B \"x' \u202eBA\u200f 👍"
    page = write_invitations([Invitation(nasty, nasty, nasty, nasty, NOW)])
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page


def test_the_page_loads_nothing_from_anywhere() -> None:
    page = write_invitations([invitation()], bot_name="giaoviec_bot", public_url="https://x.vn")
    assert not re.search(r"(src|href)\s*=|url\(|@import|<script|<link", page)


def test_a_percentage_of_the_table_stands_without_a_space() -> None:
    line = Line(
        1, "NV-01", "x", "open", None, None, "met", Decimal(125), None, 0, 1, "x", 1, 1, None, 0,
        None, Decimal(50), "gần", "percent", "%",
    )  # fmt: skip
    assert _result(line) == "gần 50%, đạt 125% kế hoạch"
    assert _result(line._replace(measure="number", measure_unit="tổ")).startswith("gần 50 tổ, đạt")
