"""Units of measure: how they are typed, which of them come in fractions, and exact conversions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from vietnamese.letters import clean, fold, has_accents, may_stand_for
from vietnamese.tokens import Token

_MEASURES = """
%: phần trăm | pt | phan tram
điểm %: điểm phần trăm | đ%
ha: hecta | héc ta | hec ta | hécta | hectare | hectares
m2: m² | m vuông | mét vuông | met vuong
m3: m³ | m khối | mét khối | khối
km2: km² | ki lô mét vuông
km: cây số | ki lô mét | kilômét | kilomet | km đường
m: mét | mét dài
kg: ki lô | cân | kí | ký | kilôgam
tấn:
tạ:
yến:
lít:
sào:
mẫu:
giờ: tiếng
ngày: hôm
tuần:
tháng:
phút:
năm:
tuổi:
đồng: đ | vnđ | vnd | việt nam đồng
"""
_COUNTED = """
tổ; hộ: hộ gia đình | hộ dân | nông hộ | hộ nghèo | hộ cận nghèo | ho gd; báo cáo: bc; xã; phường; thôn; bản; xóm; ấp; khu; khu phố; cụm; tỉnh; người: nhân khẩu | khẩu; lao động: lđ;
mô hình: mh; sản phẩm: sp; công trình: ct; dự án: da; cuộc; buổi; hội nghị; lần; lượt; văn bản: vb; hồ sơ: hs;
vụ; vụ việc; đơn; đơn thư; giấy; con; cây; cái; chiếc; bộ; căn; ngôi; nhà: ngôi nhà | căn nhà; điểm; tuyến; đoạn; câu lạc bộ: clb;
hợp tác xã: htx; doanh nghiệp: dn; tổ chức; chi bộ; đảng bộ; đảng viên: đv | dv; đồng chí; học viên; quần chúng; thành viên; hội viên; đoàn viên; đại biểu; thanh niên; mũi; liều; cơ sở; nhóm; đội; phòng; lớp;
trường; học sinh; giáo viên; cán bộ; công chức; chỉ tiêu; nhiệm vụ; việc; tiêu chí; kế hoạch; nghị quyết;
chuyên đề; bài; tin; ảnh; lá; thẻ; tài khoản; chữ ký; phiếu; thửa; lô; ao; bể; cống; cầu; cột; bóng; bóng đèn;
camera; máy; xe; quyển; suất; gói; trạm; chợ; hố; thùng; bao; khách; lượt khách; ca; mẫu đơn; gia đình; cặp;
sáng kiến; đề án; đề tài; ý kiến; kiến nghị; cam kết; hợp đồng; trang trại; gia trại; chuỗi; vườn; vùng
"""
_NEEDS_MARKS = frozenset(
    {"ảnh", "lá", "thẻ", "máy", "căn", "lô", "bể", "bài", "gói", "điểm", "cân"}
)
"""Words that mean something else as soon as their marks are left out (la: là, may: mấy)."""
_FRACTIONAL = frozenset(
    {"%", "điểm %", "ha", "km", "km2", "tấn", "tạ", "kg", "lít", "m3", "sào", "mẫu"}
)
_OTHER_WORDS = {"m3": ("lượng",), "hồ sơ": ("với",), "đồng": ("ý", "thuận", "bào", "tình")}
"""What makes another word of a unit: khối lượng, đồng ý; "3 ho so voi" is 3 hộ, compared with …"""
_CLASSIFIERS = ("cái", "chiếc", "căn", "ngôi", "con", "cuốn", "quyển", "tấm", "cuộc", "buổi")
_PEOPLE = frozenset(
    {"người", "đảng viên", "cán bộ", "công chức", "đại biểu", "hội viên", "đoàn viên"}
)
TIME = frozenset({"giờ", "ngày", "tuần", "tháng", "năm", "phút", "tuổi"})
_EXACT = {
    ("ha", "m2"): Decimal(10000),
    ("km2", "ha"): Decimal(100),
    ("km", "m"): Decimal(1000),
    ("tấn", "kg"): Decimal(1000),
    ("tạ", "kg"): Decimal(100),
    ("yến", "kg"): Decimal(10),
    ("tấn", "tạ"): Decimal(10),
    ("nghìn đồng", "đồng"): Decimal(1000),
    ("triệu đồng", "đồng"): Decimal(10) ** 6,
    ("tỷ đồng", "đồng"): Decimal(10) ** 9,
    ("tỷ đồng", "triệu đồng"): Decimal(1000),
}
_MONEY = {
    "nghin dong": ("nghìn đồng", Decimal(1000)),
    "ngan dong": ("nghìn đồng", Decimal(1000)),
    "trieu dong": ("triệu đồng", Decimal(10) ** 6),
    "trieu": ("triệu đồng", Decimal(10) ** 6),
    "trd": ("triệu đồng", Decimal(10) ** 6),
    "tr dong": ("triệu đồng", Decimal(10) ** 6),
    "tr.d": ("triệu đồng", Decimal(10) ** 6),
    "ty dong": ("tỷ đồng", Decimal(10) ** 9),
    "ti dong": ("tỷ đồng", Decimal(10) ** 9),
    "ty": ("tỷ đồng", Decimal(10) ** 9),
}


@dataclass(frozen=True)
class Unit:
    """A unit as it is kept. `scale` is how many of the base unit it holds (triệu đồng: 1.000.000)."""

    name: str
    fractional: bool
    scale: Decimal = Decimal(1)

    @property
    def is_money(self) -> bool:
        return self.scale > 1 or self.name == "đồng"


def _build() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    lines = [line.partition(":") for line in _MEASURES.strip().splitlines()]
    lines += [item.strip().partition(":") for item in _COUNTED.replace("\n", " ").split(";")]
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, _, variants in lines:
        for form in (name, *variants.split("|")):
            if words := tuple(form.split()):
                table.setdefault(fold(words[0]), []).append((words, name.strip()))
    for forms in table.values():
        forms.sort(key=lambda form: -len(form[0]))
    return table


_TABLE = _build()
_WHOLE = frozenset(
    item.partition(":")[0].strip() for item in _COUNTED.replace("\n", " ").split(";")
)


def known(name: str | None) -> Unit | None:
    """The unit a task is measured in, by whatever name it was given; None for no name."""
    if name is None or not name.strip():
        return None
    folded = fold(name)
    if folded in _MONEY:
        money, scale = _MONEY[folded]
        return Unit(money, fractional=True, scale=scale)
    for words, canonical in _TABLE.get(folded.split(" ")[0], ()):
        if fold(" ".join(words)) == folded:
            return Unit(canonical, canonical in _FRACTIONAL)
    return Unit(clean(name).strip(), fractional=False)


def is_whole(name: str | None) -> bool:
    """Whether the unit counts things that do not come in halves: hộ, tổ, lớp."""
    return name in _WHOLE


def is_listed(folded: str) -> bool:
    """Whether the folded word (or words) names a unit that people count in."""
    forms = _TABLE.get(folded.split(" ")[0], ())
    return any(fold(" ".join(words)) == folded for words, _ in forms)


def read_unit(
    tokens: Sequence[Token], at: int, expected: Unit | None = None
) -> tuple[str | None, int]:
    """The unit that stands at `at` and the place after it; (None, at) if there is none.

    A unit nobody listed is known when it is the expected one.
    """
    if at >= len(tokens):
        return None, at
    token = tokens[at]
    if token.kind == "sign":
        return ("%", at + 1) if token.text in {"%", "％"} else (None, at)
    if expected is not None and (end := _own_unit(tokens, at, expected)):
        return expected.name, end
    if token.text == "đ" and at + 1 < len(tokens) and tokens[at + 1].text == "%":
        return "điểm %", at + 2
    if token.may_be("điểm") and at + 1 < len(tokens) and tokens[at + 1].text == "%":
        return "điểm %", at + 2
    for words, name in _TABLE.get(fold(token.text), ()):
        if end := _phrase(tokens, at, words):
            if end < len(tokens) and tokens[end].may_be(*_OTHER_WORDS.get(name, ())):
                continue
            if name == "con" and end < len(tokens) and tokens[end].kind == "number":
                continue  # "thon 3 con 5 ho": còn 5 hộ
            if expected and name in _WHOLE and _is_short_for(name, expected):
                return expected.name, end
            return name, end
    return None, at


def _is_short_for(name: str, expected: Unit) -> bool:
    """``2 mô hình`` for a task in mô hình sinh kế; ``tổ`` is not short for tổ chức, another unit."""
    return expected.name.startswith(f"{name} ") and expected.name not in _WHOLE


def _own_unit(tokens: Sequence[Token], at: int, expected: Unit) -> int:
    """The place after the task's own unit: ``30 nhà``, ``30 cái nhà``, for people also ``5 đồng chí``."""
    words = tuple(expected.name.split())
    if tokens[at].may_be(*_CLASSIFIERS) and (end := _phrase(tokens, at + 1, words)):
        return end
    if expected.name in _PEOPLE and (end := _phrase(tokens, at, ("đồng", "chí"))):
        return end
    if expected.name == "người" and (end := _phrase(tokens, at, ("lđ",))):
        return end
    return _phrase(tokens, at, words)


def convert(value: Decimal, unit: str | None, wanted: str | None) -> Decimal | None:
    """The value in another unit, where that is exact (2 ha = 20000 m2); None where it is not."""
    source, goal = known(unit), known(wanted)
    if source is None or goal is None or source.name == goal.name:
        return value
    if factor := _EXACT.get((source.name, goal.name)):
        return value * factor
    if factor := _EXACT.get((goal.name, source.name)):
        return value / factor
    return None


def _phrase(tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> int:
    if at + len(words) > len(tokens):
        return 0
    for offset, word in enumerate(words):
        token = tokens[at + offset]
        if token.kind != "word":
            if token.text != word:
                return 0
        elif not may_stand_for(token.text, word) or (
            len(words) == 1 and word in _NEEDS_MARKS and not has_accents(token.text)
        ):
            return 0
    return at + len(words)
