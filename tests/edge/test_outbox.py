from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

import core.edge.outbox as outbox_module
from core.edge.outbox import APART, ENDING, HALF, Outbox
from core.edge.sender import Sender
from core.errors import BadInput, NotPermitted, SourceUnavailable
from core.kiosk.sealing import seal
from tests.edge.given import PUBLIC, Double
from tests.kiosk.given import AT, visit


def sealed(name: str, after: int = 0) -> object:
    return seal(PUBLIC, visit(visit_id=name, photos=()), AT + timedelta(seconds=after))


def house(tmp_path: Path, **given: object) -> SimpleNamespace:
    """An outbox, a server double and a sender with a clock that counts by hand."""
    (tmp_path / "server").mkdir(exist_ok=True)
    server, box, ticks = Double(tmp_path / "server", **given), Outbox(tmp_path / "outbox"), [0.0]
    sender = Sender(server, box, lambda: AT, lambda: PUBLIC)
    sender.monotonic = lambda: ticks[0]
    return SimpleNamespace(server=server, box=box, sender=sender, ticks=ticks, folder=tmp_path / "outbox")


def test_a_visit_waits_sealed_under_a_name_without_meaning_until_there_is_a_receipt(tmp_path: Path) -> None:
    at = house(tmp_path, away=True)
    assert at.sender.send(visit()) == "queued"
    (place,) = at.folder.glob(f"*{ENDING}")
    assert "v-1" not in place.name and b"CANARY" not in place.read_bytes()
    assert place.stat().st_mode & 0o077 == 0 and at.folder.stat().st_mode & 0o077 == 0
    assert at.sender.queued().count == 1 and at.sender.queued().oldest_at == AT
    at.server.away = False
    assert at.sender.flush(now=True) == 1
    assert at.server.kept() == {"v-1": visit()} and at.sender.queued().count == 0
    assert at.sender.flush(now=True) == 0


def test_the_receipt_of_a_visit_that_got_through_carries_what_can_be_taken_home(tmp_path: Path) -> None:
    at = house(tmp_path)
    handed = at.sender.hand_over(visit())
    assert handed.state == "sent" and handed.receipt is not None and handed.receipt.link
    assert at.sender.queued().count == 0


def test_where_nothing_else_sends_a_visit_that_gets_through_takes_along_what_waited(tmp_path: Path) -> None:
    at = house(tmp_path, away=True)
    at.sender.send(visit())
    at.server.away, at.sender.eager = False, True
    assert at.sender.send(visit(visit_id="v-2")) == "sent" and at.sender.queued().count == 0
    assert set(at.server.kept()) == {"v-1", "v-2"}


def test_the_oldest_goes_first_whatever_the_clock_did_and_one_that_does_not_get_through_stops_the_rest(tmp_path: Path) -> None:
    at = house(tmp_path, away=True)
    for name, jump in (("a", 0), ("b", -86_400), ("c", 999_999)):
        at.box.put(sealed(name, jump))
    assert [one.visit_id for _, one in at.box.oldest_first()] == ["a", "b", "c"]
    assert at.sender.flush(now=True) == 0 and at.server.asked == 1


def test_waiting_times_grow_up_to_ten_minutes_and_an_answer_ends_them(tmp_path: Path) -> None:
    at = house(tmp_path, away=True)
    at.box.put(sealed("a"))
    tried = []
    for second in range(4000):
        at.ticks[0] = float(second)
        before = at.server.asked
        at.sender.flush()
        tried += [second] if at.server.asked > before else []
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps[0] <= 6 and max(gaps) <= 601 and len(tried) < 25
    at.server.away = False
    at.ticks[0] += 601
    assert at.sender.flush() == 1


def test_what_is_refused_is_kept_apart_told_and_not_sent_again_by_itself(tmp_path: Path) -> None:
    at = house(tmp_path, answer="refused")
    handed = at.sender.hand_over(visit())
    assert handed.receipt is not None and handed.receipt.state == "refused"
    at.server.wrong = BadInput("visit_unreadable")
    at.server.answer = ""
    assert at.sender.hand_over(visit(visit_id="v-2")).receipt.why == "visit_unreadable"
    assert (at.sender.queued().count, at.sender.queued().refused) == (0, 2)
    at.server.wrong = None
    assert at.sender.flush(now=True) == 0 and at.box.again() == 2 and at.sender.flush(now=True) == 2
    assert set(at.server.kept()) == {"v-1", "v-2"}


def test_a_key_that_was_revoked_keeps_what_waits(tmp_path: Path) -> None:
    at = house(tmp_path, wrong=NotPermitted("kiosk_unknown"))
    assert at.sender.send(visit()) == "queued" and at.sender.flush(now=True) == 0
    assert at.sender.queued().count == 1


def test_an_answer_that_is_no_receipt_for_this_visit_removes_nothing(tmp_path: Path) -> None:
    at = house(tmp_path, answer="thanks")
    assert at.sender.send(visit()) == "queued" and at.sender.queued().count == 1


def test_the_same_visit_is_kept_once(tmp_path: Path) -> None:
    box = house(tmp_path).box
    assert box.put(sealed("a")) == box.put(sealed("a", 5))
    assert box.waiting().count == 1


def test_a_full_outbox_still_sends_and_says_so_only_where_it_could_do_neither(tmp_path: Path) -> None:
    at = house(tmp_path)
    at.box.most_bytes = 10
    assert not at.sender.has_room()
    assert at.sender.send(visit()) == "sent" and at.sender.queued().count == 0
    at.server.away = True
    with pytest.raises(SourceUnavailable) as caught:
        at.sender.send(visit(visit_id="v-2"))
    assert caught.value.code == "outbox_full"


def test_a_disk_that_breaks_while_writing_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = house(tmp_path, away=True)

    def broken(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outbox_module.os, "fsync", broken)
    with pytest.raises(SourceUnavailable):
        at.sender.send(visit())
    assert not [*at.folder.glob(f"*{HALF}"), *at.folder.glob(f"*{ENDING}")]


def test_half_a_file_is_thrown_away_at_the_start_and_a_damaged_one_is_put_apart(tmp_path: Path) -> None:
    at = house(tmp_path)
    whole = at.box.put(sealed("a"))
    at.box.put(sealed("b"))
    (at.folder / f"000000000009x{HALF}").write_bytes(whole.read_bytes()[:50])
    whole.write_bytes(whole.read_bytes()[:-1] + b"?")
    again = Outbox(at.folder)
    assert [one.visit_id for _, one in again.oldest_first()] == ["b"]
    assert not list(at.folder.glob(f"*{HALF}")) and again.waiting().refused == 1
    assert list((at.folder / APART).glob(f"*{ENDING}"))


def test_without_a_key_nothing_is_taken(tmp_path: Path) -> None:
    at = house(tmp_path)
    at.sender.public_key = lambda: b""
    with pytest.raises(SourceUnavailable) as caught:
        at.sender.send(visit())
    assert caught.value.code == "kiosk_not_set_up" and at.sender.queued().count == 0


def test_two_that_send_from_one_outbox_do_not_send_at_one_time(tmp_path: Path) -> None:
    at = house(tmp_path)
    at.box.put(sealed("a"))
    with Outbox(at.folder).alone() as mine:
        assert mine and at.sender.flush(now=True) == 0
    assert at.sender.flush(now=True) == 1


def _killed_at(point: int, work: Callable[[], None]) -> bool:
    """Do the work in a child that is killed at the numbered call to the disk or the server; whether it came to its end."""
    child = os.fork()
    if child == 0:
        left = [point]

        def counting(name: str, owner: object) -> None:
            real = getattr(owner, name)

            def call(*given: object, **more: object) -> object:
                for side in ("before", "after"):
                    if left[0] == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    left[0] -= 1
                    if side == "before":
                        result = real(*given, **more)
                return result

            setattr(owner, name, call)

        counting("fsync", os)
        counting("rename", Path)
        counting("unlink", Path)
        counting("send", Double)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_killed_at_any_point_a_visit_is_lost_only_before_it_was_kept_and_never_there_twice(tmp_path: Path) -> None:
    point, ended = 0, False
    while not ended:
        folder = tmp_path / str(point)
        folder.mkdir()
        first = house(folder, away=True)
        first.sender.send(visit(visit_id="before"))
        first.server.away = False
        told = folder / "told"

        def work(first: SimpleNamespace = first, told: Path = told) -> None:
            first.sender.send(visit())
            told.write_text("yes")
            first.sender.flush(now=True)

        ended = _killed_at(point, work)
        again = house(folder)
        assert not list(again.folder.glob(f"*{HALF}"))
        kept_on_disk = {one.visit_id for _, one in again.box.oldest_first()}
        kept_at_server = set(again.server.kept())
        assert "before" in kept_on_disk | kept_at_server
        assert not told.exists() or "v-1" in kept_on_disk | kept_at_server
        again.sender.flush(now=True)
        assert again.sender.queued().count == 0 and "before" in again.server.kept()
        assert all(replace(one, visit_id="v-1") == visit() for one in again.server.kept().values())
        point += 1
    assert point > 12
