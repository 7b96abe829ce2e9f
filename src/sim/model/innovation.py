"""R&D as a decision, own innovation, imitation and decay. ODD section 5.2."""

from __future__ import annotations

import math

from numba import njit

from sim.model.shapes import hill
from sim.random_numbers import normal, uniform

RESEARCH_NAMES = ("research_stop", "research_start_funded", "research_adjustment", "user_cost_elasticity",
                  "tax_credit", "tax_credit_takeup", "shrinkage")  # fmt: skip
NAMES = ("M1", "M5", "M9", "innovation_rate", "innovation_step", "innovation_size", "innovation_cap",
         "product_share", "productivity_reversion", "productivity_noise", "appeal_decay", "imitation", "spillover",
         "related_variety", "rivalry", "grant_productivity", "shrinkage", "gain_cap", "green_gain",
         "position_drift")  # fmt: skip


@njit(cache=True)
def decide_research(quarter, start_key, stop_key, credit, base_credit, level, share, ids, industry, jobs, capacity,
                    funded, research, research_own, p):  # fmt: skip
    """Let each firm decide its R&D once a year, in place; the quarter depends on its id.

    Performers move towards their own level scaled by the user cost; some stop. Others start with odds
    that keep the share of performers steady, raised when the firm got public R&D money in the last year.

    Args:
        credit, base_credit: tax credit rate now and in the baseline, share of approved R&D.
        level: f8[S] R&D intensity of performers; share: f8[S] share of performers, firms with >= 10.
        p: values in the order of ``RESEARCH_NAMES``.
    """
    stop, uplift, adjustment, elasticity, takeup = p[0], p[1] * p[6], p[2], p[3], p[5]
    cost = (1.0 - takeup * credit) / (1.0 - takeup * base_credit)
    wanted = cost ** (-elasticity)
    for i in range(ids.size):
        if (ids[i] + quarter) % 4 != 0:
            continue
        s = industry[i]
        if research[i] > 0.0:
            if uniform(stop_key, ids[i]) < stop:
                research[i] = 0.0
            else:
                research[i] += adjustment * (research_own[i] * wanted - research[i])
            continue
        performers = min(0.9, share[s] * min(1.0, math.sqrt(jobs[i] / 30.0)) * (0.5 + capacity[i]))
        start = stop * performers / (1.0 - performers)
        if quarter - funded[i] <= 4:
            start *= 1.0 + uplift
        u = uniform(start_key, ids[i])
        if u < start:
            if research_own[i] <= 0.0:
                research_own[i] = level[s]
            research[i] = research_own[i] * (0.5 + 0.5 * wanted)


@njit(cache=True)
def innovate(quarter, keys, ids, industry, zone, jobs, productivity, appeal, capacity, research, emissions, output,
             funding, innovated, position0, position1, position2, pool, mean, start_mean, unit_cost, counts,
             p):  # fmt: skip
    """Draw innovations, apply innovation money, imitate, decay and drift, all in place.

    Money: a firm's gain from ``funding`` (MNOK, additional and weighted by the size of the payment) is
    shrinkage x productivity of money x money / yearly value added, at most ``gain_cap``.

    Args:
        keys: u8[5] success, step, kind, noise, drift.
        pool: f8[cells, 8]; mean, start_mean: f8[S] mean log productivity now and at the start.
        unit_cost: f8[cells]; counts: f8[cells] innovations of the quarter, added to.
        p: values in the order of ``NAMES``.
    """
    m1, m5, m9 = p[0], p[1], p[2]
    rate, mean_step, size, cap, product = p[3], p[4], p[5], p[6], p[7]
    reversion, noise, decay, imitation = p[8], p[9], p[10], p[11]
    own, related, rivalry = p[12], p[13], p[14]
    money, gain_cap, green, drift = p[15] * p[16], p[17], p[18], p[19]
    industries = mean.size
    for i in range(ids.size):
        s = industry[i]
        c = zone[i] * industries + s
        who = ids[i]
        exponent = m1 * own * capacity[i] * pool[c, 0] + m9 * related * capacity[i] * pool[c, 1]
        if m5 > 0.0 and productivity[i] - start_mean[s] - unit_cost[c] < 0.0:
            exponent += rivalry * pool[c, 3]
        effort = 0.4 + math.sqrt(min(research[i] / 0.03, 6.0))
        hazard = min(cap, rate * jobs[i] ** size * (0.4 + capacity[i]) * effort * math.exp(exponent))
        to_appeal = 0.0
        to_productivity = 0.0
        if uniform(keys[0], who) < hazard:
            step = -mean_step * math.log(uniform(keys[1], who))
            if uniform(keys[2], who) < product:
                to_appeal = step
            else:
                to_productivity = step
            innovated[i] = quarter
            counts[c] += 1.0
            emissions[i] *= math.exp(-green * step)
        if funding[i] > 0.0:
            gain = min(gain_cap, money * funding[i] / (4.0 * output[i]))
            to_appeal += product * gain
            to_productivity += (1.0 - product) * gain
            emissions[i] *= math.exp(-green * gain)
            funding[i] = 0.0
        a = productivity[i]
        lag = max(mean[s] - a, 0.0)
        a = (1.0 - reversion) * (a - start_mean[s]) + start_mean[s] + noise * normal(keys[3], who)
        productivity[i] = min(max(a + imitation * capacity[i] * lag + to_productivity, -2.0), 2.0)
        appeal[i] = (1.0 - decay) * appeal[i] + to_appeal
        position0[i] += drift * normal(keys[4], who, 0)
        position1[i] += drift * normal(keys[4], who, 1)
        position2[i] += drift * normal(keys[4], who, 2)


@njit(cache=True)
def size_of_payment(money, half):
    """Return how much a payment of this size can do, 0-1: half of it at ``half`` MNOK, steep below."""
    return hill(money, half, 2.0)
