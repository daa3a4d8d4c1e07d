"""This is the place where surfaces that are not skin are made: cloth, wood, walls, fur, noise; many of them in colours that skin has, too."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Random = np.random.Generator

SKIN_LIKE = (
    (244, 213, 195),
    (232, 190, 164),
    (208, 158, 125),
    (170, 116, 82),
    (124, 80, 54),
    (72, 46, 34),
    (222, 202, 170),
    (196, 142, 120),
)
ANY = (
    *SKIN_LIKE,
    (200, 40, 40),
    (40, 90, 170),
    (60, 130, 70),
    (230, 200, 60),
    (90, 60, 130),
    (130, 130, 130),
    (235, 235, 230),
    (40, 40, 45),
)


def colour(random: Random, among: tuple[tuple[int, int, int], ...] = ANY, spread: float = 15.0) -> np.ndarray:
    """One of the colours, a little off: float (3,)."""
    return np.clip(np.asarray(among[random.integers(len(among))], float) + random.normal(0, spread, 3), 0, 255)


def tint(values: np.ndarray) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in np.clip(values, 0, 255))
    return red, green, blue


def clouds(random: Random, height: int, width: int, cell: float) -> np.ndarray:
    """Smooth noise of about unit spread with features of `cell` pixels: float32 (height, width)."""
    rows, columns = max(2, int(height / cell) + 2), max(2, int(width / cell) + 2)
    coarse = random.normal(size=(rows, columns)).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def seen(values: np.ndarray) -> np.ndarray:
    return np.clip(values, 0, 255).astype(np.uint8)


def noise(random: Random, height: int, width: int) -> np.ndarray:
    kind = random.integers(4)
    if kind == 0:
        return random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    if kind == 1:
        return seen(colour(random) + random.normal(0, random.uniform(15, 60), (height, width, 1)))
    layers = [clouds(random, height, width, cell) * cell**0.5 for cell in (2, 5, 12, 30, 80)]
    rough = np.sum(layers, axis=0)[..., None]
    among = SKIN_LIKE if kind == 2 else ANY
    return seen(colour(random, among) + rough * random.uniform(1.5, 5) * random.uniform(0.6, 1.0, 3))


def gradient(random: Random, height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width].astype(float)
    angle = random.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    if random.random() < 0.3:
        along = np.hypot(x - random.uniform(0, width), y - random.uniform(0, height))
    share = ((along - along.min()) / (np.ptp(along) + 1e-9))[..., None]
    among = SKIN_LIKE if random.random() < 0.5 else ANY
    return seen(colour(random, among) * (1 - share) + colour(random, among) * share)


def blank(random: Random, height: int, width: int) -> np.ndarray:
    among = SKIN_LIKE if random.random() < 0.6 else ANY
    return seen(colour(random, among) + random.normal(0, random.uniform(0, 4), (height, width, 1)))


def fabric(random: Random, height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width].astype(float)
    among = SKIN_LIKE if random.random() < 0.5 else ANY
    thread = random.uniform(3, 14)
    angle = random.uniform(-0.4, 0.4)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    weave = np.where(
        ((u // thread) + (v // thread)) % 2 == 0, np.sin(np.pi * (u % thread) / thread), np.sin(np.pi * (v % thread) / thread)
    )
    cloth = colour(random, among) * (0.65 + 0.35 * weave[..., None])
    if random.random() < 0.5:
        band = thread * random.integers(4, 12)
        stripes = ((u % (2 * band)) < band)[..., None] * 0.5 + ((v % (2 * band)) < band)[..., None] * 0.5 * (random.random() < 0.5)
        cloth = cloth * (1 - 0.6 * stripes) + colour(random) * 0.6 * stripes
    folds = clouds(random, height, width, random.uniform(60, 140))[..., None] * 14
    return seen(cloth + folds + random.normal(0, 4, (height, width, 1)))


def wood(random: Random, height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width].astype(float)
    base = colour(random, ((190, 140, 95), (150, 100, 60), (215, 175, 130), (110, 70, 45)), 10)
    along, across = (x, y) if random.random() < 0.5 else (y, x)
    wave = clouds(random, height, width, random.uniform(50, 110)) * random.uniform(8, 25)
    rings = np.sin((across + wave + 0.03 * along) * 2 * np.pi / random.uniform(8, 28))
    if random.random() < 0.5:  # a knot: round, dark, in a ground the colour of skin
        cy, cx = random.uniform(0.3, 0.7) * height, random.uniform(0.3, 0.7) * width
        away = np.hypot(y - cy, x - cx) / random.uniform(15, 40)
        rings = np.where(away < 2.5, np.sin(away * 6), rings)
        base = base * (1 - 0.5 * np.exp(-(away**2)))[..., None]
    streaks = random.normal(0, 1, (height, 1)) if along is x else random.normal(0, 1, (1, width))
    return seen(base + (rings * 16 + streaks * 5)[..., None] * np.array([1.0, 0.9, 0.7]) + random.normal(0, 3, (height, width, 1)))


def wall(random: Random, height: int, width: int) -> np.ndarray:
    base = colour(random, SKIN_LIKE, 8)
    plaster = clouds(random, height, width, 3) * 5 + clouds(random, height, width, 9) * 5 + clouds(random, height, width, 90) * 10
    picture = Image.fromarray(seen(base + plaster[..., None] * np.array([1, 0.95, 0.9])))
    draw = ImageDraw.Draw(picture)
    for _ in range(random.integers(0, 3)):  # cracks, nails
        x, y = random.uniform(0, width), random.uniform(0, height)
        points = [(x, y)]
        for _ in range(12):
            x, y = x + random.normal(0, 14), y + random.uniform(4, 20)
            points.append((x, y))
        draw.line(points, fill=tint(base * 0.6), width=1)
    return np.asarray(picture)


def brick(random: Random, height: int, width: int) -> np.ndarray:
    tall, wide = int(random.integers(18, 40)), int(random.integers(45, 90))
    picture = Image.new("RGB", (width, height), tint(colour(random, ((190, 185, 175), (150, 145, 140)), 8)))
    draw = ImageDraw.Draw(picture)
    base = colour(random, ((165, 80, 60), (190, 120, 90), (140, 70, 55), (205, 160, 130)), 8)
    for row in range(height // tall + 1):
        for column in range(-1, width // wide + 1):
            left = column * wide + (row % 2) * wide // 2
            shade = tint(base * random.uniform(0.75, 1.15))
            draw.rectangle((left + 2, row * tall + 2, left + wide - 3, row * tall + tall - 3), fill=shade)
    return seen(np.asarray(picture, float) + (clouds(random, height, width, 2) * 7)[..., None])


def checkerboard(random: Random, height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    cell = int(random.integers(4, 60))
    black = ((y // cell + x // cell) % 2 == 0)[..., None]
    if random.random() < 0.4:
        black = ((y % cell < 2) | (x % cell < 2))[..., None]
    return seen(np.where(black, colour(random), colour(random)))


def fur(random: Random, height: int, width: int) -> np.ndarray:
    base = colour(random, ((150, 105, 65), (90, 65, 45), (200, 170, 130), (60, 55, 55), (215, 205, 195)), 10)
    picture = Image.new("RGB", (width, height), tint(base * 0.6))
    draw = ImageDraw.Draw(picture)
    swirl = clouds(random, height, width, 120)
    start = random.uniform(0, 2 * np.pi)
    for _ in range(height * width // 22):
        x, y = random.uniform(0, width), random.uniform(0, height)
        angle = start + swirl[int(y) % height, int(x) % width] * 0.6 + random.normal(0, 0.15)
        long = random.uniform(8, 24)
        draw.line((x, y, x + np.cos(angle) * long, y + np.sin(angle) * long), fill=tint(base * random.uniform(0.6, 1.3)), width=1)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.5)))


def leaves(random: Random, height: int, width: int) -> np.ndarray:
    picture = Image.new("RGB", (width, height), (30, 45, 25))
    draw = ImageDraw.Draw(picture)
    for _ in range(120):
        x, y, long, angle = (
            random.uniform(0, width),
            random.uniform(0, height),
            random.uniform(15, 60),
            random.uniform(0, 2 * np.pi),
        )
        green = colour(random, ((70, 130, 50), (110, 150, 60), (50, 100, 45), (170, 150, 60), (180, 110, 50)), 12)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        shape = np.array([(0, 0), (0.3, 0.22), (0.7, 0.2), (1, 0), (0.7, -0.2), (0.3, -0.22)]) * long @ turn.T + (x, y)
        draw.polygon([tuple(point) for point in shape], fill=tint(green))
        draw.line([tuple(shape[0]), tuple(shape[3])], fill=tint(green * 1.25), width=1)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)))


def gravel(random: Random, height: int, width: int) -> np.ndarray:
    base = colour(random, ((200, 175, 140), (170, 150, 130), (190, 150, 115), (140, 135, 130)), 8)
    picture = Image.new("RGB", (width, height), tint(base * 0.5))
    draw = ImageDraw.Draw(picture)
    size = random.uniform(2, 9)
    for _ in range(int(height * width / (size * size * 2.2))):
        x, y, r = random.uniform(0, width), random.uniform(0, height), size * random.uniform(0.6, 1.6)
        draw.ellipse((x - r, y - r * 0.8, x + r, y + r * 0.8), fill=tint(base * random.uniform(0.65, 1.25)))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)))


def night(random: Random, height: int, width: int) -> np.ndarray:
    values = np.zeros((height, width, 3)) + colour(random, ((8, 8, 20), (15, 10, 12)), 4)
    picture = Image.fromarray(seen(values))
    draw = ImageDraw.Draw(picture)
    for _ in range(random.integers(20, 120)):
        x, y, r = random.uniform(0, width), random.uniform(0, height), random.exponential(2.5)
        draw.ellipse(
            (x - r, y - r, x + r, y + r), fill=tint(colour(random, ((255, 240, 190), (255, 160, 80), (190, 210, 255)), 20))
        )
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(1.2)))


def dermoscopy(random: Random, height: int, width: int) -> np.ndarray:
    """As through a dermatoscope: a round field, black around it, a pigment network, hairs, a ruler, perhaps bubbles of gel."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    cy, cx = height / 2 + random.normal(0, 6), width / 2 + random.normal(0, 6)
    ground = colour(random, ((215, 165, 170), (225, 185, 165), (200, 150, 165)), 8)
    away = np.hypot((y - cy) / height, (x - cx) / width) + clouds(random, height, width, 40) * 0.025
    spot = 1 / (1 + np.exp((away - random.uniform(0.12, 0.28)) * random.uniform(25, 60)))
    cells = np.abs(clouds(random, height, width, random.uniform(5, 9)))
    network = np.exp(-((cells / 0.25) ** 2)) * 45
    values = ground * (1 - spot[..., None]) + colour(random, ((110, 70, 60), (80, 55, 60), (140, 90, 80)), 10) * spot[..., None]
    values = values - network[..., None] * spot[..., None] + random.normal(0, 4, (height, width, 1))
    picture = Image.fromarray(seen(values))
    draw = ImageDraw.Draw(picture)
    for _ in range(random.integers(0, 8)):
        a, b = random.uniform(0, [width, height]), random.uniform(0, [width, height])
        draw.line([tuple(a), tuple(b)], fill=(50, 35, 35), width=2)
    if random.random() < 0.5:
        for tick in range(0, width, max(4, width // 30)):
            draw.line((tick, height * 0.9, tick, height * 0.9 + (14 if tick % 5 else 22)), fill=(20, 20, 20), width=1)
    reach = random.uniform(0.46, 0.56) * min(height, width)
    field = 1 / (1 + np.exp((np.hypot(y - cy, x - cx) - reach) / 2.0))
    return seen(np.asarray(picture, float) * field[..., None])
