"""How a command ends early: one sentence, and a status that is not zero."""

from __future__ import annotations

import os
from pathlib import Path


class Stop(Exception):
    """The command cannot go on; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def must_be_writable(path: Path) -> None:
    """Raises Stop where a file could not be written, before the work for it is begun.

    A file that is there is never written over: a sheet of codes may not be printed yet.
    """
    folder = path.parent
    if not folder.is_dir():
        raise Stop(f"Không có thư mục {folder}. Đồng chí chọn chỗ khác với --out.")
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise Stop(f"Không ghi được tệp {path}. Đồng chí chọn chỗ khác với --out.")
    if path.is_file():
        raise Stop(f"Đã có tệp {path}. Đồng chí đặt tên khác với --out.")


def write_out(path: Path, data: bytes) -> None:
    """Write a file. Raises Stop where that fails."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Stop(f"Không ghi được tệp {path}: {error.strerror}.") from None
