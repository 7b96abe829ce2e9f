"""R&D as a decision, own innovation, imitation and decay: what one firm does. ODD sections 7.2 to 7.4."""

from __future__ import annotations

import math

from numba import njit

from sim.elementary import exp
from sim.model.shapes import hill
from sim.random_numbers import decision_index, uniform

RESEARCH_NAMES = ("research_stop", "research_start_funded", "research_adjustment", "user_cost_elasticity",
                  "tax_credit", "tax_credit_takeup", "shrinkage")  # fmt: skip
NAMES = ("M1", "M5", "M9", "innovation_rate", "innovation_step", "innovation_size", "innovation_cap",
         "product_share", "productivity_reversion", "productivity_noise", "appeal_decay", "imitation", "spillover",
         "related_variety", "rivalry", "grant_productivity", "shrinkage", "gain_cap", "green_gain",
         "position_drift", "willingness_reversion")  # fmt: skip
#: Decisions: places of their keys.
RESEARCH_START, RESEARCH_STOP = decision_index("research.start"), decision_index("research.stop")
SUCCESS, STEP, KIND = map(decision_index, ("innovation.success", "innovation.step", "innovation.kind"))
NOISE, POSITION_DRIFT = decision_index("productivity.noise"), decision_index("position.drift")
#: R&D intensity that gives effort 1.
_PER_EFFORT = 1.0 / 0.03


@njit(cache=True, error_model="numpy")
def wanted_research(credit, base_credit, p):
    """Return how much R&D performers want relative to their own level; p in the order of ``RESEARCH_NAMES``.

    Args:
        credit, base_credit: tax credit rate now and in the baseline, share of approved R&D.
    """
    cost = (1.0 - p[5] * credit) / (1.0 - p[5] * base_credit)
    return cost ** (-p[3])


@njit(cache=True, error_model="numpy")
def decide_research(f, quarter, luck, level, share, wanted, p):
    """Let a firm decide its R&D, in place: once a year, in the quarter its id gives.

    Performers move towards their own level scaled by the user cost; some stop. Others start with odds
    that keep the share of performers steady, raised when the firm got public R&D money in the last year.

    Args:
        luck: uniform number, of stopping for performers and of starting for others.
        level: R&D intensity of performers; share: share of performers, firms with >= 10.
        p: values in the order of ``RESEARCH_NAMES``.
    """
    stop = p[0]
    if f.research > 0.0:
        if luck < stop:
            f.research = 0.0
        else:
            f.research += p[2] * (f.research_own * wanted - f.research)
        return
    performers = min(0.9, share * min(1.0, math.sqrt(f.jobs / 30.0)) * (0.5 + f.capacity))
    start = stop * performers / (1.0 - performers)
    if quarter - f.funded <= 4:
        start *= 1.0 + p[1] * p[6]
    if luck < start:
        if f.research_own <= 0.0:
            f.research_own = level
        f.research = f.research_own * (0.5 + 0.5 * wanted)


@njit(cache=True, error_model="numpy")
def lift(own_pool, related_pool, p):
    """Return what pools add to the log of the innovation hazard of a firm with capacity 1; p: ``NAMES``."""
    return p[0] * p[12] * own_pool + p[2] * p[13] * related_pool


@njit(cache=True, error_model="numpy")
def rivalry(rivals, p):
    """Return what rivals add to the log of the innovation hazard of a firm that is behind; p: ``NAMES``."""
    return p[1] * p[14] * rivals


@njit(cache=True, error_model="numpy")
def hazard(log_jobs, capacity, research, edge, lift, rivalry, p):
    """Return the chance that a firm innovates this quarter.

    Args:
        research: R&D intensity. edge: log productivity less unit cost, below 0 when the firm is behind.
        lift, rivalry: of the firm's cell. p: values in the order of ``NAMES``.
    """
    effort = 0.4 + math.sqrt(min(research * _PER_EFFORT, 6.0))
    pull = exp(p[5] * log_jobs + capacity * lift + (rivalry if edge < 0.0 else 0.0))
    return min(p[6], p[3] * (0.4 + capacity) * effort * pull)


@njit(cache=True, error_model="numpy")
def innovate(f, who, quarter, keys, p):
    """Let a firm innovate, in place; return what it adds to log appeal and to log productivity.

    Args:
        keys: u8[D] of the quarter; p: values in the order of ``NAMES``.
    """
    step = -p[4] * math.log(uniform(keys[STEP], who))
    f.innovated = quarter
    f.emissions *= math.exp(-p[18] * step)
    if uniform(keys[KIND], who) < p[7]:
        return step, 0.0
    return 0.0, step


@njit(cache=True, error_model="numpy")
def use_funding(f, p):
    """Let a firm use its innovation money, in place; return what it adds to log appeal and to log productivity.

    A firm's gain from ``funding`` (MNOK, additional and weighted by the size of the payment) is shrinkage x
    productivity of money x money / yearly value added, at most ``gain_cap``; p: values in the order of ``NAMES``.
    """
    product = p[7]
    gain = min(p[17], p[15] * p[16] * f.funding / (4.0 * f.output))
    f.emissions *= math.exp(-p[18] * gain)
    f.funding = 0.0
    return product * gain, (1.0 - product) * gain


@njit(cache=True, error_model="numpy")
def next_productivity(now, capacity, start_mean, mean, noise, gain, p):
    """Return a firm's log productivity after reversion, luck, imitation and innovation.

    Args:
        start_mean, mean: mean of the industry at the start and now; noise: standard normal number;
        gain: from innovation. p: values in the order of ``NAMES``.
    """
    lag = max(mean - now, 0.0)
    reverted = (1.0 - p[8]) * (now - start_mean) + start_mean + p[9] * noise
    return min(max(reverted + p[11] * capacity * lag + gain, -2.0), 2.0)


@njit(cache=True, error_model="numpy")
def next_appeal(now, gain, p):
    """Return a firm's log appeal after decay and innovation; p in the order of ``NAMES``."""
    return (1.0 - p[10]) * now + gain


@njit(cache=True, error_model="numpy")
def next_will(now, own, p):
    """Return a firm's willingness after a quarter's return towards its own level; p in the order of ``NAMES``."""
    return now + p[20] * (own - now)


@njit(cache=True, error_model="numpy")
def yearly_drift(p):
    """Return how far knowledge drifts in a year: four quarters of independent steps; p in the order of ``NAMES``."""
    return 2.0 * p[19]


@njit(cache=True, error_model="numpy")
def size_of_payment(money, half):
    """Return how much a payment of this size can do, 0-1: half of it at ``half`` MNOK, steep below."""
    return hill(money, half, 2.0)
