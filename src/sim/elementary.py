"""Exponentials and logarithms of the kernels: the same bits on every machine, and several numbers at a time.

Those of the system's library differ between machines and are called for one number at a time. These are plain
arithmetic, so a loop over a block of numbers becomes vector instructions. Both are within one unit in the last
place of the true value (``tests/unit/test_elementary.py``).
"""

from __future__ import annotations

import numpy as np
from numba import njit

_LOG2_E = 1.4426950408889634
#: ln 2 in two parts: the first is exact when multiplied by a small whole number.
_LN2, _LN2_REST = 6.93147180369123816490e-01, 1.90821492927058770002e-10
#: Adding this leaves a whole number in the last bits of a float.
_WHOLE = 6755399441055744.0
#: Numbers with these bits are 2**52 plus what stands in the last bits.
_COUNT, _COUNT_AND_BIAS = np.uint64(0x4330000000000000), 4503599627370496.0 + 1023.0
_EXPONENT_AT, _FRACTION, _ONE = np.uint64(52), np.uint64(0x000FFFFFFFFFFFFF), np.uint64(0x3FF0000000000000)
_ROOT_2 = 1.4142135623730951


@njit(cache=True, error_model="numpy")
def exp(x):
    """Return e**x; x is held within -700 and 700."""
    x = min(max(x, -700.0), 700.0)
    shifted = x * _LOG2_E + _WHOLE
    whole = shifted - _WHOLE
    r = (x - whole * _LN2) - whole * _LN2_REST
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5040.0))
    high = (1.0 / 40320.0 + r * (1.0 / 362880.0)) + r2 * (1.0 / 3628800.0 + r * (1.0 / 39916800.0))
    high += r4 * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0))
    power = 1.0 + (r + r2 * ((0.5 + r * (1.0 / 6.0)) + r2 * (low + r4 * high)))
    bits = np.float64(power).view(np.uint64) + (np.float64(shifted).view(np.uint64) << _EXPONENT_AT)
    return np.uint64(bits).view(np.float64)


@njit(cache=True, error_model="numpy")
def log(x):
    """Return the natural logarithm of a positive number that is neither infinite nor below 1e-307.

    Other numbers are not looked for: nan, zero, infinity and negative numbers give some finite number.
    """
    bits = np.float64(x).view(np.uint64)
    exponent = np.uint64((bits >> _EXPONENT_AT) | _COUNT).view(np.float64) - _COUNT_AND_BIAS
    m = np.uint64((bits & _FRACTION) | _ONE).view(np.float64)
    above = m > _ROOT_2
    m = 0.5 * m if above else m
    exponent = exponent + 1.0 if above else exponent
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    even = w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    rest = odd + z * (6.666666666666735130e-01 + even)
    half = 0.5 * f * f
    return exponent * _LN2 - ((half - (s * (half + rest) + exponent * _LN2_REST)) - f)
