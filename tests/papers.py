"""Small papers for tests: a PDF and Office files that hold no more than makes them what they are."""

from __future__ import annotations

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def pdf(words: str = "") -> bytes:
    """A PDF that differs from others by its words."""
    return PDF.replace(b"endobj", f"endobj % {words}".encode(), 1)


def office(*more: str, main: str = "word/document.xml", bomb: int = 0) -> bytes:
    """A DOCX; by `main` another kind, by `more` with further parts. `bomb`: MB of zeros in one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        parts = {"[Content_Types].xml": b"<Types/>", **dict.fromkeys((main, *more), b"<x/>")}
        if bomb:
            parts["word/media/image1.bmp"] = bytes(bomb * 1024 * 1024)
        for name, body in parts.items():
            # Always of the same day, so that the same parts make the same file.
            pack.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()
