"""Exit and entry (switches M5 and M6). ODD section 7.8."""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.elementary import exp
from sim.model.block import BLOCK
from sim.model.firms import new_rows
from sim.model.shapes import draw_partner
from sim.model.start import candidate_id, draw_size, draw_traits, inherit, open_firm, trait_luck
from sim.random_numbers import bits64, decision_index, uniform

NAMES = ("M5", "exit_rate", "exit_size", "exit_youth", "exit_cost", "exit_buffer", "footloose", "least_size",
         "rivalry")  # fmt: skip
ENTRY_NAMES = ("M6", "entry_demand", "entry_pool", "spinoff_share")
#: Decisions: places of their keys.
HAZARD, FOOTLOOSE = decision_index("exit.hazard"), decision_index("exit.footloose")
_CANDIDATE, _SPINOFF, _PARENT = map(decision_index, ("entry.candidate", "entry.spinoff", "entry.parent"))
#: Owner: foreign head office.
FOREIGN = 2


@njit(cache=True, error_model="numpy")
def rivalry(rivals, p):
    """Return what rivals add to the exit hazard of a firm that is behind, share; p in the order of ``NAMES``."""
    return p[0] * p[8] * rivals


@njit(cache=True, error_model="numpy")
def hazard(log_jobs, youth, edge, liquidity, shelter, rivalry, p):
    """Return the chance that a firm closes this quarter.

    Args:
        youth: exp(-age / 12), age in quarters; edge: bounded log competitiveness; liquidity: quarters of labour cost;
        shelter: factor, 1 = no incubator; rivalry: of the cell. p: values in the order of ``NAMES``.
    """
    risk = exp(-p[2] * log_jobs - p[4] * edge - p[5] * (liquidity - 0.6))
    young = 1.0 + p[3] * youth * youth  # exp(-age / 6)
    return p[1] * shelter * young * risk * (1.0 + (rivalry if edge < -0.1 else 0.0))


@njit(cache=True, error_model="numpy")
def least_size(p):
    """Return the employees below which a firm closes; p in the order of ``NAMES``."""
    return p[7]


@njit(cache=True, error_model="numpy")
def footloose(p):
    """Return the chance that a foreign head office closes a firm this quarter; p in the order of ``NAMES``."""
    return 1.0 - (1.0 - p[6]) ** 0.25


@njit(cache=True, error_model="numpy")
def chances(candidates, start_firms, rate, bracket, start_bracket, pool, start_pool, lift, p):
    """Return the chance that one potential entrant of a cell enters, f8[cells].

    Args:
        candidates: i8[cells] candidates per quarter; start_firms: f8[cells]; rate: f8[S] per quarter;
        bracket, start_bracket: f8[S] sales per weight; lift: f8[cells] entry that incubators add, share;
        p: values in the order of ``ENTRY_NAMES``.
    """
    out = np.zeros(candidates.size)
    industries = rate.size
    for s in range(industries):
        base = rate[s] * (bracket[s] / start_bracket[s]) ** p[1]
        for c in range(s, candidates.size, industries):
            if candidates[c] > 0:
                strength = p[0] * p[2]
                out[c] = base * start_firms[c] / candidates[c] * (1.0 + lift[c])
                out[c] *= 1.0 + 4.0 * strength * (pool[c, 6] - start_pool[c, 6])
    return out


@njit(cache=True, error_model="numpy")
def enter(quarter, keys, cell_keys, candidates, chance):
    """Return ids i8[K], rising, and cells i8[K] of this quarter's entrants.

    The list of candidates is fixed by cell, quarter and ordinal, so a policy only adds or removes
    marginal entrants.
    """
    ids = np.empty(candidates.sum(), np.int64)
    cells = np.empty(ids.size, np.int64)
    found = 0
    for c in range(candidates.size):
        for ordinal in range(candidates[c]):
            who = candidate_id(cell_keys[c], quarter, ordinal)
            if uniform(keys[_CANDIDATE], who) < chance[c]:
                ids[found] = who
                cells[found] = c
                found += 1
    order = np.argsort(ids[:found])
    return ids[order], cells[order]


@njit(cache=True, error_model="numpy")
def entrants(quarter, keys, birth_keys, cell_keys, candidates, start_firms, rate, start_bracket, pool, start_pool, lift,
             table, ring, begin, traits, mean, unit_cost, bracket, start_mean, elasticity, p, t):  # fmt: skip
    """Return ids i8[K], rising, and RECORD[K] of this quarter's entrants; arguments as ``chances`` and ``settle``."""
    chance = chances(candidates, start_firms, rate, bracket, start_bracket, pool, start_pool, lift, p)
    ids, cells = enter(quarter, keys, cell_keys, candidates, chance)
    born = new_rows(ids.size)
    settle(born, ids, cells, birth_keys, table, ring, begin, traits, mean, unit_cost, bracket, start_mean, elasticity,
           p, t)  # fmt: skip
    return ids, born


@njit(cache=True, error_model="numpy")
def settle(born, ids, cells, keys, table, ring, begin, traits, mean, unit_cost, bracket, start_mean, elasticity,
           p, t):  # fmt: skip
    """Give entrants size, traits, perhaps a parent, and customers, in place.

    Args:
        born: RECORD[K] of the entrants; table: RECORD[N] of the firms there are.
        keys: u8[D] of quarter 0, since traits belong to the firm and not to the quarter.
        ring, begin: partners of each cell, from which parents are drawn. traits: f8[S, 8] of industries.
        p: values in the order of ``ENTRY_NAMES``; t: of ``sim.model.start.NAMES``.
    """
    industries = mean.size
    for first in range(0, ids.size, BLOCK):
        room = trait_luck(ids[first : first + BLOCK], keys)
        for k in range(np.uint64(min(BLOCK, ids.size - first))):
            f, who, c = born[first + k], ids[first + k], cells[first + k]
            s = c % industries
            f.zone = c // industries
            f.industry = s
            draw_size(f, who, keys, t)
            draw_traits(f, k, room, traits[s], mean[s] + t[6], t)
            if p[0] > 0.0 and uniform(keys[_SPINOFF], who) < p[3]:
                parent = draw_partner(ring, begin, c, bits64(keys[_PARENT], who, 0))
                if parent >= 0:
                    inherit(f, table[parent], traits[s], mean[s], t)
            open_firm(f, unit_cost[c], bracket[s], start_mean[s], traits[s], elasticity[s], t)
