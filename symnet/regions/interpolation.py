"""Values on segments between points where they are known, with bounds of their errors."""

from __future__ import annotations

import numpy as np

from symnet.exact.arrays import Floats, Words
from symnet.exact.rounding import unit_roundoff
from symnet.regions.words import unpack

# Squares below 2**-1000 may underflow; what that hides of a norm is less than this. In bounds by
# entries, in single precision, products below 2**-126 may.
FLOOR = 2.0**-480
ENTRY_FLOOR = 2.0**-100
# What the roundings in the computation of the bounds themselves may take away, in double and in
# single precision.
SLACK = 1 + 1e-9
ENTRY_SLACK = 1 + 2.0**-10


def norms(rows: Floats) -> Floats:
    """Return the rows' Euclidean norms as a column, plus FLOOR for what underflow hides."""
    result: Floats = np.vecdot(rows, rows)
    np.sqrt(result, out=result)
    result += FLOOR
    return result[:, None]


def spectral_bound(weight: Floats) -> float:
    """Return an upper bound of |W|_2: the 8th root of |(W^T W)^4|_F, at most n^(1/16) |W|_2.

    >>> 1 <= spectral_bound(np.eye(64)) < 1.31
    True
    """
    small = weight if weight.shape[0] >= weight.shape[1] else weight.T
    gram = small.T @ small
    gram = gram @ gram
    gram = gram @ gram
    bound = float(np.sqrt(np.vdot(gram, gram))) ** 0.125
    # entries are at most 1 in size, and rounding is far below one part in a million
    return bound * (1 + 1e-6) + FLOOR


def interpolate(
    zp: Floats, zq: Floats, ep: Floats, eq: Floats, t: Floats, dt: Floats
) -> tuple[Floats, Floats]:
    """Return z_p + t (z_q - z_p) and its error bound, for single values at the ends of segments.

    The bound is (1 - t + dt) E_p + (t + dt) E_q + |z_q - z_p| (dt + 2.1 u t) + 1.1 u |z|: at the
    exact place t* the errors at the ends enter with 1 - t* and t*.
    """
    u = unit_roundoff()
    step = zq - zp
    z = step * t
    z += zp
    error = ep * (1 - t + dt)
    error += eq * (t + dt)
    np.abs(step, out=step)
    step *= dt + 2.1 * u * t
    error += step
    error += 1.1 * u * np.abs(z)  # no number, if z is none
    error *= SLACK
    error += 2.0**-1000
    return z, error


def interpolate_rows(zp: Floats, zq: Floats, ep: Floats, eq: Floats, t: Floats, dt: Floats) -> None:
    """Replace rows z_q by z_p + t (z_q - z_p), and their bounds e_q, in norm or by entries as
    given.

    As in `interpolate`; the rows z_p and e_p are overwritten.
    """
    u = unit_roundoff()
    t, dt = t[:, None], dt[:, None]
    zq -= zp
    at_p, at_q = 1 - t + dt, t + dt
    if eq.shape[1] == 1:
        eq *= at_q
        eq += ep * at_p
        eq += norms(zq) * (dt + 2.1 * u * t)
        zq *= t
        zq += zp
        eq += norms(zq) * (1.1 * u)  # no number, or infinite, if some value is
        eq *= SLACK
        eq += FLOOR
        return
    ep *= at_p.astype(ep.dtype)
    eq *= at_q.astype(eq.dtype)
    eq += ep
    part = np.abs(zq, out=ep, casting="same_kind")
    part *= (dt + 2.1 * u * t).astype(np.float32)
    eq += part
    zq *= t
    zq += zp
    part = np.abs(zq, out=ep, casting="same_kind")
    part *= np.float32(1.2 * u)
    eq += part
    eq *= np.float32(ENTRY_SLACK)
    eq += np.float32(ENTRY_FLOOR)


def activate(z: Floats, error: Floats, active: Words, relu: int) -> None:
    """Replace values of units, of which the first so many are relu units, by their outputs.

    `active` are the words of the units whose outputs are not exactly zero; the others have outputs
    without errors.
    """
    if not relu:
        return
    flags = unpack(active, z.shape[1])
    z *= flags
    if error.shape[1] > 1:
        error *= flags
