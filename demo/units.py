"""The units of the demo: the two-level province of 01/07/2025 and some of what was before it."""

from __future__ import annotations

from datetime import date, timedelta

from models.organisation import Unit, UnitPredecessor
from vietnamese.letters import fold

FOUNDED = date(2025, 7, 1)
"""Since this day there are no districts (mission §1)."""

# code | name | kind | parent
_NOW = """
tinh-tuyen-quang | Tỉnh Tuyên Quang | province |
so-nnmt | Sở Nông nghiệp và Môi trường | department | tinh-tuyen-quang
so-khcn | Sở Khoa học và Công nghệ | department | tinh-tuyen-quang
phu-luu | Xã Phù Lưu | commune | tinh-tuyen-quang
thon-pac-cap | Thôn Pác Cáp | village | phu-luu
thon-nam-luong | Thôn Nậm Lương | village | phu-luu
thon-tau-lin | Thôn Táu Lìn | village | phu-luu
ham-yen | Xã Hàm Yên | commune | tinh-tuyen-quang
bach-xa | Xã Bạch Xa | commune | tinh-tuyen-quang
yen-son | Xã Yên Sơn | commune | tinh-tuyen-quang
son-duong | Xã Sơn Dương | commune | tinh-tuyen-quang
tan-trao | Xã Tân Trào | commune | tinh-tuyen-quang
chiem-hoa | Xã Chiêm Hoá | commune | tinh-tuyen-quang
na-hang | Xã Na Hang | commune | tinh-tuyen-quang
minh-xuan | Phường Minh Xuân | ward | tinh-tuyen-quang
my-lam | Phường Mỹ Lâm | ward | tinh-tuyen-quang
"""

# They ended on 30/06/2025. The districts have no successor: their figures belong to no commune.
_BEFORE = """
tinh-tuyen-quang-2025 | Tỉnh Tuyên Quang (đến 30/6/2025) | province |
tinh-ha-giang-2025 | Tỉnh Hà Giang (đến 30/6/2025) | province |
huyen-ham-yen | Huyện Hàm Yên | district | tinh-tuyen-quang-2025
huyen-son-duong | Huyện Sơn Dương | district | tinh-tuyen-quang-2025
phu-luu-2025 | Xã Phù Lưu (huyện Hàm Yên) | commune | huyen-ham-yen
minh-dan-2025 | Xã Minh Dân (huyện Hàm Yên) | commune | huyen-ham-yen
tan-yen-2025 | Thị trấn Tân Yên (huyện Hàm Yên) | commune | huyen-ham-yen
thi-tran-son-duong-2025 | Thị trấn Sơn Dương (huyện Sơn Dương) | commune | huyen-son-duong
"""

_PREDECESSORS = {
    "tinh-tuyen-quang": ("tinh-tuyen-quang-2025", "tinh-ha-giang-2025"),
    "phu-luu": ("phu-luu-2025", "minh-dan-2025"),
    "ham-yen": ("tan-yen-2025",),
    "son-duong": ("thi-tran-son-duong-2025",),
}

PLACES: dict[str, tuple[float, float]] = {
    "tinh-tuyen-quang": (21.823, 105.214),
    "so-nnmt": (21.820, 105.210),
    "so-khcn": (21.821, 105.217),
    "phu-luu": (22.178, 104.972),
    "thon-pac-cap": (22.190, 104.960),
    "thon-nam-luong": (22.165, 104.985),
    "ham-yen": (22.072, 105.030),
    "bach-xa": (22.262, 104.850),
    "yen-son": (21.890, 105.180),
    "son-duong": (21.702, 105.392),
    "tan-trao": (21.780, 105.470),
    "chiem-hoa": (22.150, 105.262),
    "na-hang": (22.352, 105.383),
    "minh-xuan": (21.829, 105.207),
    "my-lam": (21.772, 105.118),
}
"""Roughly where each unit is: latitude and longitude in degrees."""


def build_units() -> tuple[dict[str, Unit], list[UnitPredecessor]]:
    """The units by code, parents before children, and what came before which."""
    units: dict[str, Unit] = {}
    for table, begun, ended in (
        (_NOW, FOUNDED, None),
        (_BEFORE, date(1945, 9, 2), FOUNDED - timedelta(days=1)),
    ):
        for line in table.strip().splitlines():
            code, name, kind, parent = (part.strip() for part in line.split("|"))
            above = units[parent] if parent else None
            number = len(units) + 1
            units[code] = Unit(
                id=number,
                code=code,
                name=name,
                folded=fold(name),
                kind=kind,
                parent_id=above.id if above else None,
                path=f"{above.path if above else '/'}{number}/",
                valid_from=begun,
                valid_to=ended,
            )
    before = [
        UnitPredecessor(unit_id=units[code].id, predecessor_id=units[old].id)
        for code, olds in _PREDECESSORS.items()
        for old in olds
    ]
    return units, before
