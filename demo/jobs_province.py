"""The jobs of the province, two departments and nine communes, a line each (columns: `demo.tasks`)."""

PROVINCE = """
TU-01 chu-tich-tinh | Phát triển nông nghiệp hàng hoá, hữu cơ gắn với vùng đặc sản | Diện tích cây trồng được cấp chứng nhận | number ha 9000 | 8460 | 31/12 | quý 25 | | giao ^CT-01: đột phá
TU-02 chu-tich-tinh | Giảm tỷ lệ hộ nghèo đa chiều toàn tỉnh | Tỷ lệ hộ nghèo đa chiều | percent % 13,8 từ 18,2 | 15,1 | 31/12 | quý 25 | | giao ^CT-02: đột phá, việc khó
TU-03 chu-tich-tinh | Thu gom, xử lý chất thải rắn sinh hoạt | Tỷ lệ rác thải nông thôn được thu gom | percent % 70 | 58,4 | 31/12 | quý 25 | late | giao: việc khó
TU-04 chu-tich-tinh | Chuyển đổi số, đưa dịch vụ công về cấp xã | Xã, phường có điểm hỗ trợ dịch vụ công | number xã 124 | 124 | 30/09 | quý 25 | done 25/09 | giao: đổi mới
TU-05 chu-tich-tinh | Xã đạt chuẩn nông thôn mới | Xã được công nhận trong năm | number xã 6 | 2 | 31/12 | quý 25 | late | giao ^CT-01: đột phá
TU-06 van-phong-tinh | Giải ngân vốn đầu tư công toàn tỉnh | Tỷ lệ giải ngân | percent % 95 | 71,3 | 31/01/2027 | tháng 10 | | giao thêm: điểm nghẽn
"""

TERM = """
CT-01 chu-tich-tinh | Xây dựng nông thôn mới giai đoạn 2026 – 2030 | Xã đạt chuẩn nông thôn mới | number xã 82 từ 46 | 49 | 30/06/2030 | quý 25 | | giao: đột phá
CT-02 chu-tich-tinh | Đưa Tuyên Quang thoát khỏi nhóm tỉnh có tỷ lệ hộ nghèo cao | Tỷ lệ hộ nghèo cuối nhiệm kỳ | percent % 5 từ 18,2 | - | 31/12/2030 | - | | giao: việc khó
"""

AGRICULTURE = """
NV-01 giam-doc-nnmt | Phê duyệt đề án vùng cam sành hữu cơ | Quyết định phê duyệt đề án | yesno 1 | 1 | 31/07 | tháng 20 | done 17/07 | giao ^TU-01: đột phá
NV-02 giam-doc-nnmt | Xử lý cơ sở gây ô nhiễm môi trường nghiêm trọng | Cơ sở được đưa ra khỏi danh sách | number cơ sở 4 | 3 | 31/12 | tháng 20 | | giao ^TU-03: điểm nghẽn
NV-03 trong-trot-nnmt | Cấp mã số vùng trồng | Mã số được cấp | number vùng 45 | 41 | 31/12 | tuần 5 | | giao ^TU-01: thường xuyên
NV-04 trong-trot-nnmt | Hướng dẫn cấp chứng nhận VietGAP cho tổ hợp tác | Tổ được cấp chứng nhận | number tổ 60 | 66 | 30/10 | tuần 5 | done 23/10 | đăng ký ^TU-01: đổi mới
NV-05 trong-trot-nnmt | Mô hình trồng dưới tán rừng | Mô hình được đánh giá, nhân rộng | number mô hình 5 | 2 | 15/12 | tháng 15 | late | đăng ký: đổi mới
"""

SCIENCE = """
NV-01 giam-doc-khcn | Phủ sóng 5G trung tâm các xã, phường | Trung tâm xã, phường có 5G | number xã 124 | 88 | 31/12 | tháng 20 | | giao ^TU-04: đột phá
NV-02 giam-doc-khcn | Nghiệm thu đề tài bảo quản cam sành sau thu hoạch | Đề tài được nghiệm thu từ mức khá | yesno 1 | - | 20/12 | - | start 05/10 | đăng ký: việc khó
NV-03 chuyen-doi-so-khcn | Tập huấn kỹ năng số cho cán bộ cấp xã | Cán bộ qua tập huấn | number người 1860 | 1902 | 30/09 | tuần 5 | done 25/09 | giao ^TU-04: đổi mới
NV-04 chuyen-doi-so-khcn | Nền tảng số dùng chung cho 124 xã, phường | Xã, phường dùng thường xuyên | number xã 124 | 97 | 30/11 | tuần 3 | last 18/11, late | giao ^TU-04: đột phá, việc khó
NV-05 chuyen-doi-so-khcn | Sáng kiến cải cách hành chính | Sáng kiến được công nhận | count sáng kiến 10 | 11 | 31/10 | tháng 30 | done 30/10 | đăng ký: đổi mới
"""

HAM_YEN = """
NV-01 bi-thu-ham-yen | Phát triển đảng viên mới | Đảng viên được kết nạp | number người 18 | 18 | 30/10 | tháng 15 | done 15/10 | giao: thường xuyên
NV-02 pct-ham-yen | Giải phóng mặt bằng đường cao tốc qua địa bàn xã | Hộ đã nhận tiền, bàn giao mặt bằng | number hộ 96 | 71 | 30/10 | tuần 5 | stuck above | giao: điểm nghẽn, việc khó
NV-03 pct-ham-yen | Vùng cam sành đạt VietGAP | Diện tích được chứng nhận | number ha 300 | 264 | 31/12 | tháng 15 | | giao ^TU-01: đột phá
NV-04 pct-ham-yen | Thu gom rác thải trung tâm xã | Tỷ lệ rác được thu gom | percent % 85 | 86,2 | 30/11 | tháng 10 | done 10/11 | đăng ký ^TU-03: thường xuyên
NV-05 pct-ham-yen | Giảm số hộ nghèo | Số hộ nghèo cuối năm | number hộ 112 từ 168 | 131 | 31/12 | tháng 30 | | giao ^TU-02: đột phá
"""

BACH_XA = """
NV-01 pct-bach-xa | Khắc phục cầu tràn sau mưa lũ | Cầu tràn được sửa chữa, thông xe | milestones Khảo sát; Dự toán; Thi công; Nghiệm thu | 2 | 10/11 | tuần 5 | last 13/11, stuck above | giao thêm: tồn đọng, việc khó
NV-02 pct-bach-xa | Trồng cây gỗ lớn | Diện tích trồng mới | number ha 80 | 84,5 | 30/09 | tháng 20 | done 18/09 | giao ^TU-01: thường xuyên
NV-03 kinh-te-bach-xa | Tổ hợp tác nuôi trâu vỗ béo | Tổ hợp tác hoạt động | number tổ 3 | 2 | 31/12 | tháng 15 | | đăng ký: đổi mới
NV-04 kinh-te-bach-xa | Giảm số hộ nghèo | Số hộ nghèo cuối năm | number hộ 140 từ 201 | 166 | 31/12 | tháng 10 | | giao ^TU-02: đột phá
NV-05 bi-thu-bach-xa | Đối thoại với Nhân dân | Biên bản đối thoại | count cuộc 2 | 1 | 15/12 | quý 25 | | giao: thường xuyên
"""

YEN_SON = """
NV-01 pct-yen-son | Cụm công nghiệp: thu hút dự án mới | Dự án được chấp thuận chủ trương | number dự án 3 | 1 | 31/12 | tháng 20 | stuck above | đăng ký: đột phá, điểm nghẽn
NV-02 pct-yen-son | Bưởi Xuân Vân theo chuỗi liên kết | Diện tích có hợp đồng bao tiêu | number ha 120 | 118 | 31/12 | tuần 5 | | giao ^TU-01: đổi mới
NV-03 pct-yen-son | Xử lý đất dôi dư, xen kẹt | Hồ sơ được xử lý | number hồ sơ 230 | 196 | 17/11 | tháng 15 | | giao thêm: tồn đọng
NV-04 pct-yen-son | Dịch vụ công trực tuyến toàn trình | Tỷ lệ hồ sơ trực tuyến | percent % 80 | 92,4 | 31/08 | tháng 20 | done 20/08 | giao ^TU-04: đổi mới
NV-05 bi-thu-yen-son | Chi bộ bốn tốt | Chi bộ được công nhận | number chi bộ 20 | - | 31/12 | - | | giao: thường xuyên
"""

SON_DUONG = """
NV-01 pct-son-duong | Chỉnh trang đô thị trung tâm xã | Tuyến phố được chỉnh trang | number tuyến 6 | 4 | 31/12 | tuần 5 | | giao: đột phá
NV-02 pct-son-duong | Giải quyết đơn thư khiếu nại, tố cáo tồn đọng | Đơn được giải quyết xong | number đơn 34 | 34 | 30/09 | tuần 5 | done 09/10 | giao thêm: tồn đọng, điểm nghẽn
NV-03 kinh-te-son-duong | Chè Vĩnh Tân đạt chuẩn hữu cơ | Diện tích được chứng nhận | number ha 40 | 36,5 | 02/12 | tháng 15 | | đăng ký ^TU-01: đổi mới
NV-04 kinh-te-son-duong | Thu ngân sách trên địa bàn | Số thu ngân sách | number triệu đồng 12500 | 11890 | 31/12 | tháng 5 | | giao: thường xuyên
NV-05 bi-thu-son-duong | Giảm tỷ lệ hộ nghèo | Tỷ lệ hộ nghèo | percent % 6 từ 9,4 | 6,9 | 31/12 | quý 25 | | giao ^TU-02: đột phá
"""

TAN_TRAO = """
NV-01 pct-tan-trao | Đón khách du lịch về nguồn | Lượt khách trong năm | number lượt khách 650000 | khoảng 598000 | 31/12 | tháng 5 | | giao: đột phá
NV-02 pct-tan-trao | Làng văn hoá du lịch Tân Lập | Đạt tiêu chí điểm du lịch cộng đồng | checklist Nhà sàn đón khách; Bãi đỗ xe; Nhà vệ sinh đạt chuẩn; Đội hướng dẫn viên | 4 | 02/09 | tuần 5 | done 27/08 | đăng ký: đổi mới
NV-03 pct-tan-trao | Bảo vệ rừng đặc dụng | Số vụ phá rừng trong năm | number vụ 2 | 1 | 31/12 | tháng 20 | down | giao: thường xuyên
NV-04 pct-tan-trao | Đường hoa vào khu di tích | Đường hoa dài 5 km | number km 5 | 3,2 | 26/11 | tuần 5 | late | đăng ký: đổi mới
NV-05 bi-thu-tan-trao | Học tập và làm theo Bác: mô hình mới | Mô hình được biểu dương | number mô hình 6 | 7 | 31/10 | tháng 20 | done 20/10 | đăng ký: thường xuyên
"""

CHIEM_HOA = """
NV-01 pct-chiem-hoa | Trồng mía nguyên liệu | Diện tích ký hợp đồng với nhà máy | number ha 420 | 298 | 30/10 | tuần 5 | last 06/11, late | giao: thường xuyên
NV-02 pct-chiem-hoa | Xây dựng thương hiệu lạc Chiêm Hoá | Nhãn hiệu chứng nhận | yesno 1 | 1 | 30/06 | tháng 20 | done 24/06 | đăng ký: đổi mới
NV-03 pct-chiem-hoa | Sạt lở bờ suối trung tâm xã | Kè được nghiệm thu | number m 350 | 160 | 31/12 | tháng 20 | last 23/10, stuck above | giao thêm: điểm nghẽn
NV-04 bi-thu-chiem-hoa | Giảm số hộ nghèo | Số hộ nghèo cuối năm | number hộ 260 từ 388 | 287 | 31/12 | tháng 15 | | giao ^TU-02: đột phá
NV-05 bi-thu-chiem-hoa | Sinh hoạt chi bộ chuyên đề | Buổi sinh hoạt có nghị quyết chuyên đề | count buổi 12 | - | - | - | | giao: thường xuyên
"""

NA_HANG = """
NV-01 pct-na-hang | Nuôi cá lồng trên hồ thuỷ điện | Lồng nuôi theo VietGAP | number lồng 150 | - | 31/12 | tháng 20 | start 12/10 | giao ^TU-01: đột phá
NV-02 pct-na-hang | Di dời hộ dân vùng nguy cơ sạt lở | Hộ đã đến nơi ở mới | number hộ 34 | - | 15/11 | - | | giao thêm: việc khó, điểm nghẽn
NV-03 bi-thu-na-hang | Lễ hội ruộng bậc thang Hồng Thái | Lễ hội được tổ chức an toàn | yesno 1 | 1 | 15/10 | tuần 5 | done 09/10 | đăng ký: đổi mới
NV-04 bi-thu-na-hang | Xoá nhà tạm, nhà dột nát | Nhà đã bàn giao | number căn 41 | 41 | 31/08 | tuần 5 | done 28/08 | giao ^TU-02: đột phá
NV-05 bi-thu-na-hang | Đường vào khu sản xuất | Đường đã nghiệm thu | number km 12 | 8,4 | 31/12 | tháng 15 | | giao: việc khó
"""

MINH_XUAN = """
NV-01 pct-minh-xuan | Thu gom rác thải đô thị | Tỷ lệ rác được thu gom | percent % 98,3 | 98,3 | 31/10 | tháng 30 | done 30/10 | giao ^TU-03: thường xuyên
NV-02 pct-minh-xuan | Xử lý lấn chiếm vỉa hè, lòng đường | Tuyến phố văn minh | number tuyến 12 | 9 | 15/12 | tuần 5 | | giao: việc khó
NV-03 pct-minh-xuan | Ngầm hoá cáp viễn thông | Tuyến phố đã ngầm hoá | number tuyến 4 | 1 | 30/09 | tháng 20 | stuck unit | giao thêm: tồn đọng
NV-04 pct-minh-xuan | Chợ đêm, phố đi bộ dịp Lễ hội Thành Tuyên | Phố đi bộ hoạt động | yesno 1 | 1 | 20/09 | tuần 5 | done 18/09 | đăng ký: đột phá, đổi mới
NV-05 bi-thu-minh-xuan | Tổ dân phố không ma tuý | Tổ dân phố được công nhận | number tổ 30 | 27 | 31/12 | tháng 10 | | giao: việc khó
"""

MY_LAM = """
NV-01 pct-my-lam | Khu du lịch suối khoáng Mỹ Lâm: bàn giao mặt bằng | Diện tích đã bàn giao | number ha 46 | 43,7 | 30/11 | tuần 5 | | giao: đột phá, điểm nghẽn
NV-02 pct-my-lam | Nước sạch khu dân cư mới | Hộ được đấu nối | number hộ 380 | 352 | 31/12 | tháng 15 | | giao: thường xuyên
NV-03 pct-my-lam | Thu gom rác thải tại nguồn | Tỷ lệ hộ phân loại rác | percent % 60 | 44,5 | 31/12 | tháng 25 | late | đăng ký ^TU-03: đổi mới
NV-04 kinh-te-my-lam | Cấp phép kinh doanh lưu trú, tắm khoáng | Cơ sở đủ điều kiện hoạt động | number cơ sở 20 | 20 | 15/11 | tuần 5 | done 13/11, start 07/09 | giao: thường xuyên
NV-05 kinh-te-my-lam | Chỉnh trang trục đường vào khu khoáng nóng | Tuyến đường được chỉnh trang | number tuyến 2 | 1 | 25/11 | tuần 3 | last 18/11, start 07/09 | giao: việc khó
NV-06 kinh-te-my-lam | Quy hoạch chi tiết khu đô thị nghỉ dưỡng | Đồ án được phê duyệt | milestones Nhiệm vụ quy hoạch; Lấy ý kiến cộng đồng; Thẩm định; Phê duyệt | - | - | - | start 05/10 | đăng ký: đột phá
"""
