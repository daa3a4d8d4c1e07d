"""This is the place where people are drawn who differ by degrees only, with the same averages, spreads and relations as those of a panel, so that it can be told whether a
panel's groups lie further apart than such people would.

The picture of no groups is one cloud (Liu, Hayes, Nobel and Marron, J Am Stat Assoc 2008;103:1281-1293; from memory): numbers are normal, and yes or no is a normal number
above a threshold, so that diagnoses that go together make no groups by themselves. What isn't known of a person isn't known of their double either.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

_MOST = 0.97
"""The closest that two features are taken to go together."""
_NORMAL = NormalDist()


def doubles(rng: np.random.Generator, table: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """As many people as the table has (rows; NaN not known), drawn from one cloud. `flags`: which columns are yes or no."""
    middle, spread, shares = _levels(table)
    related = _related(table, middle, spread, np.where(flags, _factor(shares), 1.0))
    roots, ways = np.linalg.eigh(related)
    shape = ways * np.sqrt(np.clip(roots, 0, None))
    drawn = rng.normal(size=table.shape) @ shape.T
    drawn /= np.sqrt(np.maximum((shape**2).sum(axis=1), 1e-12))
    limits = np.array([_NORMAL.inv_cdf(min(max(1 - share, 1e-6), 1 - 1e-6)) for share in shares])
    found = np.where(flags, (drawn > limits).astype(float), middle + spread * drawn)
    return np.where(np.isfinite(table), found, np.nan)


def _levels(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each column the mean, the spread, and the mean within 0 and 1; 0 where nothing is known."""
    known = np.isfinite(table)
    count = np.maximum(known.sum(axis=0), 1)
    middle = np.where(known, table, 0).sum(axis=0) / count
    spread = np.sqrt(np.where(known, (np.nan_to_num(table) - middle) ** 2, 0).sum(axis=0) / count)
    return middle, spread, np.clip(middle, 0, 1)


def _related(table: np.ndarray, middle: np.ndarray, spread: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """How features go together, of those of whom both are known. `factor` undoes what is lost where only yes or no of a number is known."""
    known = np.isfinite(table)
    scaled = np.where(known, (np.nan_to_num(table) - middle) / np.maximum(spread, 1e-12), 0)
    both = known.astype(float).T @ known.astype(float)
    found = np.where(both > 1, scaled.T @ scaled / np.maximum(both, 1), 0.0) * np.outer(factor, factor)
    found = np.clip(found, -_MOST, _MOST)
    np.fill_diagonal(found, 1.0)
    return found


def _factor(shares: np.ndarray) -> np.ndarray:
    """Of a yes or no with this share of yes: the spread of the number behind it over what is seen (biserial correlation)."""
    found = np.ones_like(shares)
    for at, share in enumerate(shares):
        if 0.01 < share < 0.99:
            found[at] = (share * (1 - share)) ** 0.5 / _NORMAL.pdf(_NORMAL.inv_cdf(share))
    return found
