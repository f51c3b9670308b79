"""The dialogue that is measured: a report, six messages, six answers."""

from __future__ import annotations

from benchmarks.crowd import Line

REPORT = (
    Line("bao cao", "Báo cáo việc nào?"),
    Line("1", "hôm nay"),
    Line("2", "Tình hình?", unless=("đúng không?", "1")),
    Line("1", "Gửi ảnh minh chứng"),
    Line("bỏ qua", "Xem lại"),
    Line("1", "Đã ghi BC-"),
)
SUMMARY = (Line("/tongket", "TỔNG KẾT"),)
SUMMARY_IN_DEPTH = (
    *SUMMARY,
    Line("1", "Quá hạn"),
    Line("3", "Theo đơn vị"),
    Line("4", "Theo người"),
)
