"""This is the place where shaded bodies in the colours of skin are drawn, with patches of other colours on them: dolls, clay, faces, fruit. None is a wound.

A patch of red on something skin-coloured is what a wound looks like to a network that never saw anything else; a limit learns from these what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.training.stranger_surfaces import ANY, clouds, colour, seen

_SIDE = 288
_TONES = ((236, 192, 166), (214, 164, 134), (186, 138, 108), (150, 104, 78), (112, 76, 56), (84, 56, 42))
_PATCHES = (
    (165, 70, 70),
    (190, 40, 50),
    (120, 50, 45),
    (235, 230, 225),
    (60, 42, 30),
    (25, 22, 22),
    (205, 120, 115),
    (240, 215, 90),
)


def drawn(count: int = 160, seed: int = 12) -> Iterator[np.ndarray]:
    """uint8 (288, 288, 3) pictures: one to three round bodies, lit from somewhere, on a plain or cloudy ground, each with up to nine soft patches."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[-1 : 1 : _SIDE * 1j, -1 : 1 : _SIDE * 1j]
    for _ in range(count):
        values = np.zeros((_SIDE, _SIDE, 3)) + colour(random, ANY)
        values += (clouds(random, _SIDE, _SIDE, 6) * random.uniform(0, 14))[..., None]
        for _ in range(random.integers(1, 4)):
            values = _with_body(random, values, x, y)
        grain = random.normal(0, random.uniform(1, 5), (_SIDE, _SIDE, 1))
        yield seen(values + grain + (clouds(random, _SIDE, _SIDE, 3) * random.uniform(0, 4))[..., None])


def _with_body(random: np.random.Generator, values: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Another body laid on what is there, in front of a darker rim now and then (hair, a hood, a shadow)."""
    middle, reach = random.uniform(-0.4, 0.4, 2), random.uniform(0.45, 1.1)
    angle, squeezed = random.uniform(-np.pi, np.pi), random.uniform(0.65, 1.0)
    along = (np.cos(angle) * (x - middle[0]) + np.sin(angle) * (y - middle[1])) / reach
    across = (np.cos(angle) * (y - middle[1]) - np.sin(angle) * (x - middle[0])) / (reach * squeezed)
    radius = np.hypot(along, across)
    if random.random() < 0.5:
        values = _laid(
            values, np.array(colour(random, ((45, 32, 24), (20, 18, 18), (150, 110, 60), (120, 115, 110)), 8)), radius / 1.15, 30
        )
    lit = 1.05 - random.uniform(0.1, 0.4) * radius**2 + random.uniform(-0.2, 0.2) * along + random.uniform(-0.2, 0.2) * across
    values = _laid(values, np.array(colour(random, _TONES, 8)) * lit[..., None], radius, random.uniform(15, 40))
    for _ in range(random.integers(0, 10)):
        place, size = random.uniform(-0.65, 0.65, 2), random.uniform(0.05, 0.3)
        patch = np.hypot(along - place[0], (across - place[1]) / random.uniform(0.25, 1.0)) / size
        values = _laid(values, np.array(colour(random, _PATCHES, 12)), patch, random.uniform(4, 20))
    return values


def _laid(values: np.ndarray, tone: np.ndarray, radius: np.ndarray, edge: float) -> np.ndarray:
    """`tone` where `radius` is below 1, with a soft edge."""
    inside = 1 / (1 + np.exp(np.clip((radius - 1) * edge, -30, 30)))[..., None]
    mixed: np.ndarray = values * (1 - inside) + tone * inside
    return mixed
