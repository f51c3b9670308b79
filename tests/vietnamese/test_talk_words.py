"""Commands, names, situations, reports and secrecy marks: the rules behind the corpus."""

from decimal import Decimal

import pytest

from vietnamese.commands import Command, read_command
from vietnamese.marked import secrecy_mark
from vietnamese.names import Candidate, Found, Several, find
from vietnamese.reports import ReportMeaning, TaskHint, read_report
from vietnamese.reports.situations import Situation, read_situation

TASKS = (
    TaskHint("NV-03", "Xây dựng 2 tổ sản xuất VietGAP", "tổ", Decimal(2), Decimal(1)),
    TaskHint("NV-07", "Thu gom rác thải nông thôn", "%", Decimal(40)),
)


def test_a_start_link_carries_its_code() -> None:
    assert read_command("/start K7M2QX") == Command("batdau", "K7M2QX", slash=True)


def test_polite_words_leave_the_command_whole() -> None:
    assert read_command("dạ em báo cáo ạ") == Command("baocao", whole=True)


def test_the_rest_of_a_long_command_is_never_cut() -> None:
    said = "nv03 2 tổ, " + "đã họp dân, " * 400 + "hết"
    command = read_command("bc " + said)
    assert command is not None
    assert command.rest.endswith("hết")
    assert len(command.rest) == len(said)


def test_codes_and_whole_names_are_sure_and_the_rest_is_confirmed() -> None:
    candidates = [
        Candidate("a", "Xã Cẩm Giang"),
        Candidate("b", "Xã Cẩm Giàng"),
        Candidate("c", "Thu gom rác", "NV-03"),
    ]
    assert find("nv3", candidates) == Found("c", sure=True)
    assert find("3", candidates) == Found("c", sure=False)
    assert find("Cẩm Giàng", candidates) == Found("b", sure=True)
    assert find("cam giang", candidates) == Several(("a", "b"))
    assert find("gom rác", candidates) == Found("c", sure=False)
    assert find("", candidates) is None
    assert find("rác", []) is None


def test_a_former_name_leads_to_todays_unit() -> None:
    candidates = [
        Candidate("new", "Xã Tân Trào"),
        Candidate("new", "Xã Kim Quan"),
        Candidate("x", "Xã Trung Yên"),
        Candidate("y", "Xã Trung Yên"),
    ]
    assert find("kim quan", candidates) == Found("new", sure=True)
    assert find("Trung Yên", candidates) == Several(("x", "y"))


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("đúng tiến độ", "on_track"),
        ("dung td", "on_track"),
        ("cham", "late"),
        ("không kịp", "late"),
        ("còn vướng", "stuck"),
        ("chậm do vướng mặt bằng", "stuck"),
        ("không vướng gì", None),
        ("đã gỡ vướng", None),
        ("đúng tiến độ nhưng vướng", None),
        ("chậm nhất 30/11", None),
        ("", None),
    ],
)
def test_situations(text: str, situation: Situation | None) -> None:
    assert read_situation(text) == situation


def test_a_whole_report_in_one_message() -> None:
    meaning = read_report("bc nv03 2 tổ, xong tổ chanh, còn vướng 3 hộ chưa ký", TASKS)
    assert meaning is not None
    assert meaning.quantity is not None
    assert (meaning.task, meaning.quantity.value, meaning.situation) == (
        "NV-03",
        Decimal(2),
        "stuck",
    )
    assert (meaning.obstacle, meaning.text, meaning.ask) == ("3 hộ chưa ký", "xong tổ chanh", None)


def test_done_takes_the_target_of_the_task() -> None:
    meaning = read_report("bc nv03 xong", TASKS)
    assert meaning is not None
    assert meaning.quantity is not None
    assert (meaning.quantity.value, meaning.quantity.percent) == (Decimal(2), Decimal(100))


def test_an_unknown_code_is_asked_about() -> None:
    meaning = read_report("bc nv99 2 tổ", TASKS)
    assert meaning is not None
    assert meaning.task is None
    assert meaning.ask is not None
    assert len(meaning.ask.readings) == 2


def test_the_text_of_a_long_report_is_kept_to_its_last_word() -> None:
    meaning = read_report("bc nv03 2 tổ, " + "đã họp dân ở thôn, " * 300 + "hết", TASKS)
    assert isinstance(meaning, ReportMeaning)
    assert meaning.text is not None
    assert meaning.text.endswith("hết")
    assert meaning.text.count("họp dân") == 300


def test_a_mark_is_found_however_long_the_text() -> None:
    assert secrecy_mark("dòng\n" * 2000 + "TUYỆT MẬT\n" + "dòng\n" * 2000) == "Tuyệt mật"
    assert secrecy_mark("mật độ " * 1500) is None


@pytest.mark.parametrize(
    "text", ["TỐI MẬT báo cáo", "MẬT nghị quyết số 5", "MẬT danh sách cán bộ", "dau MAT"]
)
def test_a_mark_stands_before_any_paper(text: str) -> None:
    assert secrecy_mark(text)


@pytest.mark.parametrize("text", ["đau mắt", "dau mat", "mật báo viên", "mật danh"])
def test_words_that_only_sound_like_a_mark(text: str) -> None:
    assert secrecy_mark(text) is None
