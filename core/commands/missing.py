"""This is the place where `missing` is: why is there nothing on a day, for one signal of one person."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from core.care import missing
from core.care.access import COMMAND_LINE
from core.commands.answer import Answer, table
from core.commands.series import day
from core.ports import Ports
from core.ui.missing_words import missing_reason, missing_sentence
from core.ui.words import Words, words

DAYS = 28
"""How many days are shown where none are named."""


def show(ports: Ports, given: Namespace) -> Answer:
    """Every day from `--from` to `--to`, its state and why."""
    last = day(given.last, "--to") or ports.clock.now().date()
    first = day(given.first, "--from") or last - timedelta(days=DAYS - 1)
    view = missing.calendar(ports, COMMAND_LINE, given.person, given.signal, first, last)
    say = words(given.language)
    document = {
        "person": given.person,
        "signal": view.signal,
        "zone": view.zone or None,
        "zone_known": bool(view.zone),
        "unit": view.unit,
        "days": [_line(one) for one in view.days],
        "counts": dict(view.counts),
        "sentence": missing_sentence(say, view.said),
        "streams": [
            {
                "device": one.device or None,
                "source": one.source or None,
                "source_id": one.source_id,
                "days": [_line(line) for line in one.days],
            }
            for one in view.streams
        ],
    }
    rows = [
        [
            one.day.isoformat(),
            say(f"missing.{one.state}"),
            f"{one.have}/{one.expected}",
            one.device or "-",
            missing_reason(say, one.why),
        ]
        for one in view.days
    ]
    return Answer(
        document, [*table([["DAY", "STATE", "HAVE", "DEVICE", "WHY"], *rows]), "", document["sentence"], *_zone(say, view.zone)]
    )


def _line(one: missing.DayLine) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(), "state": one.state, "have": one.have, "expected": one.expected, "device": one.device or None,
        "why": one.why, **({"failure": one.facts["failure"]} if "failure" in one.facts else {}),
    }  # fmt: skip


def _zone(say: Words, zone: str) -> Sequence[str]:
    return () if zone else (say("missing.zone_unknown"),)
