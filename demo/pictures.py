"""Small drawn photos for the evidence of the demo: a scene, the light of the day, a board."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot.media_process import Prepared
from bot.pictures import inspect, make_copies
from demo.board import write_board

WIDTH, HEIGHT = 480, 360
_BIG = 2
"""Drawn at twice the size and made smaller: soft edges."""

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Shot:
    """What is to be seen on a photo; the same shot gives the same bytes."""

    theme: str
    lines: tuple[str, ...]
    """The board, in capitals: what, where, when."""
    seed: str


@dataclass(frozen=True)
class Photo:
    """A JPEG of 480 × 360 pixels, with what it is and the copies to hand out.

    These pictures are our own, so no process apart is needed to decode them.
    """

    data: bytes
    prepared: Prepared


@dataclass(frozen=True)
class _Light:
    top: Colour
    horizon: Colour
    tint: float


_LIGHTS = (
    _Light((92, 150, 214), (206, 228, 244), 1.0),  # noon
    _Light((240, 178, 120), (252, 226, 190), 0.92),  # early morning
    _Light((150, 160, 170), (208, 212, 214), 0.8),  # overcast
    _Light((122, 120, 168), (240, 190, 160), 0.74),  # late afternoon
    _Light((120, 176, 220), (226, 238, 240), 1.08),  # hazy
)


def take_photo(shot: Shot) -> Photo:
    """Draw the shot."""
    chance = random.Random(f"{shot.theme}/{shot.seed}")
    scene = _Scene(chance, chance.choice(_LIGHTS))
    _DRAW[shot.theme](scene)
    write_board(scene.draw, scene.w, scene.h, shot.lines, left=scene.board_left)
    out = io.BytesIO()
    scene.image.reduce(_BIG).save(out, "JPEG", quality=78)
    data = out.getvalue()
    return Photo(data, Prepared(inspect(data), *make_copies(data)))


class _Scene:
    """A canvas with sky, hills and ground already there."""

    def __init__(self, chance: random.Random, light: _Light) -> None:
        self.chance, self.light = chance, light
        self.w, self.h = WIDTH * _BIG, HEIGHT * _BIG
        self.image = Image.new("RGB", (self.w, self.h))
        self.draw = ImageDraw.Draw(self.image)
        self.ground = int(self.h * chance.uniform(0.5, 0.6))
        self.board_left = chance.random() < 0.5
        self.hats = True

    def shade(self, colour: Colour, by: float = 1.0) -> Colour:
        red, green, blue = (min(255, int(part * by * self.light.tint)) for part in colour)
        return red, green, blue

    def box(self, x: float, y: float, w: float, h: float, colour: Colour, by: float = 1.0) -> None:
        self.draw.rectangle((x, y, x + w, y + h), fill=self.shade(colour, by))

    def ball(self, x: float, y: float, r: float, colour: Colour, by: float = 1.0) -> None:
        self.draw.ellipse((x - r, y - r, x + r, y + r), fill=self.shade(colour, by))

    def shape(self, points: list[tuple[float, float]], colour: Colour, by: float = 1.0) -> None:
        self.draw.polygon(points, fill=self.shade(colour, by))

    def outdoors(self, soil: Colour) -> None:
        top, low = self.light.top, self.light.horizon
        for y in range(0, self.ground, 4):
            part = y / self.ground
            mixed = [int(a + (b - a) * part) for a, b in zip(top, low, strict=True)]
            self.draw.rectangle((0, y, self.w, y + 4), fill=(mixed[0], mixed[1], mixed[2]))
        for depth in (0.62, 0.8):
            points: list[tuple[float, float]] = [(0, self.ground)]
            height = self.chance.uniform(0.1, 0.26) * self.h * (1.3 - depth)
            points += [
                (x, self.ground - height * self.chance.uniform(0.5, 1.5))
                for x in range(0, self.w + 1, self.w // 8)
            ]
            self.shape([*points, (self.w, self.ground)], (70, 112, 92), depth + 0.3)
        self.box(0, self.ground, self.w, self.h - self.ground, soil)

    def person(self, x: float, y: float, size: float) -> None:
        """Standing at (x, y), `size` tall, often with a nón."""
        shirt = self.chance.choice([(196, 66, 60), (64, 104, 170), (84, 140, 84), (222, 214, 196)])
        self.box(x - size * 0.1, y - size * 0.42, size * 0.2, size * 0.42, (52, 54, 66))
        self.shape(
            [
                (x - size * 0.17, y - size * 0.4),
                (x - size * 0.12, y - size * 0.76),
                (x + size * 0.12, y - size * 0.76),
                (x + size * 0.17, y - size * 0.4),
            ],
            shirt,
        )
        self.ball(x, y - size * 0.84, size * 0.09, (222, 178, 142))
        if self.hats and self.chance.random() < 0.6:
            top = y - size * 1.02
            self.shape(
                [
                    (x - size * 0.2, top + size * 0.14),
                    (x, top),
                    (x + size * 0.2, top + size * 0.14),
                ],
                (230, 210, 150),
            )

    def people(self, count: int, y: float, size: float) -> None:
        """In a row beside the board."""
        first = 0.58 if self.board_left else 0.08
        for at in range(count):
            x = self.w * (first + 0.34 * (at + 0.5) / count) + self.chance.uniform(-20, 20)
            self.person(x, y + self.chance.uniform(-10, 14), size * self.chance.uniform(0.9, 1.1))


def _orchard(scene: _Scene) -> None:
    scene.outdoors((122, 142, 70))
    fruit = scene.chance.choice([(240, 150, 40), (168, 200, 60), (236, 190, 70)])
    for row in range(4):
        y = scene.ground + 30 + row * row * 24
        radius = 26 + row * 14
        shift = scene.chance.uniform(0, radius * 2)
        for at in range(-1, 10 - row):
            x = shift + at * radius * 3.1
            scene.box(x - 5, y, 10, radius * 1.1, (98, 74, 50))
            scene.ball(x, y - radius * 0.4, radius, (58, 118, 58), 0.9 + row * 0.06)
            for _ in range(7 if row else 3):
                scene.ball(
                    x + scene.chance.uniform(-0.7, 0.7) * radius,
                    y - radius * scene.chance.uniform(-0.2, 1.0),
                    4 + row * 2,
                    fruit,
                )
    scene.people(scene.chance.randint(1, 3), scene.h * 0.93, 190)


def _rubbish(scene: _Scene) -> None:
    scene.outdoors((150, 152, 120))
    scene.box(0, scene.ground + 50, scene.w, 120, (150, 146, 140))
    x, y = scene.w * scene.chance.uniform(0.3, 0.5), scene.ground - 70
    scene.box(x, y, 300, 160, (60, 128, 84))
    scene.box(x + 300, y + 46, 100, 114, (222, 224, 220))
    scene.box(x + 330, y + 60, 58, 44, (120, 160, 190))
    for wheel in (60, 240, 350):
        scene.ball(x + wheel, y + 164, 32, (40, 40, 42))
    for at in range(scene.chance.randint(2, 5)):
        scene.box(60 + at * 74, scene.h * 0.72, 56, 84, (70, 140, 90), 0.8 + at * 0.1)
        scene.box(54 + at * 74, scene.h * 0.71, 68, 14, (50, 100, 66))
    for _ in range(14):
        scene.ball(
            scene.chance.uniform(0.4, 0.9) * scene.w,
            scene.h * scene.chance.uniform(0.84, 0.93),
            scene.chance.uniform(12, 26),
            scene.chance.choice([(60, 62, 66), (200, 200, 196), (90, 120, 150)]),
        )
    scene.people(scene.chance.randint(1, 3), scene.h * 0.97, 200)


def _road(scene: _Scene) -> None:
    scene.outdoors((118, 132, 84))
    far, near = scene.w * scene.chance.uniform(0.4, 0.62), scene.w * scene.chance.uniform(0.3, 0.6)
    scene.shape(
        [
            (far - 22, scene.ground),
            (far + 22, scene.ground),
            (near + 330, scene.h),
            (near - 330, scene.h),
        ],
        (190, 188, 182),
    )
    for at in range(1, 9):
        part = (at / 9) ** 2
        y = scene.ground + (scene.h - scene.ground) * part
        middle, half = far + (near - far) * part, 22 + 308 * part
        scene.draw.line(
            (middle - half, y, middle + half, y), fill=scene.shade((160, 158, 152)), width=3
        )
        for side in (-1, 1):
            scene.ball(middle + side * (half + 30 * part + 8), y, 6 + 22 * part, (86, 136, 70))
    if scene.chance.random() < 0.6:
        x = scene.w * scene.chance.uniform(0.62, 0.75)
        scene.shape(
            [(x, scene.ground + 130), (x + 110, scene.ground + 20), (x + 220, scene.ground + 130)],
            (196, 170, 120),
        )
    scene.people(scene.chance.randint(1, 4), scene.h * 0.86, 150)


def _water(scene: _Scene) -> None:
    scene.outdoors((110, 150, 80))
    far = scene.w * scene.chance.uniform(0.35, 0.65)
    for extra, colour in ((70, (176, 174, 168)), (0, (96, 148, 176))):
        points: list[tuple[float, float]] = [
            (far - 20 - extra / 5, scene.ground),
            (far + 20 + extra / 5, scene.ground),
            (scene.w * 0.7 + extra, scene.h),
            (scene.w * 0.3 - extra, scene.h),
        ]
        scene.shape(points, colour)
    x, y = scene.w * scene.chance.uniform(0.1, 0.2), scene.ground - 60
    scene.box(x, y, 170, 150, (188, 190, 192))
    scene.box(x - 10, y - 16, 190, 18, (140, 142, 146))
    scene.box(x + 170, y + 100, scene.w * 0.2, 14, (80, 96, 120))
    scene.people(scene.chance.randint(1, 3), scene.h * 0.9, 170)


def _house(scene: _Scene) -> None:
    scene.outdoors((150, 132, 96))
    x, y = scene.w * scene.chance.uniform(0.2, 0.36), scene.ground - 90
    wall = scene.chance.choice([(238, 224, 180), (206, 226, 226), (236, 206, 190)])
    width = scene.chance.uniform(360, 460)
    scene.box(x, y, width, 230, wall)
    roof = scene.chance.choice([(160, 66, 52), (70, 100, 150), (120, 124, 128)])
    scene.shape([(x - 36, y), (x + width / 2, y - 120), (x + width + 36, y)], roof)
    scene.box(x + width * 0.42, y + 90, 74, 140, (110, 74, 48))
    for part in (0.12, 0.74):
        scene.box(x + width * part, y + 80, 66, 70, (120, 160, 180))
    scene.box(x + width - 60, y - 130, 6, 130, (120, 120, 120))
    scene.box(x + width - 54, y - 130, 62, 40, (206, 40, 40))
    scene.people(scene.chance.randint(2, 5), scene.h * 0.95, 180)


def _meeting(scene: _Scene) -> None:
    scene.hats = False
    wall = scene.chance.choice([(226, 214, 190), (200, 214, 206), (214, 206, 218)])
    scene.box(0, 0, scene.w, scene.h, wall)
    scene.box(0, scene.h * 0.62, scene.w, scene.h * 0.38, (156, 118, 84))
    scene.box(scene.w * 0.28, scene.h * 0.08, scene.w * 0.44, scene.h * 0.2, (196, 40, 44))
    for at in range(3):
        scene.box(scene.w * 0.34, scene.h * (0.12 + at * 0.05), scene.w * 0.32, 10, (250, 220, 110))
    for side in (0.04, 0.84):
        scene.box(
            scene.w * side, scene.h * 0.12, scene.w * 0.12, scene.h * 0.3, scene.light.horizon
        )
    rows = scene.chance.randint(2, 3)
    for row in range(rows):
        y = scene.h * (0.6 + row * 0.16)
        for at in range(5 + row):
            x = scene.w * (0.12 + 0.76 * at / (4 + row)) + scene.chance.uniform(-14, 14)
            scene.person(x, y + 80, 150 + row * 30)
        scene.box(
            scene.w * 0.04, y + 30, scene.w * 0.92, 18 + row * 5, (120, 84, 56), 1 - row * 0.1
        )


def _digital(scene: _Scene) -> None:
    scene.hats = False
    scene.box(0, 0, scene.w, scene.h, scene.chance.choice([(206, 218, 228), (230, 224, 210)]))
    scene.box(0, scene.h * 0.66, scene.w, scene.h * 0.34, (170, 140, 104))
    for at in range(scene.chance.randint(2, 3)):
        x, y = scene.w * (0.14 + at * 0.27), scene.h * scene.chance.uniform(0.4, 0.46)
        scene.box(x, y, 200, 130, (44, 48, 56))
        scene.box(x + 10, y + 10, 180, 110, (110, 170, 220))
        for line in range(4):
            scene.box(x + 24, y + 24 + line * 22, scene.chance.uniform(60, 150), 9, (244, 248, 252))
        scene.box(x - 10, y + 132, 220, 18, (80, 84, 92))
    scene.people(scene.chance.randint(2, 3), scene.h * 0.97, 260)


_DRAW: dict[str, Callable[[_Scene], None]] = {
    "orchard": _orchard,
    "rubbish": _rubbish,
    "road": _road,
    "water": _water,
    "house": _house,
    "meeting": _meeting,
    "digital": _digital,
}
