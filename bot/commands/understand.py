"""``python -m bot understand``: what the program makes of something a person typed.

Prints the reading as a person is shown it; ``--json`` prints it as JSON; ``--jsonl`` answers a line
of JSON for every line on standard input, an unreadable or an empty one too. An answer has `status` and
every field of its kind, null where nothing was said; docs/understand.md says what each field holds.
Numbers are decimal strings with a point.
"""

import json as json_text
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import typer

from bot.clock import Clock
from bot.commands.asked import candidates_in, decimal_in, tasks_in
from vietnamese.commands import read_command
from vietnamese.commands.wishes import read_wish
from vietnamese.dates import NoSuchDate, When, read_date
from vietnamese.marked import secrecy_mark
from vietnamese.meaning import Ask
from vietnamese.names import Found, Several, find
from vietnamese.quantities import read_quantity
from vietnamese.quantities.quantity import Quantity, told, words
from vietnamese.quantities.units import known
from vietnamese.reports import ReportMeaning, read_report
from vietnamese.reports.tasks import which_task
from vietnamese.zone import VIETNAM, local

Answer = dict[str, Any]


NOTHING_TO_FIND = "Chưa có danh sách việc để tìm. Dùng --jsonl và kèm danh sách trong trường tasks."


class Unreadable(ValueError):
    """A line that asks for nothing this program could answer; the message says what is wrong."""


class Kind(StrEnum):
    """What the text is expected to be."""

    quantity = "quantity"
    date = "date"
    command = "command"
    name = "name"
    report = "report"
    marked = "marked"


FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.quantity: ("value", "total", "percent", "unit", "qualifier", "change", "same"),
    Kind.date: ("date", "end", "time"),
    Kind.command: ("command", "rest"),
    Kind.name: ("id", "candidates"),
    Kind.report: ("task", "value", "unit", "percent", "situation", "obstacle", "text", "missing"),
    Kind.marked: ("mark",),
}
"""What an answer of each kind holds beside its status, whatever the status: null where absent."""


def understand(
    text: Annotated[list[str] | None, typer.Argument(help="Câu cần đọc.")] = None,
    kind: Annotated[
        str, typer.Option(help=f"Câu đó nói về gì: {', '.join(Kind)}.")
    ] = Kind.report.value,
    now: Annotated[str | None, typer.Option(help="Bây giờ, ví dụ 2026-11-23T08:00.")] = None,
    unit: Annotated[str | None, typer.Option(help="Đơn vị tính của việc, ví dụ tổ.")] = None,
    past: Annotated[bool, typer.Option("--past", help="Ngày của việc đã qua.")] = False,
    deadline: Annotated[bool, typer.Option("--deadline", help="Ngày hạn sắp tới.")] = False,
    json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Đọc từng dòng JSON từ đầu vào.")] = False,
) -> None:
    """Cho biết chương trình hiểu một câu thế nào.

    Với --jsonl, mỗi dòng vào là một câu (kind, text, now, unit, sense, tasks), mỗi dòng ra là một câu
    trả lời; các trường được giải thích trong docs/understand.md.
    """
    if wrong := _wrong_options(kind, now, both=past and deadline):
        typer.echo(wrong, err=True)
        raise typer.Exit(1)
    if jsonl:
        for line in sys.stdin:
            typer.echo(_line(line.lstrip("\ufeff")))
        return
    asked: Answer = {
        "kind": kind,
        "text": " ".join(text or []),
        "now": now,
        "unit": unit,
        "sense": "past" if past else "deadline",
    }
    answer = answer_to(asked)
    typer.echo(json_text.dumps(answer, ensure_ascii=False) if json else as_told(answer))


def _wrong_options(kind: str, now: str | None, *, both: bool) -> str | None:
    """What is wrong with the options, in a sentence, whether the text would need them or not."""
    if kind not in list(Kind):
        return f'Không có loại câu "{kind}". Đồng chí chọn một trong: {", ".join(Kind)}.'
    try:
        _moment(now)
    except ValueError:
        return f'Không đọc được thời điểm "{now}". Đồng chí ghi như 2026-11-23T08:00.'
    return "Đồng chí chọn một trong hai: --past hoặc --deadline." if both else None


def _line(line: str) -> str:
    """A line's answer; a line that cannot be read is answered too, so that lines stay paired."""
    try:
        asked = json_text.loads(line) if line.strip() else None
        if not isinstance(asked, dict):
            raise Unreadable("a line must be a JSON object")
        answer = answer_to(asked)
    except (ValueError, RecursionError) as wrong:
        answer = {"status": "none", "error": str(wrong)}
    return json_text.dumps(answer, ensure_ascii=False)


def answer_to(asked: Mapping[str, Any]) -> Answer:
    """What was understood of ``{"kind", "text", "now", "unit", "sense", "tasks"}``, as plain data.

    Raises ValueError for an unknown kind, a text that is none, or an unreadable `now`.
    """
    try:
        kind = Kind(str(asked.get("kind", "")))
    except ValueError as wrong:
        raise Unreadable(f"kind must be one of: {', '.join(Kind)}") from wrong
    readers: dict[Kind, Callable[[str, Mapping[str, Any]], Answer]] = {
        Kind.quantity: _quantity,
        Kind.date: _date,
        Kind.command: _command,
        Kind.name: _name,
        Kind.report: _report,
        Kind.marked: _marked,
    }
    answer = readers[kind](_text(asked), asked)
    return {"status": answer["status"], **dict.fromkeys(FIELDS[kind]), **answer}


def _text(asked: Mapping[str, Any]) -> str:
    """What was typed; a JSON number is one that was written without quotes."""
    text = asked.get("text")
    if isinstance(text, (dict, list, bool)):
        raise Unreadable("text must be a string")
    return "" if text is None else str(text)


def _quantity(text: str, asked: Mapping[str, Any]) -> Answer:
    unit, previous = str(asked.get("unit") or "") or None, decimal_in(asked.get("previous"))
    meaning = read_quantity(text, unit=unit, previous=previous)
    if isinstance(meaning, Ask):
        return _question(meaning)
    if meaning is None:
        return _nothing()
    return {"status": "understood", **_of_quantity(_counting(meaning, unit))}


def _counting(meaning: Quantity, unit: str | None) -> Quantity:
    """A bare number counts the unit that was asked for: "2" for a task in tổ is "2 tổ"."""
    bare = meaning.value is not None and meaning.unit is None
    if unit is None or not bare or meaning.same:
        return meaning
    asked_for = known(unit)
    name = asked_for.name if asked_for else unit
    if meaning.read_as == words(meaning):
        return told(replace(meaning, unit=name))
    is_sum = meaning.percent is None  # "5 + 3 = 8", and not "chưa làm (0)"
    return replace(meaning, unit=name) if is_sum else meaning


def _of_quantity(meaning: Quantity) -> Answer:
    return {
        "value": _figure(meaning.value),
        "total": _figure(meaning.total),
        "percent": _figure(meaning.percent),
        "unit": meaning.unit,
        "qualifier": meaning.qualifier,
        "change": meaning.change,
        "same": meaning.same or None,
        "read_as": meaning.read_as,
    }


def _date(text: str, asked: Mapping[str, Any]) -> Answer:
    past = asked.get("sense") == "past"
    meaning = read_date(text, now=_moment(asked.get("now")), sense="past" if past else "deadline")
    if isinstance(meaning, NoSuchDate):
        return {"status": "none", "message": meaning.sentence}
    if isinstance(meaning, Ask):
        return _question(meaning)
    return _nothing() if meaning is None else {"status": "understood", **_of_date(meaning)}


def _of_date(meaning: When) -> Answer:
    return {
        "date": meaning.start.isoformat(),
        "end": meaning.end.isoformat() if meaning.end else None,
        "time": meaning.time.strftime("%H:%M") if meaning.time else None,
        "read_as": meaning.read_as,
    }


def _command(text: str, asked: Mapping[str, Any]) -> Answer:
    meaning = read_command(text) or read_wish(text)
    if isinstance(meaning, Ask):
        return _question(meaning)
    if meaning is None:
        return _nothing()
    rest = meaning.rest or None
    told = f"/{meaning.name}" + (f" · {rest}" if rest else "")
    return {"status": "understood", "command": meaning.name, "rest": rest, "read_as": told}


def _name(text: str, asked: Mapping[str, Any]) -> Answer:
    candidates = candidates_in(asked)
    if not candidates:
        return {**_nothing(), "message": NOTHING_TO_FIND}
    names = {c.id: c.name for c in candidates}
    match find(text, candidates):
        case Found(id=chosen, sure=sure):
            return {"status": "understood", "id": chosen, "sure": sure, "read_as": names[chosen]}
        case Several(ids=ids):
            shown = [names[i] for i in ids]
            return {"status": "ask", "candidates": list(ids), "readings": shown}
        case None:
            return _nothing()


def _report(text: str, asked: Mapping[str, Any]) -> Answer:
    tasks = tasks_in(asked)
    meaning = read_report(text, tasks)
    if meaning is None:
        return _nothing()
    fields = _of_report(meaning)
    ask = meaning.ask or (which_task(tasks) if meaning.task is None and tasks else None)
    if ask is not None:
        return {**_question(ask), **fields}
    return {"status": "understood", **fields}


def _of_report(meaning: ReportMeaning) -> Answer:
    quantity = meaning.quantity or Quantity()
    fields: Answer = {
        "task": meaning.task,
        "value": _figure(quantity.value),
        "unit": quantity.unit,
        "percent": _figure(quantity.percent),
        "situation": meaning.situation,
        "obstacle": meaning.obstacle,
        "text": meaning.text,
    }
    if quantity.change:
        fields["change"] = quantity.change
    if quantity.same:
        fields["same"] = True
    parts = {"task": meaning.task, "value": meaning.quantity, "situation": meaning.situation}
    fields["missing"] = [part for part, said in parts.items() if said is None] or None
    situations = {"on_track": "đúng tiến độ", "late": "chậm", "stuck": "vướng mắc"}
    situation = situations.get(meaning.situation or "")
    if situation and meaning.obstacle:
        situation += f": {meaning.obstacle}"
    told = [meaning.task, quantity.read_as, situation, meaning.text]
    return {**fields, "read_as": " · ".join(part for part in told if part)}


def _marked(text: str, asked: Mapping[str, Any]) -> Answer:
    mark = secrecy_mark(text)
    if mark is None:
        return {"status": "clear", "mark": None, "read_as": "Không có dấu mật."}
    told = f"Văn bản có dấu “{mark}” không được gửi qua đây. Đồng chí gửi theo đường văn thư mật giúp nhé."
    return {"status": "refused", "mark": mark, "read_as": told}


def as_told(answer: Answer) -> str:
    """The answer as a person reads it in a chat: what was understood, then what is asked."""
    so_far = [str(answer["read_as"])] if answer.get("read_as") else []
    if answer["status"] == "ask":
        choices = [f"{n}. {label}" for n, label in enumerate(answer["readings"], 1)]
        question = answer.get("question", "Đồng chí muốn chọn mục nào ạ?")
        return "\n".join([*so_far, question, *choices])
    if answer["status"] == "none":
        return str(answer.get("message", "Tôi chưa hiểu. Đồng chí gõ lại ngắn gọn giúp nhé."))
    if missing := [_PARTS[part] for part in answer.get("missing") or ()]:
        return "\n".join([*so_far, f"Sẽ hỏi thêm: {', '.join(missing)}."])
    return so_far[0]


_PARTS = {"task": "việc nào", "value": "kết quả đến nay", "situation": "tình hình"}


def _question(ask: Ask[Any]) -> Answer:
    readings = [reading.label for reading in ask.readings]
    return {"status": "ask", "question": ask.question, "readings": readings}


def _nothing() -> Answer:
    return {"status": "none"}


def _figure(value: Decimal | None) -> str | None:
    """A decimal string with a point, no exponent, no zeros at the end."""
    if value is None:
        return None
    shown = format(value, "f")
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) or "0"


def _moment(value: object) -> datetime:
    """The moment named by an ISO text, in Vietnam unless it says otherwise; the clock's for none."""
    if not value:
        return local(Clock().now())
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
