"""This is the place where the Sources page and typing a value in are played: devices, connecting, whose file it is, the zone, questions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from core.care import devices, lately, series_choices
from core.care.access import COMMAND_LINE
from core.care.parcels import Parcel, import_parcels
from core.care.placing import Whose
from core.care.sessions import DEMO_USERNAMES
from core.domain.audit import AuditEvent
from core.domain.people import Account, Role
from core.domain.records import PersonName, PersonProfile
from core.domain.samples import ERASED
from core.ports import Ports, Upload
from core.settings import Settings
from core.ui.words import languages, words
from core.wiring import build
from tests.ui.test_work import bring_in, until
from tests.ui.visitor import Visitor

T = words("en")
STEPS = "Id,ActivityHour,StepTotal\n11,4/12/2026 12:00:00 AM,373\n11,4/12/2026 1:00:00 AM,160\n22,4/12/2026 12:00:00 AM,11\n"


@pytest.fixture
def own_ports(tmp_path: Path) -> Iterator[Ports]:
    """A house with one person, who has nothing yet, and a sign-in for them."""
    made = build(Settings(home=tmp_path, demo=True))
    profile = PersonProfile((PersonName("Robin Sample"),), "1970-04-02", synthetic=True)
    person_id = made.store.add_person(profile, event(made)).person_id
    made.store.add_account(Account("", Role.PATIENT, DEMO_USERNAMES[0], "Robin Sample", (person_id,), demo=True), "", event(made))
    yield made
    made.store.close()


@pytest.fixture
def person(own_ports: Ports) -> str:
    found = own_ports.store.account_by_username(DEMO_USERNAMES[0])
    assert found
    return found[0].persons[0]


def event(ports: Ports) -> AuditEvent:
    return AuditEvent(ports.clock.now(), "test", "system", "test")


def watch(ports: Ports, person: str, device: str = "Night watch", up: float = 9.0) -> None:
    """Six weeks of nights; the pulse is higher in the last one."""
    now = ports.clock.now().replace(hour=5, minute=0)
    rows = ["time,value,unit,signal,device"]
    rows += [f"{(now - timedelta(days=back)).isoformat()},{58 + back % 3 + (up if back < 8 else 0)},/min,rhr,{device}" for back in range(44, 0, -1)]
    name = f"{device}.csv"
    import_parcels(ports, COMMAND_LINE, Whose(person), [Parcel(name, (Upload(name, BytesIO("\n".join(rows).encode())),))])


def sources(ports: Ports) -> Visitor:
    return Visitor(ports).sign_in("patient").go("sources")


def pressed(visitor: Visitor, key: str) -> Visitor:
    visitor.app.button(key=key).click().run()
    assert visitor.problems == []
    return visitor


@pytest.mark.parametrize("language", languages())
def test_a_device_is_shown_with_its_days_and_why_some_are_missing(own_ports: Ports, person: str, language: str) -> None:
    watch(own_ports, person)
    t = words(language)
    visitor = Visitor(own_ports).speak(language).sign_in("patient").go("sources")
    assert visitor.problems == []
    assert "Night watch" in visitor.text
    assert t("device.covered_night", n=30, covered=29) in visitor.text
    assert visitor.markup.count('class="days"') == 1
    assert t("missing.received") in visitor.text


def test_leaving_a_device_out_counts_at_once(own_ports: Ports, person: str) -> None:
    watch(own_ports, person)
    visitor = sources(own_ports)
    visitor.app.toggle(key="count_0_False").set_value(False).run()
    assert visitor.problems == []
    assert T("device_state.off") in visitor.text
    assert series_choices.load(own_ports, COMMAND_LINE, person).switched_off == ("Night watch",)


def test_two_devices_for_one_signal_can_be_put_in_order(own_ports: Ports, person: str) -> None:
    watch(own_ports, person)
    watch(own_ports, person, "Ring", up=0)
    visitor = sources(own_ports)
    visitor.app.selectbox(key="first_rhr").set_value("Ring").run()
    assert visitor.problems == []
    assert dict(series_choices.load(own_ports, COMMAND_LINE, person).order) == {"rhr": ("Ring",)}


def test_a_device_is_connected_and_its_token_shown_once(own_ports: Ports, person: str) -> None:
    visitor = sources(own_ports)
    visitor.app.text_input(key="device_name").set_value("Scale in the hall")
    next(one for one in visitor.app.button if one.label == T("connect.do")).click().run()
    assert visitor.problems == []
    token = next(str(one.value) for one in visitor.app.code if str(one.value).startswith(devices.PREFIX))
    assert own_ports.store.token_of(devices.digest_of(token)) is not None
    assert any("curl" in str(one.value) and token in str(one.value) for one in visitor.app.code)
    pressed(visitor, "device_copied")
    assert token not in visitor.markup
    assert T("device_state.waiting") in visitor.text
    visitor = sources(own_ports)
    assert token not in visitor.markup
    next(one for one in visitor.app.button if str(one.key).startswith("danger_disconnect_")).click().run()
    pressed(visitor, "danger_disconnect")
    assert own_ports.store.token_of(devices.digest_of(token)) is None


def test_a_device_without_a_name_is_not_connected(own_ports: Ports) -> None:
    visitor = sources(own_ports)
    next(one for one in visitor.app.button if one.label == T("connect.do")).click().run()
    assert visitor.problems == []
    assert T("error.bad_device_name", need=devices.MOST_NAME) in visitor.text


def test_the_zone_is_asked_for_and_kept(own_ports: Ports, person: str) -> None:
    visitor = sources(own_ports)
    assert T("zone.unknown") in visitor.text
    visitor.app.selectbox(key="zone_").set_value("Asia/Kolkata").run()
    assert visitor.problems == []
    assert series_choices.load(own_ports, COMMAND_LINE, person).zone == "Asia/Kolkata"
    assert T("zone.unknown") not in visitor.text


def test_of_several_people_in_a_file_one_is_chosen_and_only_theirs_comes(own_ports: Ports, person: str) -> None:
    visitor = bring_in(sources(own_ports), "hourlySteps_merged.csv", STEPS.encode())
    assert T("sources.report_asks", n=2) in visitor.text
    visitor.app.selectbox(key="which_subject").set_value("22").run()
    pressed(visitor, "bring_subject")
    work = visitor.app.session_state["hb.work"] if "hb.work" in visitor.remembered else None
    assert work is None or until(lambda: work.over)
    visitor.app.run()
    assert visitor.problems == []
    (stream,) = own_ports.store.streams(person, event(own_ports))
    assert (stream.signal, stream.samples) == ("steps", 1)
    assert "hb.asked" in visitor.remembered or T("sources.which_is_you") not in visitor.text


def test_what_can_be_brought_in_is_listed_with_the_makers(own_ports: Ports) -> None:
    visitor = sources(own_ports)
    for maker in ("apple", "garmin", "dexcom", "nightscout", "table"):
        assert T(f"maker.{maker}") in visitor.text


def test_removing_says_how_many_measurements_go(own_ports: Ports, person: str) -> None:
    watch(own_ports, person)
    visitor = sources(own_ports)
    source = next(one for one in own_ports.store.sources(person, event(own_ports)) if one.label == "Night watch.csv")
    visitor.app.button(key=f"danger_{source.source_id}").click().run()
    assert T("sources.remove_confirm", what=T("sources.samples", n=44)) in visitor.markup
    pressed(visitor, "danger_remove")
    assert own_ports.store.streams(person, event(own_ports)) == ()


# ----------------------------------------------------------------------------------------------------------------- by hand


def typing(ports: Ports, page: str = "today") -> Visitor:
    return pressed(Visitor(ports).sign_in("patient").go(page), "add_value")


def test_a_slip_is_asked_about_in_place_and_nothing_is_lost(own_ports: Ports, person: str) -> None:
    visitor = typing(own_ports)
    visitor.app.number_input(key="entry_sbp_mm[Hg]").set_value(220)
    visitor.app.number_input(key="entry_dbp_mm[Hg]").set_value(100)
    pressed(visitor, "entry_keep")
    assert T("ask.check_high", value="220 mmHg") in visitor.text
    assert own_ports.store.streams(person, event(own_ports)) == ()
    pressed(visitor, "entry_change")
    assert visitor.app.number_input(key="entry_sbp_mm[Hg]").value == 220
    visitor.app.number_input(key="entry_sbp_mm[Hg]").set_value(122)
    visitor.app.number_input(key="entry_dbp_mm[Hg]").set_value(80)
    pressed(visitor, "entry_keep")
    assert T("entry.kept", what="Blood pressure 122/80 mmHg") in visitor.text
    pressed(visitor, "entry_close")
    assert "hb.entry_open" not in visitor.remembered
    assert "122/80" in visitor.text and T("source.manual") in visitor.text
    assert {one.signal for one in own_ports.store.streams(person, event(own_ports))} == {"sbp", "dbp"}


def test_what_is_confirmed_is_kept_and_can_be_taken_back_at_once(own_ports: Ports, person: str) -> None:
    visitor = typing(own_ports, "sources")
    visitor.app.number_input(key="entry_sbp_mm[Hg]").set_value(220)
    visitor.app.number_input(key="entry_dbp_mm[Hg]").set_value(100)
    pressed(visitor, "entry_keep")
    pressed(visitor, "entry_yes")
    pressed(visitor, "entry_back")
    assert visitor.app.number_input(key="entry_sbp_mm[Hg]").value == 220  # to be mended and kept again
    assert T("entry.taken_back") in visitor.text
    now = own_ports.clock.now()
    strands = own_ports.store.strands(person, ["sbp", "dbp"], now - timedelta(days=1), now + timedelta(days=1), event(own_ports))
    assert [bool(one.columns.quality[0] & ERASED) for one in strands] == [True, True]


def test_a_missing_number_is_said_in_place(own_ports: Ports, person: str) -> None:
    visitor = typing(own_ports)
    visitor.app.number_input(key="entry_sbp_mm[Hg]").set_value(120)
    pressed(visitor, "entry_keep")
    assert T("error.number_needed") in visitor.text
    assert visitor.app.number_input(key="entry_sbp_mm[Hg]").value == 120


def test_an_impossible_number_is_refused_in_the_persons_unit(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("settings")
    visitor.app.segmented_control(key="set_temperature").set_value("[degF]").run()
    visitor = pressed(visitor.go("sources"), "add_value")
    visitor.app.selectbox(key="entry_what").set_value("temp").run()
    visitor.app.number_input(key="entry_temp_[degF]").set_value(300.0)
    pressed(visitor, "entry_keep")
    assert T("error.number_impossible", need=T("entry.between", low=77.0, high=113.0, unit="°F")) in visitor.text


@pytest.mark.parametrize("role", ["caregiver"])
def test_nobody_else_is_offered_to_type(ports: Ports, role: str) -> None:
    for page in ("today", "sources"):
        visitor = Visitor(ports).sign_in(role).go(page)
        assert [one for one in visitor.app.button if str(one.key).startswith(("add_value", "device_"))] == []


# ------------------------------------------------------------------------------------------------------------------- today


@pytest.mark.parametrize("language", languages())
def test_today_says_what_changed_and_draws_each_signal(own_ports: Ports, person: str, language: str) -> None:
    watch(own_ports, person)
    t = words(language)
    visitor = Visitor(own_ports).speak(language).sign_in("patient").go("today")
    assert visitor.problems == []
    view = lately.view(own_ports, COMMAND_LINE, person)
    assert [one.code for one in view.changes] == ["lately.shifted_up"] or [one.code for one in view.changes] == ["lately.stands_out_up"]
    assert t("lately.changes_note") in visitor.text
    assert t("lately_state.far_above") in visitor.text
    assert "Night watch" in visitor.text


def test_today_without_devices_is_as_it_was(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("today")
    assert T("lately.title") not in visitor.text
    assert T("lately.changes") not in visitor.text
