"""Files written whole or not at all: a writer that is stopped leaves no half file where one is looked for."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a place beside a file or folder to write it at, and move it into place when all went well.

    The place is hidden and carries the numbers of process and thread, so that two writers never share one. When writing
    fails, nothing is left there and the error goes on.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        yield part
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            shutil.rmtree(part) if part.is_dir() else part.unlink()
        raise


def write_text(path: Path, content: str) -> None:
    """Write a text whole or not at all; its folder is made when there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as part:
        part.write_text(content, encoding="utf-8")


def read_json(path: Path) -> Any:
    """Return what a JSON file holds, None when there is none or it is spoilt: what rests on it is then made anew."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
