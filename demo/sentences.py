"""What cadres and those who check write in reports: short, plain, sometimes without accents."""

from __future__ import annotations

import random

from vietnamese.letters import fold

# theme: words of a title that it goes with | sentences
_THEMES = """
rubbish: rác, chất thải, ô nhiễm | Đã bố trí thêm 2 điểm tập kết, xe thu gom mỗi tuần 3 chuyến. | Chi hội phụ nữ tổng vệ sinh đường thôn sáng thứ bảy. | Phát thùng phân loại cho các hộ dọc trục chính. | Ký hợp đồng thu gom thêm một thôn. | Nhắc 4 hộ còn đốt rác, đã cam kết. | Dọn xong bãi rác tự phát ven suối.
orchard: VietGAP, cam, chanh, bưởi, chè, mía, lạc, vùng trồng, nông sản, nông nghiệp, trồng rừng, dưới tán, cây, OCOP | Bà con ghi nhật ký canh tác đầy đủ, đã lấy mẫu đất, mẫu nước. | Tập huấn cho tổ viên về bón phân hữu cơ. | Hoàn thiện hồ sơ gửi đơn vị chứng nhận. | Thăm vườn, hướng dẫn tỉa cành sau thu hoạch. | Họp tổ hợp tác, thống nhất quy trình chung. | Cây sinh trưởng tốt, chưa thấy sâu bệnh lạ. | Đã ký biên bản ghi nhớ với đơn vị thu mua.
road: đường, cầu, mặt bằng, bờ suối, hiến đất | Đổ xong bê tông thêm một đoạn, nhân dân góp công san nền. | Mưa hai ngày nên tạm dừng thi công, mai làm tiếp. | Vận động thêm các hộ dỡ tường rào, lùi cổng. | Vật liệu đã về chân công trình. | Nghiệm thu nội bộ đoạn đầu tuyến. | Ban giám sát cộng đồng có mặt cả tuần.
water: nước, kênh, cấp nước, cống | Nạo vét xong đoạn qua đồng, nước về đủ. | Thay đường ống vỡ ở đầu nguồn. | Lắp đồng hồ cho các hộ mới đăng ký. | Huy động 40 công dọn lòng kênh. | Kiểm tra bể lắng, xả cặn định kỳ.
house: nhà tạm, nhà văn hoá, nhà sàn, trụ sở, mầm non, trường, hộ nghèo, Di dời | Bàn giao thêm nhà cho hộ, bà con phấn khởi. | Thợ đang lợp mái, dự kiến tuần sau xong. | Rà soát từng hộ, lập danh sách có xác nhận của thôn. | Giải ngân vốn vay ưu đãi cho các hộ mới. | Hộ khó nhất đã đồng ý phương án hỗ trợ.
digital: số, trực tuyến, VNeID, thương mại điện tử, 5G, camera, hộ tịch, dịch vụ công, không giấy | Tổ công nghệ số đi từng nhà hướng dẫn bà con. | Nhập dữ liệu xong thêm một phần, đã kiểm tra chéo. | Hỗ trợ người dân nộp hồ sơ tại điểm dịch vụ công. | Mạng ở thôn xa còn yếu, phải làm buổi tối. | Mở thêm một buổi hướng dẫn tại nhà văn hoá thôn.
meeting: | Họp với các thôn, thống nhất cách làm. | Đã phân công từng đồng chí phụ trách từng phần việc. | Làm việc với các hộ liên quan, có biên bản. | Rà soát lại tiến độ, bổ sung người hỗ trợ. | Việc đang triển khai theo kế hoạch. | Thực hiện thêm được một phần, số liệu như trên. | Đã gửi hồ sơ lên cấp trên.
"""

_LATE = (
    "Chậm so với kế hoạch do mưa kéo dài.",
    "Tiến độ còn chậm, tuần tới tập trung bù lại.",
    "Thiếu người nên làm chậm, đã xin thêm hỗ trợ.",
    "Hồ sơ phải làm lại nên chậm mấy hôm.",
)
_STUCK: dict[str, tuple[str, ...]] = {
    "unit": (
        "Chưa thống nhất được nguồn kinh phí đối ứng của xã.",
        "Hai hộ chưa đồng ý phương án, cần lãnh đạo xã gặp trực tiếp.",
        "Chưa phân công xong người thay đồng chí đi học.",
    ),
    "above": (
        "Chờ hướng dẫn về định mức hỗ trợ của tỉnh.",
        "Hồ sơ gửi sở đã quá hạn trả lời, chưa có ý kiến.",
        "Chờ tỉnh phê duyệt điều chỉnh quy hoạch.",
    ),
    "": (
        "Vướng ranh giới đất, chưa rõ cơ quan nào xử lý.",
        "Giá vật liệu tăng, nhà thầu xin dừng.",
    ),
}
ACCEPTED = ("", "", "", "Đồng ý.", "Ghi nhận, đồng chí tiếp tục.", "Tốt, nhân ra các thôn khác.")
ACCEPTED_BEHIND = ("", "Ghi nhận, đồng chí tập trung bù tiến độ.", "Đã rõ, tôi sẽ cùng tháo gỡ.")
RETURNED = (
    "Ảnh chưa rõ nơi làm, đồng chí chụp lại có biển tên.",
    "Số liệu chưa khớp sổ theo dõi, đồng chí kiểm tra lại.",
    "Đồng chí ghi rõ thêm đã làm ở thôn nào.",
)


def _read() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    themes = {}
    for line in _THEMES.strip().splitlines():
        name, _, rest = line.partition(": ")
        words, *sentences = (part.strip() for part in rest.split("|"))
        themes[name] = (tuple(word.strip().lower() for word in words.split(",")), tuple(sentences))
    return themes


_READ = _read()


def theme_of(title: str) -> str:
    """What a task is about, by the first theme that has one of its words in the title."""
    padded = f" {title.lower().replace(',', ' ').replace(':', ' ')} "
    for name, (words, _) in _READ.items():
        if any(word and f" {word} " in padded for word in words):
            return name
    return "meeting"


def report_text(chance: random.Random, title: str, situation: str) -> str:
    """What stands in a report: nothing, a sentence or two, one in seven without accents."""
    if situation == "on_track" and chance.random() < 0.15:
        return ""
    text = chance.choice(_READ[theme_of(title)][1])
    if situation == "late":
        text = f"{text} {chance.choice(_LATE)}"
    if chance.random() < 0.14:
        return fold(text)
    return text


def obstacle_text(chance: random.Random, waits_for: str) -> str:
    return chance.choice(_STUCK[waits_for])
