"""Doses on Today: one tap logs, a tap too many is taken back, what is past is never called missed, and who only reads changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.care import doses, medicine_book
from core.care.access import COMMAND_LINE, Action, require
from core.care.dose_views import DoseLine, DosePart
from core.medications.book import OwnMedicine
from core.medications.entered import Entered, dosages
from core.ports import Ports
from core.ui import dose_parts
from core.ui.words import languages, words
from tests.ui.visitor import Visitor

LINE = DoseLine("d1", "m1", "Metformin 500 mg", (1, 1, "tablet"), "", datetime(2026, 11, 27, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai")), "unlogged")



@dataclass(frozen=True)
class Stopped:
    """A clock that stands."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def here(own_ports: Ports) -> Ports:
    """Margaret with a vitamin that is due in a minute, and a painkiller for when she needs it; late in her morning."""
    now = own_ports.clock.now().replace(hour=15, minute=30, second=30)
    own_ports = replace(own_ports, clock=Stopped(now))
    zone = own_ports.store.series_choices(person_of(own_ports)).zone
    local = now.astimezone(ZoneInfo(zone))
    at = time(local.hour, local.minute + 1)
    daily = OwnMedicine("", "Vitamin D", "supplement", dosages=dosages(Entered("daily", (at,), amount=1, unit="tablet"), zone), since=local.date())
    needed = OwnMedicine("", "Paracetamol", dosages=dosages(Entered("needed", amount=1, unit="tablet", least=6, most=4, reason="pain"), zone))
    for one in (daily, needed):
        medicine_book.add_own(own_ports, COMMAND_LINE, person_of(own_ports), one)
    return own_ports


def person_of(ports: Ports) -> str:
    account = ports.store.account_by_username("demo-margaret")
    assert account
    return account[0].persons[0]


def lines(ports: Ports) -> dict[str, DoseLine]:
    view = doses.day(ports, COMMAND_LINE, person_of(ports))
    return {one.title: one for part in view.parts for one in part.doses}


def button(page: Visitor, key: str) -> bool:
    return any(str(one.key) == key for one in page.app.button)


@pytest.mark.parametrize("language", languages())
def test_one_tap_logs_a_dose_and_another_takes_it_back(here: Ports, language: str) -> None:
    page = Visitor(here).speak(language).sign_in("patient")
    one = lines(here)["Vitamin D"]
    page.app.run()
    page.app.button(key=f"dose_take_{one.dose_id}").click().run()
    assert page.problems == []
    assert lines(here)["Vitamin D"].state == "taken"
    page.app.button(key=f"dose_back_{one.dose_id}").click().run()
    assert page.problems == []
    assert lines(here)["Vitamin D"].state in dose_parts.OPEN


def test_a_dose_is_skipped_with_its_reason(here: Ports) -> None:
    page = Visitor(here).sign_in("patient")
    one = lines(here)["Vitamin D"]
    page.app.run()
    page.app.button(key=f"dose_more_{one.dose_id}").click().run()
    page.app.selectbox(key="dose_more_why").set_value("side_effects").run()
    page.app.button(key="dose_skip").click().run()
    assert page.problems == []
    kept = lines(here)["Vitamin D"]
    assert (kept.state, kept.reason) == ("skipped", "side_effects")
    assert words("en")("dose.skipped_because", reason=words("en")("skip.side_effects")) in page.text


def test_a_dose_was_taken_at_another_time(here: Ports) -> None:
    page = Visitor(here).sign_in("patient")
    one = lines(here)["Vitamin D"]
    page.app.run()
    page.app.button(key=f"dose_more_{one.dose_id}").click().run()
    earlier = (one.at - timedelta(minutes=25)).time()
    page.app.time_input(key="dose_more_time").set_value(earlier).run()
    page.app.button(key="dose_earlier").click().run()
    assert page.problems == []
    kept = lines(here)["Vitamin D"]
    assert kept.state == "taken"
    assert kept.taken_at is not None
    assert kept.taken_at.astimezone(one.at.tzinfo).time() == earlier


def test_too_soon_is_said_before_anything_is_logged_and_the_truth_can_be_told(here: Ports) -> None:
    page = Visitor(here).sign_in("patient")
    view = doses.day(here, COMMAND_LINE, person_of(here))
    need = next(one for one in view.needed if one.title == "Paracetamol")
    key = dose_parts.mark(need.medicine_id)
    page.app.button(key=f"need_{key}").click().run()
    page.app.button(key=f"need_{key}").click().run()
    t = words("en")
    assert page.problems == []
    assert t("needed.too_soon", title="Paracetamol") in page.text
    assert t("needed.ask") in page.text
    after = doses.day(here, COMMAND_LINE, person_of(here)).needed
    assert next(one.today for one in after if one.title == "Paracetamol") == 1
    page.app.button(key=f"need_no_{key}").click().run()
    assert t("needed.ask") not in page.text


def test_a_caregiver_sees_the_doses_and_has_no_button_for_them(here: Ports) -> None:
    page = Visitor(here).sign_in("caregiver").go("today")
    assert page.problems == []
    assert "Vitamin D" in page.text
    assert [str(one.key) for one in page.app.button if str(one.key).startswith(("dose_", "need_", "answer_"))] == []
    assert words("en")("doses.title") not in page.text


def test_yesterday_and_tomorrow_can_be_looked_at(here: Ports) -> None:
    page = Visitor(here).sign_in("patient")
    for day in ("tomorrow", "yesterday", "today"):
        page.app.segmented_control(key="dose_look").set_value(day).run()
        assert page.problems == []


def test_without_a_zone_the_browsers_own_is_one_tap_away(here: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    person = person_of(here)
    grant = require(here, COMMAND_LINE, Action.EDIT_SERIES, person)
    here.store.save_series_choices(person, replace(here.store.series_choices(person), zone=""), grant.event("test"))
    monkeypatch.setattr("core.ui.dose_day.browser_zone", lambda: "Europe/Berlin")
    page = Visitor(here).sign_in("patient")
    assert words("en")("doses.zone_unknown") in page.text
    page.app.button(key="dose_zone").click().run()
    assert page.problems == []
    assert here.store.series_choices(person).zone == "Europe/Berlin"
    assert words("en")("doses.zone_unknown") not in page.text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("state", sorted(dose_parts.LOOK))
def test_a_dose_is_said_with_a_word_and_an_icon_and_never_as_missed(language: str, state: str) -> None:
    t = dose_parts.there(words(language), "Asia/Shanghai")
    drawn = dose_parts.row(t, replace(LINE, state=state, missed_why="server_was_off", sent=2, maybe_twice=True))
    assert 'class="ic ' in drawn
    assert "08:00" in drawn
    assert "missed" not in drawn.lower()
    assert "漏服" not in drawn


def test_the_clock_of_a_dose_is_the_persons_and_not_the_readers() -> None:
    assert "08:00" in dose_parts.row(dose_parts.there(words("en", ZoneInfo("America/New_York")), "Asia/Shanghai"), LINE)


@pytest.mark.parametrize(
    ("given", "said"),
    [((1, 1, "tablet"), "1 tablet"), ((2, 2, "片"), "2 tablets"), ((0.5, 0.5, "tab"), "0.5 tablet"), ((1, 2, "capsules"), "1–2 capsules"),
     ((5, 5, "mg"), "5 mg"), ((3, 3, "scoops"), "3 scoops"), (None, "")],
)  # fmt: skip
def test_an_amount_is_said_in_the_readers_language_where_its_unit_is_known(given: tuple[float, float, str] | None, said: str) -> None:
    assert dose_parts.amount(words("en"), given) == said


def test_only_what_waits_is_taken_together() -> None:
    part = DosePart("morning", tuple(replace(LINE, dose_id=state, state=state) for state in dose_parts.LOOK))
    assert {one.state for one in dose_parts.waiting(part)} == {"due", "unlogged"}
    assert dose_parts.logged((part,)) == (2, 5)


def test_a_medicine_gets_the_same_short_name_for_ever_and_no_other_gets_it() -> None:
    assert dose_parts.mark("a|b#1") == dose_parts.mark("a|b#1") != dose_parts.mark("a|b#2")
    assert dose_parts.mark("ü|/ ").isalnum()


