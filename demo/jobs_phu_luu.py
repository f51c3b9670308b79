"""The 37 jobs of xã Phù Lưu (28 given and 9 registered, as in row E07), a line each.

code owner | việc | sản phẩm | mức đo và chỉ tiêu | đến nay | hạn | kỳ báo cáo | diễn biến | nguồn: thẻ

Read by `demo.tasks`, which explains the columns.
"""

PHU_LUU = """
NV-01 chu-tich-phu-luu | Xoá nhà tạm, nhà dột nát | Nhà mới đã bàn giao cho hộ nghèo, cận nghèo | number căn 25 | 26 | 31/08 | tuần 5 | done 21/08 | giao ^TU-02: đột phá, việc khó
NV-02 chu-tich-phu-luu | Cấp giấy chứng nhận quyền sử dụng đất còn tồn đọng | Hồ sơ đã trao giấy cho dân | number hồ sơ 400 | 388 | 31/12 | tháng 20 | text Còn 12/400 hồ sơ, vướng ở khâu đo đạc lại ranh giới. | giao thêm: tồn đọng, điểm nghẽn
NV-03 pct-phu-luu | Xây dựng 2 tổ sản xuất VietGAP | 2 tổ được cấp chứng nhận VietGAP | number tổ 2 | 1 | 31/12 | tuần 3 | last 12/11, text Đã ra mắt tổ chanh 35 ha. Tổ cam 65 ha đang hoàn thiện hồ sơ. | đăng ký ^TU-01: đột phá, đổi mới
NV-04 pct-vx-phu-luu | Đối thoại trực tiếp giữa người đứng đầu với Nhân dân | Biên bản đối thoại, thông báo kết luận | count cuộc 2 | 3 | 30/11 | quý 20 | done 06/11 | giao: thường xuyên
NV-05 pct-phu-luu | Kiên cố kênh mương nội đồng | Kênh đã nghiệm thu | number km 6 | 6,4 | 30/06 | tuần 5 | done 26/06 | giao: thường xuyên
NV-06 kinh-te-phu-luu | Trồng rừng tập trung | Diện tích rừng trồng đã nghiệm thu | number ha 120 | 131,5 | 31/10 | tháng 15 | done 15/10 | giao ^TU-01: thường xuyên
NV-07 pct-phu-luu | Thu gom rác thải nông thôn | Tỷ lệ hộ được thu gom rác | percent % 40 | 39 | 30/11 | tháng 25 | last 23/10, text 39/40% số hộ, còn thôn Táu Lìn xe chưa vào được. | giao ^TU-03: việc khó
NV-08 kinh-te-phu-luu | Giảm tỷ lệ hộ nghèo | Tỷ lệ hộ nghèo cuối năm giảm 5,15 điểm % | percent % 16,5 từ 21,65 | 17,2 | 31/12 | tháng 30 | | giao ^TU-02: đột phá
NV-09 kinh-te-phu-luu | Chuyển vườn cam sang canh tác hữu cơ | Diện tích có nhật ký canh tác hữu cơ | number ha 50 | 33 | 31/12 | tháng 11 | last 09/10 | đăng ký: đổi mới
NV-10 kinh-te-phu-luu | Bê tông hoá đường trục thôn | Đường đã nghiệm thu, bàn giao | number km 7,5 | 6,9 | 30/11 | tuần 5 | late, unchecked | giao: việc khó
NV-11 kinh-te-phu-luu | Đưa nông sản lên sàn thương mại điện tử | Sản phẩm có gian hàng, có đơn hàng | number sản phẩm 8 | 8 | 30/09 | tháng 30 | done 30/09 | giao ^TU-04: đổi mới
NV-12 kinh-te-phu-luu | Xây dựng sản phẩm OCOP 3 sao | Sản phẩm được công nhận | number sản phẩm 3 | 1 | 30/10 | tuần 5 | last 13/11, stuck above | giao: việc khó
NV-13 kinh-te-phu-luu | Cấp mã số vùng trồng cho vùng cam sành | Mã số vùng trồng được cấp | milestones Khảo sát; Lập hồ sơ; Kiểm tra thực địa; Được cấp mã số | 3 | 31/12 | tháng 15 | unchecked | giao ^TU-01: đột phá
NV-14 van-xa-phu-luu | Nâng tỷ lệ người dân tham gia bảo hiểm y tế | Tỷ lệ người có thẻ còn hạn | percent % 95 | 96,1 | 15/11 | tháng 10 | done 10/11 | giao: thường xuyên
NV-15 van-xa-phu-luu | Xây dựng thôn kiểu mẫu Pác Cáp | Quyết định công nhận | checklist Đường hoa, cây xanh; Nhà văn hoá đạt chuẩn; Không rác thải ven đường; Không tảo hôn; Có tổ chuyển đổi số | 4 | 15/12 | tháng 15 | | đăng ký: đổi mới
NV-16 van-xa-phu-luu | Mở lớp xoá mù chữ cho phụ nữ | Lớp học đã bế giảng | number lớp 2 | 2 | 31/07 | tuần 5 | done 14/08 | giao: việc khó
NV-17 van-xa-phu-luu | Giảm tỷ lệ tảo hôn | Số cặp tảo hôn trong năm | number cặp 2 từ 9 | - | 31/12 | - | start 05/10 | giao: điểm nghẽn
NV-18 van-xa-phu-luu | Trường mầm non đạt chuẩn quốc gia mức độ 1 | Quyết định công nhận của tỉnh | yesno 1 | - | 31/12 | - | | giao ^TU-05: việc khó
NV-19 pct-vx-phu-luu | Giải quyết thủ tục hành chính trực tuyến toàn trình | Tỷ lệ hồ sơ nộp trực tuyến | percent % 85 | gần 90 | 31/10 | tuần 5 | done 16/10 | giao ^TU-04: đổi mới
NV-20 pct-vx-phu-luu | Tổ công nghệ số cộng đồng hướng dẫn người dân cài VNeID | Người được hướng dẫn mức độ 2 | number người 1200 | - | 31/12 | - | start 26/10 | đăng ký ^TU-04: đổi mới
NV-21 pct-vx-phu-luu | Đào tạo nghề cho lao động nông thôn | Lao động có chứng chỉ nghề | number lao động 120 | 74 | 31/12 | tháng 15 | last 14/10, stuck unit | giao: thường xuyên
NV-22 pct-vx-phu-luu | Số hoá sổ hộ tịch từ năm 2007 đến nay | Sổ hộ tịch đã số hoá | percent % 100 | trên 90 | 30/11 | tuần 5 | unchecked | giao thêm: tồn đọng
NV-23 pct-vx-phu-luu | Khánh thành nhà văn hoá trung tâm xã | Công trình đưa vào sử dụng | yesno 1 | 1 | 02/09 | tháng 28 | done 28/08 | giao: đột phá
NV-24 van-phong-phu-luu | Ban hành quy chế làm việc sau sắp xếp xã | Quy chế đã ban hành | yesno 1 | 1 | 31/07 | tháng 25 | done 10/07 | giao: thường xuyên
NV-25 van-phong-phu-luu | Rà soát, xử lý trụ sở dôi dư của xã Minh Dân cũ | Phương án được phê duyệt, bàn giao | milestones Kiểm kê; Lập phương án; Phê duyệt; Bàn giao | 1 | 31/10 | tháng 28 | stuck unit | giao thêm: tồn đọng, điểm nghẽn
NV-26 van-phong-phu-luu | Phòng họp không giấy | Kỳ họp đầu tiên không dùng tài liệu giấy | yesno 1 | - | 31/12 | - | start 02/11 | đăng ký: đổi mới
NV-27 van-phong-phu-luu | Trả lời phản ánh, kiến nghị đúng hạn | Tỷ lệ phản ánh được trả lời đúng hạn | percent % 98 | - | - | - | | giao: thường xuyên
NV-28 mat-tran-phu-luu | Vận động 144 hộ hiến đất mở rộng đường liên thôn | Hộ đã ký cam kết hiến đất, gần 4.000 m2 | number hộ 144 | 24 | - | tuần 3 | last 11/11, late | đăng ký: việc khó
NV-29 mat-tran-phu-luu | Giám sát của Mặt trận Tổ quốc | Báo cáo giám sát | count cuộc 3 | 4 | 30/09 | quý 25 | done 12/10 | giao: thường xuyên
NV-30 mat-tran-phu-luu | Quỹ Vì người nghèo | Số tiền vận động được | number triệu đồng 150 | - | 31/12 | tháng 30 | start 02/11 | đăng ký: thường xuyên
NV-31 mat-tran-phu-luu | Giải quyết dứt điểm 12 vụ việc tranh chấp đất đai kéo dài | Biên bản hoà giải thành | number vụ việc 12 | - | 18/12 | - | start 09/11 | giao thêm: tồn đọng, điểm nghẽn
NV-32 truong-thon-pac-cap | Đường hoa thôn Pác Cáp | Đường hoa dài 2 km | number km 2 | 1,8 | 20/11 | tuần 5 | last 12/11 | đăng ký: đổi mới
NV-33 truong-thon-pac-cap | Hộ dân lắp đặt nước sạch | Hộ được dùng nước hợp vệ sinh | number hộ 60 | - | 31/12 | - | start 12/11 | giao ^TU-03: thường xuyên
NV-34 truong-thon-nam-luong | Camera an ninh thôn Nậm Lương | Camera hoạt động, có người trực | number camera 6 | - | 15/11 | - | | đăng ký: đổi mới
NV-35 truong-thon-nam-luong | Sửa chữa công trình cấp nước thôn Nậm Lương | Nước về đủ các hộ | checklist Đập đầu nguồn; Đường ống; Bể chứa | - | 28/12 | - | start 02/11 | giao: việc khó
NV-36 chu-tich-phu-luu | Đón nhận danh hiệu xã đạt chuẩn nông thôn mới nâng cao | Quyết định của UBND tỉnh | yesno 1 | - | 31/12 | - | | giao ^TU-05: đột phá, việc khó
NV-37 chu-tich-phu-luu | Giải ngân vốn đầu tư công | Tỷ lệ giải ngân | percent % 95 | - | 31/01/2027 | tháng 30 | start 16/11 | giao ^TU-06: điểm nghẽn
"""
