"""Partner search, joint projects and brokers (switches M4 and M8a). ODD section 7.5.

Partners are drawn from rings of permanent ids, never from positions in a cell: a newcomer takes over only
the draws that fall just before it and leaves everybody else's candidates alone.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model.block import lucky
from sim.model.knowledge import PARTNER_JOBS
from sim.model.shapes import RING, draw_partner, first_above, hill, inverted_u, row_of
from sim.model.ties import fade, strength, strengthen, with_room
from sim.random_numbers import bits64, decision_index, uniform

SEARCH_NAMES = ("attempt_rate", "broker", "partner_draws", "own_cluster_draw", "score_threshold", "trust")
FINISH_NAMES = ("project_success", "product_share", "grant_productivity", "shrinkage", "gain_cap", "grant_half",
                "project_return", "project_quarters", "project_cost", "project_public", "project_replaces",
                "project_deadweight", "mass_floor", "saturation", "M8a", "convergence", "capacity_gain",
                "willingness_gain", "link_gain", "green_gain")  # fmt: skip
_ATTEMPT, _SOURCE = decision_index("cooperation.attempt"), decision_index("cooperation.source")
_PARTNER, _ACCEPT = decision_index("cooperation.partner"), decision_index("cooperation.accept")
_START, _FINISH = decision_index("cooperation.start"), decision_index("cooperation.finish")
_KIND = decision_index("cooperation.kind")
#: Willingness a partner must have, and projects a firm can have at a time.
LEAST_WILL, MOST_PROJECTS = 0.3, 2
#: Partners that are not firms of the region.
INSTITUTE, ABROAD = -2, -3
#: Fit at which a joint krone returns as much as a granted one: score .7 and capacity .4.
REFERENCE_FIT = 0.7 * 0.8


#: Columns of a joint project: ids of the firm that searched and of its partner (or ``INSTITUTE``, ``ABROAD``), fit
#: when it began, place of a partner that is no firm of the region, added success chance, quarter of the end.
PROJECT = np.dtype([("first", "i8"), ("second", "i8"), ("score", "f8"), ("x", "f8"), ("y", "f8"), ("z", "f8"),
                    ("bonus", "f8"), ("end", "i8")])  # fmt: skip


class Projects:
    """Ongoing joint projects, sorted by start and then by the searching firm's id: PROJECT[M] in ``table``."""

    def __init__(self) -> None:
        self.table = np.empty(0, PROJECT)

    @property
    def first(self) -> NDArray[np.int64]:
        """Return the permanent id of the firm that searched."""
        return self.table["first"]

    @property
    def second(self) -> NDArray[np.int64]:
        """Return the partner's id, ``INSTITUTE`` or ``ABROAD``."""
        return self.table["second"]

    @property
    def end(self) -> NDArray[np.int64]:
        """Return the quarter in which each project ends."""
        return self.table["end"]


@njit(cache=True, error_model="numpy")
def cooperate(quarter, keys, ids, table, ties, projects, pool, industries, link_decay, finishing, cell_ring, cell_start,
              reach, served, time_fade, institute_place, institute_skill, clubs, club_pull, searching):  # fmt: skip
    """Finish joint projects, let links fade and let firms look for new partners; firms change in place.

    Returns how many projects succeeded f8[cells], the projects there are now PROJECT[M] and the links.

    Args:
        link_decay: of links a quarter; served: whether any cluster is. finishing, searching: values in the order of
        ``FINISH_NAMES`` and ``SEARCH_NAMES``. Others: as of ``finish`` and ``search``.
    """
    finished, projects, ties = finish(quarter, keys, ids, table, ties, projects, pool, industries, finishing)
    ties = fade(ties, link_decay)
    club_ring, club_start = club_rings(ids, table, served, clubs.shape[0])
    begun = search(quarter + int(finishing[7]), keys, ids, table, ties, cell_ring, cell_start, reach, club_ring,
                   club_start, time_fade, institute_place, institute_skill, clubs, club_pull, searching)  # fmt: skip
    return finished, _joined(projects, begun), ties


@njit(cache=True, error_model="numpy")
def club_rings(ids, table, served, clubs):
    """Return the members of each cluster that can be partners: RING[K] by cluster and id, start i8[clubs + 1]."""
    start = np.zeros(clubs + 1, np.int64)
    if not served:
        return np.empty(0, RING), start
    members, found = np.empty(table.size + 1, np.int32), 0
    for i in range(table.size):
        f = table[i]
        members[found] = i
        found += (f.cluster > 0) & (f.broker > 0.0) & (f.jobs >= PARTNER_JOBS)
    for i in members[:found]:
        start[table[i].cluster + 1] += 1
    for g in range(clubs):
        start[g + 1] += start[g]
    ring, filled = np.empty(found, RING), start.copy()
    for i in members[:found]:
        place = ring[filled[table[i].cluster]]
        place.id, place.row = ids[i], i
        filled[table[i].cluster] += 1
    return ring, start


@njit(cache=True, error_model="numpy")
def seekers(keys, ids, table, p):
    """Return the rows i4[K] of firms that try to find a partner this quarter."""
    largest = p[0] * 1.4 * (1.0 + p[1])  # willingness, capacity and brokerage are at most 1
    rows, luck = lucky(keys[_ATTEMPT], ids, largest)
    found = 0
    for i, number in zip(rows, luck):  # noqa: B905
        f = table[i]
        chance = p[0] * f.will * (0.4 + f.capacity) * (1.0 + p[1] * f.broker)
        rows[found] = i
        found += (f.jobs >= PARTNER_JOBS) & (number < chance)
    return rows[:found]


@njit(cache=True, error_model="numpy")
def distance(f, x, y, z):
    """Return the cognitive distance from a firm to a place."""
    return math.sqrt((f.position0 - x) ** 2 + (f.position1 - y) ** 2 + (f.position2 - z) ** 2)


@njit(cache=True, error_model="numpy")
def search(end, keys, ids, table, ties, cell_ring, cell_start, reach, club_ring, club_start, time_fade, institute_place,
           institute_skill, clubs, club_pull, p):  # fmt: skip
    """Let firms look for partners and return the new projects, PROJECT[K].

    Args:
        end: quarter in which they end.
        cell_ring, cell_start: partners of each cell; reach: f8[Z, cells] cumulative chance of looking in a cell.
        club_ring, club_start: the same for clusters; clubs: f8[clubs, 3] institute, abroad, bonus;
        club_pull: f8[clubs, S] added score of suppliers to the cluster's anchors.
        ties: links as in ``sim.model.ties``. time_fade: f8[Z, Z] exp(-minutes / 60).
        institute_place: f8[I, 3]; institute_skill: f8[I]. p: values in the order of ``SEARCH_NAMES``.
    """
    draws = int(p[2])
    trying = seekers(keys, ids, table, p)
    out = np.zeros(trying.size, PROJECT)
    place = np.zeros(3)
    found = 0
    for i in trying:
        f = table[i]
        if f.projects >= MOST_PROJECTS:
            continue
        who, club = ids[i], f.cluster
        best = 0.0
        partner = -1
        kind = 0
        for d in range(draws):
            pick = bits64(keys[_PARTNER], who, d)
            j = -1
            if club > 0 and uniform(keys[_SOURCE], who, d) < p[3] * f.broker:
                j = draw_partner(club_ring, club_start, club, pick)
            else:
                c = first_above(reach[f.zone], uniform(keys[_SOURCE], who, d + 64))
                if c < reach.shape[1]:
                    j = draw_partner(cell_ring, cell_start, c, pick)
            if j < 0 or j == i:
                continue
            g = table[j]
            if g.projects >= MOST_PROJECTS or g.will <= LEAST_WILL:
                continue
            if uniform(keys[_ACCEPT], who, d) >= g.will:
                continue
            trust = 1.0 + p[5] * strength(ties, who, ids[j])
            apart = distance(f, np.float64(g.position0), np.float64(g.position1), np.float64(g.position2))
            score = inverted_u(apart) * (0.3 + g.capacity) * (0.5 + time_fade[f.zone, g.zone]) * trust
            if club > 0 and g.cluster == club:
                score *= 1.0 + max(club_pull[club, f.industry], club_pull[club, g.industry])
            if score > best:
                best = score
                partner = j
                kind = 0
        if club > 0 and uniform(keys[_SOURCE], who, 200) < clubs[club, 0] * f.broker:
            for m in range(institute_place.shape[0]):
                apart = distance(f, institute_place[m, 0], institute_place[m, 1], institute_place[m, 2])
                score = inverted_u(apart) * (0.3 + institute_skill[m])
                if score > best:
                    best = score
                    kind = INSTITUTE
                    place[:] = institute_place[m]
        if club > 0 and uniform(keys[_SOURCE], who, 201) < clubs[club, 1] * f.broker:
            angle = 6.283185307179586 * uniform(keys[_SOURCE], who, 202)
            height = 2.0 * uniform(keys[_SOURCE], who, 203) - 1.0
            radius = 0.5 + uniform(keys[_SOURCE], who, 204)
            flat = math.sqrt(1.0 - height * height)
            score = inverted_u(radius) * 0.9 * 0.55
            if score > best:
                best = score
                kind = ABROAD
                place[0] = f.position0 + radius * flat * math.cos(angle)
                place[1] = f.position1 + radius * flat * math.sin(angle)
                place[2] = f.position2 + radius * height
        if best <= p[4] or uniform(keys[_START], who) >= best:
            continue
        project = out[found]
        project.first, project.second = who, kind
        project.score, project.end = best, end
        f.projects += 1
        if club > 0:
            project.bonus = clubs[club, 2]
        if kind == 0:
            project.second = ids[partner]
            table[partner].projects += 1
        else:
            project.x, project.y, project.z = place[0], place[1], place[2]
        found += 1
    return out[:found]


@njit(cache=True, error_model="numpy")
def _joined(projects, more):
    """Return two tables of projects as one, PROJECT[M]."""
    out = np.empty(projects.size + more.size, PROJECT)
    out[: projects.size] = projects
    out[projects.size :] = more
    return out


@njit(cache=True, error_model="numpy")
def _part(projects, quarter):
    """Part the projects PROJECT[M] in those that end this quarter and those that go on.

    Returns both and the permanent ids of the firms in those that end i8[K], rising; a firm in two is there twice.
    """
    over, on, firms = np.empty_like(projects), np.empty_like(projects), np.empty(2 * projects.size, np.int64)
    ended, going, count = 0, 0, 0
    for project in projects:
        if project.end != quarter:
            on[going] = project
            going += 1
            continue
        over[ended] = project
        ended += 1
        firms[count] = project.first
        count += 1
        if project.second >= 0:
            firms[count] = project.second
            count += 1
    return over[:ended], on[:going], np.sort(firms[:count])


@njit(cache=True, error_model="numpy")
def finish(quarter, keys, ids, table, ties, projects, pool, industries, p):
    """Finish the projects that end this quarter; firms change in place.

    Returns how many succeeded f8[cells], the projects that go on PROJECT[M] and the links, with new ones.
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
    over, projects, firms = _part(projects, quarter)
    ties = with_room(ties, firms)
    for project in over:
        first, second = project.first, project.second
        i = row_of(ids, first)
        j = row_of(ids, second) if second >= 0 else -1
        for row in (i, j):
            if row >= 0:
                table[row].projects -= 1
        if i < 0 or (j < 0 and second >= 0):
            continue
        luck = min(1.0, (success + project.bonus) * min(1.0, 0.5 + 0.5 * project.score))
        if uniform(keys[_FINISH], first, second % 1048573) >= luck:
            continue
        for turn in range(2):
            row = i if turn == 0 else j
            if row < 0:
                continue
            f = table[row]
            c = f.zone * industries + f.industry
            mass = p[12] + (1.0 - p[12]) * pool[c, 2]
            fit = project.score * (0.4 + f.capacity) / REFERENCE_FIT
            gain = min(cap, worth * fit * mass / (1.0 + f.done / p[13]) / (4.0 * f.output))
            if uniform(keys[_KIND], first, 0) < product:
                f.appeal += gain
            else:
                f.productivity = min(f.productivity + gain, 2.0)
            f.emissions *= math.exp(-p[19] * gain)
            f.innovated = quarter
            if f.done < 255:
                f.done += 1
            f.capacity += p[16] * (1.0 - f.capacity)
            f.will = min(1.0, f.will + p[17])
            finished[c] += 0.5 if j >= 0 else 1.0
        if p[14] > 0.0:
            if j >= 0:
                meet(table[i], table[j], p[15])
            else:
                learn(table[i], project.x, project.y, project.z, p[15])
        if j >= 0:
            strengthen(ties, first, second, p[18])
            strengthen(ties, second, first, p[18])
    return finished, projects, ties


@njit(cache=True, error_model="numpy")
def learn(f, x, y, z, share):
    """Move a firm's knowledge towards a place, in place."""
    f.position0 += share * (x - f.position0)
    f.position1 += share * (y - f.position1)
    f.position2 += share * (z - f.position2)


@njit(cache=True, error_model="numpy")
def meet(f, g, share):
    """Move two firms' knowledge towards each other, in place."""
    x, y, z = np.float64(f.position0), np.float64(f.position1), np.float64(f.position2)
    learn(f, np.float64(g.position0), np.float64(g.position1), np.float64(g.position2), share)
    learn(g, x, y, z, share)
