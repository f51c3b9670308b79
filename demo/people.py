"""Posts, the placeholder people who hold them, what some oversee, and their accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from demo.calendar import DEMO_START, day_of
from demo.units import FOUNDED
from models.account import Account
from models.calendar import Leave
from models.organisation import Holding, Oversight, Person, Post, Unit
from vietnamese.letters import fold

# unit: post code | title | kind | who holds it
_POSTS = """
tinh-tuyen-quang: bi-thu-tinh | Bí thư Tỉnh uỷ | leader | Hoàng Văn X
tinh-tuyen-quang: chu-tich-tinh | Chủ tịch UBND tỉnh | leader | Lý Thị Y
tinh-tuyen-quang: giam-sat-ham-yen | Uỷ viên BTV Tỉnh uỷ phụ trách cụm xã Hàm Yên | supervisor | Nông Văn V
tinh-tuyen-quang: giam-sat-son-duong | Uỷ viên BTV Tỉnh uỷ phụ trách cụm xã Sơn Dương | supervisor | Ma Thị U
tinh-tuyen-quang: van-phong-tinh | Chuyên viên Văn phòng Tỉnh uỷ | clerk | Đặng Thị S
tinh-tuyen-quang: quan-tri | Quản trị hệ thống | admin | Vũ Văn T
so-nnmt: giam-doc-nnmt | Giám đốc Sở Nông nghiệp và Môi trường | leader | Phạm Văn P
so-nnmt: trong-trot-nnmt | Trưởng phòng Trồng trọt | cadre | Bùi Thị Q
so-khcn: giam-doc-khcn | Giám đốc Sở Khoa học và Công nghệ | leader | Đỗ Văn R
so-khcn: chuyen-doi-so-khcn | Trưởng phòng Chuyển đổi số | cadre | Hà Thị O
phu-luu: bi-thu-phu-luu | Bí thư Đảng uỷ xã | leader | Trần Thị B
phu-luu: chu-tich-phu-luu | Chủ tịch UBND xã | leader | Lê Văn C
phu-luu: pct-phu-luu | Phó Chủ tịch UBND xã | cadre | Nguyễn Văn A
phu-luu: pct-vx-phu-luu | Phó Chủ tịch UBND xã (văn hoá – xã hội) | cadre | Phạm Thị D
phu-luu: kinh-te-phu-luu | Trưởng phòng Kinh tế | cadre | Hoàng Văn Đ
phu-luu: van-xa-phu-luu | Trưởng phòng Văn hoá – Xã hội | cadre | Lý Thị E
phu-luu: van-phong-phu-luu | Chánh Văn phòng HĐND và UBND xã | clerk | Ma Văn G
phu-luu: mat-tran-phu-luu | Chủ tịch Uỷ ban MTTQ xã | cadre | Nông Thị H
thon-pac-cap: truong-thon-pac-cap | Trưởng thôn Pác Cáp | cadre | Đặng Văn I
thon-nam-luong: truong-thon-nam-luong | Trưởng thôn Nậm Lương | cadre | Triệu Văn K
ham-yen: bi-thu-ham-yen | Bí thư Đảng uỷ xã | leader | Vũ Thị L
ham-yen: pct-ham-yen | Phó Chủ tịch UBND xã | cadre | Bùi Văn N
bach-xa: bi-thu-bach-xa | Bí thư Đảng uỷ xã | leader | Đỗ Thị AB
bach-xa: pct-bach-xa | Phó Chủ tịch UBND xã | cadre | Hà Văn AC
bach-xa: kinh-te-bach-xa | Trưởng phòng Kinh tế | cadre | Hà Văn AC
yen-son: bi-thu-yen-son | Bí thư Đảng uỷ xã | leader | Nguyễn Văn BC
yen-son: pct-yen-son | Phó Chủ tịch UBND xã | cadre | Trần Thị BD
son-duong: bi-thu-son-duong | Bí thư Đảng uỷ xã | leader | Lê Văn CD
son-duong: pct-son-duong | Phó Chủ tịch UBND xã | cadre | Phạm Thị CG
son-duong: kinh-te-son-duong | Trưởng phòng Kinh tế | cadre | Hoàng Văn DG
tan-trao: bi-thu-tan-trao | Bí thư Đảng uỷ xã | leader | Lý Thị DH
tan-trao: pct-tan-trao | Phó Chủ tịch UBND xã | cadre | Ma Văn GH
chiem-hoa: bi-thu-chiem-hoa | Bí thư Đảng uỷ xã | leader | Nông Thị HK
chiem-hoa: pct-chiem-hoa | Phó Chủ tịch UBND xã | cadre | Đặng Văn KL
na-hang: bi-thu-na-hang | Bí thư Đảng uỷ xã | leader | Triệu Thị LM
na-hang: pct-na-hang | Phó Chủ tịch UBND xã | cadre | Vũ Văn MN
minh-xuan: bi-thu-minh-xuan | Bí thư Đảng uỷ phường | leader | Bùi Thị NP
minh-xuan: pct-minh-xuan | Phó Chủ tịch UBND phường | cadre | Đỗ Văn PQ
my-lam: bi-thu-my-lam | Bí thư Đảng uỷ phường | leader | Hà Thị QR
my-lam: pct-my-lam | Phó Chủ tịch UBND phường | cadre | Nguyễn Văn RS
my-lam: kinh-te-my-lam | Trưởng phòng Kinh tế, Hạ tầng và Đô thị | cadre | Trần Văn M
"""

# Bàn giao: who held the post before, until when; the person now holds another.
_HANDED_OVER = {"pct-ham-yen": ("kinh-te-my-lam", date(2026, 8, 31))}

_OVERSEES = {
    "giam-sat-ham-yen": ("phu-luu", "ham-yen", "bach-xa"),
    "giam-sat-son-duong": ("son-duong", "tan-trao", "yen-son"),
}

NEVER_CONNECTED = "pct-na-hang"
BLOCKED = "pct-chiem-hoa"
_LEAVE = {"pct-bach-xa": ("19/11", "27/11"), "pct-my-lam": ("10/08", "14/08")}


@dataclass
class People:
    """Everybody of the demo; posts and persons by code."""

    posts: dict[str, Post] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    holdings: list[Holding] = field(default_factory=list)
    oversights: list[Oversight] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)

    def holder(self, post: str, day: date) -> Person:
        """Who held the post on the day."""
        wanted = self.posts[post].id
        held = next(
            holding.person_id
            for holding in self.holdings
            if holding.post_id == wanted
            and holding.from_day <= day
            and (holding.to_day is None or day <= holding.to_day)
        )
        return next(person for person in self.persons.values() if person.id == held)


def build_people(units: Mapping[str, Unit], channel: str) -> People:
    """Posts with their holders, oversight, and an account on `channel` for all but one."""
    people = People()
    by_name: dict[str, Person] = {}
    for line in _POSTS.strip().splitlines():
        unit, _, rest = line.partition(": ")
        code, title, kind, name = (part.strip() for part in rest.split("|"))
        post = Post(
            id=len(people.posts) + 1, code=code, unit_id=units[unit].id, title=title, kind=kind
        )
        people.posts[code] = post
        if name not in by_name:
            by_name[name] = people.persons[code] = Person(
                id=len(by_name) + 1,
                code=code,
                name=name,
                folded=fold(name),
                pseudonym=f"nguoi-{uuid5(NAMESPACE_OID, code).hex[:12]}",
            )
        people.holdings.append(
            Holding(person_id=by_name[name].id, post_id=post.id, from_day=FOUNDED)
        )
    _hand_over(people)
    for code, overseen in _OVERSEES.items():
        people.oversights += [
            Oversight(post_id=people.posts[code].id, unit_id=units[unit].id) for unit in overseen
        ]
    for code, (first, last) in _LEAVE.items():
        leave = Leave(
            person_id=people.persons[code].id, from_day=day_of(first), to_day=day_of(last)
        )
        people.leaves.append(leave)
    people.accounts = _accounts(people, channel)
    return people


def _hand_over(people: People) -> None:
    for code, (now_at, last_day) in _HANDED_OVER.items():
        first_day = last_day + timedelta(days=1)
        leaver = people.persons[now_at]
        for holding in people.holdings:
            if holding.post_id in (people.posts[code].id, people.posts[now_at].id):
                holding.from_day = first_day
        people.holdings.insert(
            0,
            Holding(
                person_id=leaver.id,
                post_id=people.posts[code].id,
                from_day=FOUNDED,
                to_day=last_day,
            ),
        )


def _accounts(people: People, channel: str) -> list[Account]:
    joined = DEMO_START.replace(month=5, day=18, hour=9)
    return [
        Account(
            channel=channel,
            chat_id=code,
            person_id=person.id,
            state="blocked" if code == BLOCKED else "connected",
            connected_at=joined,
            changed_at=DEMO_START.replace(day=9, hour=7) if code == BLOCKED else joined,
        )
        for code, person in people.persons.items()
        if code != NEVER_CONNECTED
    ]
