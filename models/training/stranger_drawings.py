"""This is the place where things that are not skin are drawn: papers, screens, faces, food, places, and what may be mistaken for a spot."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from models.training.stranger_surfaces import SKIN_LIKE, Random, clouds, colour, fabric, seen, tint

_LETTERS = "abcdefghijklmnopqrstuvwxyz ,.0123456789"


def _words(random: Random, long: int) -> str:
    return "".join(_LETTERS[at] for at in random.integers(0, len(_LETTERS), long))


def _canvas(height: int, width: int, ground: np.ndarray) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (width, height), tint(ground))
    return picture, ImageDraw.Draw(picture)


def _as_photographed(random: Random, picture: Image.Image) -> np.ndarray:
    """In an uneven light, a little unsharp, with noise."""
    width, height = picture.size
    light = 1 + clouds(random, height, width, 150)[..., None] * 0.06
    return seen(
        np.asarray(picture.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 0.9))), float) * light
        + random.normal(0, 2.5, (height, width, 1))
    )


def document(random: Random, height: int, width: int) -> np.ndarray:
    picture, draw = _canvas(height, width, colour(random, ((250, 250, 248), (240, 232, 215), (225, 220, 210)), 4))
    size = int(random.integers(9, 22))
    font = ImageFont.load_default(size)
    for y in range(size, height, int(size * 1.5)):
        if random.random() > 0.12:
            draw.text(
                (width * 0.07, y), _words(random, int(random.uniform(0.5, 1.0) * width / size * 1.7)), fill=(30, 30, 40), font=font
            )
    if random.random() < 0.3:
        x, y = random.uniform(0.3, 0.7, 2) * (width, height)
        draw.ellipse((x - 30, y - 30, x + 30, y + 30), outline=(60, 60, 180), width=3)
    turned = picture.rotate(random.uniform(-8, 8), Image.Resampling.BICUBIC, fillcolor=tint(colour(random, SKIN_LIKE)))
    return _as_photographed(random, turned)


def screenshot(random: Random, height: int, width: int) -> np.ndarray:
    dark = random.random() < 0.3
    picture, draw = _canvas(height, width, np.asarray((28, 30, 34) if dark else (250, 250, 252), float))
    ink = (220, 220, 225) if dark else (40, 42, 48)
    accent = tint(colour(random))
    draw.rectangle((0, 0, width, height * 0.1), fill=accent)
    font = ImageFont.load_default(int(random.integers(10, 16)))
    y = height * 0.14
    while y < height * 0.95:
        tall = random.uniform(0.06, 0.2) * height
        draw.rounded_rectangle(
            (width * 0.05, y, width * 0.95, y + tall), 8, outline=ink, fill=accent if random.random() < 0.2 else None
        )
        draw.text((width * 0.09, y + 4), _words(random, 22), fill=ink, font=font)
        if random.random() < 0.4:
            draw.ellipse((width * 0.8, y + 4, width * 0.8 + tall * 0.5, y + 4 + tall * 0.5), fill=tint(colour(random)))
        y += tall + height * 0.03
    return np.asarray(picture)


def chart(random: Random, height: int, width: int) -> np.ndarray:
    picture, draw = _canvas(height, width, np.asarray((252, 252, 252), float))
    left, base = width * 0.12, height * 0.88
    for step in range(6):
        draw.line((left, base - step * height * 0.14, width * 0.96, base - step * height * 0.14), fill=(215, 215, 215))
    count = int(random.integers(4, 12))
    values = random.uniform(0.1, 0.95, count) * height * 0.74
    wide = (width * 0.82) / count
    if random.random() < 0.5:
        for at, value in enumerate(values):
            draw.rectangle((left + at * wide + 3, base - value, left + (at + 1) * wide - 3, base), fill=tint(colour(random)))
    else:
        for _ in range(random.integers(1, 4)):
            points = [(left + at * wide, base - value) for at, value in enumerate(random.uniform(0.1, 0.95, count) * height * 0.74)]
            draw.line(points, fill=tint(colour(random)), width=3)
    draw.text((width * 0.3, 4), _words(random, 18), fill=(30, 30, 30), font=ImageFont.load_default(13))
    return np.asarray(picture)


def barcode(random: Random, height: int, width: int) -> np.ndarray:
    cell = int(random.integers(4, 14))
    cells = random.integers(0, 2, (height // cell + 1, width // cell + 1))
    if random.random() < 0.4:
        cells = np.repeat(cells[:1], len(cells), axis=0)
    values = np.kron(cells, np.ones((cell, cell)))[:height, :width, None] * 225 + 20
    return _as_photographed(random, Image.fromarray(seen(np.repeat(values, 3, axis=2))))


def cartoon_face(random: Random, height: int, width: int) -> np.ndarray:
    picture, draw = _canvas(height, width, colour(random))
    tone, cx, cy, r = (
        colour(random, (*SKIN_LIKE, (255, 215, 60)), 8),
        width / 2,
        height / 2,
        min(height, width) * random.uniform(0.3, 0.48),
    )
    draw.ellipse((cx - r * 0.9, cy - r, cx + r * 0.9, cy + r), fill=tint(tone), outline=(40, 30, 30), width=2)
    for side in (-1, 1):
        x, y = cx + side * r * 0.36, cy - r * 0.2
        draw.ellipse((x - r * 0.16, y - r * 0.1, x + r * 0.16, y + r * 0.1), fill=(250, 250, 250), outline=(30, 30, 30))
        draw.ellipse(
            (x - r * 0.07, y - r * 0.08, x + r * 0.07, y + r * 0.08), fill=tint(colour(random, ((60, 40, 30), (60, 100, 160)), 8))
        )
        draw.arc((x - r * 0.2, y - r * 0.26, x + r * 0.2, y), 200, 340, fill=(50, 35, 25), width=3)
    draw.polygon([(cx, cy - r * 0.05), (cx - r * 0.1, cy + r * 0.22), (cx + r * 0.1, cy + r * 0.22)], fill=tint(tone * 0.88))
    draw.chord((cx - r * 0.35, cy + r * 0.3, cx + r * 0.35, cy + r * 0.62), 0, 180, fill=(175, 45, 55))
    if random.random() < 0.7:
        draw.pieslice(
            (cx - r * 0.95, cy - r * 1.1, cx + r * 0.95, cy + r * 0.5),
            190,
            350,
            fill=tint(colour(random, ((60, 40, 25), (20, 20, 20), (200, 160, 80)))),
        )
    return np.asarray(picture)


def portrait(random: Random, height: int, width: int) -> np.ndarray:
    """A face with shading, not a cartoon's outlines."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    r = min(height, width) * random.uniform(0.32, 0.46)
    u, v = (x - width / 2) / r, (y - height / 2) / r
    tone = colour(random, SKIN_LIKE[:6], 6)
    values = np.zeros((height, width, 3)) + colour(random)
    hair = colour(random, ((45, 32, 24), (20, 18, 18), (150, 110, 60), (120, 115, 110)), 6)
    values[np.hypot(u / 1.05, (v + 0.15) / 1.2) < 1] = hair
    face = 1 / (1 + np.exp((np.hypot(u / 0.78, v) - 0.95) * 30))
    shade = 1.05 - 0.25 * np.hypot(u, v) ** 2 + 0.12 * u
    values = values * (1 - face[..., None]) + (tone * shade[..., None]) * face[..., None]
    for side in (-1, 1):
        eye = np.exp(-((((u - side * 0.33) / 0.17) ** 2 + ((v + 0.15) / 0.08) ** 2) ** 2))[..., None]
        iris = np.exp(-((((u - side * 0.33) ** 2 + (v + 0.15) ** 2) / 0.0045) ** 2))[..., None]
        brow = np.exp(-((((u - side * 0.33) / 0.22) ** 2 + ((v + 0.36) / 0.035) ** 2) ** 2))[..., None]
        values = values * (1 - eye) + np.array([235.0, 230, 225]) * eye
        values = values * (1 - iris) + np.array([60.0, 42, 30]) * iris
        values = values * (1 - 0.8 * brow) + hair * 0.8 * brow
    nose = np.exp(-((u / 0.1) ** 2 + ((v - 0.18) / 0.1) ** 2))[..., None]
    mouth = np.exp(-(((u / 0.3) ** 2 + ((v - 0.48) / 0.08) ** 2) ** 2))[..., None]
    values = values * (1 - 0.25 * nose) * (1 - mouth) + np.array([165.0, 80, 80]) * mouth
    return seen(values + random.normal(0, 3, (height, width, 1)) + (clouds(random, height, width, 3) * 2)[..., None])


def food(random: Random, height: int, width: int) -> np.ndarray:
    picture = Image.fromarray(fabric(random, height, width))
    draw = ImageDraw.Draw(picture)
    cx, cy, r = width / 2, height / 2, min(height, width) * random.uniform(0.38, 0.55)
    draw.ellipse(
        (cx - r, cy - r, cx + r, cy + r), fill=tint(colour(random, ((245, 245, 240), (230, 225, 215)), 5)), outline=(190, 190, 190)
    )
    inner = r * random.uniform(0.75, 0.92)
    draw.ellipse(
        (cx - inner, cy - inner, cx + inner, cy + inner),
        fill=tint(colour(random, ((225, 175, 95), (190, 60, 40), (240, 220, 160), (150, 95, 55)), 12)),
    )
    bits = ((200, 50, 40), (90, 140, 60), (250, 240, 210), (235, 180, 60), (110, 60, 40), (230, 140, 110))
    for _ in range(random.integers(15, 60)):
        angle, away, size = random.uniform(0, 2 * np.pi), inner * random.uniform(0, 0.85), r * random.uniform(0.04, 0.18)
        x, y = cx + np.cos(angle) * away, cy + np.sin(angle) * away
        draw.ellipse((x - size, y - size * random.uniform(0.5, 1), x + size, y + size), fill=tint(colour(random, bits, 12)))
    return _as_photographed(random, picture)


def landscape(random: Random, height: int, width: int) -> np.ndarray:
    y = np.linspace(0, 1, height)[:, None, None]
    sky = (
        colour(random, ((90, 150, 220), (250, 170, 110), (200, 210, 220)), 10) * (1 - y)
        + colour(random, ((220, 235, 245), (255, 220, 170)), 8) * y
    )
    values = np.broadcast_to(sky, (height, width, 3)).copy()
    rows = np.arange(height)[:, None]
    for layer in range(4):
        line = height * (0.4 + 0.15 * layer) + clouds(random, 2, width, 70)[0] * height * 0.06
        ground = colour(random, ((70, 110, 70), (110, 120, 80), (190, 165, 110), (120, 90, 70)), 10) * (1.1 - 0.15 * layer)
        values[rows >= line[None, :]] = ground
    return seen(values + (clouds(random, height, width, 4) * 6)[..., None])


def street(random: Random, height: int, width: int) -> np.ndarray:
    picture, draw = _canvas(height, width, colour(random, ((170, 200, 230), (210, 210, 210)), 8))
    draw.rectangle((0, height * 0.75, width, height), fill=(90, 90, 95))
    x = 0.0
    while x < width:
        wide, tall = random.uniform(0.12, 0.3) * width, random.uniform(0.35, 0.7) * height
        draw.rectangle((x, height * 0.75 - tall, x + wide, height * 0.75), fill=tint(colour(random)))
        for wx in np.arange(x + 6, x + wide - 10, 18):
            for wy in np.arange(height * 0.75 - tall + 8, height * 0.72, 24):
                draw.rectangle((wx, wy, wx + 9, wy + 13), fill=(240, 230, 160) if random.random() < 0.4 else (60, 80, 100))
        x += wide
    cx = random.uniform(0.2, 0.6) * width
    draw.rounded_rectangle((cx, height * 0.74, cx + width * 0.3, height * 0.86), 10, fill=tint(colour(random)))
    for wheel in (0.05, 0.21):
        draw.ellipse(
            (cx + width * wheel, height * 0.82, cx + width * (wheel + 0.05), height * 0.82 + width * 0.05), fill=(20, 20, 20)
        )
    return _as_photographed(random, picture)


def flower(random: Random, height: int, width: int) -> np.ndarray:
    picture, draw = _canvas(height, width, colour(random, ((60, 110, 55), (90, 140, 80), (200, 215, 190)), 10))
    for _ in range(random.integers(1, 4)):
        cx, cy, r = (
            random.uniform(0.3, 0.7) * width,
            random.uniform(0.3, 0.7) * height,
            min(height, width) * random.uniform(0.12, 0.3),
        )
        petal = colour(random, ((230, 110, 150), (250, 220, 90), (240, 240, 245), (200, 60, 60), (240, 190, 180)), 10)
        count = int(random.integers(5, 12))
        for at in range(count):
            angle = 2 * np.pi * at / count
            x, y, size = cx + np.cos(angle) * r * 0.6, cy + np.sin(angle) * r * 0.6, r * 0.42
            draw.ellipse((x - size, y - size, x + size, y + size), fill=tint(petal * random.uniform(0.85, 1.05)))
        draw.ellipse(
            (cx - r * 0.3, cy - r * 0.3, cx + r * 0.3, cy + r * 0.3), fill=tint(colour(random, ((220, 170, 40), (90, 60, 40)), 10))
        )
    return _as_photographed(random, picture.filter(ImageFilter.GaussianBlur(1.0)))


def button_on_cloth(random: Random, height: int, width: int) -> np.ndarray:
    """A round dark thing on a ground the colour of skin: what an eye for spots alone would fall for."""
    picture = Image.fromarray(fabric(random, height, width))
    draw = ImageDraw.Draw(picture)
    cx, cy, r = width / 2 + random.normal(0, 12), height / 2 + random.normal(0, 12), min(height, width) * random.uniform(0.08, 0.22)
    tone = colour(random, ((80, 50, 40), (40, 40, 60), (200, 60, 60), (240, 235, 225)), 10)
    draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=tint(tone), outline=tint(tone * 0.6), width=3)
    draw.ellipse((cx - r * 0.75, cy - r * 0.75, cx + r * 0.75, cy + r * 0.75), outline=tint(tone * 1.2), width=2)
    for dx, dy in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        x, y, hole = cx + dx * r * 0.22, cy + dy * r * 0.22, r * 0.09
        draw.ellipse((x - hole, y - hole, x + hole, y + hole), fill=(15, 15, 15))
    return _as_photographed(random, picture)


def stain_on_paper(random: Random, height: int, width: int) -> np.ndarray:
    """Coffee on paper or napkin: brown, ragged, on a pale warm ground."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    ground = colour(random, ((245, 238, 225), (235, 220, 195), (250, 248, 245)), 5)
    away = np.hypot((y - height / 2) / height, (x - width / 2) / width) + clouds(random, height, width, 45) * 0.035
    reach = random.uniform(0.12, 0.3)
    inside = 1 / (1 + np.exp((away - reach) * 120))
    rim = np.exp(-(((away - reach) / 0.012) ** 2))
    stain = colour(random, ((150, 100, 60), (110, 70, 45), (160, 40, 50)), 8)
    amount = np.clip(inside * random.uniform(0.35, 0.75) + rim * 0.5, 0, 1)[..., None]
    fibres = clouds(random, height, width, 2) * 3
    values = ground * (1 - amount) + stain * amount + fibres[..., None]
    picture = Image.fromarray(seen(values))
    if random.random() < 0.5:
        draw = ImageDraw.Draw(picture)
        for line in range(20, height, 26):
            draw.line((0, line, width, line), fill=(150, 170, 210), width=1)
    return _as_photographed(random, picture)


def x_ray(random: Random, height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width].astype(float)
    u, v = (x - width / 2) / width, (y - height / 2) / height
    values = 150 * np.exp(-((u / 0.4) ** 2 + (v / 0.5) ** 2)) + clouds(random, height, width, 30) * 10
    for rib in np.linspace(-0.4, 0.4, int(random.integers(5, 9))):
        values = values + 45 * np.exp(-(((v - rib - 0.6 * u**2) / 0.018) ** 2)) * (np.abs(u) < 0.4)
    values = values + 60 * np.exp(-((u / 0.04) ** 2))
    if random.random() < 0.4:
        values = clouds(random, height, width, 3) * 35 * np.exp(-(np.hypot(u, v + 0.5) ** 2) * 2) + 60
    return seen(np.repeat((values + random.normal(0, 5, values.shape))[..., None], 3, axis=2))
