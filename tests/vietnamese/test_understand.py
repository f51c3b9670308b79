"""``understand`` at the command line: for people, as JSON, and a line for a line."""

import json
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.commands.understand import understand

app = typer.Typer()
app.command("understand")(understand)


@app.callback()
def _several() -> None:
    """Keeps the command's own name, as in the real program."""


def run(*arguments: str, typed: str | None = None) -> str:
    result = CliRunner().invoke(app, ["understand", *arguments], input=typed)
    assert result.exit_code == 0, result.output
    return result.stdout


def as_json(*arguments: str) -> dict[str, Any]:
    answer = json.loads(run(*arguments, "--json"))
    assert isinstance(answer, dict)
    return answer


def test_people_read_a_sentence() -> None:
    said = run("--kind", "date", "--now", "2026-11-23T08:00", "thứ 6 tuần sau")
    assert said.strip() == "Thứ Sáu 04/12/2026"
    assert "1. 1,5" in run("--kind", "quantity", "1.5")
    assert "chỉ có 28 ngày" in run("--kind", "date", "--now", "2026-11-23T08:00", "30/2")
    assert "chưa hiểu" in run("--kind", "quantity", "ok")
    assert "Chưa có danh sách việc" in run("--kind", "name", "nv03")
    assert run("--kind", "quantity", "--unit", "tổ", "2").strip() == "2 tổ"
    assert run("bc nv03 2 tổ, vướng 3 hộ chưa ký").strip() == (
        "NV-03 · 2 tổ · vướng mắc: 3 hộ chưa ký"
    )
    assert run("bc nv03").splitlines() == ["NV-03", "Sẽ hỏi thêm: kết quả đến nay, tình hình."]


def test_json_has_every_field_and_null_for_the_absent() -> None:
    answer = as_json("--kind", "quantity", "gần 4.000 m2")
    answer.pop("read_as")
    assert answer == {
        "status": "understood", "value": "4000", "total": None, "percent": None, "unit": "m2", "qualifier": "gần", "change": None, "same": None,
    }  # fmt: skip
    assert as_json("--kind", "quantity", "không đổi")["same"] is True
    assert as_json("--kind", "quantity", "3,5 tỷ")["value"] == "3500000000"
    assert as_json("--kind", "quantity", "--unit", "ha", "3.500")["readings"] == ["3.500", "3,5"]


def test_past_and_deadline_differ() -> None:
    assert (
        as_json("--kind", "date", "--now", "2026-11-23T08:00", "--past", "t6")["date"]
        == "2026-11-20"
    )
    assert (
        as_json("--kind", "date", "--now", "2026-11-23T08:00", "--deadline", "t6")["date"]
        == "2026-11-27"
    )


def test_marked_papers_are_refused_with_the_reason() -> None:
    assert as_json("--kind", "marked", "TỐI MẬT")["status"] == "refused"
    assert as_json("--kind", "marked", "mật ong")["status"] == "clear"
    assert "không được gửi" in run("--kind", "marked", "MẬT")


def test_a_line_is_answered_for_every_line_even_a_broken_one() -> None:
    tasks = [{"code": "NV-03", "title": "Xây dựng 2 tổ sản xuất", "unit": "tổ", "target": 2}]
    lines = [
        {"kind": "quantity", "text": "còn 12/400"},
        {"kind": "date", "text": "15/12", "now": "2026-11-23T08:00", "sense": "past"},
        {"kind": "command", "text": "cho tôi xem tổng kết xã Phù Lưu tháng 11"},
        {"kind": "name", "text": "nv03", "tasks": tasks},
        {"kind": "report", "text": "bc nv03 2 tổ, còn vướng 3 hộ chưa ký", "tasks": tasks},
        {"kind": "nothing", "text": "x"},
        {"kind": "date", "text": "mai", "now": "never"},
        {"kind": "name", "text": "x", "tasks": "x"},
    ]
    typed = "\n".join(
        [*(json.dumps(line, ensure_ascii=False) for line in lines), "not json", "[1]"]
    )
    answers = [json.loads(line) for line in run("--jsonl", typed=typed).splitlines()]
    assert len(answers) == 10
    assert (answers[0]["value"], answers[0]["total"], answers[0]["percent"]) == ("388", "400", "97")
    assert answers[1]["date"] == "2025-12-15"
    assert (answers[2]["command"], answers[2]["rest"]) == ("tongket", "xã Phù Lưu tháng 11")
    assert answers[3]["id"] == "NV-03"
    assert (answers[4]["task"], answers[4]["situation"], answers[4]["obstacle"]) == (
        "NV-03",
        "stuck",
        "3 hộ chưa ký",
    )
    assert [answer["status"] for answer in answers[5:]] == ["none"] * 5


def answers_to(*lines: object) -> list[dict[str, Any]]:
    typed = "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines)
    return [json.loads(answer) for answer in run("--jsonl", typed=typed).splitlines()]


def test_lines_stay_paired_whatever_they_hold() -> None:
    quantity = {"kind": "quantity", "text": "2 tổ"}
    answers = answers_to(
        "\ufeff" + json.dumps(quantity),
        "",
        {"kind": "quantity", "text": {"a": 1}},
        {"kind": "command", "text": "tổng kết \ud800 xã Phù Lưu"},
        {"kind": "report", "text": "bc nv03 2 tổ", "tasks": [{}, {"code": None}]},
        {"kind": "quantity", "text": None},
        quantity,
    )
    assert [answer["status"] for answer in answers] == [
        "understood", "none", "none", "understood", "understood", "none", "understood",
    ]  # fmt: skip
    assert all(answers[n]["error"] for n in (1, 2))
    assert answers[4]["task"] == "NV-03"
    assert answers[5]["value"] is None


def test_a_report_says_what_is_still_missing_and_a_doubtful_task_is_asked_for() -> None:
    tasks = [
        {"code": "NV-12", "title": "Làm đường bê tông thôn Nà Luộc", "unit": "km"},
        {"code": "NV-13", "title": "Làm đường bê tông thôn Khuổi Nấng", "unit": "km"},
        {"code": "NV-15", "title": "Xoá nhà tạm cho hộ nghèo", "unit": "nhà"},
    ]
    near, bare, alone = answers_to(
        {"kind": "report", "text": "bc đường bê tông 1 km, chậm", "tasks": tasks},
        {"kind": "report", "text": "bc 2 nhà", "tasks": tasks},
        {"kind": "report", "text": "bc đường bê tông 1 km", "tasks": tasks[1:]},
    )
    assert (near["status"], len(near["readings"])) == ("ask", 2)
    assert (near["value"], near["unit"], near["missing"]) == ("1", "km", ["task"])
    assert (bare["status"], len(bare["readings"]), bare["value"]) == ("ask", 3, "2")
    assert (alone["task"], alone["value"], alone["text"]) == ("NV-13", "1", None)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--past", "--deadline"], "Đồng chí chọn một trong hai: --past hoặc --deadline."),
        (["--now", "abc"], 'Không đọc được thời điểm "abc". Đồng chí ghi như 2026-11-23T08:00.'),
        (["--kind", "foo"], 'Không có loại câu "foo". Đồng chí chọn một trong: quantity, date, '
         "command, name, report, marked."),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_is_told_in_one_sentence(
    options: list[str], sentence: str
) -> None:
    result = CliRunner().invoke(app, ["understand", *options, "mai"])
    assert result.exit_code == 1
    assert result.output.strip() == sentence
