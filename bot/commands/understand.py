"""``python -m bot understand``: what the program makes of something a person typed.

Prints the reading as a person is shown it; ``--json`` prints it as JSON; ``--jsonl`` answers a line
of JSON for every line of JSON on standard input. Numbers are decimal strings with a point.
"""

import json as json_text
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any

import typer

from bot.clock import Clock
from vietnamese.commands import read_command
from vietnamese.dates import NoSuchDate, When, read_date
from vietnamese.marked import secrecy_mark
from vietnamese.meaning import Ask
from vietnamese.names import Candidate, Found, Several, find
from vietnamese.quantities import Quantity, read_quantity
from vietnamese.reports import ReportMeaning, TaskHint, read_report
from vietnamese.zone import VIETNAM, local

Answer = dict[str, Any]


class Kind(StrEnum):
    """What the text is expected to be."""

    quantity = "quantity"
    date = "date"
    command = "command"
    name = "name"
    report = "report"
    marked = "marked"


def understand(
    text: Annotated[list[str] | None, typer.Argument(help="Câu cần đọc.")] = None,
    kind: Annotated[Kind, typer.Option(help="Câu đó nói về gì.")] = Kind.report,
    now: Annotated[str | None, typer.Option(help="Bây giờ, ví dụ 2026-11-23T08:00.")] = None,
    unit: Annotated[str | None, typer.Option(help="Đơn vị tính của việc, ví dụ tổ.")] = None,
    past: Annotated[bool, typer.Option("--past", help="Ngày của việc đã qua.")] = False,
    deadline: Annotated[bool, typer.Option("--deadline", help="Ngày hạn sắp tới.")] = False,
    json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Đọc từng dòng JSON từ đầu vào.")] = False,
) -> None:
    """Cho biết chương trình hiểu một câu thế nào."""
    if past and deadline:
        raise typer.BadParameter("Chọn một trong hai: --past hoặc --deadline.")
    if jsonl:
        for line in sys.stdin:
            if line.strip():
                typer.echo(_line(line))
        return
    asked: Answer = {
        "kind": kind.value,
        "text": " ".join(text or []),
        "now": now,
        "unit": unit,
        "sense": "past" if past else "deadline",
    }
    try:
        answer = answer_to(asked)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong
    typer.echo(json_text.dumps(answer, ensure_ascii=False) if json else as_told(answer))


def _line(line: str) -> str:
    """A line's answer; a line that cannot be read is answered too, so that lines stay paired."""
    try:
        asked = json_text.loads(line)
        if not isinstance(asked, dict):
            raise ValueError("a line must be a JSON object")
        answer = answer_to(asked)
    except (ValueError, TypeError, KeyError, RecursionError) as wrong:
        answer = {"status": "none", "error": str(wrong)}
    return json_text.dumps(answer, ensure_ascii=False)


def answer_to(asked: Mapping[str, Any]) -> Answer:
    """What was understood of ``{"kind", "text", "now", "unit", "sense", "tasks"}``, as plain data.

    Raises ValueError for an unknown kind or an unreadable `now`.
    """
    kind = Kind(str(asked.get("kind", "")))
    readers: dict[Kind, Callable[[str, Mapping[str, Any]], Answer]] = {
        Kind.quantity: _quantity,
        Kind.date: _date,
        Kind.command: _command,
        Kind.name: _name,
        Kind.report: _report,
        Kind.marked: _marked,
    }
    return readers[kind](str(asked.get("text") or ""), asked)


def _quantity(text: str, asked: Mapping[str, Any]) -> Answer:
    unit, previous = asked.get("unit"), _decimal(asked.get("previous"))
    meaning = read_quantity(text, unit=str(unit) if unit else None, previous=previous)
    if isinstance(meaning, Ask):
        return _question(meaning)
    return _nothing() if meaning is None else {"status": "understood", **_of_quantity(meaning)}


def _of_quantity(meaning: Quantity) -> Answer:
    fields: Answer = {
        "value": _figure(meaning.value),
        "total": _figure(meaning.total),
        "percent": _figure(meaning.percent),
        "unit": meaning.unit,
        "qualifier": meaning.qualifier,
        "change": meaning.change,
    }
    if meaning.same:
        fields["same"] = True
    return {**fields, "read_as": meaning.read_as}


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
    meaning = read_command(text)
    if meaning is None:
        return _nothing()
    rest = meaning.rest or None
    told = f"/{meaning.name}" + (f" · {rest}" if rest else "")
    return {"status": "understood", "command": meaning.name, "rest": rest, "read_as": told}


def _name(text: str, asked: Mapping[str, Any]) -> Answer:
    candidates = _candidates(asked)
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
    meaning = read_report(text, _tasks(asked))
    if meaning is None:
        return _nothing()
    fields = _of_report(meaning)
    if meaning.ask is not None:
        return {**_question(meaning.ask), **fields}
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
    situations = {"on_track": "đúng tiến độ", "late": "chậm", "stuck": "vướng mắc"}
    told = [meaning.task, quantity.read_as, situations.get(meaning.situation or "")]
    told += [f"vướng: {meaning.obstacle}" if meaning.obstacle else None, meaning.text]
    return {**fields, "read_as": " · ".join(part for part in told if part)}


def _marked(text: str, asked: Mapping[str, Any]) -> Answer:
    mark = secrecy_mark(text)
    if mark is None:
        return {"status": "clear", "mark": None, "read_as": "Không có dấu mật."}
    told = f"Văn bản có dấu “{mark}” không được gửi qua đây. Đồng chí gửi theo đường văn thư mật giúp nhé."
    return {"status": "refused", "mark": mark, "read_as": told}


def as_told(answer: Answer) -> str:
    """The answer as a person reads it in a chat."""
    if answer["status"] == "ask":
        choices = [f"{n}. {label}" for n, label in enumerate(answer["readings"], 1)]
        return "\n".join([answer.get("question", "Đồng chí muốn chọn mục nào ạ?"), *choices])
    if answer["status"] == "none":
        return str(answer.get("message", "Tôi chưa hiểu. Đồng chí gõ lại ngắn gọn giúp nhé."))
    return str(answer["read_as"])


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


def _decimal(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def _entries(asked: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    entries = asked.get(key) or []
    if not isinstance(entries, list):
        raise ValueError(f"{key} must be a list")
    return [entry for entry in entries if isinstance(entry, dict)]


def _tasks(asked: Mapping[str, Any]) -> tuple[TaskHint, ...]:
    return tuple(
        TaskHint(
            code=str(task.get("code", "")),
            title=str(task.get("title", "")),
            unit=str(task["unit"]) if task.get("unit") else None,
            target=_decimal(task.get("target")),
            previous=_decimal(task.get("previous")),
        )
        for task in _entries(asked, "tasks")
    )


def _candidates(asked: Mapping[str, Any]) -> tuple[Candidate, ...]:
    """Tasks by their code, or whatever else is to be found: ``{"id", "name", "code", "unit"}``."""
    tasks = [Candidate(t.code, t.title, t.code) for t in _tasks(asked)]
    others = [
        Candidate(
            id=str(entry.get("id") or entry.get("code") or entry.get("name", "")),
            name=str(entry.get("name") or entry.get("title", "")),
            code=str(entry["code"]) if entry.get("code") else None,
        )
        for entry in _entries(asked, "candidates")
    ]
    return (*tasks, *others)
