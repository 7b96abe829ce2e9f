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
from sim.experiment.usual import QUICK, USUAL, Sample
from sim.scenario import Scenario


@dataclass(frozen=True)
class Question:
    """What is asked: policies, region, money, and how many draws and runs the answer is to rest on."""

    region: str
    scenarios: tuple[str, ...]  # names of built-in scenarios
    budget: float
    sample: Sample = USUAL

    def folder(self, sample: Sample) -> Path:
        """Return the folder the results of a sample are kept in, named by the question and where draws come from."""
        name = hashlib.sha256(repr((self.region, self.scenarios, self.budget, sample.options)).encode()).hexdigest()
        return Path(platformdirs.user_cache_dir("klyngelab", appauthor=False)) / "app" / name[:16]

    def command(self, sample: Sample) -> str:
        """Return the command that gives the same numbers."""
        names = " ".join(self.scenarios)
        return (f"sim run {names} --region {self.region} {sample.options} --budget {self.budget:g} "
                "--out results/app")  # fmt: skip


class Job:
    """Runs one question in a thread; the models themselves run in worker processes.

    First with the default parameters, which takes little time, then with draws of them. ``results`` is the best
    answer so far and ``sample`` what it rests on.
    """

    def __init__(self, question: Question, scenarios: Sequence[Scenario], jobs: int | None = None) -> None:
        self.question = question
        self.progress = Progress("reference", 0, 1)
        self.answer: tuple[Results, Sample] | None = None
        self.error: str | None = None
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(tuple(scenarios), jobs), daemon=True)
        self._thread.start()

    def _work(self, scenarios: Sequence[Scenario], jobs: int | None) -> None:
        question = self.question
        try:
            for sample in dict.fromkeys((QUICK if question.sample.draws else question.sample, question.sample)):
                results = run_study(
                    scenarios, regions=[question.region], budget=question.budget, jobs=jobs,
                    out=question.folder(sample), progress=self._note, cancelled=self._cancel.is_set,
                    command=question.command(sample).split(), **sample.axes,
                )  # fmt: skip
                if self.cancelled:
                    return
                self.answer = results, sample
        except Exception:
            self.error = traceback.format_exc()

    @property
    def results(self) -> Results | None:
        """Return the best answer so far."""
        return self.answer[0] if self.answer else None

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
