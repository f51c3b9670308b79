"""What the words of a request stand for: one letter for each kind, so that a wish is a short pattern.

A word that stands here carries the intent (``cập nhật`` … ``tiến độ``), tells that something was done
(``đã``), asks (``nào``), says which unit or when, or is a courtesy. Every other word is a stranger, and
strangers make doubt.
"""

from vietnamese.letters import fold

COURTESY, WISH, TOLD, ASKED, SCOPE, CODE, NUMBER, STRANGE, NO, HOW, FAR, DURING, TODAY = (
    "p",
    "w",
    "t",
    "q",
    "u",
    "c",
    "n",
    "x",
    "k",
    "y",
    "j",
    "z",
    "o",
)

_WORDS: dict[str, str] = {
    COURTESY: "a ă à ạ á ah ak e em anh chị cô chú bác cháu con tôi tui tau tao choa mình ông bà cậu thầy bạn sếp ad admin bot ai_ơi ơi dạ vâng"
    " thưa kính_thưa kính_gửi kính_chào chào xin_chào alo hello hi đồng_chí đc các_đồng_chí thủ_trưởng lãnh_đạo nhé nhe nha nhá nhen nghen nghe hen hén hè hỉ hí"
    " rứa hả hử vậy thế đó đấy nè nì này ni nớ kia ấy nọ với_ạ với đi cái bản chút tí xíu tẹo luôn ngay gấp nhanh lại thử thì là mà của các những mọi mấy_cái người"
    " bọn_em chúng_em chúng_tôi tụi_em tụi_tui phần giờ bây_giờ hộ_em hộ_tôi hộ_anh hộ_chị hộ_mình hộ_với giùm dùm ơn cảm_ơn cám_ơn phép ok thanks tks please pls cho_phép về coi_nào xem_nào"
    " có còn ở trên vào bằng qua sang để theo ra lên hiện hiện_tại hiện_có hiện_đang đang_có mới khác riêng trực_tiếp nữa lúc_nãy hồi_nãy lúc_sáng vừa_rồi vừa_gửi mới_gửi hết_thảy cả_thảy ta đây đối_với bị tới_đây ngoài_ra hiện_giờ hiện_nay đã_gửi tự thôi hết_ạ",
    TODAY: "nay hôm_nay bữa_nay bữa_ni hôm_ni",
    WISH: "cho xin muốn cần nhờ giúp hãy đề_nghị yêu_cầu làm_ơn vui_lòng định hỏi xin_phép cho_hỏi phiền mong ưng được_không có_được_không đc_không được_ko được_hông",
    TOLD: "đã rồi xong vừa sẽ gì_đâu đâu_có không_có_gì ko_có_gì không_có ko_có không_còn không_được ko_được nên nhưng vì do bảo nói quá lắm ghê cứ nếu kẻo",
    ASKED: "gì nào chi mô đâu ai mấy bao_nhiêu bao_giờ khi_nào"
    "  ",
    FAR: "thế_nào_rồi sao_rồi đến_đâu_rồi tới_đâu_rồi đến_đâu tới_đâu tới_mô đến_mô răng_rồi có_gì_mới",
    HOW: "ở_đâu ở_mô chỗ_nào chỗ_mô thế_nào_đây sao_đây sao răng thế_nào như_thế_nào ntn ra_sao ra_răng",
    DURING: "đang",
    NO: "chưa không ko hông hem khg",
    SCOPE: "hôm_qua hôm_kia hôm ngày ngày_mai mai mốt bữa tuần tháng quý qúy năm tuần_này tuần_ni tuần_rồi tháng_rồi tháng_này tháng_ni năm_nay quý_này trước sau tới đến từ hết đầu"
    " trong cuối giữa sáng chiều tối thứ chủ_nhật hai ba tư sáu bảy cn kỳ mấy_bữa mấy_hôm mấy_ngày mấy_tuần vài_hôm vài_bữa vài_ngày nửa_ngày nửa_buổi nửa buổi một_ngày một_tuần một_hôm"
    " tết toàn_xã toàn_huyện toàn_tỉnh toàn_bộ cả_xã cả_tỉnh cả_năm xã_mình xã_ta chung tất_cả tính_đến lũy_kế đơn_vị",
    "S": "xem coi ngó nhìn mở show liệt_kê kể lấy tra tìm biết cho_biết rà rà_soát xem_lại coi_lại nhìn_lại xem_thử chi_tiết danh_sách ds list nắm bảng_kê đọc",
    "f": "cấp tạo",
    "V": "gửi chuyển đưa đẩy",
    "U": "nộp cập_nhật cập_nhập update nhập điền khai khai_báo bổ_sung ghi ghi_nhận phản_ánh báo trình phản_hồi nêu",
    "R": "báo_cáo bc bcáo báo_cáo_nhanh",
    "P": "tiến_độ kết_quả kq số_liệu con_số số mức_đạt khối_lượng tỷ_lệ kết_quả_thực_hiện tiến_độ_thực_hiện",
    "i": "thống_kê",
    "O": "tổng_quát tổng_kết tổng_hợp toàn_cảnh tổng_quan tổng_thể tình_hình_chung tình_hình tình_hình_thực_hiện bức_tranh bức_tranh_chung tk báo_cáo_tổng_hợp báo_cáo_tổng_kết bảng_tổng_hợp bảng_tổng_kết số_liệu_chung"
    " tiến_độ_chung kết_quả_chung tình_hình_công_việc làm_ăn",
    "T": "việc nhiệm_vụ công_việc đầu_việc chỉ_tiêu nv viêc vc cv công_chuyện mục_tiêu",
    "L": "quá_hạn trễ_hạn trễ chậm chậm_nhất trễ_nhất kém_nhất thấp_nhất cao_nhất nhanh_nhất đứng_cuối đứng_đầu nợ còn_nợ chậm_tiến_độ chậm_trễ tồn_đọng đến_hạn tới_hạn sắp_đến_hạn sắp_tới_hạn gần_đến_hạn gần_hạn sắp_hết_hạn hết_hạn đang_chậm đang_trễ bị_chậm bị_trễ chưa_xong chưa_làm chưa_hoàn_thành"
    " chưa_báo_cáo chưa_bc chưa_nộp_báo_cáo chưa_nộp chưa_gửi_báo_cáo chưa_gửi dở_dang đang_dở im_lặng chưa_có_báo_cáo hoàn_thành đạt chưa_đạt làm_tốt tốt_nhất",
    "m": "bị_giao mần phải_làm cần_làm làm phải được_giao đc_giao dc_giao được đang_làm phụ_trách chủ_trì đang_mở theo_dõi",
    "D": "hạn thời_hạn thời_gian hạn_chót deadline ngày_hoàn_thành",
    "e": "gia_hạn",
    "E": "lùi dời kéo_dài hoãn giãn giãn_ra nới thêm đẩy_lùi rời",
    "F": "excel exel file word pdf bảng bảng_biểu biểu biểu_mẫu xlsx phụ_lục",
    "X": "xuất xuất_ra xuất_bảng kết_xuất tải tải_về in in_ra download",
    "C": "huỷ huỷ_bỏ thoát thoát_ra ngừng dừng dừng_lại bỏ_báo_cáo bỏ_lệnh bỏ_bản bỏ_cái_này cancel xoá xoá_bỏ",
    "N": "nghỉ nghỉ_phép xin_nghỉ nghỉ_ốm nghỉ_bệnh vắng vắng_mặt báo_nghỉ nghỉ_làm off",
    "r": "đi_công_tác công_tác mệt sốt đau ốm bệnh đi_khám đi_khám_bệnh khám_bệnh đi_viện đi_học tập_huấn bận việc_nhà việc_riêng việc_gia_đình thai_sản cưới đám_cưới đám_ma về_quê con_ốm nhà_có_việc có_việc_nhà chế_độ",
    "H": "hướng_dẫn hdsd trợ_giúp giúp_đỡ làm_sao làm_răng làm_thế_nào làm_như_thế_nào làm_cách_nào bằng_cách_nào cách cách_thức cách_dùng cách_làm chỉ_cách chỉ_cho_cách bày_cách bày chỉ dạy help menu"
    " kiểu_gì kiểu_chi kiểu_nào như_nào gõ_gì gõ_sao gõ_thế_nào bấm_gì bấm_đâu vào_đâu nhắn_gì làm_được_gì làm_được_những_gì làm_được_những_việc_gì",
    "h": "dùng sử_dụng xài thao_tác",
    "b": "quên chưa_rành không_rành không_biết ko_biết chưa_biết không_rõ hông_biết k_biết không_hiểu chưa_rõ nỏ_biết khó_dùng chưa_quen",
    "a": "ảnh hình hình_ảnh minh_chứng vị_trí app phần_mềm hệ_thống chương_trình ứng_dụng chức_năng lệnh câu_lệnh cú_pháp tin",
    "K": "kết_nối kết_nối_lại liên_kết đăng_nhập",
    "M": "mã mã_kết_nối mã_đăng_nhập mã_mới",
    "g": "giao giao_cho giao_thêm",
    "G": "giao_việc giao_nhiệm_vụ giao_thêm_việc phân_công phân_việc",
    "Y": "đăng_ký đăng_kí",
    "I": "chỉ_đạo ý_kiến_chỉ_đạo cho_ý_kiến",
    "A": "duyệt phê_duyệt chờ_duyệt chưa_duyệt cần_duyệt phải_duyệt chờ_kiểm_tra chưa_kiểm_tra cần_kiểm_tra kiểm_tra nghiệm_thu chờ_phê_duyệt đợi_duyệt đợi_kiểm_tra chờ_nghiệm_thu trả_lại",
    "Q": "đổi thay thay_đổi sửa sửa_lại chỉnh chỉnh_lại chỉnh_sửa chữa_lại đính_chính điều_chỉnh cải_chính gửi_lại nhập_lại báo_lại",
    "W": "nhầm sai lộn bấm_nhầm gõ_nhầm gửi_nhầm báo_nhầm nhập_nhầm ghi_nhầm gõ_sai gửi_sai báo_sai nhập_sai ghi_sai báo_lộn gửi_lộn nhập_lộn gõ_lộn nhầm_lẫn sai_sót",
    "B": "vướng_mắc khó_khăn vướng trở_ngại khúc_mắc khó_khăn_vướng_mắc khó_khăn_trở_ngại gặp_khó gặp_khó_khăn gặp_vướng_mắc đang_vướng đang_vướng_mắc đang_bị_vướng đang_gặp_khó_khăn đang_gặp_vướng_mắc bị_vướng bị_tắc",
    "J": "nhắc nhắc_việc nhắc_nhở tin_nhắc nhận_nhắc_việc nhận_nhắc nhận_tin nơi_nhận_nhắc_việc nhận_thông_báo",
    "Z": "zalo telegram tele web trang_web website điện_thoại điện_thoại_khác máy_khác máy_mới điện_thoại_mới máy_tính nơi_khác chỗ_khác",
    STRANGE: "nghỉ_trưa nghỉ_lễ nghỉ_tết nghỉ_hưu nghỉ_việc nghỉ_học nghỉ_giải_lao nghỉ_mát nghỉ_đông nghỉ_hè nghỉ_sinh giao_ban giao_thông giao_lưu giao_đất giao_dịch giao_rừng in_lúa xuất_khẩu xuất_sắc xuất_bán mã_số mã_vùng mã_vạch"
    " báo_chí báo_động báo_cáo_viên báo_cáo_chính_trị chỉ_thị hạn_hán đảng_viên nhà_báo tổng_kết_năm_học tổng_kết_mô_hình ổn_định quyết_định quy_định nhất_định cách_đây cách_nay chuyển_đổi_số chuyển_đổi mật_mã chi_bộ chi_hội chi_đoàn chi_trả chi_phí chi_cục hướng_dẫn_viên sát_sao tải_trọng gửi_lời chuyển_lời công_vụ",
}  # fmt: skip

_SHORTENED = "báo_cáo tổng_kết tổng_hợp nhiệm_vụ giao_việc gia_hạn đăng_ký vướng_mắc chỉ_đạo xuất_bảng hướng_dẫn kết_nối kiểm_tra trợ_giúp tiến_độ kết_quả cập_nhật"
"""The usual words of two syllables: shortened (``tkết``, ``h.dẫn``) or mistyped (``bao coa``)."""


_OWNERS = ("tôi", "em", "e", "mình", "cháu", "con", "tui", "tao", "chúng tôi", "bọn em")


def _letters() -> dict[str, str]:
    listed = {
        phrase.replace("_", " "): letter
        for letter, phrases in _WORDS.items()
        for phrase in phrases.split()
    }
    for thing in (*_WORDS["T"].split(), "hạn", "deadline"):
        listed |= {f"{thing.replace('_', ' ')} của {whose}": "l" for whose in _OWNERS}
    for phrase in _SHORTENED.split():
        first, second = phrase.split("_")
        listed.setdefault(first[0] + second, listed[f"{first} {second}"])
        listed.setdefault(first + second, listed[f"{first} {second}"])
    return listed


_LETTERS = _letters()
MEANS: dict[str, tuple[tuple[str, str, int], ...]] = {}
"""First word, folded → the phrases that begin with it, longest first: (phrase, letter, words)."""

for _phrase, _letter in sorted(
    _LETTERS.items(), key=lambda one: (-len(one[0].split()), one[1] == TOLD and one[0] != "đã")
):
    _first = fold(_phrase.split()[0])
    MEANS[_first] = (*MEANS.get(_first, ()), (_phrase, _letter, len(_phrase.split())))

MISTYPED = {
    fold(phrase.replace("_", "")): _LETTERS[phrase.replace("_", " ")]
    for phrase in _SHORTENED.split()
}
"""The usual words, folded and joined, with their letters."""

PLACES = frozenset({"xa", "phuong", "thon", "tinh", "cum", "dac", "huyen", "ban", "khu", "xom"})
"""Words before the name of a unit."""
CODES = frozenset({"nv", "bc", "vm", "kh", "ct", "tu"})
"""Letters before the number of a task or a report."""
