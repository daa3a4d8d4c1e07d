"""This is the place where pictures that are no photo of skin are made: seeded, all our own, to see that a check says nothing about them.

`frozen` is the set a check is judged by and nothing is set on; `tuning` is for whoever sets a limit: other seeds, and only every other family, so that
the frozen set always holds kinds of pictures that no limit has seen. numpy and Pillow only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from models.training import stranger_drawings as drawn
from models.training import stranger_surfaces as surfaces

Maker = Callable[[np.random.Generator, int, int], np.ndarray]
"""(random, height, width) -> uint8 (height, width, 3)."""

FAMILIES: Mapping[str, Maker] = MappingProxyType({
    "document": drawn.document,
    "noise": surfaces.noise,
    "cartoon_face": drawn.cartoon_face,
    "gradient": surfaces.gradient,
    "screenshot": drawn.screenshot,
    "fabric": surfaces.fabric,
    "chart": drawn.chart,
    "fur": surfaces.fur,
    "food": drawn.food,
    "wood": surfaces.wood,
    "landscape": drawn.landscape,
    "wall": surfaces.wall,
    "flower": drawn.flower,
    "checkerboard": surfaces.checkerboard,
    "barcode": drawn.barcode,
    "leaves": surfaces.leaves,
    "street": drawn.street,
    "brick": surfaces.brick,
    "button_on_cloth": drawn.button_on_cloth,
    "gravel": surfaces.gravel,
    "x_ray": drawn.x_ray,
    "dermoscopy": surfaces.dermoscopy,
    "stain_on_paper": drawn.stain_on_paper,
    "night": surfaces.night,
    "blank": surfaces.blank,
    "portrait": drawn.portrait,
})  # fmt: skip

FROZEN_SEED = 20261127
TUNING_FAMILIES = tuple(FAMILIES)[::2]
"""The families a limit may be set on; the others are met for the first time by the frozen set."""
_SIDES = (256, 300, 384, 448, 512)


@dataclass(frozen=True, slots=True)
class Stranger:
    """A picture that a check must say nothing about: uint8 (height, width, 3)."""

    family: str
    number: int
    pixels: np.ndarray


def frozen(each: int = 20) -> Iterator[Stranger]:
    """The set that a check is judged by: every family."""
    yield from _made(tuple(FAMILIES), each, FROZEN_SEED)


def tuning(each: int = 40, seed: int = 7) -> Iterator[Stranger]:
    """Pictures to set a limit on: other seeds, TUNING_FAMILIES only."""
    if seed == FROZEN_SEED:
        raise ValueError("the frozen set is not for setting limits")
    yield from _made(TUNING_FAMILIES, each, seed)


def _made(families: tuple[str, ...], each: int, seed: int) -> Iterator[Stranger]:
    for family in families:
        for number in range(each):
            random = np.random.default_rng([seed, tuple(FAMILIES).index(family), number])
            height, width = (int(side) for side in random.choice(_SIDES, 2))
            yield Stranger(family, number, FAMILIES[family](random, height, width))
