"""This is the place where photos of wounds and of our printed square are drawn for tests: known sizes, known cameras, nobody's picture."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from models.image_check import marker

SKIN = np.array([205, 160, 135], float)
WOUND = np.array([150, 45, 40], float)


def scene(
    camera: np.ndarray,
    size: tuple[int, int],
    wound: tuple[float, float, float, float] | None,
    *,
    square: tuple[float, float] | None,
) -> np.ndarray:
    """Render a plane in mm through a camera (3 x 3, mm to pixels), four rays a pixel. `wound`: ellipse (x, y, half axes) in mm; `square`: where its corner
    lies. float (height, width, 3)."""
    height, width = size
    back, total = np.linalg.inv(camera), np.zeros((height, width, 3))
    for dx, dy in ((-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)):
        x, y = np.meshgrid(np.arange(width) + dx, np.arange(height) + dy)
        whole = np.stack([x, y, np.ones_like(x)], axis=-1) @ back.T
        mm = whole[..., :2] / whole[..., 2:]
        shade = 8 * np.sin(mm[..., 0] / 3.1) * np.sin(mm[..., 1] / 4.3)
        colour = SKIN + shade[..., None]
        if wound is not None:
            inside = ((mm[..., 0] - wound[0]) / wound[2]) ** 2 + ((mm[..., 1] - wound[1]) / wound[3]) ** 2 <= 1
            colour = np.where(inside[..., None], WOUND, colour)
        if square is not None:
            colour = _printed(mm - np.array(square), colour)
        total += colour
    return total / 4


def _printed(mm: np.ndarray, colour: np.ndarray) -> np.ndarray:
    side, margin = marker.SIDE_MM, marker.SIDE_MM / marker.CELLS * 1.5
    paper = ((mm > -margin) & (mm < side + margin)).all(axis=-1)
    cells = np.ones((marker.CELLS, marker.CELLS), bool)
    cells[1:-1, 1:-1] = marker.PATTERN
    at = np.clip((mm / side * marker.CELLS).astype(int), 0, marker.CELLS - 1)
    black = ((mm >= 0) & (mm < side)).all(axis=-1) & cells[at[..., 1], at[..., 0]]
    return np.where(black[..., None], 25.0, np.where(paper[..., None], 235.0, colour))


def camera(
    px_per_mm: float, degrees: float, tilt: float, middle: tuple[float, float], centre: tuple[float, float], along: float = 0.0
) -> np.ndarray:
    """A phone that looks at `middle` (mm) in the picture's `centre` (px), turned by `degrees`, tilted by `tilt` degrees from above towards `along`."""
    turn, lean, to = np.deg2rad([degrees, tilt, along])
    distance = 250.0  # mm to the wound
    spin = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    aim = np.array([[np.cos(to), -np.sin(to), 0], [np.sin(to), np.cos(to), 0], [0, 0, 1]])
    tip = np.array([[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]])
    rotation = spin @ aim @ tip @ aim.T
    shift = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, 1]])
    plane = np.column_stack([rotation[:, 0], rotation[:, 1], [0, 0, distance]]) @ shift
    focal = px_per_mm * distance
    return np.array([[focal, 0, centre[0]], [0, focal, centre[1]], [0, 0, 1]]) @ plane


def taken(
    values: np.ndarray, seed: int, *, blur: float = 0.6, noise: float = 3.0, light: float = 1.0, slope: float = 0.0
) -> np.ndarray:
    """What a phone makes of it: blur (px), light that falls off to one side, noise. uint8."""
    random = np.random.default_rng(seed)
    ramp = 1 + slope * np.linspace(-0.5, 0.5, values.shape[1])[None, :, None]
    seen = ndimage.gaussian_filter(values, (blur, blur, 0)) * light * ramp + random.normal(0, noise, values.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)


def ellipse(camera_: np.ndarray, size: tuple[int, int], wound: tuple[float, float, float, float]) -> np.ndarray:
    """The wound's mask as the camera sees it, bool."""
    x, y = np.meshgrid(np.arange(size[1]), np.arange(size[0]))
    whole = np.stack([x, y, np.ones_like(x)], axis=-1) @ np.linalg.inv(camera_).T
    mm = whole[..., :2] / whole[..., 2:]
    return ((mm[..., 0] - wound[0]) / wound[2]) ** 2 + ((mm[..., 1] - wound[1]) / wound[3]) ** 2 <= 1


def compressed(pixels: np.ndarray, quality: int) -> np.ndarray:
    """After JPEG."""
    import io

    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "JPEG", quality=quality)
    return np.asarray(Image.open(held).convert("RGB"))


def with_coin(
    camera_: np.ndarray, plain: np.ndarray, at: tuple[float, float], diameter: float, colours: tuple[float, float] = (200, 225)
) -> np.ndarray:
    """The same picture with a coin lying in the plane: two rings, and a little relief."""
    x, y = np.meshgrid(np.arange(plain.shape[1]), np.arange(plain.shape[0]))
    whole = np.stack([x, y, np.ones_like(x)], axis=-1) @ np.linalg.inv(camera_).T
    mm = whole[..., :2] / whole[..., 2:] - np.array(at)
    away = np.hypot(mm[..., 0], mm[..., 1])
    relief = 12 * np.sin(mm[..., 0] * 2.1) * np.cos(mm[..., 1] * 1.7)
    metal = np.where(away < diameter * 0.36, colours[0], colours[1]) + relief
    tinted = metal[..., None] * np.array([0.92, 0.9, 0.82])
    return np.where((away <= diameter / 2)[..., None], tinted, plain)


def red_model(batch: np.ndarray) -> dict[str, np.ndarray]:
    """Stands for the model: what is redder than skin is wound, softly; black is nothing."""
    values = batch.astype(np.float32)
    redness = values[..., 0] - values[..., 1:].mean(axis=-1)
    return {"mask": (1 / (1 + np.exp(-(redness - 80) / 4))).astype(np.float32), "embedding": np.zeros((len(batch), 32), np.float32)}
