"""What the Reminders page says was sent: a reason only where there is one to give."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.care.dose_views import ReminderLine
from core.ui import reminder_sent
from core.ui.session import Visit
from core.ui.words import words

AT = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


def drawn(monkeypatch: pytest.MonkeyPatch, state: str, why: str) -> str:
    found: list[str] = []
    monkeypatch.setattr(reminder_sent.st, "html", found.append)
    line = ReminderLine("r", "dose", AT, state, 1, ("Amlodipine",), (), why)
    reminder_sent.sent(cast(Visit, SimpleNamespace(t=words("en"))), cast(Any, SimpleNamespace(recent=(line,))))
    return "".join(found)


@pytest.mark.parametrize(("state", "why"), [("answered", "answered"), ("snoozed", "snoozed"), ("sent", "some_failed"), ("sent", "quiet_hours")])
def test_one_that_was_not_missed_is_not_said_to_have_been_too_late(monkeypatch: pytest.MonkeyPatch, state: str, why: str) -> None:
    assert words("en")("missed_why.other") not in drawn(monkeypatch, state, why)


@pytest.mark.parametrize(("state", "why", "said"), [("missed", "server_was_off", "server_was_off"), ("missed", "unheard_of", "other"), ("unanswered", "quiet_hours_too_long", "quiet_hours_too_long")])
def test_one_that_was_missed_says_why(monkeypatch: pytest.MonkeyPatch, state: str, why: str, said: str) -> None:
    assert words("en")(f"missed_why.{said}") in drawn(monkeypatch, state, why)
