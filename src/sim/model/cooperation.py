"""Partner search, joint projects, brokers and links (switches M4 and M8a). ODD section 5.3.

Partners are drawn from rings of permanent ids, never from positions in a cell: a newcomer takes over only
the draws that fall just before it and leaves everybody else's candidates alone.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.model.shapes import hill, inverted_u, row_of
from sim.random_numbers import bits64, uniform

SEARCH_NAMES = ("attempt_rate", "broker", "partner_draws", "own_cluster_draw", "score_threshold", "trust")
FINISH_NAMES = ("project_success", "product_share", "grant_productivity", "shrinkage", "gain_cap", "grant_half",
                "project_return", "project_quarters", "project_cost", "project_public", "project_replaces",
                "project_deadweight", "mass_floor", "saturation", "M8a", "convergence", "capacity_gain",
                "willingness_gain", "link_gain", "green_gain")  # fmt: skip
#: Partners that are not firms of the region.
INSTITUTE, ABROAD = -2, -3
#: Fit at which a joint krone returns as much as a granted one: score .7 and capacity .4.
REFERENCE_FIT = 0.7 * 0.8


class Projects:
    """Ongoing joint projects, sorted by start and then by the searching firm's id (M rows)."""

    def __init__(self) -> None:
        self.first = np.empty(0, np.int64)  # permanent id of the firm that searched
        self.second = np.empty(0, np.int64)  # partner id, INSTITUTE or ABROAD
        self.end = np.empty(0, np.int16)  # quarter of the end
        self.score = np.empty(0)  # fit when it began
        self.place = np.empty((0, 3))  # knowledge position of a partner that is no firm of the region
        self.bonus = np.empty(0)  # added success chance from the programme

    def add(self, found: tuple[np.ndarray, ...], end: int) -> None:
        """Append the projects found by ``search``."""
        first, second, score, place, bonus = found
        self.first = np.concatenate([self.first, first])
        self.second = np.concatenate([self.second, second])
        self.end = np.concatenate([self.end, np.full(first.size, end, np.int16)])
        self.score = np.concatenate([self.score, score])
        self.place = np.concatenate([self.place, place])
        self.bonus = np.concatenate([self.bonus, bonus])

    def keep(self, mask: np.ndarray) -> None:
        """Keep the rows where the mask is true."""
        for name in ("first", "second", "end", "score", "place", "bonus"):
            setattr(self, name, getattr(self, name)[mask])


@njit(cache=True)
def rings(key, group, ids, eligible, groups):
    """Return rings of firms: rows sorted by (group, ring position), start i8[groups + 1], positions u8.

    Args:
        group: i8[N] cell or cluster of each firm, negative = in no ring. eligible: bool[N].
    """
    start = np.zeros(groups + 1, np.int64)
    for i in range(ids.size):
        if group[i] >= 0 and eligible[i]:
            start[group[i] + 1] += 1
    for g in range(groups):
        start[g + 1] += start[g]
    rows = np.empty(start[groups], np.int64)
    position = np.empty(start[groups], np.uint64)
    filled = start[:-1].copy()
    for i in range(ids.size):
        if group[i] >= 0 and eligible[i]:
            at = filled[group[i]]
            rows[at] = i
            position[at] = bits64(key, ids[i], 0)
            filled[group[i]] += 1
    for g in range(groups):
        low, high = start[g], start[g + 1]
        if high - low > 1:
            order = np.argsort(position[low:high])
            rows[low:high] = rows[low:high][order]
            position[low:high] = position[low:high][order]
    return rows, start, position


@njit(cache=True)
def draw_from_ring(rows, start, position, group, bits):
    """Return the row of the first firm at or after ``bits`` on a ring, -1 when the ring is empty."""
    low, high = start[group], start[group + 1]
    first, end = low, high
    if low == high:
        return -1
    while low < high:
        middle = (low + high) // 2
        if position[middle] < bits:
            low = middle + 1
        else:
            high = middle
    if low == end:
        low = first
    return rows[low]


@njit(cache=True)
def draw_rows(key, ids, group, rows, start, position):
    """Return one row of a ring for each id i8[K], drawn by the id's own luck; -1 where a ring is empty."""
    out = np.empty(ids.size, np.int64)
    for i in range(ids.size):
        out[i] = draw_from_ring(rows, start, position, group[i], bits64(key, ids[i], 0))
    return out


@njit(cache=True)
def search(keys, ids, zone, jobs, capacity, will, position0, position1, position2, projects, cluster, broker, link_id,
           link_strength, cell_rows, cell_start, cell_position, reach, club_rows, club_start, club_position, time_fade,
           institute_place, institute_skill, club_institute, club_abroad, club_bonus, industry, club_pull,
           p):  # fmt: skip
    """Let firms look for partners and return the new projects (first, second, score, place, bonus).

    Args:
        keys: u8[5] attempt, source, partner, accept, start.
        cell_*: rings of the cells; reach: f8[Z, cells] cumulative chance of looking in a cell.
        club_*: rings of the clusters' members; club_institute, club_abroad, club_bonus: f8[clubs].
        industry: i2[N]; club_pull: f8[clubs, S] added score of suppliers to the cluster's anchors.
        time_fade: f8[Z, Z] exp(-minutes / 60). institute_place: f8[I, 3]; institute_skill: f8[I].
        p: values in the order of ``SEARCH_NAMES``.
    """
    draws = int(p[2])
    first = np.empty(ids.size, np.int64)
    second = np.empty(ids.size, np.int64)
    scores = np.empty(ids.size)
    places = np.zeros((ids.size, 3))
    bonus = np.zeros(ids.size)
    found = 0
    for i in range(ids.size):
        if jobs[i] < 3.0 or projects[i] >= 2:
            continue
        who = ids[i]
        chance = p[0] * will[i] * (0.4 + capacity[i]) * (1.0 + p[1] * broker[i])
        if uniform(keys[0], who) >= chance:
            continue
        best = 0.0
        partner = -1
        kind = 0
        place = np.zeros(3)
        club = cluster[i]
        for d in range(draws):
            u = uniform(keys[1], who, d)
            pick = bits64(keys[2], who, d)
            j = -1
            if club > 0 and u < p[3] * broker[i]:
                j = draw_from_ring(club_rows, club_start, club_position, club, pick)
            else:
                v = uniform(keys[1], who, d + 64)
                c = 0
                while c < reach.shape[1] - 1 and reach[zone[i], c] <= v:
                    c += 1
                if reach[zone[i], c] > v:
                    j = draw_from_ring(cell_rows, cell_start, cell_position, c, pick)
            if j < 0 or j == i or projects[j] >= 2 or will[j] <= 0.3:
                continue
            if uniform(keys[3], who, d) >= will[j]:
                continue
            distance = math.sqrt((position0[i] - position0[j]) ** 2 + (position1[i] - position1[j]) ** 2
                                 + (position2[i] - position2[j]) ** 2)  # fmt: skip
            trust = 1.0
            for k in range(link_id.shape[1]):
                if link_id[i, k] == ids[j]:
                    trust += p[5] * link_strength[i, k]
            score = inverted_u(distance) * (0.3 + capacity[j]) * (0.5 + time_fade[zone[i], zone[j]]) * trust
            if club > 0 and cluster[j] == club:
                score *= 1.0 + max(club_pull[club, industry[i]], club_pull[club, industry[j]])
            if score > best:
                best = score
                partner = j
                kind = 0
        if club > 0 and uniform(keys[1], who, 200) < club_institute[club] * broker[i]:
            for m in range(institute_place.shape[0]):
                distance = math.sqrt((position0[i] - institute_place[m, 0]) ** 2
                                     + (position1[i] - institute_place[m, 1]) ** 2
                                     + (position2[i] - institute_place[m, 2]) ** 2)  # fmt: skip
                score = inverted_u(distance) * (0.3 + institute_skill[m])
                if score > best:
                    best = score
                    kind = INSTITUTE
                    place[:] = institute_place[m]
        if club > 0 and uniform(keys[1], who, 201) < club_abroad[club] * broker[i]:
            angle = 6.283185307179586 * uniform(keys[1], who, 202)
            height = 2.0 * uniform(keys[1], who, 203) - 1.0
            radius = 0.5 + uniform(keys[1], who, 204)
            flat = math.sqrt(1.0 - height * height)
            score = inverted_u(radius) * 0.9 * 0.55
            if score > best:
                best = score
                kind = ABROAD
                place[0] = position0[i] + radius * flat * math.cos(angle)
                place[1] = position1[i] + radius * flat * math.sin(angle)
                place[2] = position2[i] + radius * height
        if best <= p[4] or uniform(keys[4], who) >= best:
            continue
        first[found] = who
        scores[found] = best
        projects[i] += 1
        if club > 0:
            bonus[found] = club_bonus[club]
        if kind == 0:
            second[found] = ids[partner]
            projects[partner] += 1
        else:
            second[found] = kind
            places[found] = place
        found += 1
    return first[:found], second[:found], scores[:found], places[:found], bonus[:found]


@njit(cache=True)
def finish(quarter, success_key, kind_key, first, second, end, score, place, bonus, ids, industry, zone, output,
           productivity, appeal, capacity, will, emissions, projects, done, innovated, position0, position1, position2,
           link_id, link_strength, pool, industries, p):  # fmt: skip
    """Finish the projects that end this quarter; return how many succeeded, f8[cells], in place.

    The gain of each partner is bounded by the money in the project exactly as a grant is: shrinkage x
    productivity of money x money x size of the payment / yearly value added, at most ``gain_cap``,
    times fit, critical mass and diminishing returns.
    """
    success, product, cap, quarters = p[0], p[1], p[4], p[7]
    cost = p[8] * quarters / 4.0
    public = p[9] * cost
    money = (cost - public) * (1.0 - p[10]) + public * (1.0 - p[11])
    worth = p[2] * p[3] * p[6] * hill(cost, p[5], 2.0) * money / success
    finished = np.zeros(pool.shape[0])
    for m in range(first.size):
        if end[m] != quarter:
            continue
        i = row_of(ids, first[m])
        j = row_of(ids, second[m]) if second[m] >= 0 else -1
        for row in (i, j):
            if row >= 0:
                projects[row] -= 1
        if i < 0 or (j < 0 and second[m] >= 0):
            continue
        luck = min(1.0, (success + bonus[m]) * min(1.0, 0.5 + 0.5 * score[m]))
        if uniform(success_key, first[m], second[m] % 1048573) >= luck:
            continue
        for turn in range(2):
            row = i if turn == 0 else j
            if row < 0:
                continue
            c = zone[row] * industries + industry[row]
            mass = p[12] + (1.0 - p[12]) * pool[c, 2]
            fit = score[m] * (0.4 + capacity[row]) / REFERENCE_FIT
            gain = min(cap, worth * fit * mass / (1.0 + done[row] / p[13]) / (4.0 * output[row]))
            if uniform(kind_key, first[m], 0) < product:
                appeal[row] += gain
            else:
                productivity[row] = min(productivity[row] + gain, 2.0)
            emissions[row] *= math.exp(-p[19] * gain)
            innovated[row] = quarter
            if done[row] < 255:
                done[row] += 1
            capacity[row] += p[16] * (1.0 - capacity[row])
            will[row] = min(1.0, will[row] + p[17])
            finished[c] += 0.5 if j >= 0 else 1.0
        if p[14] > 0.0:
            converge(i, j, place[m], position0, position1, position2, p[15])
        if j >= 0:
            strengthen(i, ids[j], link_id, link_strength, p[18])
            strengthen(j, ids[i], link_id, link_strength, p[18])
    return finished


@njit(cache=True)
def converge(i, j, place, position0, position1, position2, share):
    """Move two partners' knowledge towards each other (j < 0: towards ``place``), in place."""
    a = np.array([position0[i], position1[i], position2[i]])
    b = np.array([position0[j], position1[j], position2[j]]) if j >= 0 else place
    position0[i] += share * (b[0] - a[0])
    position1[i] += share * (b[1] - a[1])
    position2[i] += share * (b[2] - a[2])
    if j >= 0:
        position0[j] += share * (a[0] - b[0])
        position1[j] += share * (a[1] - b[1])
        position2[j] += share * (a[2] - b[2])


@njit(cache=True)
def strengthen(row, partner, link_id, link_strength, gain):
    """Strengthen the link to a partner; a new link takes the place of the weakest, in place."""
    weakest = 0
    for k in range(link_id.shape[1]):
        if link_id[row, k] == partner:
            link_strength[row, k] = min(1.0, link_strength[row, k] + gain)
            return
        if link_strength[row, k] < link_strength[row, weakest]:
            weakest = k
    link_id[row, weakest] = partner
    link_strength[row, weakest] = gain


@njit(cache=True)
def fade_ties(will, will_own, link_id, link_strength, reversion, decay):
    """Let willingness return to its own level and links fade; links below .05 end, in place."""
    for i in range(will.size):
        will[i] += reversion * (will_own[i] - will[i])
        for k in range(link_id.shape[1]):
            if link_id[i, k] >= 0:
                link_strength[i, k] *= 1.0 - decay
                if link_strength[i, k] < 0.05:
                    link_id[i, k] = -1
                    link_strength[i, k] = 0.0
