"""What went wrong is found again by its code; what it was about is in no log."""

from __future__ import annotations

import logging
import re

import pytest

from core.errors import BadInput
from core.incidents import described, keep_messages_out, note

CANARY = "Eleanor weighs 71.4 kg"


def broken(error: Exception) -> Exception:
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as inner:
            raise error from inner
    except type(error) as caught:
        return caught


def test_an_incident_has_a_code_that_can_be_read_aloud(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        reference = note(broken(RuntimeError(CANARY)))
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", reference)
    assert reference in caplog.text
    assert CANARY not in caplog.text


def test_the_log_names_types_and_lines_but_no_message() -> None:
    said = described(broken(BadInput("no_unit", place="component[0]", need="unit")))
    assert "core.errors.BadInput[no_unit]" in said
    assert "builtins.ValueError" in said
    assert re.search(r"tests/platform/test_incidents\.py:\d+:broken", said)
    assert CANARY not in said


def test_whoever_logs_an_exception_no_message_gets_out(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    try:
        keep_messages_out()
        with caplog.at_level(logging.ERROR):
            logging.getLogger("some.library").error("it failed", exc_info=broken(KeyError(CANARY)))
    finally:
        logging.setLogRecordFactory(before)
    assert "builtins.KeyError" in caplog.text
    assert CANARY not in caplog.text


def test_an_exception_that_causes_itself_ends() -> None:
    error = ValueError(CANARY)
    error.__context__ = error
    assert described(error) == "builtins.ValueError at nowhere"
