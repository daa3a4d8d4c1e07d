"""This is the place where what a person's devices would have recorded, had nothing gone wrong, is made up: day by day on the local clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

MINUTE = 60_000_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, eq=False, slots=True)
class Recording:
    """One signal of one device on the local clock, ascending: `local`, `local_end` int64 ns, `value` float64."""

    source: str
    device: str
    signal: str
    local: np.ndarray
    local_end: np.ndarray
    value: np.ndarray


@dataclass(frozen=True, slots=True)
class Ways:
    """How this person's devices write: minutes between heart rates, whether steps are written while there are none, at what minute of the day
    the person goes to bed and gets up."""

    pulse_every: int
    zero_filled: bool
    bed: int
    rise: int


def recordings(rng: np.random.Generator, first_day: int, days: int) -> tuple[Recording, ...]:
    """A watch and a phone behind one hub, a glucose sensor, a scale and a cuff in one app. `first_day` since 1970."""
    ways = Ways(
        int(rng.choice([1, 2, 5])), bool(rng.random() < 0.5), int(rng.integers(21 * 60, 24 * 60 + 30)), int(rng.integers(330, 480))
    )
    midnights = (first_day + np.arange(days)) * DAY
    steps = _steps(rng, midnights, ways)
    phone = _some(steps, rng.random(len(steps[0])) < 0.6)
    return (
        Recording("hub", "Watch", "hr", *_pulse(rng, midnights, ways)),
        Recording("hub", "Watch", "steps", *(steps if not ways.zero_filled else _filled(midnights, steps))),
        Recording("hub", "Watch", "sleep_stage", *_sleep(rng, midnights, ways)),
        Recording("hub", "Watch", "hrv_rmssd", *_once(rng, midnights + (ways.rise - 180) * MINUTE, (42.0, 9.0))),
        Recording("hub", "Watch", "rhr", *_once(rng, midnights + (ways.rise - 150) * MINUTE, (58.0, 3.0))),
        Recording("hub", "Phone", "steps", *phone),
        Recording("sensor", "Sensor", "cgm_glucose", *_every(rng, midnights, 5, (115.0, 25.0), 0.02)),
        Recording("app", "Scale", "weight", *_once(rng, midnights + ways.rise * MINUTE, (74.0, 0.5))),
        Recording("app", "Cuff", "sbp", *_twice(rng, midnights, ways)),
    )


def to_utc(zone: ZoneInfo, local: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(instants int64 ns, offsets int16 minutes) of local times; an hour that the clock leaves out is read as if it had not."""
    if not len(local):
        return local, np.empty(0, dtype=np.int16)
    first, last = int(local.min()) // DAY, int(local.max()) // DAY
    ahead = np.concatenate([_ahead(zone, day) for day in range(first, last + 1)])
    mine = ahead[(local - first * DAY) // (HOUR // 2)]
    return local - mine.astype(np.int64) * MINUTE, mine


@lru_cache(maxsize=20_000)
def _ahead(zone: ZoneInfo, day: int) -> np.ndarray:
    """How many minutes the clock is ahead of UTC in each half hour of a local day."""
    midnight = datetime(1970, 1, 1, tzinfo=zone) + timedelta(days=day)
    walls = (midnight + timedelta(minutes=30 * half) for half in range(48))
    return np.array([round((wall.utcoffset() or timedelta()).total_seconds() / 60) for wall in walls], dtype=np.int16)


_Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


def _some(rows: _Rows, mask: np.ndarray) -> _Rows:
    return rows[0][mask], rows[1][mask], rows[2][mask]


def _every(rng: np.random.Generator, midnights: np.ndarray, minutes: int, level: tuple[float, float], lost: float) -> _Rows:
    """A level sampled all day and night, a little late now and then, some samples lost."""
    local = (midnights[:, None] + np.arange(0, 1440, minutes)[None, :] * MINUTE).ravel()
    local = local + rng.integers(0, 30, len(local)) * (MINUTE // 60)
    value = np.clip(rng.normal(*level, len(local)), 45, 190)
    return _some((local, local, np.round(value, 1)), rng.random(len(local)) >= lost)


def _pulse(rng: np.random.Generator, midnights: np.ndarray, ways: Ways) -> _Rows:
    rows = _every(rng, midnights, ways.pulse_every, (72.0, 11.0), 0.06)
    charging = (rows[0] % DAY >= 19 * HOUR) & (rows[0] % DAY < 19 * HOUR + 40 * MINUTE)
    return _some(rows, ~charging)


def _steps(rng: np.random.Generator, midnights: np.ndarray, ways: Ways) -> _Rows:
    """Walks of five to twenty minutes while the person is up; a lazy day now and then."""
    starts = []
    for midnight in midnights:
        walks = int(rng.integers(9, 26)) if rng.random() < 0.85 else int(rng.integers(5, 9))
        starts.append(midnight + np.sort(rng.integers(ways.rise, min(ways.bed, 1430), walks)) * MINUTE)
    local = np.unique(np.concatenate(starts))
    lasts = np.minimum(rng.integers(5, 20, len(local)) * MINUTE, np.diff(np.append(local, local[-1] + DAY)))
    return local, local + lasts, np.round(lasts / MINUTE * rng.uniform(40, 110, len(local))).clip(1)


def _filled(midnights: np.ndarray, steps: _Rows) -> _Rows:
    """The same amounts by the quarter hour, zeros written too."""
    quarter = 15 * MINUTE
    local = (midnights[:, None] + np.arange(96)[None, :] * quarter).ravel()
    at = np.clip((steps[0] - local[0]) // quarter, 0, len(local) - 1)
    return local, local + quarter, np.bincount(at, steps[2], minlength=len(local))


def _sleep(rng: np.random.Generator, midnights: np.ndarray, ways: Ways) -> _Rows:
    """Stages of ten to fifty minutes from bed to rising; each night belongs to the day on which it ends."""
    rows = []
    for midnight in midnights:
        at = midnight + (ways.bed - 1440 + int(rng.normal(0, 25))) * MINUTE
        end = midnight + (ways.rise + int(rng.normal(0, 25))) * MINUTE
        while at < end:
            until = min(at + int(rng.integers(10, 50)) * MINUTE, end)
            rows.append((at, until, float(rng.choice([2, 3, 4, 5, 3, 3]))))
            at = until
    local, last, value = np.array(rows).T
    return local.astype(np.int64), last.astype(np.int64), value


def _once(rng: np.random.Generator, at: np.ndarray, level: tuple[float, float]) -> _Rows:
    local = at + rng.integers(-20, 20, len(at)) * MINUTE
    return local, local, np.round(rng.normal(*level, len(at)), 1)


def _twice(rng: np.random.Generator, midnights: np.ndarray, ways: Ways) -> _Rows:
    local = np.sort(
        np.concatenate([midnights + (ways.rise + 20) * MINUTE, midnights + 20 * HOUR])
        + rng.integers(0, 40, 2 * len(midnights)) * MINUTE
    )
    return local, local, np.round(rng.normal(132, 9, len(local)))
