"""R&D as a decision, own innovation, imitation and decay: what one firm does. ODD sections 7.2 to 7.4."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.model.shapes import hill
from sim.random_numbers import decision_index, normal, uniform

RESEARCH_NAMES = ("research_stop", "research_start_funded", "research_adjustment", "user_cost_elasticity",
                  "tax_credit", "tax_credit_takeup", "shrinkage")  # fmt: skip
NAMES = ("M1", "M5", "M9", "innovation_rate", "innovation_step", "innovation_size", "innovation_cap",
         "product_share", "productivity_reversion", "productivity_noise", "appeal_decay", "imitation", "spillover",
         "related_variety", "rivalry", "grant_productivity", "shrinkage", "gain_cap", "green_gain",
         "position_drift", "willingness_reversion")  # fmt: skip
_START, _STOP = decision_index("research.start"), decision_index("research.stop")
_SUCCESS, _STEP = decision_index("innovation.success"), decision_index("innovation.step")
_KIND = decision_index("innovation.kind")
NOISE, DRIFT = decision_index("productivity.noise"), decision_index("position.drift")
#: R&D intensity that gives effort 1.
_PER_EFFORT = 1.0 / 0.03


@njit(cache=True, error_model="numpy")
def luck_of_research(keys):
    """Return the keys of ``decide_research``: start, stop. Arrays handed to a function in a loop cost a lock."""
    return keys[_START], keys[_STOP]


@njit(cache=True, error_model="numpy")
def luck_of_innovation(keys):
    """Return the keys of ``innovate``: success, step, kind."""
    return keys[_SUCCESS], keys[_STEP], keys[_KIND]


@njit(cache=True, error_model="numpy")
def wanted_research(credit, base_credit, p):
    """Return how much R&D performers want relative to their own level; p in the order of ``RESEARCH_NAMES``.

    Args:
        credit, base_credit: tax credit rate now and in the baseline, share of approved R&D.
    """
    cost = (1.0 - p[5] * credit) / (1.0 - p[5] * base_credit)
    return cost ** (-p[3])


@njit(cache=True, error_model="numpy")
def decide_research(f, who, quarter, luck, level, share, wanted, p):
    """Let a firm decide its R&D, in place: once a year, in the quarter its id gives.

    Performers move towards their own level scaled by the user cost; some stop. Others start with odds
    that keep the share of performers steady, raised when the firm got public R&D money in the last year.

    Args:
        luck: keys of start and stop. level: R&D intensity of performers; share: share of performers, firms with >= 10.
        p: values in the order of ``RESEARCH_NAMES``.
    """
    stop = p[0]
    if f.research > 0.0:
        if uniform(luck[1], who) < stop:
            f.research = 0.0
        else:
            f.research += p[2] * (f.research_own * wanted - f.research)
        return
    performers = min(0.9, share * min(1.0, math.sqrt(f.jobs / 30.0)) * (0.5 + f.capacity))
    start = stop * performers / (1.0 - performers)
    if quarter - f.funded <= 4:
        start *= 1.0 + p[1] * p[6]
    if uniform(luck[0], who) < start:
        if f.research_own <= 0.0:
            f.research_own = level
        f.research = f.research_own * (0.5 + 0.5 * wanted)


@njit(cache=True, error_model="numpy")
def log_pull(f, log_jobs, own_pool, related_pool, rivals, behind, p):
    """Return the log of what size, pools and rivals do to a firm's innovation hazard.

    Args:
        own_pool, related_pool, rivals: pool terms of the firm's cell. behind: 1 when the firm is behind, else 0.
        p: values in the order of ``NAMES``.
    """
    capacity = np.float64(f.capacity)
    exponent = p[0] * p[12] * capacity * own_pool + p[2] * p[13] * capacity * related_pool
    exponent += p[1] * p[14] * rivals * behind
    return p[5] * log_jobs + exponent


@njit(cache=True, error_model="numpy", inline="always")
def innovate(f, who, quarter, luck, pull, noise, mean, start_mean, p):
    """Draw a firm's innovation, apply innovation money, imitate and decay, in place; tell whether it innovated.

    Money: a firm's gain from ``funding`` (MNOK, additional and weighted by the size of the payment) is
    shrinkage x productivity of money x money / yearly value added, at most ``gain_cap``.

    Args:
        luck: keys of success, step and kind. pull: exp of ``log_pull``; noise: standard normal number.
        mean, start_mean: mean log productivity of the industry now and at the start.
        p: values in the order of ``NAMES``.
    """
    product, green = p[7], p[18]
    capacity = np.float64(f.capacity)
    effort = 0.4 + math.sqrt(min(f.research * _PER_EFFORT, 6.0))
    hazard = min(p[6], p[3] * (0.4 + capacity) * effort * pull)
    to_appeal = 0.0
    to_productivity = 0.0
    innovates = uniform(luck[0], who) < hazard
    if innovates:
        step = -p[4] * math.log(uniform(luck[1], who))
        if uniform(luck[2], who) < product:
            to_appeal = step
        else:
            to_productivity = step
        f.innovated = quarter
        f.emissions *= math.exp(-green * step)
    if f.funding > 0.0:
        gain = min(p[17], p[15] * p[16] * f.funding / (4.0 * f.output))
        to_appeal += product * gain
        to_productivity += (1.0 - product) * gain
        f.emissions *= math.exp(-green * gain)
        f.funding = 0.0
    a = f.productivity
    lag = max(mean - a, 0.0)
    a = (1.0 - p[8]) * (a - start_mean) + start_mean + p[9] * noise
    f.productivity = min(max(a + p[11] * capacity * lag + to_productivity, -2.0), 2.0)
    f.appeal = (1.0 - p[10]) * f.appeal + to_appeal
    return innovates


@njit(cache=True, error_model="numpy")
def wander(f, who, key, p):
    """Let a firm's knowledge drift for a year, in place; p in the order of ``NAMES``."""
    drift = 2.0 * p[19]  # four quarters of independent steps
    f.position0 += drift * normal(key, who, 0)
    f.position1 += drift * normal(key, who, 1)
    f.position2 += drift * normal(key, who, 2)


@njit(cache=True, error_model="numpy")
def size_of_payment(money, half):
    """Return how much a payment of this size can do, 0-1: half of it at ``half`` MNOK, steep below."""
    return hill(money, half, 2.0)
