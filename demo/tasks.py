"""Programmes and tasks of the demo, read from the tables of jobs.

The columns of a line: code and owner · việc · sản phẩm · measure and target (`number tổ 2`,
`percent % 16,5 từ 21,65` with a baseline, `count cuộc 2`, `yesno 1`, `checklist A; B`,
`milestones A; B`) · what is reached (`-`: never reported; `gần 90` keeps its qualifier) · due
(`-`: none) · cadence with its day (`tuần 3`: Wednesday) · the course of it · origin, the task
above (`^TU-01`) and tags.

The course: `done D` closed by a check of that day's report · `last D` the last report, where it
is not the latest of the rhythm · `start D` · `late` or `stuck unit|above` in the last report ·
`unchecked` the last report waits · `down` less is better, without a baseline · `text …` what the
last report says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from demo import jobs_phu_luu, jobs_province
from demo.calendar import day_of
from demo.people import People
from models.organisation import Unit
from models.task import Programme, Task, TaskRole
from vietnamese.letters import fold

_BEGUN = date(2026, 1, 12)
_ORIGINS = {"giao": "assigned", "đăng ký": "registered", "giao thêm": "added"}
_CADENCES = {"tuần": "weekly", "tháng": "monthly", "quý": "quarterly"}
_QUALIFIERS = ("gần", "trên", "khoảng")

# key: number | issued | unit | title | theme | motto | horizon | key of the document above
_PROGRAMMES = """
TERM: 03-CTr/TU | 20/11/2025 | tinh-tuyen-quang | Chương trình hành động 03-CTr/TU nhiệm kỳ 2025 – 2030 | Phát triển nhanh, xanh, bền vững | Đoàn kết, kỷ cương, đổi mới | term |
PROVINCE: 05-KH/TU | 22/12/2025 | tinh-tuyen-quang | Kế hoạch 05-KH/TU năm 2026 | Giao nhiệm vụ đột phá, đổi mới | Nói đi đôi với làm, việc hôm nay không để ngày mai | year | TERM
AGRICULTURE: 08-KH/SNNMT | 05/01/2026 | so-nnmt | Kế hoạch 08-KH/SNNMT năm 2026 | Nông nghiệp xanh, hàng hoá | Sát dân, sát đồng ruộng | year | PROVINCE
SCIENCE: 06-KH/SKHCN | 05/01/2026 | so-khcn | Kế hoạch 06-KH/SKHCN năm 2026 | Mỗi cán bộ một kỹ năng số | Làm thật, dùng thật | year | PROVINCE
PHU_LUU: 12-KH/ĐU | 08/01/2026 | phu-luu | Kế hoạch 12-KH/ĐU năm 2026 | Vườn đồi hàng hoá, môi trường xanh | Rõ việc, rõ người, rõ tiến độ, rõ hiệu quả, rõ trách nhiệm | year | PROVINCE
HAM_YEN: 09-KH/ĐU | 07/01/2026 | ham-yen | Kế hoạch 09-KH/ĐU năm 2026 | Cam sành và đô thị | Việc khó có người nhận | year | PROVINCE
BACH_XA: 07-KH/ĐU | 08/01/2026 | bach-xa | Kế hoạch 07-KH/ĐU năm 2026 | Vượt khó vùng cao | Gần dân, hiểu dân | year | PROVINCE
YEN_SON: 11-KH/ĐU | 06/01/2026 | yen-son | Kế hoạch 11-KH/ĐU năm 2026 | Công nghiệp và nông sản chủ lực | Rõ việc, rõ người | year | PROVINCE
SON_DUONG: 10-KH/ĐU | 08/01/2026 | son-duong | Kế hoạch 10-KH/ĐU năm 2026 | Gỡ điểm nghẽn, xử lý tồn đọng | Việc gì khó thì giao, giao thì làm | year | PROVINCE
TAN_TRAO: 14-KH/ĐU | 07/01/2026 | tan-trao | Kế hoạch 14-KH/ĐU năm 2026 | Về nguồn | Mỗi người dân một đại sứ | year | PROVINCE
CHIEM_HOA: 08-KH/ĐU | 08/01/2026 | chiem-hoa | Kế hoạch 08-KH/ĐU năm 2026 | Nông sản có thương hiệu | Làm đến nơi đến chốn | year | PROVINCE
NA_HANG: 06-KH/ĐU | 09/01/2026 | na-hang | Kế hoạch 06-KH/ĐU năm 2026 | Du lịch lòng hồ | Giữ rừng, giữ nước | year | PROVINCE
MINH_XUAN: 15-KH/ĐU | 05/01/2026 | minh-xuan | Kế hoạch 15-KH/ĐU năm 2026 | Đô thị văn minh | Sạch từ nhà ra phố | year | PROVINCE
MY_LAM: 13-KH/ĐU | 06/01/2026 | my-lam | Kế hoạch 13-KH/ĐU năm 2026 | Du lịch suối khoáng | Tận tâm với du khách | year | PROVINCE
"""

# Who advises on what comes from these tasks of the province (cơ quan tham mưu, E15).
_ADVISE = {"TU-01": "trong-trot-nnmt", "TU-04": "chuyen-doi-so-khcn"}
_SUPPORT = {
    "NV-03": ("truong-thon-pac-cap", "truong-thon-nam-luong"),
    "NV-07": ("mat-tran-phu-luu",),
    "NV-15": ("truong-thon-pac-cap",),
    "NV-28": ("truong-thon-nam-luong", "kinh-te-phu-luu"),
}
_FOCAL = {"bi-thu-ham-yen": "giam-sat-ham-yen", "bi-thu-bach-xa": "giam-sat-ham-yen"}


@dataclass(frozen=True)
class Course:
    """How a task's half year went, as its line tells it."""

    owner: str
    unit: str
    reached: Decimal | None
    qualifier: str | None
    done: date | None
    last: date | None
    situation: str
    waits_for: str
    unchecked: bool
    text: str


@dataclass(frozen=True)
class Plan:
    """All programmes and tasks; `tasks` goes with `courses`, one for one."""

    programmes: list[Programme]
    tasks: list[Task]
    courses: list[Course]
    roles: list[TaskRole]


def number_of(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def build_tasks(units: Mapping[str, Unit], people: People) -> Plan:
    """The documents from the top down, and their tasks in the order of the codes."""
    plan = Plan([], [], [], [])
    programmes: dict[str, Programme] = {}
    above: dict[str, Task] = {}
    unit_codes = {unit.id: code for code, unit in units.items()}
    for line in _PROGRAMMES.strip().splitlines():
        key, _, rest = line.partition(": ")
        number, issued, unit, title, theme, motto, horizon, upper = (
            part.strip() for part in rest.split("|")
        )
        programme = programmes[key] = Programme(
            id=len(programmes) + 1,
            number=number,
            issued_on=day_of(issued),
            unit_id=units[unit].id,
            title=title,
            theme=theme,
            motto=motto,
            horizon=horizon,
            year=2025 if horizon == "term" else 2026,
            above_id=programmes[upper].id if upper else None,
        )
        plan.programmes.append(programme)
        source = jobs_phu_luu if key == "PHU_LUU" else jobs_province
        for job in getattr(source, key).strip().splitlines():
            _add(plan, job, programme, people, unit_codes, above)
    return plan


def _add(
    plan: Plan,
    line: str,
    programme: Programme,
    people: People,
    unit_codes: Mapping[int, str],
    above: dict[str, Task],
) -> None:
    head, title, product, measure, reached, due, cadence, course, marks = (
        part.strip() for part in line.split("|")
    )
    code, owner = head.split()
    post = people.posts[owner]
    told = _course(course)
    origin, _, tags = marks.partition(":")
    origin, _, upper = origin.strip().partition(" ^")
    rhythm, _, day = cadence.partition(" ")
    last_day = None if due == "-" else day_of(due)
    task = Task(
        id=len(plan.tasks) + 1,
        programme_id=programme.id,
        above_id=above[upper].id if upper else None,
        code=code,
        title=title,
        folded=fold(f"{code} {title}"),
        product=product,
        tags=[tag.strip() for tag in tags.split(",")],
        origin=_ORIGINS[origin],
        owner_post_id=post.id,
        unit_id=post.unit_id,
        **_measure(measure, down="down" in told),
        start=day_of(told["start"]) if "start" in told else _BEGUN,
        due=last_day,
        first_due=last_day,
        due_version=1,
        cadence=_CADENCES[rhythm] if day else "none",
        cadence_day=int(day or 1),
        state="done" if "done" in told else "open",
        closed_on=day_of(told["done"]) if "done" in told else None,
        bucket="none",
        unchecked=0,
    )
    if programme.unit_id == plan.programmes[0].unit_id:
        above[code] = task
    plan.tasks.append(task)
    word, _, figure = reached.rpartition(" ")
    assert word in ("", *_QUALIFIERS), line
    plan.courses.append(
        Course(
            owner=owner,
            unit=unit_codes[post.unit_id],
            reached=None if reached == "-" else number_of(figure),
            qualifier=word or None,
            done=day_of(told["done"]) if "done" in told else None,
            last=day_of(told["last"]) if "last" in told else None,
            situation="stuck" if "stuck" in told else "late" if "late" in told else "on_track",
            waits_for=told.get("stuck", ""),
            unchecked="unchecked" in told,
            text=told.get("text", ""),
        )
    )
    plan.roles.extend(_roles(task, owner, upper, people))


def _course(text: str) -> dict[str, str]:
    """`done 21/08, late` as {"done": "21/08", "late": ""}; `text` takes all that follows."""
    facts, _, words = text.partition("text ")
    told = {"text": words} if words else {}
    for fact in facts.split(","):
        if name := fact.strip():
            key, _, value = name.partition(" ")
            told[key] = value
    return told


def _measure(text: str, *, down: bool) -> dict[str, object]:
    """The columns of a measure."""
    kind, _, rest = text.partition(" ")
    if kind in ("checklist", "milestones"):
        criteria = [name.strip() for name in rest.split(";")]
        unit = "tiêu chí" if kind == "checklist" else "mốc"
        return {
            "measure": kind,
            "measure_unit": unit,
            "target": Decimal(len(criteria)),
            "criteria": criteria,
        }
    rest, _, baseline = rest.partition(" từ ")
    unit, _, target = rest.rpartition(" ")
    begun = number_of(baseline) if baseline else None
    goal = number_of(target)
    falls = down or (begun is not None and begun > goal)
    return {
        "measure": kind,
        "measure_unit": unit,
        "target": goal,
        "baseline": begun,
        "direction": "down" if falls else "up",
    }


def _roles(task: Task, owner: str, upper: str, people: People) -> list[TaskRole]:
    posts: list[tuple[str, str]] = []
    if owner.startswith("pct-"):
        posts.append(("director", f"bi-thu-{owner.removeprefix('pct-').removeprefix('vx-')}"))
    if owner in _FOCAL:
        posts.append(("focal", _FOCAL[owner]))
    if upper in _ADVISE and _ADVISE[upper] != owner:
        posts.append(("advising", _ADVISE[upper]))
    if owner.endswith("phu-luu"):
        posts += [("supporting", post) for post in _SUPPORT.get(task.code, ())]
    return [
        TaskRole(task_id=task.id, post_id=people.posts[post].id, role=role) for role, post in posts
    ]
