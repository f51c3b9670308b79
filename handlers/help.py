"""Trợ giúp: what this person may do, and nothing else. The networks' menus come from here too."""

from __future__ import annotations

from handlers.world import Next, Talk, Turn
from services import Session
from services.access import Actor
from services.reports import my_reports
from services.tasks import my_open_tasks

talk = Talk("help")


async def menu_of(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """The commands of this person as they stand now: who leads may have tasks of their own, too."""
    reports_too = actor.is_any("cadre", "clerk") or bool(await my_open_tasks(session, actor))
    corrects = bool(await my_reports(session, actor, 1))
    return commands_for(actor, reports_too=reports_too, corrects=corrects)


def commands_for(
    actor: Actor | None, *, reports_too: bool = True, corrects: bool = True
) -> list[tuple[str, str]]:
    """The commands this person may use, with what each is for."""
    if actor is None:
        return [("batdau", "Kết nối bằng mã")]
    commands: list[tuple[str, str]] = []
    if reports_too:
        commands.append(("baocao", "Báo cáo tiến độ, kèm ảnh"))
        commands.append(("nhiemvu", "Xem việc được giao"))
    elif actor.leads:
        commands.append(("nhiemvu", "Xem một việc, ví dụ: nhiệm vụ NV-03"))
    if reports_too or corrects:
        commands.append(("sua", "Sửa báo cáo đã gửi"))
    if actor.leads:
        commands.append(("tongket", "Xem toàn bộ tình hình đến lúc này"))
        commands.append(("xuat", "Xuất bảng theo mẫu"))
    if actor.is_any("leader", "supervisor") or actor.oversees_paths or actor.oversees_tasks:
        commands.append(("kiemtra", "Kiểm tra báo cáo đã nhận"))
    if actor.is_any("clerk", "admin"):
        commands.append(("ketnoi", "Cấp mã kết nối cho cán bộ"))
    else:
        commands.append(("ketnoi", "Lấy mã để dùng thêm nơi khác"))
    commands.append(("nghi", "Báo nghỉ, không bị nhắc việc"))
    commands.append(("nhacqua", "Chọn nơi nhận nhắc việc"))
    commands.append(("trogiup", "Xem hướng dẫn"))
    commands.append(("huy", "Thôi việc đang làm dở"))
    return commands


TYPED = {
    "baocao": "báo cáo",
    "nhiemvu": "nhiệm vụ",
    "sua": "sửa",
    "tongket": "tổng kết",
    "xuat": "xuất bảng",
    "kiemtra": "kiểm tra",
    "ketnoi": "kết nối",
    "nghi": "nghỉ",
    "nhacqua": "nhắc qua",
    "trogiup": "?",
    "huy": "huỷ",
}


@talk.begin
async def begin(turn: Turn) -> Next:
    actor = turn.world.actor
    post = actor.main_post
    who = f"{actor.name}, {post.title}, {post.unit_name}" if post else actor.name
    lines = [f"Đồng chí {who} gõ:"]
    commands = await menu_of(turn.world.session, actor)
    for name, purpose in commands:
        lines.append(f"• {TYPED[name]} — {purpose[0].lower()}{purpose[1:]}")
    if actor.is_any("cadre"):
        lines.append("Nhanh nhất, một tin kèm ảnh: bc nv03 2 tổ, xong tổ chanh")
    if actor.leads:
        lines.append(
            'Gõ "ảnh mới" để xem ảnh vừa gửi, "việc quá hạn" để xem việc quá hạn, '
            "mã việc (nv03) để xem kỹ một việc."
        )
    photos = " Ảnh gửi lúc nào cũng được." if "baocao" in dict(commands) else ""
    lines.append(f"Không cần gõ dấu.{photos}")
    return turn.end("\n".join(lines), commands)
