"""The result folder: manifest, one Parquet file per run, a log of decisions per run, a status log.

Each run is written to a file of its own and renamed into place, so a killed run, a full disk or a crash
never touches finished runs. Paths in it are relative and hold no names of machines or people.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment.whole import whole

#: Version of the layout of a result folder.
SCHEMA = 2
_LOG_COLUMNS = ("quarter", "organisation", "decision", "subject", "reason", "amount")


class StoreError(OSError):
    """A result folder cannot be used, in words for the user."""


class WriteError(StoreError):
    """A finished run could not be put on file: the disk is full or has gone. Earlier runs are kept."""


@contextmanager
def _put(path: Path, kept: str = "finished runs") -> Iterator[Path]:
    """Give a place to write a file at, as ``whole`` does; a disk that cannot be written is told with what is kept."""
    try:
        with whole(path) as part:
            yield part
    except OSError as error:
        raise WriteError(f"{path.name} could not be written: {error.strerror or error}; {kept} are kept") from error


def _write_table(path: Path, table: pa.Table) -> None:
    with _put(path) as part:
        pq.write_table(table, part, compression="zstd")


def put_text(path: Path, content: str, kept: str = "finished runs") -> None:
    """Write a text of a result folder whole or not at all.

    Raises:
        WriteError: the disk is full or cannot be written; says what is kept.
    """
    with _put(path, kept) as part:
        part.write_text(content, encoding="utf-8")


class Store:
    """A result folder that runs are written to and read from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs_folder = folder / "runs"
        self.log_folder = folder / "decisions"
        self.failure_folder = folder / "failures"
        self.panel_folder = folder / "panel"

    def prepare(self) -> None:
        """Make the folder, or take up an earlier study in it.

        Raises:
            StoreError: a file stands in the way, the folder holds something else, or it cannot be written.
        """
        try:
            if self.folder.exists() and not self.folder.is_dir():
                raise StoreError(f"{self.folder} is a file; give a folder for the results")
            if self.folder.is_dir() and any(self.folder.iterdir()) and not self._ours():
                raise StoreError(f"{self.folder} holds other files; give an empty folder or an earlier result folder")
            self.runs_folder.mkdir(parents=True, exist_ok=True)
            self.log_folder.mkdir(exist_ok=True)
            probe = self.folder / ".writable"
            probe.write_text("", encoding="utf-8")
            probe.unlink()
        except StoreError:
            raise
        except (NotADirectoryError, FileExistsError) as error:
            raise StoreError(f"{self.folder} cannot be made: a file stands where a folder is needed") from error
        except OSError as error:
            raise StoreError(f"{self.folder} cannot be written: {error.strerror}") from error

    def _ours(self) -> bool:
        return any((self.folder / name).is_file() for name in ("manifest.json", "status.jsonl", "error.txt"))

    def has(self, run_id: str) -> bool:
        """Tell whether a run is finished and on file."""
        return _whole(self.runs_folder / f"{run_id}.parquet")

    def done(self, run_id: str, panel: bool) -> bool:
        """Tell whether a run is on file, with its firm panel when one is wanted."""
        return self.has(run_id) and (not panel or _whole(self.panel_folder / f"{run_id}.parquet"))

    def copy_region(self, name: str, place: str) -> None:
        """Keep a copy of a region that is a folder of the user's, so that the study can be resumed anywhere."""
        source, target = Path(place), self.folder / "regions" / name
        if not (source / "region.yaml").is_file() or target.is_dir():
            return
        self._folder(self.folder / "regions")
        try:
            with whole(target) as part:
                part.mkdir()
                for file in sorted(source.iterdir()):
                    if file.suffix in (".yaml", ".csv"):
                        shutil.copyfile(file, part / file.name)
        except OSError as error:
            raise WriteError(f"regions/{name} could not be written: {error.strerror}") from error

    def write_run(
        self, run_id: str, values: dict[str, list[Any]], log: list[dict[str, Any]], resolved: dict[str, Any]
    ) -> None:
        """Write one finished run; nothing is seen of it before it is whole.

        Args:
            resolved: what the scenario's targets came to in this region; kept with the run.

        Raises:
            WriteError: the disk is full or cannot be written; earlier runs stay readable.
        """
        decisions = {name: [row[name] for row in log] for name in _LOG_COLUMNS}
        _write_table(self.log_folder / f"{run_id}.parquet", pa.table(decisions))
        notes = {"resolved": json.dumps(resolved, sort_keys=True)}
        _write_table(self.runs_folder / f"{run_id}.parquet", pa.table(values).replace_schema_metadata(notes))

    def write_panel(self, run_id: str, panel: dict[str, Any]) -> None:
        """Write the firm panel of one run."""
        self._folder(self.panel_folder)
        _write_table(self.panel_folder / f"{run_id}.parquet", pa.table(panel))

    def write_failure(self, run_id: str, error: str) -> None:
        """Keep the traceback of a run that failed, until it succeeds."""
        self._folder(self.failure_folder)
        put_text(self.failure_folder / f"{run_id}.txt", error)

    def forget_failure(self, run_id: str) -> None:
        """Drop the traceback of a run that has succeeded since."""
        (self.failure_folder / f"{run_id}.txt").unlink(missing_ok=True)

    def read_failures(self) -> dict[str, str]:
        """Return the traceback of each run that failed, by run id."""
        found = sorted(self.failure_folder.glob("*.txt")) if self.failure_folder.is_dir() else []
        return {path.stem: path.read_text(encoding="utf-8") for path in found}

    def read_run(self, run_id: str, where: str = "runs") -> pd.DataFrame:
        """Return one finished run as it was written; empty when it is not there."""
        path = self.folder / where / f"{run_id}.parquet"
        return pq.read_table(path).to_pandas() if _whole(path) else pd.DataFrame()

    def _folder(self, folder: Path) -> None:
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise WriteError(f"{folder.name} could not be made: {error.strerror}; finished runs are kept") from error

    def read_resolved(self, run_id: str) -> dict[str, Any]:
        """Return what the scenario's targets came to in a finished run."""
        notes = pq.read_schema(self.runs_folder / f"{run_id}.parquet").metadata or {}
        found: dict[str, Any] = json.loads(notes.get(b"resolved", b"{}"))
        return found

    def status(self, **row: Any) -> None:
        """Add one line to the status log."""
        row = {"time": datetime.now(UTC).isoformat(timespec="seconds"), **row}
        try:
            with (self.folder / "status.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        except OSError as error:
            raise WriteError(f"status.jsonl could not be written: {error.strerror}; finished runs are kept") from error

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Write manifest.json whole or not at all."""
        content = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        put_text(self.folder / "manifest.json", content)

    def write_scenario(self, name: str, content: str) -> None:
        """Write the copy of a scenario as it was run."""
        folder = self.folder / "scenarios"
        self._folder(folder)
        put_text(folder / f"{name}.yaml", content)

    def read_manifest(self) -> dict[str, Any]:
        """Return manifest.json.

        Raises:
            StoreError: there is none, it is spoilt, or its schema is newer than this program.
        """
        try:
            manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise StoreError(f"{self.folder} holds no results: manifest.json is missing") from error
        except NotADirectoryError as error:
            raise StoreError(f"{self.folder} is a file, not a result folder") from error
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.folder / 'manifest.json'} cannot be read: {error}") from error
        version = manifest.get("schema") if isinstance(manifest, dict) else None
        if isinstance(version, int) and version > SCHEMA:
            raise StoreError(f"{self.folder} was written by a newer version of this program")
        if not isinstance(version, int) or not isinstance(manifest.get("runs"), list):
            raise StoreError(f"{self.folder / 'manifest.json'} is not the manifest of a result folder")
        return dict(manifest)

    def read_runs(self, keys: Iterable[dict[str, Any]], where: str = "runs") -> pd.DataFrame:
        """Return the finished runs as one long table with the keys as columns."""
        parts = []
        for key in keys:
            path = self.folder / where / f"{key['run_id']}.parquet"
            if _whole(path):
                part = pq.read_table(path).to_pandas()
                parts.append(part.assign(**key))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _whole(path: Path) -> bool:
    """Tell whether a Parquet file is there and has its end; a half file counts as none."""
    try:
        with path.open("rb") as file:
            file.seek(-4, os.SEEK_END)
            return file.read() == b"PAR1"
    except OSError:
        return False


def versions() -> dict[str, str]:
    """Return the versions results may depend on."""
    from importlib.metadata import version

    names = ("klyngelab", "mesa", "numpy", "numba", "pandas")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
