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
    total = np.zeros((height, width, 3))
    for dx, dy in ((-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)):
        x, y = on_plane(camera, np.arange(width) + dx, np.arange(height) + dy)
        colour = SKIN + (8 * np.sin(x / 3.1) * np.sin(y / 4.3))[..., None]
        if wound is not None:
            colour[((x - wound[0]) / wound[2]) ** 2 + ((y - wound[1]) / wound[3]) ** 2 <= 1] = WOUND
        if square is not None:
            _print(colour, x - square[0], y - square[1])
        total += colour
    return total / 4


def on_plane(camera: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns (width,) and rows (height,) of pixels -> x and y in mm on the plane, (height, width) each."""
    across, down, depth = (line[0] * x[None] + line[1] * y[:, None] + line[2] for line in np.linalg.inv(camera))
    return across / depth, down / depth


def _print(colour: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
    """The square on its paper, into the colours; x and y in mm from its corner."""
    side, margin = marker.SIDE_MM, marker.SIDE_MM / marker.CELLS * 1.5
    colour[(np.minimum(x, y) > -margin) & (np.maximum(x, y) < side + margin)] = 235.0
    cells = np.ones((marker.CELLS, marker.CELLS), bool)
    cells[1:-1, 1:-1] = marker.PATTERN
    rows, columns = np.nonzero((np.minimum(x, y) >= 0) & (np.maximum(x, y) < side))
    at = [np.clip((mm[rows, columns] / side * marker.CELLS).astype(int), 0, marker.CELLS - 1) for mm in (y, x)]
    black = cells[at[0], at[1]]
    colour[rows[black], columns[black]] = 25.0


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
    x, y = on_plane(camera_, np.arange(size[1]), np.arange(size[0]))
    return ((x - wound[0]) / wound[2]) ** 2 + ((y - wound[1]) / wound[3]) ** 2 <= 1


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
