"""The kernels over firms and the same arithmetic in scalar C, on the same arrays.

A C compiler is needed. C is compiled -O3 without fast maths and without vectorisation, so it is what a careful
programmer without vector instructions would get out of this machine.
"""

from __future__ import annotations

import ctypes
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model import RegionModel, conduct, cooperation, firms, innovation, knowledge, market, survival
from sim.model.shapes import RING
from sim.random_numbers import decision_index

SOURCE = Path(__file__).with_name("scalar.c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-fno-tree-vectorize", "-fno-tree-slp-vectorize")
#: Decisions in the order of the C struct ``Keys``.
DECISIONS = ("research.start", "research.stop", "innovation.success", "innovation.step", "innovation.kind",
             "productivity.noise", "position.drift", "demand.jump", "demand.size", "exit.hazard",
             "exit.footloose", "cooperation.attempt", "cooperation.source", "cooperation.partner", "cooperation.accept",
             "cooperation.start")  # fmt: skip


def native_kernels(folder: Path) -> ctypes.CDLL:
    """Return the C library, compiled into a folder."""
    library = folder / "scalar.so"
    subprocess.run(["cc", *FLAGS, "-shared", "-fPIC", "-o", library, SOURCE, "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    if loaded.record_size() != firms.RECORD.itemsize:
        raise ValueError("scalar.c and sim.model.firms disagree on the record of a firm")
    loaded.after_market.restype = ctypes.c_double
    return loaded


def _c(*values: Any) -> list[Any]:
    """Return values as C takes them: arrays by address, integers as i8, floats as f8."""
    kinds = {int: ctypes.c_int64, float: ctypes.c_double}
    return [v.ctypes.data_as(ctypes.c_void_p) if isinstance(v, np.ndarray) else kinds[type(v)](v) for v in values]


class Kernels:
    """The kernels that make most of a quarter, each with its twin in C, on the firms of one model."""

    names = ("survey", "search", "before_market", "after_market", "merge")

    def __init__(self, model: RegionModel, native: ctypes.CDLL) -> None:
        self.model, self.native = model, native
        model.policy_clock()
        model.knowledge_pools()
        self.before = model.firms.table.copy()
        model.joint_projects()
        model.innovation()
        model.demand()
        self.after = model.firms.table.copy()
        model.hiring_and_production()
        self.alive = model.alive
        self.born = model._entrants()
        self.ids = model.firms.id.copy()
        self.keys = np.array([model.keys[decision_index(name)] for name in DECISIONS], np.uint64)
        self.fill = np.ones(model.cells)
        count = self.ids.size
        self.room = [np.zeros(count, np.int32) for _ in range(2)]
        self.out = [np.zeros(model.cells * 9) for _ in range(2)]
        self.live = np.zeros(count, np.bool_)

    def difference(self, name: str) -> float:
        """Return the largest relative difference between the results of kernel and C."""
        found = [self._run(name, native, self._table(name))[1] for native in (False, True)]
        worst = 0.0
        for a, b in zip(*found, strict=True):
            for x, y in ((a[k], b[k]) for k in a.dtype.names) if a.dtype.names else ((a, b),):
                one, two = np.asarray(x, float), np.asarray(y, float)
                if one.size:
                    worst = max(worst, float(np.max(np.abs(one - two) / (1e-9 + np.abs(one)))))
        return worst

    def time(self, name: str, native: bool) -> float:
        """Return the time of one call, seconds."""
        return self._run(name, native, self._table(name))[0]

    def _table(self, name: str) -> NDArray[Any]:
        if name == "merge":
            space = np.zeros(self.ids.size + self.born.id.size + 64, firms.RECORD)
            space[: self.ids.size] = self.after
            return space
        return (self.before if name in ("before_market", "survey", "search") else self.after).copy()

    def _parameters(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        return np.array(self.model.packed(names))

    def _run(self, name: str, native: bool, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        """Run a kernel and return its time and everything it wrote."""
        call = getattr(self, f"_{name}_{'c' if native else 'kernel'}")
        return call(table)  # type: ignore[no-any-return]

    def _before_market_kernel(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        m, p = self.model, self.model.packed
        args = (m.quarter, m.keys, self.ids, table, m.pool, m.unit_cost, m.mean_productivity, m.start_mean,
                m.reference.drift, m.inputs.elasticity, m.inputs.traits, 1.0, p(innovation.RESEARCH_NAMES),
                p(innovation.NAMES), p(market.JUMP_NAMES), p(market.WEIGHT_NAMES))  # fmt: skip
        begun = time.process_time()
        innovations, weights = conduct.before_market(*args)
        return time.process_time() - begun, [table, innovations, weights]

    def _before_market_c(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        m, p = self.model, self._parameters
        innovations, weights = (array[: m.cells] for array in self.out)
        args = _c(self.ids.size, m.quarter, self.keys, self.ids, table, m.cells, m.pool, m.unit_cost, m.industries,
                  m.mean_productivity, m.start_mean, m.reference.drift, m.inputs.elasticity, m.inputs.traits, 1.0,
                  p(innovation.RESEARCH_NAMES), p(innovation.NAMES), p(market.JUMP_NAMES), p(market.WEIGHT_NAMES),
                  market.YOUTH, self.room[0], innovations, weights)  # fmt: skip
        begun = time.process_time()
        self.native.before_market(*args)
        return time.process_time() - begun, [table, innovations, weights]

    def _after_market_kernel(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        m, p, industry = self.model, self.model.packed, self.model.region.industries
        args = (m.quarter, m.keys, self.ids, table, m.closing, m.bracket, self.fill, m.unit_cost, m.pool, m.start_mean,
                industry.value_added, industry.wage, m.wage, 0.5, p(market.OUTPUT_NAMES), p(market.WEIGHT_NAMES),
                p(survival.NAMES))  # fmt: skip
        begun = time.process_time()
        alive, sums, counts, variety = conduct.after_market(*args)
        return time.process_time() - begun, [table, alive, sums.ravel(), counts.ravel(), np.array([variety])]

    def _after_market_c(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        m, p, industry = self.model, self._parameters, self.model.region.industries
        sums, counts = self.out[0][: 4 * m.cells], self.out[1][: 6 * m.cells]
        args = _c(self.ids.size, m.quarter, self.keys, self.ids, table, m.cells, m.bracket, m.industries, self.fill,
                  m.unit_cost, m.pool, m.start_mean, industry.value_added, industry.wage, m.wage, 0.5,
                  p(market.OUTPUT_NAMES), p(market.WEIGHT_NAMES), p(survival.NAMES), market.YOUTH, self.live, sums,
                  counts)  # fmt: skip
        begun = time.process_time()
        variety = self.native.after_market(*args)
        return time.process_time() - begun, [table, self.live, sums, counts, np.array([variety])]

    def _survey_kernel(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        begun = time.process_time()
        out, ring, start, _ = knowledge.survey(self.ids, table, self.model.start_mean, self.model.cells)
        return time.process_time() - begun, [out.ravel(), ring, start]

    def _survey_c(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        m, out = self.model, self.out[0]
        start, filled = np.zeros(m.cells + 1, np.int64), np.zeros(m.cells + 1, np.int64)
        ring = np.zeros(self.ids.size, RING)
        args = _c(self.ids.size, self.ids, table, m.industries, m.cells, out, *self.room, ring, start, filled)
        begun = time.process_time()
        found = self.native.survey(*args)
        return time.process_time() - begun, [out, ring[:found], start]

    def _merge_kernel(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        args = (table.view(np.int64), self.ids, self.alive, self.born.table.view(np.int64), self.born.id)
        begun = time.process_time()
        merged = firms._merge(*args)
        return time.process_time() - begun, [table[: merged.size], merged]

    def _merge_c(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        most = self.ids.size + self.born.id.size
        merged, moves, rows = np.zeros(most, np.int64), np.zeros((most, 3), np.int64), np.zeros(most, np.int64)
        args = _c(self.ids.size, self.born.id.size, table.view(np.int64), self.ids, self.alive,
                  self.born.table.view(np.int64), self.born.id, firms._WORDS, merged, moves, rows)  # fmt: skip
        begun = time.process_time()
        found = self.native.merge(*args)
        return time.process_time() - begun, [table[:found], merged[:found]]

    def _search_kernel(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        m, inputs = self.model, self.model.inputs
        clubs = cooperation.club_rings(self.ids, table, False, 1)  # type: ignore[call-arg]
        args = (m.quarter, m.keys, self.ids, table, m.ties.arrays, m.partner_ring, m.partner_start, m.reach, *clubs,
                inputs.time_fade, inputs.institute_place, inputs.institute_skill, m.policy.club_terms,
                m.policy.supplier_lift, m.packed(cooperation.SEARCH_NAMES))  # fmt: skip
        begun = time.process_time()
        found = cooperation.search(*args)
        return time.process_time() - begun, [table, found]

    def _search_c(self, table: NDArray[Any]) -> tuple[float, list[NDArray[Any]]]:
        m, found = self.model, np.zeros(self.ids.size, cooperation.PROJECT)
        holder, linked, power = m.ties.arrays
        args = _c(self.ids.size, m.quarter, self.keys, self.ids, table, holder.size, holder, linked, power,
                  m.partner_ring, m.partner_start, m.zones, m.cells, m.reach, m.inputs.time_fade,
                  self._parameters(cooperation.SEARCH_NAMES), self.room[0], found)  # fmt: skip
        begun = time.process_time()
        count = self.native.search(*args)
        return time.process_time() - begun, [table, found[:count]]
