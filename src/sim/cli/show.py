"""What every command shares: consoles, errors in words or JSON, and progress."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from sim.texts import duration, text

if TYPE_CHECKING:
    from sim.experiment import Progress


class Failure(Exception):
    """Ends the command with words and an exit code."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def say(line: str) -> None:
    """Write a line for people on standard error."""
    typer.echo(line, err=True)


def put_json(value: Any) -> None:
    """Write JSON on standard output; numbers that do not exist become null."""
    typer.echo(json.dumps(_clean(value), ensure_ascii=False, indent=1, allow_nan=False))


def _clean(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value.item() if hasattr(value, "item") else value


def problem(key: str, found: object, allowed: str, message: str, near: str | None = None) -> dict[str, Any]:
    """Return one error that has no place in a file, in the shape of all errors."""
    return {"file": "", "line": 0, "column": 0, "key": key, "found": str(found), "allowed": allowed,
            "nearest": near, "message": message}  # fmt: skip


def refuse(errors: list[dict[str, Any]], as_json: bool, code: int = 2) -> NoReturn:
    """Show errors as JSON or in words and leave, with exit code 2 unless said otherwise."""
    if as_json:
        put_json({"errors": errors})
    for error in errors if not as_json else ():
        line = f"{error['key']}: {error['message']}" if error["key"] else error["message"]
        line += f"; found {error['found']!r}" if error["found"] else ""
        line += f"; allowed: {error['allowed']}" if error["allowed"] else ""
        say(line + (f"; did you mean {error['nearest']!r}?" if error["nearest"] else ""))
    raise typer.Exit(code)


def unknown(key: str, found: str, allowed: Iterable[str], as_json: bool) -> NoReturn:
    """Refuse a word that is not among those allowed, and name the nearest."""
    import difflib

    words = sorted(allowed)
    near = difflib.get_close_matches(found, words, 1, 0.4)
    kind = key.lstrip("-")
    refuse([problem(key, found, ", ".join(words), f"unknown {kind}", near[0] if near else None)], as_json)


@contextmanager
def plain_errors(as_json: bool = False) -> Iterator[None]:
    """Turn bad input into words or JSON and exit code 2, and a disk that cannot be written into exit code 1."""
    from sim.experiment import StoreError, WriteError
    from sim.region import RegionErrors
    from sim.scenario import ScenarioErrors

    try:
        yield
    except (ScenarioErrors, RegionErrors) as errors:
        if as_json:
            found = errors.as_json()
            put_json(json.loads(found) if isinstance(found, str) else found)
        else:
            say(str(errors))
        raise typer.Exit(2) from None
    except WriteError as error:
        refuse([problem("", "", "", str(error))], as_json, code=1)
    except (KeyError, IndexError, BrokenPipeError):  # a fault of the program's own, or a reader that left
        raise
    except (StoreError, LookupError, ValueError) as error:
        refuse([problem("", "", "", str(error))], as_json)
    except OSError as error:
        words = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
        refuse([problem("", "", "", words)], as_json)


class Meter:
    """Shows progress: a bar on a terminal, a plain line every few seconds elsewhere, nothing when quiet."""

    def __init__(self, quiet: bool, language: str = "nb", every: float = 5.0) -> None:
        self.quiet, self.language, self.every = quiet, language, every
        self.last, self.stage = 0.0, ""
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> Meter:
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self.bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                                TimeRemainingColumn(), console=Console(stderr=True), transient=True)  # fmt: skip
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, progress: Progress) -> None:
        """Show one step."""
        if self.quiet:
            return
        label = text(f"run.{progress.stage}", self.language)
        if self.bar is not None:
            if self.stage != progress.stage or self.task is None:
                self.task = self.bar.add_task(label, total=progress.total)
            self.bar.update(self.task, completed=progress.done, total=progress.total)
        elif self.stage != progress.stage or time.monotonic() - self.last > self.every:
            self.last = time.monotonic()
            say(f"{label}: {self._left(progress)}")
        self.stage = progress.stage

    def _left(self, progress: Progress) -> str:
        if progress.seconds_left is None:
            return f"{progress.done}/{progress.total}"
        left = duration(progress.seconds_left, self.language)
        return text("run.left", self.language, done=progress.done, total=progress.total, left=left)
