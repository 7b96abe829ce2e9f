"""From study to results: solves reference paths, runs what is missing, keeps everything that finished."""

from __future__ import annotations

import io
import shlex
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from sim.experiment.build import region_firms, scenario_parameters
from sim.experiment.executor import Finished, execute, has_reference, solve_reference, warm_pool, workers
from sim.experiment.reference import code_identity, reference_identity, reference_path
from sim.experiment.store import SCHEMA, Store, StoreError, versions
from sim.experiment.study import RunSpec, Study, make_study, shard
from sim.experiment.worlds import own_baselines
from sim.model import make_parameters
from sim.region import load_region, placeholder_share
from sim.scenario import Scenario, budget_differences


@dataclass(frozen=True)
class Progress:
    """How far a study has come."""

    stage: str  # "reference" or "runs"
    done: int
    total: int
    failed: int = 0
    seconds_left: float | None = None


Report = Callable[[Progress], None]


class Results:
    """The results of a study, read from its folder."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.manifest = store.read_manifest()

    @classmethod
    def open(cls, folder: str | Path) -> Results:
        """Open a result folder. Raises ``StoreError`` when it holds none."""
        return cls(Store(Path(folder)))

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Return one row per run: run_id, region, scenario, seed, draw, finished."""
        rows = [{**row, "finished": self.store.has(row["run_id"])} for row in self.manifest["runs"]]
        return pd.DataFrame(rows)

    @cached_property
    def values(self) -> pd.DataFrame:
        """Return outcomes: region, scenario, seed, draw, indicator, zone, family, year, value."""
        return self.store.read_runs(self.manifest["runs"])

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """Return what organisations decided: run key, quarter, organisation, decision, subject, reason, amount."""
        return self.store.read_runs(self.manifest["runs"], "decisions")

    @property
    def failures(self) -> dict[str, str]:
        """Return the traceback of each run that failed, by run id."""
        return {**self.manifest.get("failures", {}), **self.store.read_failures()}

    def title(self, scenario: str, language: str = "nb") -> str:
        """Return the title of a scenario."""
        return str(self.manifest["scenarios"][scenario]["title"][language])


def run_study(
    scenarios: Sequence[Scenario],
    *,
    regions: Sequence[str],
    seeds: int | Sequence[int] = 20,
    draws: int | Sequence[int] = 0,
    drawn: Sequence[str] = (),
    draw_seed: int = 1,
    source: str = "prior",
    panel: bool = False,
    own_luck: bool = False,
    budget: float | None = None,
    **how: Any,
) -> Results:
    """Run every scenario in every region with the same seeds and draws and return the results.

    The keywords of ``run`` (jobs, out, executor, progress, cancelled, command, part) may be given too.

    Args:
        budget: common yearly budget, MNOK; None keeps each scenario's own.
        draws, drawn, draw_seed, source, panel, own_luck: as in ``make_study``.

    Raises:
        StoreError: the folder cannot be used. ValueError: the study makes no sense.
    """
    study = make_study(
        scenarios, regions, seeds, budget, draws=draws, drawn=drawn, draw_seed=draw_seed, panel=panel, source=source,
        own_luck=own_luck,
    )
    return run(study, **how)


def run(
    study: Study,
    *,
    jobs: int | None = None,
    out: str | Path | None = None,
    executor: Executor | None = None,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
    command: Sequence[str] = (),
    part: tuple[int, int] = (1, 1),
) -> Results:
    """Run a study and return the results.

    Runs that are on file already are not run again. Failures are recorded and do not stop the others.

    Args:
        out: result folder; a temporary one when None. jobs: worker processes.
        executor: any ``concurrent.futures.Executor`` to use instead of worker processes.
        progress: called as the work goes on. cancelled: asked between runs.
        command: how the study was asked for, kept in the manifest without absolute paths.
        part: (i, n) runs only the i-th of n shares; several machines may fill one folder.
    """
    store = Store(Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="klyngelab-")))
    store.prepare()
    tell = progress or (lambda _: None)
    specs = study.runs()
    manifest = _manifest(study, specs, command)
    store.write_manifest(manifest)
    for scenario in study.scenarios:
        store.write_scenario(scenario.name, _yaml(scenario))
    for place in study.regions:
        store.copy_region(load_region(place).name, place)
    mine = shard(specs, *part)
    missing = list({spec.run_id: spec for spec in mine if not store.done(spec.run_id, study.panel)}.values())
    try:
        if missing:
            count = workers(jobs, len(missing))
            _solve(missing, tell, executor or (warm_pool(count) if count > 1 else None), cancelled)
            _run(missing, store, tell, jobs, executor, cancelled, len(mine))
    except BaseException:
        with suppress(StoreError):
            _close(store, manifest, specs)
        raise
    _close(store, manifest, specs)
    return Results(store)


def _close(store: Store, manifest: dict[str, Any], specs: Sequence[RunSpec]) -> None:
    """Write the manifest with what targets came to, read from the finished runs themselves."""
    for spec in specs:
        place = f"{spec.region_name}/{spec.scenario.name}"
        if place not in manifest["resolved"] and store.has(spec.run_id):
            manifest["resolved"][place] = store.read_resolved(spec.run_id)
    store.write_manifest(manifest)


def _solve(
    missing: Sequence[RunSpec], tell: Report, pool: Executor | None, cancelled: Callable[[], bool] | None
) -> None:
    """Solve the reference paths the runs need, each once; runs find them on file."""
    needed: dict[str, RunSpec] = {}
    for spec in missing:
        parameters = scenario_parameters(spec.scenario, dict(spec.values))
        needed.setdefault(f"{spec.region}|{parameters.identity}", spec)
    work = [spec for spec in needed.values() if not has_reference(spec)]
    usual = {spec.region: spec for spec in work}.values()
    for spec in usual:  # the default path first: the others start from it
        region = load_region(spec.region)
        reference_path(region, region_firms(region), make_parameters(),
                       lambda done, total: tell(Progress("reference", done, total)))  # fmt: skip
    work = [spec for spec in work if not has_reference(spec)]
    if pool is None or len(work) < 2:
        for done, spec in enumerate(work):
            if not (cancelled and cancelled()):
                tell(Progress("reference", done, len(work)))
                solve_reference(spec)
        return
    futures = [pool.submit(solve_reference, spec) for spec in work]
    try:
        for done, future in enumerate(as_completed(futures), start=1):
            with suppress(Exception):  # the run that needs the path will tell what is wrong
                future.result()
            tell(Progress("reference", done, len(work)))
            if cancelled and cancelled():
                return
    finally:
        for future in futures:
            future.cancel()


def _run(
    missing: Sequence[RunSpec], store: Store, tell: Report, jobs: int | None, executor: Executor | None,
    cancelled: Callable[[], bool] | None, total: int,
) -> None:  # fmt: skip
    done, failed, begun = total - len(missing), 0, None
    tell(Progress("runs", done, total))
    for finished in execute(missing, jobs, executor, cancelled):
        failed += _keep(finished, store)
        done += 1
        if begun is None:  # the first run waits for workers and kernels to get ready; it tells nothing of the pace
            begun, ready = time.perf_counter(), done
        passed = time.perf_counter() - begun
        left = passed / (done - ready) * (total - done) if done - ready >= 5 else None
        tell(Progress("runs", done, total, failed, left))


def _keep(finished: Finished, store: Store) -> int:
    """Put one run on file; return 1 when it failed."""
    spec = finished.spec
    state = "failed" if finished.error else "done"
    if finished.error:
        store.write_failure(spec.run_id, finished.error)
    else:
        if finished.panel is not None:
            store.write_panel(spec.run_id, finished.panel)
        store.write_run(spec.run_id, finished.values, finished.log, finished.resolved)
        store.forget_failure(spec.run_id)
    store.status(run_id=spec.run_id, scenario=spec.scenario.name, seed=spec.seed, draw=spec.draw, state=state,
                 seconds=round(finished.seconds, 3))  # fmt: skip
    return int(bool(finished.error))


def _manifest(study: Study, specs: Sequence[RunSpec], command: Sequence[str]) -> dict[str, Any]:
    regions, references = {}, {}
    for place in study.regions:
        region = load_region(place)
        for scenario in study.scenarios:
            identity = reference_identity(region, scenario_parameters(scenario))
            references[f"{region.name}/{scenario.name}"] = identity
        regions[region.name] = {
            "identity": region.identity,
            "title": region.title,
            "fictional": region.fictional,
            "placeholder_share": round(placeholder_share(region), 6),
            "zones": dict(zip(region.zones, region.zone_names, strict=True)),
        }
    return {
        "schema": SCHEMA,
        "versions": versions(),
        "code": code_identity(),
        "command": shlex.join(_without_paths(command)),
        "regions": regions,
        "scenarios": {scenario.name: _described(scenario) for scenario in study.scenarios},
        "baselines": own_baselines(study.scenarios),
        "study": study.as_mapping(),
        "seeds": list(study.seeds),
        "runs": [spec.row for spec in specs],
        "resolved": {},
        "references": references,
        "warnings": [
            f"{d.scenario}: {d.budget:g} MNOK in year {d.year}, others {d.common:g}"
            for d in budget_differences(study.scenarios)
        ],
    }


def _described(scenario: Scenario) -> dict[str, Any]:
    return {
        "identity": scenario.identity(),
        "title": scenario.title.model_dump(),
        "parameters": scenario_parameters(scenario).identity,
        "file": scenario.as_mapping(),
    }


def _yaml(scenario: Scenario) -> str:
    """Return the scenario file that gives the same runs: complete, without a base."""
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style, writer.sort_base_mapping_type_on_output = False, False  # type: ignore[assignment]
    out = io.StringIO()
    writer.dump(scenario.as_mapping(), out)
    return out.getvalue()


def _without_paths(command: Sequence[str]) -> list[str]:
    return [Path(word).name if Path(word).is_absolute() else word for word in command]
