"""This is the place where the body is drawn, so that a spot can be placed on it by a tap or from a list, and found again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import MappingProxyType

import streamlit as st

from core.domain.checks import BODY_PLACES
from core.ui.icons import data_uri
from core.ui.tokens import COLOURS
from core.ui.words import Words

WIDTH, HEIGHT = 200, 420
VIEWS = ("front", "back")
KEY = "photo_map"
_COMPONENT = st.components.v2.component("healthboard_body", js=Path(__file__).with_name("body.js").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Region:
    """A part of the drawing: its place, its outline (an SVG shape without style), its middle in drawing units, and whether there are two of it."""

    place: str
    shape: str
    x: float
    y: float
    paired: bool = False

    def point(self, side: str) -> tuple[float, float]:
        """The middle, 0 to 1; `side` "left" or "right" of the drawing for a paired one."""
        return (1 - self.x / WIDTH if side == "right" else self.x / WIDTH), self.y / HEIGHT


@dataclass(frozen=True)
class Where:
    """A point on the drawing, and the place it belongs to; `x`, `y` 0 to 1."""

    place: str
    view: str
    x: float
    y: float


_LIMBS = (
    Region("arm", "<path d='M63 73c-9 2-14 8-15 17l-5 48 15 3 7-46z'/>", 54, 108, True),
    Region("forearm", "<path d='M43 140l15 3-7 52-12-3z'/>", 48, 168, True),
    Region("hand", "<ellipse cx='43' cy='209' rx='9' ry='15'/>", 43, 209, True),
    Region("thigh", "<path d='M71 193h27l-2 90H76z'/>", 85, 238, True),
    Region("leg", "<path d='M76 285h20l-3 84H80z'/>", 86, 326, True),
    Region("foot", "<ellipse cx='84' cy='382' rx='12' ry='10'/>", 84, 382, True),
)
_NECK = Region("neck", "<path d='M90 58h20v14H90z'/>", 100, 65)
_EAR = Region("ear", "<ellipse cx='79' cy='38' rx='4.5' ry='8'/>", 79, 38, True)
REGIONS: Mapping[str, tuple[Region, ...]] = MappingProxyType({
    "front": (
        Region("scalp", "<path d='M81 30C81 8 119 8 119 30 107 22 93 22 81 30z'/>", 100, 20),
        Region("face", "<path d='M82 31C93 24 107 24 118 31V42C118 54 108 61 100 61S82 54 82 42z'/>", 90, 36),
        _EAR,
        Region("nose", "<path d='M100 33l4.5 11h-9z'/>", 100, 40),
        Region("lip", "<ellipse cx='100' cy='51' rx='7' ry='3.2'/>", 100, 51),
        _NECK,
        Region("chest", "<path d='M65 73h70l-5 58H70z'/>", 100, 100),
        Region("abdomen", "<path d='M70 132h60l-1 59H71z'/>", 100, 160),
        *_LIMBS,
    ),
    "back": (
        Region("scalp", "<path d='M82 31C82 8 118 8 118 31V42C118 54 108 60 100 60S82 54 82 42z'/>", 100, 35),
        _EAR,
        _NECK,
        Region("back", "<path d='M65 73h70l-5 60-1 58H71l-1-58z'/>", 100, 120),
        *_LIMBS,
    ),
})  # fmt: skip
"""The drawing, later ones above earlier ones. A paired region is drawn twice, the second one mirrored."""


def choices(view: str) -> tuple[str, ...]:
    """Every place of one view as a code: "face", "arm.left" (left and right of the person)."""
    found: list[str] = []
    for region in REGIONS[view]:
        found += [f"{region.place}.{side}" for side in ("right", "left")] if region.paired else [region.place]
    return tuple(found)


def middle(view: str, code: str) -> Where:
    """Where a place of the list lies on the drawing. From the front, what is right of a person is on the left of the drawing."""
    place, _, side = code.partition(".")
    region = next(one for one in REGIONS[view] if one.place == place)
    drawn = {"": "", "right": "left", "left": "right"}[side] if view == "front" else side
    return Where(place, view, *region.point(drawn))


def code_of(where: Where) -> str:
    """The place in the list that a point of the drawing belongs to."""
    region = next((one for one in REGIONS[where.view] if one.place == where.place), None)
    if region is None or not region.paired:
        return where.place
    return f"{where.place}.{_side(where)}"


def named(t: Words, where: Where) -> str:
    """A point as its place in words: "Upper arm, left, back"."""
    code = code_of(where)
    parts = [t("body." + where.place)] if where.place in BODY_PLACES else [t("photo.somewhere")]
    if "." in code:
        parts.append(t("photo.side_" + code.partition(".")[2]))
    if where.place not in ("face", "nose", "lip", "chest", "abdomen", "back"):
        parts.append(t("photo.view_" + where.view).lower())
    return t("list.comma").join(parts)


def choice_named(t: Words, view: str, code: str) -> str:
    """A place of the list in words (the view is said beside it)."""
    place, _, side = code.partition(".")
    return t("list.comma").join([t("body." + place), *([t("photo.side_" + side)] if side else [])])


def picker(t: Words, view: str, where: Where | None, chosen: Callable[[Where], None]) -> None:
    """The drawing to tap on. It is silent for assistive technology: the list beside it says the same and is named."""

    def tapped() -> None:
        found = told(st.session_state.get(KEY))
        if found is not None:
            chosen(found)

    marked = where if where is not None and where.view == view else None
    data = {"svg": drawing(view, [marked] if marked else []), "view": view}
    with st.container(key="body_map"):
        _COMPONENT(data=data, key=KEY, on_place_change=tapped)


def told(state: object) -> Where | None:
    """What the drawing reported, checked: None where it is no point of the drawing."""
    said = state.get("place") if isinstance(state, dict) else getattr(state, "place", None)
    if not isinstance(said, Mapping):
        return None
    view, place, x, y = (said.get(name) for name in ("view", "place", "x", "y"))
    if view not in VIEWS or place not in {one.place for one in REGIONS[str(view)]}:
        return None
    if not all(isinstance(one, (int, float)) and 0 <= one <= 1 for one in (x, y)):
        return None
    return Where(str(place), str(view), float(x), float(y))  # type: ignore[arg-type]


def drawing(view: str, marks: Sequence[Where]) -> str:
    """The SVG of one view with marks. Its colours come from the stylesheet where it stands in the page."""
    outlines = "".join(_twice(region) for region in REGIONS[view])
    points = "".join(f"<circle class='m' cx='{one.x * WIDTH:.1f}' cy='{one.y * HEIGHT:.1f}' r='7'/>" for one in marks)
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='30 4 140 392' aria-hidden='true' focusable='false'>{outlines}{points}</svg>"


def picture(t: Words, where: Where) -> str:
    """The drawing with one mark as a picture; its words for those who don't see it."""
    light, dark = (
        f"path,ellipse{{fill:{COLOURS['sunk'][i]};stroke:{COLOURS['edge'][i]};stroke-width:1}}.m{{fill:{COLOURS['soon'][i]};stroke:{COLOURS['card'][i]};stroke-width:2}}"
        for i in (0, 1)
    )
    style = f"<style>{light}@media(prefers-color-scheme:dark){{{dark}}}</style>"
    svg = drawing(where.view if where.view in VIEWS else "front", [where]).replace("><", ">" + style + "<", 1)
    return f'<img class="body-small" src="{data_uri(svg)}" alt="{escape(t("photo.map_alt", place=named(t, where)))}">'


def _twice(region: Region) -> str:
    one = region.shape.replace("/>", f" data-place='{region.place}'/>")
    return one + (f"<g transform='translate({WIDTH} 0) scale(-1 1)'>{one}</g>" if region.paired else "")


def _side(where: Where) -> str:
    """Left and right of the person."""
    drawn_left = where.x < 0.5
    return "right" if drawn_left == (where.view == "front") else "left"
