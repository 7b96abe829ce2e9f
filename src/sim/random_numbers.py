"""The one source of chance: stateless draws keyed by (seed, decision, quarter, permanent id, lane).

A draw is a pure function of its key. Nothing depends on how many draws came before it, so a firm
meets the same luck in two scenarios even when other firms entered or left in one of them. Decisions
are *declared* by name in ``DECISIONS``; the key comes from the name, so moving code moves no result.

Generator: splitmix64 finaliser over a keyed counter; 53-bit uniforms in the open interval (0, 1);
normals by the inverse normal distribution function (monotone in the uniform). ODD section 4.
"""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

#: Every decision that uses chance, declared once. Names are permanent: they are part of the results.
DECISIONS = (
    "synthesis.size",
    "synthesis.owner",
    "firm.productivity",
    "firm.research",
    "firm.research_level",
    "firm.position",
    "firm.willingness",
    "firm.capacity",
    "firm.age",
    "firm.emissions",
    "firm.liquidity",
    "innovation.success",
    "innovation.step",
    "innovation.kind",
    "productivity.noise",
    "position.drift",
    "demand.jump",
    "demand.size",
    "research.start",
    "research.stop",
    "cooperation.attempt",
    "cooperation.source",
    "cooperation.partner",
    "cooperation.accept",
    "cooperation.start",
    "cooperation.finish",
    "cooperation.kind",
    "cooperation.institute",
    "exit.hazard",
    "exit.footloose",
    "entry.candidate",
    "entry.size",
    "entry.spinoff",
    "entry.parent",
    "cluster.join",
    "cluster.leave",
    "network.join",
    "grant.apply",
    "grant.additional",
    "attribution.order",
    "parameter.draw",
    "anchor.headquarters",
    "voucher.apply",
    "voucher.lottery",
    "skills.apply",
    "incubator.apply",
    "seed.apply",
    "purchase.apply",
    "green.apply",
    "attraction.prospect",
    "attraction.additional",
    "attraction.size",
    "attraction.industry",
)

_PLACES = {decision: place for place, decision in enumerate(DECISIONS)}
_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def _mix(value: int) -> int:
    """Return the splitmix64 finaliser of a 64-bit integer (pure Python)."""
    value = (value + _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


_DECISION_KEYS = {
    name: int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    for name in DECISIONS
}


@lru_cache(maxsize=8192)
def _under_seed(seed: int, decision: str) -> int:
    return _mix(_mix(seed & _MASK) ^ _DECISION_KEYS[decision])


def decision_key(seed: int, decision: str, quarter: int) -> np.uint64:
    """Return the 64-bit key of one decision in one quarter under one seed.

    Raises ``KeyError`` when the decision is not declared in ``DECISIONS``.
    """
    return np.uint64(_mix(_under_seed(seed, decision) ^ (quarter & _MASK)))


def decision_index(decision: str) -> int:
    """Return the place of a decision in ``DECISIONS``, which kernels pick their key by."""
    return _PLACES[decision]


def seed_keys(seed: int) -> NDArray[np.uint64]:
    """Return the keys of every decision under a seed u8[D], from which ``quarter_keys`` makes those of a quarter."""
    return np.array([_under_seed(seed, decision) for decision in DECISIONS], np.uint64)


@njit(cache=True, error_model="numpy")
def quarter_keys(base, quarter):
    """Return the keys of every decision in one quarter u8[D]; each equals ``decision_key``."""
    out = np.empty(base.size, np.uint64)
    for k in range(base.size):
        value = (base[k] ^ np.uint64(quarter)) + np.uint64(0x9E3779B97F4A7C15)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        out[k] = value ^ (value >> np.uint64(31))
    return out


def permanent_id(*parts: object, bits: int = 61) -> int:
    """Return a permanent id in [0, 2**bits): a hash of what the thing is, not of when it was made."""
    text = "\x1f".join(str(part) for part in parts)
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> (64 - bits)


@njit(cache=True, error_model="numpy")
def spread(identity):
    """Return an id spread over 64 bits; what every draw of a firm begins with."""
    return np.uint64(identity) * np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, error_model="numpy")
def mixed(key, spread_identity, lane):
    """Return 64 random bits for (key, lane) and an id that ``spread`` has spread."""
    value = np.uint64(key) + spread_identity
    value = value ^ (np.uint64(lane) * np.uint64(0xD1B54A32D192ED03))
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True, error_model="numpy")
def bits64(key, identity, lane):
    """Return 64 random bits for (key, id, lane)."""
    return mixed(key, spread(identity), lane)


#: The largest number below one; the topmost bits would be rounded up to one.
_BELOW_ONE = 1.0 - 2.0**-53


@njit(cache=True, error_model="numpy")
def unit(bits):
    """Return the number in the open interval (0, 1) that the upper 53 of 64 bits stand for.

    The halves become floats by what stands in the last bits of 2**84 and 2**52: no processor of today turns
    several 64-bit whole numbers into floats at once otherwise.
    """
    whole = np.uint64(bits) >> np.uint64(11)
    high = np.uint64((whole >> np.uint64(32)) | np.uint64(0x4530000000000000)).view(np.float64)
    low = np.uint64((whole & np.uint64(0xFFFFFFFF)) | np.uint64(0x4330000000000000)).view(np.float64)
    return min(((high - (2.0**84 + 2.0**52)) + low + 0.5) * (1.0 / 9007199254740992.0), _BELOW_ONE)


@njit(cache=True, error_model="numpy")
def uniform(key, identity, lane=0):
    """Return a uniform number in the open interval (0, 1) for (key, id, lane)."""
    return unit(bits64(key, identity, lane))


#: Probabilities on either side of which the quantile has another formula.
LOWEST, HIGHEST = 0.02425, 1.0 - 0.02425


@njit(cache=True, error_model="numpy")
def normal_quantile(p):
    """Return the standard normal quantile of p in (0, 1): Acklam's rational approximation.

    Relative error below 1.2e-9; monotone up to that error.
    """
    if p < LOWEST:
        r = math.sqrt(-2.0 * math.log(p))
        return _tail(r)
    if p > HIGHEST:
        r = math.sqrt(-2.0 * math.log(1.0 - p))
        return -_tail(r)
    return central_quantile(p)


@njit(cache=True, error_model="numpy")
def central_quantile(p):
    """Return the standard normal quantile of p between ``LOWEST`` and ``HIGHEST``."""
    q = p - 0.5
    r = q * q
    top = -3.969683028665376e01
    top = top * r + 2.209460984245205e02
    top = top * r - 2.759285104469687e02
    top = top * r + 1.383577518672690e02
    top = top * r - 3.066479806614716e01
    top = top * r + 2.506628277459239e00
    bottom = -5.447609879822406e01
    bottom = bottom * r + 1.615858368580409e02
    bottom = bottom * r - 1.556989798598866e02
    bottom = bottom * r + 6.680131188771972e01
    bottom = bottom * r - 1.328068155288572e01
    return top * q / (bottom * r + 1.0)


@njit(cache=True, error_model="numpy")
def _tail(r):
    top = -7.784894002430293e-03
    top = top * r - 3.223964580411365e-01
    top = top * r - 2.400758277161838e00
    top = top * r - 2.549732539343734e00
    top = top * r + 4.374664141464968e00
    top = top * r + 2.938163982698783e00
    bottom = 7.784695709041462e-03
    bottom = bottom * r + 3.224671290700398e-01
    bottom = bottom * r + 2.445134137142996e00
    bottom = bottom * r + 3.754408661907416e00
    return top / (bottom * r + 1.0)


@njit(cache=True, error_model="numpy")
def normal(key, identity, lane=0):
    """Return a standard normal number for (key, id, lane)."""
    return normal_quantile(uniform(key, identity, lane))


@njit(cache=True, error_model="numpy")
def uniforms(key, identities, lane=0):
    """Return uniforms f8[N] for an array of permanent ids i8[N]."""
    out = np.empty(identities.size)
    for i in range(identities.size):
        out[i] = uniform(key, identities[i], lane)
    return out


@njit(cache=True, error_model="numpy")
def normals(key, identities, lane=0):
    """Return standard normals f8[N] for an array of permanent ids i8[N]."""
    out = np.empty(identities.size)
    for i in range(identities.size):
        out[i] = normal(key, identities[i], lane)
    return out
