"""What a paper is: PDF, DOCX, XLSX or PPTX, told by its content and never by its name.

It is looked at and never opened: of a PDF its beginning and its end, of the others the directory of
the zip, so that nothing in them is ever unpacked or drawn.

Run as a program it reads one paper on standard input and answers on standard output, in a process
of its own like bot.pictures, which it takes after: it imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import resource
import sys
import zipfile
from dataclasses import dataclass

MAX_BYTES = 20 * 1024 * 1024
MAX_PARTS = 20_000
"""Entries of a zip's directory; a workbook of a thousand sheets has fewer."""
MEMORY_BYTES = 1024**3
CPU_SECONDS = 20
PDF_END = 2048
"""Bytes at the end of a PDF among which %%EOF stands: some programs write a little behind it."""

_OFFICE = "application/vnd.openxmlformats-officedocument."
MIMES = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
}
"""By the ending of a name."""
_FOLDERS = {"word": "docx", "xl": "xlsx", "ppt": "pptx"}
_PART = re.compile(r"(word|xl|ppt)/[^/]+\.xml")
_MACROS = re.compile(r"(?:^|/)(?:vbaproject\.bin$|macrosheets/)", re.IGNORECASE)

TAKEN = "Đồng chí gửi ảnh (JPG, PNG, WebP, HEIC) hoặc tệp PDF, DOCX, XLSX, PPTX."
NOT_TAKEN = f"Loại tệp này chưa nhận được. {TAKEN}"
TOO_HEAVY = "Tệp nặng quá 20 MB. Đồng chí gửi tệp nhẹ hơn."
BROKEN = "Tệp bị hỏng hoặc chưa tải lên hết. Đồng chí mở xem lại rồi gửi lại tệp này."
MACROS = (
    "Tệp có macro nên chưa nhận được. "
    "Đồng chí lưu lại thành PDF, hoặc DOCX, XLSX, PPTX không có macro, rồi gửi lại."
)


@dataclass(frozen=True)
class Paper:
    """A paper that is fit to keep."""

    ending: str
    """ "pdf", "docx", "xlsx" or "pptx"."""

    @property
    def mime(self) -> str:
        return MIMES[self.ending]


def is_paper(data: bytes) -> bool:
    """Whether the first bytes are those of a PDF or of a zip; what is in it is another question."""
    return data.startswith((b"%PDF-", b"PK\x03\x04"))


def look(data: bytes) -> tuple[str, str]:
    """(its ending, ""), or ("", why it cannot be taken, as a sentence for its sender)."""
    if len(data) > MAX_BYTES:
        return "", TOO_HEAVY
    if data.startswith(b"%PDF-"):
        return ("pdf", "") if b"%%EOF" in data[-PDF_END:] else ("", BROKEN)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            names = pack.namelist()  # the directory alone: nothing is unpacked
    except (zipfile.BadZipFile, ValueError, OverflowError, OSError, NotImplementedError):
        return "", BROKEN
    return _office(names)


def _office(names: list[str]) -> tuple[str, str]:
    if len(names) > MAX_PARTS or "[Content_Types].xml" not in names:
        return "", NOT_TAKEN
    if any(_MACROS.search(name) for name in names):
        return "", MACROS
    found = {part[1] for name in names if (part := _PART.fullmatch(name))}
    if len(found) != 1:
        return "", NOT_TAKEN
    return _FOLDERS[found.pop()], ""


def main() -> None:
    """One paper in; out a line of JSON."""
    for limit, most in (
        (resource.RLIMIT_AS, int(sys.argv[1]) if len(sys.argv) > 1 else MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(limit, (most, most))
    os.nice(5)  # people who are typing come first
    try:
        ending, unfit = look(sys.stdin.buffer.read(MAX_BYTES + 1))
    except MemoryError:
        ending, unfit = "", NOT_TAKEN
    answer = {"unfit": unfit} if unfit else {"paper": ending}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
