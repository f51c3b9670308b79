"""The administrator's commands: what they do, and that whatever stops them is one plain sentence."""

from __future__ import annotations

import socket
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.account import Account
from models.database import Database
from models.organisation import Holding, Person, Post
from tests.village import START, Village, build_village
from tests.zalo_desk import Desk


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Desk:
    return Desk(database_url, tmp_path)


@pytest.fixture
async def village(database: Database) -> Village:
    async with database.begin() as session:
        return await build_village(session)


async def stopped(desk: Desk, *command: str, status: int = 1) -> str:
    """The one sentence that stopped it."""
    said = await desk.run(*command, status=status)
    assert "Traceback" not in said
    return said.strip()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_port_that_is_taken(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        desk.env["LISTEN_PORT"] = port
        said = await stopped(desk, "run")
        assert said.endswith(
            f"Cổng {port} đang có chương trình khác dùng. Đồng chí dừng chương trình đó, "
            "hoặc chọn cổng khác bằng LISTEN_PORT."
        )
        said = await stopped(desk, "demo", "--port", port)
        assert said.endswith("hoặc chọn cổng khác bằng --port.")


@pytest.mark.parametrize("command", ["doctor", "run", "migrate"])
async def test_a_database_that_cannot_be_reached(tmp_path: Path, command: str) -> None:
    desk = Desk("postgresql://ai:bi-mat@127.0.0.1:9/khong", tmp_path)
    said = await stopped(desk, command)
    assert said.startswith("Không mở được cơ sở dữ liệu postgresql+psycopg://ai:***@127.0.0.1:9/")
    assert said.endswith("máy chủ cơ sở dữ liệu có đang chạy không.")
    assert "bi-mat" not in said
    assert "\n" not in said


async def test_a_database_ahead_of_the_program(desk: Desk, database: Database) -> None:
    async with database.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for command in ("doctor", "migrate"):
        said = await stopped(desk, command)
        assert said.startswith("Cơ sở dữ liệu ở phiên bản 9999, mới hơn chương trình này (0001")
        assert "python -m bot migrate" not in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_that_cannot_be_written(desk: Desk, village: Village) -> None:
    said = await stopped(desk, "export", "bi-thu-tinh", "--out", "/khong/co/x.xlsx")
    assert said == "Không có thư mục /khong/co. Đồng chí chọn chỗ khác với --out."
    said = await stopped(desk, "invite", "--again", "--out", str(desk.folder))
    assert said.startswith("Không ghi được tệp ")
    said = await stopped(desk, "export", "pct-phu-luu")
    assert 'Chức vụ "pct-phu-luu" không lãnh đạo hay theo dõi đơn vị nào' in said
    assert "gõ" not in said
    said = await stopped(desk, "export", "khong-co")
    assert said == 'Không có ai giữ chức vụ "khong-co".'


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_why_nobody_is_invited(desk: Desk, database: Database, village: Village) -> None:
    assert await stopped(desk, "invite", "--person", "KHONG") == 'Không có người mã "KHONG".'
    said = await stopped(desk, "invite", "--person", "pct-phu-luu")
    assert said == "Nguyễn Văn A đã kết nối. Thêm --again để cấp mã mới."
    said = await stopped(desk, "invite", "--person", "pct-phu-luu", "--unit", "bach-xa", "--again")
    assert "đã kết nối" in said or "không thuộc đơn vị" in said
    said = await desk.run("hand-over", "pct-phu-luu", "pct-bach-xa", "--from", "22/11/2026")
    assert "Đã bàn giao Phó Chủ tịch UBND: Nguyễn Văn A → Lê Văn D, từ 22/11/2026." in said
    said = await stopped(desk, "invite", "--person", "pct-phu-luu", "--again")
    assert said.startswith("Nguyễn Văn A hiện không giữ chức vụ nào nên không cấp mã.")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nobody_is_there_to_be_invited(desk: Desk, database: Database) -> None:
    said = await stopped(desk, "invite")
    assert said == "Chưa có người nào. Nạp tệp Excel trước: python -m bot import TEP.xlsx"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_second_sheet_says_that_the_first_is_void(desk: Desk, village: Village) -> None:
    desk.env["PUBLIC_URL"] = "https://x.vn"
    one = ("invite", "--person", "pct-phu-luu", "--again")
    assert len((await desk.run(*one, "--out", "1.html")).splitlines()) == 1
    said = await desk.run("invite", "--again", "--out", "2.html")
    assert "Mã cấp trước đây mà chưa dùng của 1 người trong số này không còn dùng được" in said
    assert "https://x.vn/dang-nhap" in (desk.folder / "2.html").read_text("utf-8")


async def test_links_that_open_on_this_machine_only_are_pointed_out(
    desk: Desk, village: Village
) -> None:
    said = await desk.run("invite", "--person", "pct-phu-luu", "--again")
    assert "PUBLIC_URL là http://127.0.0.1:8080" in said
    assert "chỉ mở được trên máy này" in said


async def test_no_file_is_written_over(desk: Desk, village: Village) -> None:
    for command, out in (
        (["invite", "--again"], "ma-ket-noi.html"), (["export", "bi-thu-tinh"], "tong-ket.xlsx"),
    ):  # fmt: skip
        await desk.run(*command)
        before = (desk.folder / out).read_bytes()
        assert await stopped(desk, *command) == (
            f"Đã có tệp {out}. Đồng chí đặt tên khác với --out."
        )
        assert (desk.folder / out).read_bytes() == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_doctor_says_why_telegram_is_not_reached(desk: Desk, database: Database) -> None:
    desk.env |= {"TELEGRAM_TOKEN": "1:abc", "TELEGRAM_API_URL": "http://127.0.0.1:9"}
    said = await desk.run("doctor")
    assert "! Telegram: không gọi được máy chủ; xem mạng và TELEGRAM_API_URL." in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_may_sit_down_follows_a_hand_over(
    desk: Desk, database: Database, village: Village
) -> None:
    """By the real date, whatever day the demo begins on."""
    before = await desk.run("talk", "--who")
    assert sum(line.startswith(tuple(village.posts)) for line in before.splitlines()) == 8
    async with database.begin() as session:
        held = await session.scalar(
            select(Holding).where(Holding.post_id == village.posts["pct-phu-luu"])
        )
        assert held
        held.to_day = date(2025, 12, 31)
        taker = village.people["pct-bach-xa"]
        since = date(2026, 1, 1)
        session.add(Holding(person_id=taker, post_id=held.post_id, from_day=since))
        session.add(
            Holding(
                person_id=village.people["pct-phu-luu"],
                post_id=held.post_id,
                from_day=date(2020, 1, 1),
                to_day=date(2020, 12, 31),
            )
        )
    after = await desk.run("talk", "--who")
    [line] = [line for line in after.splitlines() if line.startswith("pct-phu-luu")]
    assert "Lê Văn D, Phó Chủ tịch UBND, Xã Phù Lưu" in line


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_hand_over_takes_both_ways_to_write_a_day(desk: Desk, village: Village) -> None:
    said = await stopped(desk, "hand-over", "pct-phu-luu", "pct-bach-xa", "--from", "31/2/2027")
    assert said == 'Không có ngày "31/2/2027". --from cần một ngày, ví dụ 01/12/2026.'
    said = await stopped(desk, "hand-over", "pct-phu-luu", "KHONG")
    assert said == 'Không có người mã "KHONG".'
    said = await desk.run("hand-over", "pct-phu-luu", "pct-bach-xa", "--from", "2027-01-05")
    assert "từ 05/01/2027." in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_disconnect(desk: Desk, database: Database, village: Village) -> None:
    assert await stopped(desk, "disconnect", "KHONG") == 'Không có người mã "KHONG".'
    said = await stopped(desk, "disconnect", "pct-phu-luu", "--network", "zalo_bot")
    assert said == "Nguyễn Văn A không kết nối ở mạng zalo_bot."
    said = await desk.run("disconnect", "pct-phu-luu")
    assert said.startswith("Đã ngắt kết nối Nguyễn Văn A: terminal.")
    async with database.begin() as session:
        left = select(Account).where(Account.person_id == village.people["pct-phu-luu"])
        assert (await session.scalars(left)).all() == []


async def test_settings_at_odds_stop_every_command(tmp_path: Path) -> None:
    desk = Desk("mysql://x/y", tmp_path)
    desk.env |= {"SECRET_KEY": "ngan", "DIGEST_FROM": "18:00"}
    said = await stopped(desk, "run", status=2)
    assert said.splitlines()[0] == "Thiết lập chưa đúng (xem .env.example):"
    assert [line.split(":")[0].strip() for line in said.splitlines()[1:]] == [
        "SECRET_KEY",
        "DATABASE_URL",
        "DIGEST_FROM, DIGEST_UNTIL",
    ]
    assert "cần ít nhất 32 ký tự" in said


@pytest.mark.parametrize("command", ["run", "doctor"])
async def test_a_place_for_photos_that_cannot_be_opened(tmp_path: Path, command: str) -> None:
    desk = Desk(f"sqlite:///{tmp_path}/a.db", tmp_path)
    desk.env["MEDIA_URL"] = "ftp://x"
    said = await stopped(desk, command, status=2)
    assert said.splitlines()[1:] == [
        "  MEDIA_URL: cần một thư mục, ví dụ data/media, hoặc dạng s3://KHO/THU_MUC"
    ]
    taken = tmp_path / "tep"
    taken.write_bytes(b"")
    desk.env["MEDIA_URL"] = str(taken)
    said = await stopped(desk, command, status=2)
    assert said.splitlines()[1:] == [
        f"  MEDIA_URL: không mở được thư mục {taken}; xem lại đường dẫn và quyền ghi"
    ]


async def test_a_hand_over_ends_a_holding_that_had_an_end(database: Database) -> None:
    """Held until 31/12, handed over from 22/11: one holder a day, not two."""
    from services import people
    from services.errors import Refused

    async with database.begin() as session:
        made = await build_village(session)
        post = await session.get_one(Post, made.posts["pct-phu-luu"])
        taker = await session.get_one(Person, made.people["pct-bach-xa"])
        held = (await session.scalars(select(Holding).where(Holding.post_id == post.id))).one()
        held.to_day = date(2026, 12, 31)
        first = date(2026, 11, 22)
        before = await people.hand_over(session, None, post, taker, first, START)
        assert before
        assert before.code == "pct-phu-luu"
        assert held.to_day == first - timedelta(days=1)
    async with database.begin() as session:
        for day in (date(2026, 11, 21), first, date(2027, 1, 1)):
            rows = await session.scalars(
                select(Holding.person_id).where(Holding.post_id == post.id, Holding.held_on(day))
            )
            assert len(rows.all()) == 1
        # Somebody who is to come is not pushed aside unseen.
        third = await session.get_one(Person, made.people["giam-sat"])
        with pytest.raises(Refused, match="đã có người nhận từ 22/11/2026"):
            await people.hand_over(session, None, post, third, date(2026, 11, 22), START)
