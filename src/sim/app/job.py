"""A study that runs in the background while the page stays alive; it can be watched and cancelled."""

from __future__ import annotations

import hashlib
import threading
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sim.experiment import Progress, Results, run_study
from sim.scenario import Scenario


@dataclass(frozen=True)
class Question:
    """What is asked: policies, region, money and number of runs."""

    region: str
    scenarios: tuple[str, ...]  # names of built-in scenarios
    budget: float
    seeds: int

    @property
    def folder(self) -> Path:
        """Return the folder its results are kept in, named by the question's region and policies."""
        name = hashlib.sha256(repr((self.region, self.scenarios, self.budget)).encode()).hexdigest()[:16]
        return Path(platformdirs.user_cache_dir("klyngelab", appauthor=False)) / "app" / f"{name}-{self.seeds}"

    def command(self) -> str:
        """Return the command that gives the same numbers."""
        names = " ".join(self.scenarios)
        return f"sim run {names} --region {self.region} --seeds {self.seeds} --budget {self.budget:g} --out results/app"


class Job:
    """Runs one question in a thread; the models themselves run in worker processes."""

    def __init__(self, question: Question, scenarios: Sequence[Scenario], jobs: int | None = None) -> None:
        self.question = question
        self.progress = Progress("reference", 0, 1)
        self.results: Results | None = None
        self.error: str | None = None
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(tuple(scenarios), jobs), daemon=True)
        self._thread.start()

    def _work(self, scenarios: Sequence[Scenario], jobs: int | None) -> None:
        question = self.question
        try:
            results = run_study(
                scenarios, regions=[question.region], seeds=question.seeds, budget=question.budget, jobs=jobs,
                out=question.folder, progress=self._note, cancelled=self._cancel.is_set,
                command=question.command().split(),
            )  # fmt: skip
            if not self.cancelled:
                self.results = results
        except Exception:
            self.error = traceback.format_exc()

    def _note(self, progress: Progress) -> None:
        self.progress = progress

    def cancel(self) -> None:
        """Stop handing out runs; what is finished stays on file."""
        self._cancel.set()

    @property
    def cancelled(self) -> bool:
        """Tell whether the user stopped it."""
        return self._cancel.is_set()

    @property
    def running(self) -> bool:
        """Tell whether it is still at work."""
        return self._thread.is_alive()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is done."""
        self._thread.join(seconds)
