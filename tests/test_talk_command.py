"""`python -m bot talk` through a pipe, as a newcomer runs it, on the demo province."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.channels.terminal import shown
from bot.conversation import Attachment, Choice, Message

ROOT = Path(__file__).parent.parent
REPORT = ["bao cao", "1", "2", "1", ":photo tests/data/anh.jpg", "xong", "1"]


def talk(*lines: str, chair: str = "pct-phu-luu", more: tuple[str, ...] = ()) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "talk", "--demo", "--as", chair, *more],
        input="\n".join(lines) + "\n", capture_output=True, text=True, cwd=ROOT, timeout=90,
        check=False,
    )  # fmt: skip
    assert done.stderr == "", done.stderr
    assert done.returncode == 0
    return done.stdout


@pytest.fixture(scope="module")
def before() -> str:
    return talk("/tongket", chair="bi-thu-phu-luu")


def test_the_dialogue_of_the_mission_then_the_summary_with_the_new_figure(before: str) -> None:
    heard = talk(*REPORT, ":as bi-thu-phu-luu", "/tongket")
    answers = heard.strip().split("\n\n")
    assert answers[0] == (
        "Báo cáo việc nào?\n"
        "1. NV-03 Xây dựng 2 tổ sản xuất VietGAP — 1/2 tổ (50%), hạn 31/12/2026\n"
        "2. NV-07 Thu gom rác thải nông thôn — 39% (97,5% kế hoạch), hạn 30/11/2026\n"
        "Trả lời bằng số, hoặc gõ vài chữ trong tên việc."
    )
    assert answers[1] == "Kết quả đến hôm nay, tính bằng tổ? (lần trước 12/11: 1)"
    assert answers[2] == "Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc"
    assert answers[3].startswith("Gửi ảnh minh chứng (tối đa 10).")
    assert answers[4].startswith("Đã nhận 1 ảnh.")
    assert answers[5].startswith("Xem lại: NV-03 · 2/2 tổ (100%) · đúng tiến độ · 1 ảnh.")
    assert re.match(r"✅ Đã ghi BC-\d{4} lúc 08:00, Thứ Hai 23/11/2026\.", answers[6])
    assert answers[7].startswith("TỔNG KẾT · Xã Phù Lưu · đến 08:00 23/11/2026")
    assert bucket(before, "đạt") == 4
    assert bucket(answers[7], "đạt") == 5
    assert bucket(before, "50–70%:") - bucket(answers[7], "50–70%:") == 1


def bucket(summary: str, name: str) -> int:
    found = re.search(rf"{name} (\d+)", summary)
    assert found
    return int(found[1])


def test_the_printed_sums_add_up(before: str) -> None:
    line = next(line for line in before.splitlines() if line.startswith("So kế hoạch"))
    *parts, total = (int(number) for number in re.findall(r"(\d+)(?: ·| \(cộng|\)$)", line))
    assert sum(parts) == total == 37
    done, on_time, late, doing, overdue = map(
        int, re.search(
            r"Hoàn thành (\d+) \(đúng hạn (\d+), quá hạn (\d+)\) · đang làm (\d+) · quá hạn (\d+)",
            before,
        ).groups(),  # type: ignore[union-attr] # no match fails the test
    )  # fmt: skip
    assert on_time + late == done
    assert done + doing + overdue == total


def test_moving_the_clock_shows_the_mornings_reminders() -> None:
    heard = talk(*REPORT, ":clock 2026-11-25T08:00")
    morning = heard.split("— 07:30, Thứ Tư 25/11/2026 —")[1]
    people = re.findall(r"→ .* \[([a-z-]+)\]", morning)
    assert len(people) == len(set(people))
    assert "pct-phu-luu" in people
    assert "pct-bach-xa" not in people  # on leave until 27/11
    assert "pct-na-hang" not in people  # never connected
    assert "pct-chiem-hoa" not in people  # has blocked us
    mine = morning.split("[pct-phu-luu]")[1].split("→")[0]
    assert "NV-07" in mine
    assert "NV-03" not in mine  # reported on Monday, waits for its check
    # Tuesday 24/11 is a day off: nothing that day.
    assert "24/11/2026 —" not in heard


def test_the_chairs_are_listed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "talk", "--demo", "--who"],
        capture_output=True, text=True, cwd=ROOT, timeout=60, check=True,
    )  # fmt: skip
    for chair in ("pct-phu-luu", "bi-thu-phu-luu", "bi-thu-tinh", "van-phong-tinh"):
        assert f"\n{chair} " in f"\n{done.stdout}"


def test_it_can_be_shown_as_zalo_would() -> None:
    heard = talk("bc", more=("--show-as", "zalo_bot"))
    assert "1. NV-03" in heard
    assert "[NV-03" in talk("bc", more=("--show-as", "telegram"))


LINK = "https://giaoviec.vi.du/tai/x/bang.xlsx"
SHEET = Message("Bảng theo mẫu:", attachment=Attachment("document:x", "document", "bang.xlsx"))
PAPER = Message("", attachment=Attachment("document:x", "document", "giay.pdf"))
SEVEN = Message("Việc nào?", tuple(Choice(f"k{n}", f"Việc {n} " + "dài " * 40) for n in range(7)))


@pytest.mark.parametrize(
    ("look", "message", "lines"),
    [
        ("telegram", SHEET, ["[tệp bang.xlsx]", "Bảng theo mẫu:"]),
        ("zalo_bot", SHEET, ["Bảng theo mẫu:", f"Tải tệp bang.xlsx tại: {LINK}"]),
        ("zalo_bot", PAPER, [f"Tải tệp giay.pdf tại: {LINK}"]),
        ("zalo_oa", SHEET, ["Bảng theo mẫu:", f"Tải bang.xlsx tại: {LINK}"]),
        ("zalo_oa", PAPER, ["[tệp giay.pdf]"]),
    ],
)
def test_what_a_network_does_not_carry_is_a_link(
    look: str, message: Message, lines: list[str]
) -> None:
    # A file that is carried may stand before the words or behind them.
    assert shown(message, look, lambda _: LINK).splitlines() == lines


def test_buttons_are_those_of_a_phone() -> None:
    on_oa = shown(SEVEN, "zalo_oa", lambda _: LINK).splitlines()[1:]
    assert len(on_oa) == 5
    assert all(line.endswith("…]") and len(line) <= 102 for line in on_oa)
    on_telegram = shown(SEVEN, "telegram", lambda _: LINK).splitlines()[1:]
    assert len(on_telegram) == 7
    assert all(len(line) <= 42 for line in on_telegram)
    assert shown(SEVEN, "zalo_bot", lambda _: LINK) == "Việc nào?"


def test_a_chair_nobody_has_is_told_in_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "talk", "--demo", "--as", "khong-co"],
        input="bc\n", capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Không có ai giữ chức vụ" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_clock_is_refused_outside_the_demo(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "talk", "--as", "pct-phu-luu"],
        input=":clock 2026-12-01T08:00\n", capture_output=True, text=True, cwd=ROOT, timeout=60,
        check=False, env={"SECRET_KEY": "x" * 40, "DATABASE_URL": url, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "python -m bot migrate" in done.stderr


def test_what_cannot_be_done_is_said_once_and_the_talk_goes_on() -> None:
    lines = [
        ":photo khong/co.jpg", ":photo docs", ":photo", ":pin 999,999", ":pin nan,0", ":pin x",
        ":foo bar", ":clock mai", ":help", "bc",
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "bot", "talk", "--demo", "--as", "pct-phu-luu"],
        input="\n".join(lines) + "\n", capture_output=True, text=True, cwd=ROOT, timeout=90,
        check=False,
    )  # fmt: skip
    said = done.stderr.splitlines()
    assert done.returncode == 1
    assert said[:2] == [
        "Không có tệp khong/co.jpg. Đồng chí xem lại đường dẫn.",
        "Không đọc được tệp docs. Đồng chí chọn tệp khác.",
    ]
    assert said[2].startswith(":photo cần đường dẫn")
    assert said[3] == said[4]
    assert "kinh độ từ -180 đến 180" in said[3]
    assert said[5] == ":pin cần hai số, ví dụ :pin 22.05,105.03"
    assert said[6] == "Không có lệnh :foo. Đồng chí gõ :help để xem các lệnh."
    assert said[7].startswith(":clock cần một thời điểm")
    assert len(said) == 8
    for word in (":photo", ":pin", ":clock", ":as", ":help"):
        assert f"\n{word} " in done.stdout
    assert "Báo cáo việc nào?" in done.stdout


def test_nothing_is_said_from_the_wrong_chair() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "talk", "--demo", "--as", "pct-phu-luu"],
        input=":as khong-co\nbc\n", capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
