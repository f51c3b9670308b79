"""Every fault of a workbook, with its place, all at once; nothing is changed."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from documents.workbook import read_workbook
from models.audit import Audit
from models.database import Database, Session
from models.organisation import Person
from services.access import Actor, actor_of
from services.errors import Refused
from services.loading import LoadRefused, load_workbook
from tests.loading_book import (
    NOW,
    POST,
    TASK,
    book,
    command,
    faults,
    load,
    posts,
    programmes,
    task,
    tasks,
    the_task,
    units,
    xlsx,
)


@pytest.fixture
async def sqlite_only(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """Rules that never reach the database are tried on one kind."""
    shutil.copy(sqlite_template, tmp_path / "one.db")
    made = Database(f"sqlite:///{tmp_path / 'one.db'}")
    yield made
    await made.close()


async def test_all_faults_at_once_each_with_its_place(database: Database) -> None:
    bad_units = units()
    bad_units[2][3] = "KHONG-CO"
    bad_posts = posts()
    bad_posts[2][4] = "X-AA"
    bad_tasks = tasks()
    bad_tasks[1] = task("NV-03", Thời_hạn="30/2/2026", Chỉ_tiêu="1.5", Chủ_trì="X-PL-XX")
    bad_tasks[2] = task("NV-03", Chỉ_tiêu=-2, Cách_đo="đo")
    bad_tasks[3] = task("NV-08", Chỉ_tiêu="hai tổ", Mã_việc="nv-09")
    lines = await faults(database, book(units=bad_units, posts=bad_posts, tasks=bad_tasks))
    text = "\n".join(lines)
    assert (
        "Trang “Đơn vị”, dòng 3, cột D “Mã đơn vị cấp trên”: chưa có đơn vị mã KHONG-CO. Cần:"
        in text
    )
    assert "Trang “Người và chức vụ”, dòng 3, cột E “Mã đơn vị”: chưa có đơn vị mã X-AA." in text
    assert (
        "Trang “Nhiệm vụ”, dòng 2, cột Q “Thời hạn”: không có ngày “30/2/2026”. Cần: ngày dạng dd/mm/yyyy"
        in text
    )
    assert "dòng 2, cột N “Chỉ tiêu”: “1.5” chưa rõ dấu chấm là hàng nghìn hay phần lẻ" in text
    assert (
        "dòng 3, cột J “Cách đo”: “đo” không có trong danh sách. Cần: một trong: Số lượng;" in text
    )
    assert "dòng 4, cột N “Chỉ tiêu”: “hai tổ” không phải số" in text
    # A row with such a cell is checked on: the clerk mends it once.
    assert "dòng 2, cột G “Chủ trì”: chưa có chức vụ mã X-PL-XX" in text
    assert "dòng 3, cột B “Mã việc”: mã NV-03 đã có ở dòng 2, cùng chương trình" in text
    assert "dòng 3, cột N “Chỉ tiêu”: số âm −2" in text
    assert "dòng 5, cột B “Mã việc”: mã NV-09 đã có ở dòng 4, cùng chương trình" in text
    assert len(lines) == 10


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Chủ_trì": "X-PL-XX"}, "chưa có chức vụ mã X-PL-XX"),
        ({"Chủ_trì": "X-PL-BT; X-PL-PCT"}, "có nhiều chức vụ"),
        ({"Số_hiệu_chương_trình": "99-KH/ĐU"}, "chưa có văn bản số 99-KH/ĐU"),
        ({"Bắt_đầu": "01/01/2027"}, "31/12/2026 trước ngày bắt đầu 01/01/2027"),
        ({"Mã_việc": "NV-09"}, "mã NV-09 đã có ở dòng 5"),
        ({"Chỉ_tiêu": "-1"}, "số âm −1"),
        ({"Phối_hợp": "KHONG-CO"}, "chưa có chức vụ mã KHONG-CO"),
    ],
)
async def test_a_bad_cell_hides_no_other_fault_of_its_row(
    sqlite_only: Database, cells: dict[str, Any], said: str
) -> None:
    rows = [*tasks(), task(**{"code": "NV-10", "Ngày_báo_cáo": "hôm kia", **cells})]
    lines = await faults(sqlite_only, book(tasks=rows))
    assert len(lines) == 2
    assert said in "\n".join(lines)
    assert "cột S “Ngày báo cáo”" in "\n".join(lines)


async def test_a_bad_cell_draws_no_tail_of_faults_behind_it(sqlite_only: Database) -> None:
    """Of what could not be read nothing more is said, here or in rows that refer to it."""
    rows = units()
    rows[2][2], rows[2][4] = "?", "?"
    people = posts()
    people[1][1], people[2][2], people[3][6], people[4][4] = "x" * 300, None, "?", None
    plans = programmes()
    plans[2][1], plans[2][2], plans[1][7] = "?", None, "?"
    work = [
        *tasks(),
        task("NV-20", Cách_đo="?", Chỉ_tiêu=None, Đơn_vị_tính=None),
        task("NV-21", Chiều="?", Chỉ_tiêu=0),
        task("NV-22", Cách_đo="Mốc", Chỉ_tiêu=3, Tiêu_chí_hoặc_mốc="x" * 600),
        task("NV-23", Bắt_đầu="?", Đã_đạt="?"),
        task("NV-24", Số_hiệu_chương_trình=None, Chủ_trì=None),
        task("NV-25", Mã_việc=None),
        task("NV-26", Mã_việc=None, Số_hiệu_chương_trình="12-KH/ĐU @ X-PL"),
        task("NV-27", Báo_cáo_định_kỳ="?", Ngày_báo_cáo=8),
    ]
    lines = await faults(sqlite_only, book(units=rows, posts=people, programmes=plans, tasks=work))
    places = [line.partition(":")[0].replace("Trang ", "") for line in lines]
    assert places == [
        "“Đơn vị”, dòng 3, cột C “Loại đơn vị”",
        "“Đơn vị”, dòng 3, cột E “Hiệu lực từ”",
        "“Người và chức vụ”, dòng 2, cột B “Họ và tên”",
        "“Người và chức vụ”, dòng 3, cột C “Mã chức vụ”",
        "“Người và chức vụ”, dòng 4, cột G “Từ ngày”",
        "“Người và chức vụ”, dòng 5, cột E “Mã đơn vị”",
        "“Chương trình”, dòng 2, cột H “Năm”",
        "“Chương trình”, dòng 3, cột B “Ngày ban hành”",
        "“Chương trình”, dòng 3, cột C “Mã đơn vị ban hành”",
        "“Nhiệm vụ”, dòng 6, cột J “Cách đo”",
        "“Nhiệm vụ”, dòng 7, cột L “Chiều”",
        "“Nhiệm vụ”, dòng 8, cột O “Tiêu chí hoặc mốc”",
        "“Nhiệm vụ”, dòng 9, cột P “Bắt đầu”",
        "“Nhiệm vụ”, dòng 9, cột T “Đã đạt”",
        "“Nhiệm vụ”, dòng 10, cột A “Số hiệu chương trình”",
        "“Nhiệm vụ”, dòng 10, cột G “Chủ trì”",
        "“Nhiệm vụ”, dòng 11, cột B “Mã việc”",
        "“Nhiệm vụ”, dòng 12, cột B “Mã việc”",
        "“Nhiệm vụ”, dòng 13, cột R “Báo cáo định kỳ”",
    ]


async def test_faults_of_people_stand_beside_a_bad_cell(sqlite_only: Database) -> None:
    people = posts()
    people += [
        ["P1", "Vũ Văn G", "X-PL-PCT", "Phó Chủ tịch UBND xã", "X-AA", "sếp", None, None, None],
        ["P2", "Trần Thị B", "X-PL-BT", "Bí thư Đảng uỷ", "X-PL", "Lãnh đạo", "?", None, None],
    ]
    text = "\n".join(await faults(sqlite_only, book(posts=people)))
    assert "dòng 7, cột B “Họ và tên”: mã người P1 ở dòng 2 mang họ tên khác" in text
    assert "dòng 7, cột E “Mã đơn vị”: chưa có đơn vị mã X-AA" in text
    assert "dòng 7, cột F “Vai trò”: “sếp” không có trong danh sách" in text
    assert "dòng 8, cột D “Chức vụ”: chức vụ khác với dòng 3" in text


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Chủ_trì": "X-PL-XX"}, "cột G “Chủ trì”: chưa có chức vụ mã X-PL-XX"),
        ({"Chủ_trì": "X-PL-BT; X-PL-PCT"}, "có nhiều chức vụ. Cần: đúng một"),
        ({"Chỉ_tiêu": 0}, "chỉ tiêu bằng 0 mà chiều là tăng"),
        ({"Chỉ_tiêu": "-1"}, "số âm −1"),
        ({"Chỉ_tiêu": None}, "cột N “Chỉ tiêu”: ô trống"),
        ({"Đơn_vị_tính": None}, "cột K “Đơn vị tính”: ô trống"),
        ({"Bắt_đầu": "01/01/2027"}, "31/12/2026 trước ngày bắt đầu 01/01/2027"),
        ({"Số_hiệu_chương_trình": "99-KH/ĐU"}, "chưa có văn bản số 99-KH/ĐU"),
        ({"Cách_đo": "Mốc", "Chỉ_tiêu": None}, "chưa có tiêu chí hoặc mốc nào"),
        ({"Tên_nhiệm_vụ": "tối mật"}, "có dấu “Tối mật”"),
        ({"Tên_nhiệm_vụ": "Việc " * 9000}, "Cần: nhiều nhất 4.000 chữ"),
        ({"Chỉ_tiêu": date(2026, 2, 1)}, "Excel đã đổi ô này thành ngày"),
        ({"Chỉ_tiêu": "2 tổ"}, "“2 tổ” có chữ kèm số"),
        ({"Chỉ_tiêu": 10**18}, "số quá lớn"),
        ({"Chỉ_tiêu": 1, "Đã_đạt": 9e13}, "cột T “Đã đạt”: số 90.000.000.000.000 lớn quá so với"),
        ({"Chỉ_tiêu": True}, "không phải số"),
        ({"Thời_hạn": 46000}, "“46000” là số, không phải ngày"),
        ({"Thời_hạn": "31/12/26"}, "ghi năm chưa đủ bốn chữ số"),
        ({"Thời_hạn": "31/12/20266"}, "ghi năm chưa đủ bốn chữ số"),
        ({"Báo_cáo_định_kỳ": "Tuần", "Ngày_báo_cáo": 1}, "không có ngày 1. Cần: 2 (thứ Hai)"),
        ({"Mã_việc": "NV-09"}, "mã NV-09 đã có ở dòng 5"),
    ],
)  # fmt: skip
async def test_a_fault_in_a_task(sqlite_only: Database, cells: dict[str, Any], said: str) -> None:
    rows = [*tasks(), task(**{"code": "NV-10", **cells})]
    lines = await faults(sqlite_only, book(tasks=rows))
    assert len(lines) == 1
    assert said in lines[0]
    assert "Trang “Nhiệm vụ”, dòng 6" in lines[0]


async def test_warnings_do_not_stop_the_loading(sqlite_only: Database) -> None:
    rows = [
        *tasks(),
        task("NV-11", Thời_hạn="01/01/2026"),
        task("NV-12", Cách_đo="%", Chỉ_tiêu=120),
        task("NV-13", Chỉ_tiêu="1,234", Đơn_vị_tính="ha"),
        task("NV-14", Chủ_trì="X-PL-NN"),
    ]
    result = await load(sqlite_only, book(tasks=rows))
    assert [one.line for one in result.warnings if one.sheet == "Nhiệm vụ"] == [
        "Trang “Nhiệm vụ”, dòng 6, cột Q “Thời hạn”: 01/01/2026 trước ngày ban hành văn bản 15/01/2026.",
        "Trang “Nhiệm vụ”, dòng 7, cột N “Chỉ tiêu”: chỉ tiêu 120% lớn hơn 100%.",
        "Trang “Nhiệm vụ”, dòng 8, cột N “Chỉ tiêu”: đọc là 1 phẩy 234; nếu là 1.234 (hàng nghìn) thì sửa lại ô này.",
        "Trang “Nhiệm vụ”, dòng 9, cột G “Chủ trì”: chức vụ X-PL-NN chưa có người giữ.",
    ]
    async with sqlite_only.begin() as session:
        early = await the_task(session, "NV-11")
        assert (early.due, early.start) == (date(2026, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("at", "column", "value", "said"),
    [
        (1, 3, "X-PL", "đơn vị nằm dưới chính mình"),
        (2, 3, "X-PL", "đơn vị nằm dưới chính mình"),
        (2, 5, "01/01/2020", "01/01/2020 trước ngày hiệu lực 01/07/2025"),
        (2, 6, "X-PL", "đơn vị thay cho chính mình"),
        (2, 0, "t", "mã t đã có ở dòng 2"),
        (2, 1, None, "cột B “Tên đơn vị”: ô trống"),
        (2, 1, "X" * 256, "dài 256 chữ. Cần: nhiều nhất 255 chữ"),
        (2, 2, "trấn", "“trấn” không có trong danh sách"),
    ],
)
async def test_a_fault_in_a_unit(
    sqlite_only: Database, at: int, column: int, value: Any, said: str
) -> None:
    rows = units()
    rows[at][column] = value
    text = "\n".join(await faults(sqlite_only, book(units=rows)))
    assert said in text


async def test_a_row_with_a_code_that_was_there_is_checked_like_any_other(
    sqlite_only: Database,
) -> None:
    rows = units()
    rows[2][0], rows[2][3], rows[2][5] = "t", "KHONG", "01/01/2020"
    text = "\n".join(await faults(sqlite_only, book(units=rows)))
    assert "mã t đã có ở dòng 2" in text
    assert "chưa có đơn vị mã KHONG" in text
    assert "01/01/2020 trước ngày hiệu lực" in text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["P7", "Vũ Văn G", "X-PL-PCT", "Phó Chủ tịch UBND xã", "X-PL", "Cán bộ"], "đã có người giữ cùng lúc ở dòng 2"),
        (["P7", "Vũ Văn G", "X-PL-PCT", "Chủ tịch", "X-PL", "Cán bộ", "01/01/2020", "01/02/2020"], "chức vụ khác với dòng 2"),
        (["P1", "Vũ Văn G", "X-PL-Z", "Chủ tịch", "X-PL", "Cán bộ"], "mã người P1 ở dòng 2 mang họ tên khác"),
        (["P7", None, "X-PL-Z", "Chủ tịch", "X-PL", "Cán bộ"], "Cần: cả mã người và họ tên"),
        (["P7", "Vũ Văn G", "X-PL-Z", "Chủ tịch", "X-PL", "Cán bộ", "02/01/2026", "01/01/2026"], "trước ngày bắt đầu"),
        (["P7", "Vũ Văn G", "X-PL-Z", "Chủ tịch", "X-PL", "sếp"], "“sếp” không có trong danh sách"),
    ],
)  # fmt: skip
async def test_a_fault_in_a_post(sqlite_only: Database, row: list[Any], said: str) -> None:
    lines = await faults(sqlite_only, book(posts=[*posts(), row]))
    assert len(lines) == 1
    assert said in lines[0]
    assert "dòng 7" in lines[0]


async def test_two_documents_of_one_number(database: Database) -> None:
    plans = [
        *programmes(),
        ["12-KH/ĐU", "15/01/2026", "T", "Kế hoạch khác", None, None, None, 2026, None],
    ]
    lines = await faults(database, book(programmes=plans))
    assert len(lines) == 4
    assert "có 2 văn bản cùng số 12-KH/ĐU. Cần: thêm mã đơn vị ban hành" in lines[0]
    rows = tasks()
    for row in rows[1:]:
        row[0] = "12-kh/đu @ x-pl"
    await load(database, book(programmes=plans, tasks=rows))


async def test_a_number_used_again_next_year_is_another_document(database: Database) -> None:
    await load(database, book())
    again = programmes()
    again[2][1], again[2][7] = "15/01/2027", 2027
    later = [list(TASK), task("NV-03", Tên_nhiệm_vụ="Việc của năm sau", Thời_hạn="31/12/2027")]
    result = await load(database, book(programmes=again, tasks=later))
    assert (result.tallies["programmes"].added, result.tallies["tasks"].added) == (1, 1)
    assert (await load(database, book(programmes=again, tasks=later))).changes == 0
    assert (await load(database, book())).changes == 0
    lines = await faults(database, {"Nhiệm vụ": later})
    assert "có 2 văn bản cùng số 12-KH/ĐU. Cần: thêm năm ban hành" in lines[0]
    assert "12-KH/ĐU năm 2027" in lines[0]
    later[1][0] = "12-KH/ĐU @ X-PL năm 2027"
    assert (await load(database, {"Nhiệm vụ": later})).changes == 0
    later[1][0] = "12-kh/đu năm 2028"
    assert "chưa có văn bản số" in (await faults(database, {"Nhiệm vụ": later}))[0]


async def test_unknown_and_missing_columns(sqlite_only: Database) -> None:
    rows = units()
    rows[0][1] = "Tên đơnvị cũ"
    rows[0].append("Ghi chú")
    rows[1].append("của riêng văn phòng")
    rows[1] += [None, "lạc"]
    lines = await faults(sqlite_only, {"Đơn vị": rows})
    assert len(lines) == 3
    assert "thiếu cột này" in lines[0]
    assert "cột “Tên đơn vị”" in lines[0]
    assert "cột “Tên đơnvị cũ” không có trong mẫu. Cần: có phải “Tên đơn vị”?" in lines[1]
    assert "cột J: cột có dữ liệu mà không có tên" in lines[2]


async def clerk(session: Session, code: str, kind: str = "clerk") -> Actor:
    person = await session.scalar(select(Person).where(Person.code == code))
    assert person
    return await actor_of(session, person, "web", NOW)


async def test_p46_a_clerk_loads_only_for_their_own_units(database: Database) -> None:
    rows = units()
    rows.append(["X-KHAC", "Xã Khác", "Xã", "T", "01/07/2025", None, None])
    people = [
        *posts(),
        ["P5", "Đỗ Văn H", "X-KHAC-CT", "Chủ tịch", "X-KHAC", "Cán bộ", None, None, None],
    ]
    await load(database, book(units=rows, posts=people))
    sheets: dict[str, list[list[Any]]] = {
        "Đơn vị": [
            rows[0],
            rows[-1],
            ["THON", "Thôn Một", "Thôn", "X-PL", "01/07/2025", None, None],
        ],
        "Người và chức vụ": [
            list(POST),
            ["P1", "Nguyễn Văn A", "T-AD", "Quản trị", "X-PL", "Quản trị", None, None, "T"],
            ["P5", "Tên Khác", "X-PL-MOI", "Cán bộ", "X-PL", "Cán bộ", None, None, None],
        ],
        "Nhiệm vụ": [list(TASK), task("NV-30", Chủ_trì="X-KHAC-CT")],
    }
    async with database.begin() as session:
        actor = await clerk(session, "P1")
        with pytest.raises(LoadRefused) as refused:
            await load_workbook(session, actor, read_workbook(xlsx(sheets)), NOW)
    places = [(one.sheet, one.row, one.header) for one in refused.value.faults]
    assert places == [
        ("Đơn vị", 2, "Mã đơn vị"),
        ("Người và chức vụ", 2, "Vai trò"),
        ("Người và chức vụ", 2, "Phụ trách đơn vị"),
        ("Người và chức vụ", 3, "Họ và tên"),
        ("Nhiệm vụ", 2, "Chủ trì"),
    ]
    own = {"Nhiệm vụ": [list(TASK), task("NV-31")]}
    async with database.begin() as session:
        actor = await clerk(session, "P1")
        result = await load_workbook(session, actor, read_workbook(xlsx(own)), NOW)
        assert result.changes == 1
    async with database.begin() as session:
        line = (await session.scalars(select(Audit).order_by(Audit.id.desc()).limit(1))).one()
        assert (line.who, line.channel) == (actor.pseudonym, "web")
        with pytest.raises(Refused):
            await load_workbook(session, await clerk(session, "P2"), read_workbook(xlsx(own)), NOW)


async def test_a_person_code_given_to_another_is_pointed_out(sqlite_only: Database) -> None:
    await load(sqlite_only, book())
    rows = posts()
    rows[2][1] = "Trần Thị Bình"
    result = await load(sqlite_only, {"Người và chức vụ": rows})
    assert [one.wrong for one in result.warnings if one.header == "Họ và tên"] == [
        "mã người P2 đang là Trần Thị B, sẽ đổi thành Trần Thị Bình"
    ]


async def test_an_import_with_faults_prints_them_all(sqlite_only: Database, tmp_path: Path) -> None:
    rows = tasks()
    rows[1][TASK.index("Thời hạn")] = "30/2/2026"
    rows[2][TASK.index("Chỉ tiêu")] = "?"
    (tmp_path / "a.xlsx").write_bytes(xlsx(book(tasks=rows)))
    said = await command(sqlite_only, tmp_path / "a.xlsx")
    assert sum(line.startswith("Cần sửa: Trang “Nhiệm vụ”, dòng ") for line in said) == 2
    assert said[-1] == "Chưa nạp gì: còn 2 chỗ cần sửa. Đồng chí sửa tệp rồi nạp lại."
