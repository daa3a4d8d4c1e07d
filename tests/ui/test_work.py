"""This is the place where long work is watched: an import runs beside the page, says how far it is, and can be stopped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.care.desk_views import ImportReport
from core.care.parcels import Watch
from core.errors import Cancelled, FileRefused
from core.ports import Ports
from core.ui.words import words
from core.ui.work import Work
from tests.ui.visitor import Visitor

T = words("en")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
NOTHING = ImportReport((), (), (), 0.0)


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()


def test_work_that_is_stopped_ends_as_cancelled() -> None:
    def endless(watch: Watch) -> ImportReport:
        done = 0
        while not (watch.should_stop and watch.should_stop()):
            done += 1
            if watch.progress:
                watch.progress(done, 1_000_000)
            time.sleep(0.001)
        raise Cancelled()

    work = Work("file.json", NOW, endless)
    assert until(lambda: work.done > 3)
    assert not work.over
    work.stop()
    assert until(lambda: work.over)
    with pytest.raises(Cancelled):
        work.result()


def test_work_hands_back_what_came_of_it_or_what_went_wrong() -> None:
    def refused(_: Watch) -> ImportReport:
        raise FileRefused("not_json")

    good, bad = Work("a", NOW, lambda _: NOTHING), Work("b", NOW, refused)
    assert until(lambda: good.over and bad.over)
    assert good.result() == NOTHING
    with pytest.raises(FileRefused):
        bad.result()


def test_the_time_left_is_a_guess_from_the_pace_and_never_from_nothing() -> None:
    work = Work("a", NOW, lambda _: NOTHING)
    assert work.seconds_left(NOW + timedelta(seconds=5)) is None
    work.done, work.total = 25, 100
    assert work.seconds_left(NOW + timedelta(seconds=10)) == 30
    work.done, work.total = 120, 100
    assert work.share() == 1.0


def bundle(*resources: dict[str, object]) -> bytes:
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}).encode()


WEIGHT = {
    "resourceType": "Observation", "id": "canary-weight", "status": "final", "effectiveDateTime": "2026-11-01",
    "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
    "valueQuantity": {"value": 71.3, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
}  # fmt: skip


def bring_in(visitor: Visitor, name: str, content: bytes) -> Visitor:
    uploader = next(one for one in visitor.app.get("file_uploader"))
    uploader.set_value((name, content, "application/json")).run()
    visitor.app.button(key="import_files").click().run()
    work = visitor.app.session_state["hb.work"] if "hb.work" in visitor.remembered else None
    assert work is None or until(lambda: work.over)
    visitor.app.run()
    return visitor


def test_a_file_is_brought_in_through_the_page_and_accounted_for(own_ports: Ports) -> None:
    visitor = bring_in(Visitor(own_ports).sign_in("patient").go("sources"), "mine.json", bundle(WEIGHT, {"resourceType": "Basic", "id": "b"}))
    assert visitor.problems == []
    assert T("sources.imports") in visitor.text
    assert "mine.json" in visitor.text
    assert T("reason.subject_missing") not in visitor.text  # said line by line, when asked
    show = next(button for button in visitor.app.button if str(button.key).startswith("lines_"))
    show.click().run()
    assert visitor.problems == []
    assert T("sources.hide_lines") in visitor.text


def test_a_file_that_is_no_record_is_refused_in_plain_words(own_ports: Ports) -> None:
    visitor = bring_in(Visitor(own_ports).sign_in("patient").go("sources"), "scan.json", b"%PDF-1.7 not a record")
    assert visitor.problems == []
    assert T("error.pdf_not_a_record") in visitor.text
    assert T("error.pdf_not_a_record.next") in visitor.text


def test_removing_a_source_asks_first_and_says_the_consequence(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("sources")
    before = visitor.text.count(T("source.demo"))
    next(button for button in visitor.app.button if str(button.key).startswith("danger_")).click().run()
    assert T("sources.keep") in visitor.text
    visitor.app.button(key="danger_remove").click().run()
    assert visitor.problems == []
    assert visitor.text.count(T("source.demo")) == before - 1
