"""What a person and their team see of alerts and do about them, and what they can't."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.alerts.states import Kind
from core.care import alert_desk, alert_limits, alerts
from core.care.access import COMMAND_LINE
from core.care.alert_views import AlertView
from core.domain.papers import PaperKind
from core.domain.people import Role
from core.errors import BadInput, Conflict, NotFound
from tests.care.given import clock, event
from tests.care.given_alerts import desk_of, flag, gain
from tests.care.house import House, build

P, C, CO = Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR


@pytest.fixture(scope="module")
def built() -> House:
    return build()


@pytest.fixture
def house(built: House) -> House:
    """The house with nothing on its desks: building one is the slow part."""
    built.ports.store.forget_papers(built.own)  # type: ignore[attr-defined]
    return built


def one(house: House, alert_id: str, role: Role = CO) -> AlertView:
    return next(a for a in alerts.alerts_of(house.ports, house.actors[role], house.own).alerts if a.alert_id == alert_id)


def kinds(alert: AlertView) -> list[str]:
    return [line.kind for line in alert.timeline]


def test_words_that_need_help_tell_the_person_and_the_caregiver_at_once(house: House) -> None:
    alert = one(house, flag(house.ports, house.own))
    assert alert.severity == 3
    assert [(line.kind, line.to) for line in alert.timeline] == [
        ("raised", ""),
        ("notified", "patient"),
        ("escalated", "caregiver"),
    ]
    assert [line.told.state for line in alert.timeline if line.told] == ["waiting", "waiting"]
    assert alert.next is not None
    assert (alert.next.kind, alert.next.to) == ("escalated", "coordinator")
    assert alert.next.at == alert.raised_at + timedelta(minutes=5)
    assert alert.title.facts["flag"] == "chest_pain"


def test_the_same_words_at_the_same_place_are_one_alert_and_other_signs_join_it(house: House) -> None:
    ports, actor = house.ports, house.actors[P]
    for _ in range(2):
        alerts.raise_flag(ports, actor, house.own, ("chest_pain",), "message:t1")
    alerts.raise_flag(ports, actor, house.own, ("chest_pain", "stroke"), "message:t1")
    alerts.raise_flag(ports, actor, house.own, ("chest_pain",), "message:t2")
    first, second = desk_of(ports, house.own).open()
    assert [dict(e.facts)["flag"] for e in first.evidence] == ["chest_pain", "stroke"]
    assert second.family == "red_flag:message:t2"


def test_words_after_somebody_took_it_bring_it_back(house: House) -> None:
    ports = house.ports
    alert_id = flag(ports, house.own, "message:t1")
    alerts.acknowledge(ports, house.actors[CO], house.own, alert_id, "calling")
    assert one(house, alert_id).taken_by == "Coordinator"
    alerts.raise_flag(ports, house.actors[P], house.own, ("chest_pain",), "message:t1")
    assert one(house, alert_id).taken_by == ""


@pytest.mark.parametrize("flags", [(), ("headache",), ("chest_pain", "")])
def test_a_sign_that_is_none_is_refused(house: House, flags: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        alerts.raise_flag(house.ports, house.actors[P], house.own, flags, "message:t1")
    assert desk_of(house.ports, house.own).alerts == ()


@pytest.mark.parametrize("role", [P, C])
def test_that_somebody_has_seen_it_stops_nothing_that_is_to_reach_the_team(house: House, role: Role) -> None:
    alert_id = flag(house.ports, house.own)
    alerts.see(house.ports, house.actors[role], house.own, alert_id)
    alerts.see(house.ports, house.actors[role], house.own, alert_id)
    alert = one(house, alert_id)
    assert alert.taken_by == ""
    assert [who for who, _ in alert.seen] == [role.value.title()]
    assert alert.next is not None
    assert alert.next.to == "coordinator"


def test_a_person_takes_what_only_asks_them_to_look(house: House) -> None:
    alert_id = gain(house.ports, house.own)
    desk = desk_of(house.ports, house.own)
    watch = replace(desk, alerts=tuple(replace(a, severity=type(a.severity)(1)) for a in desk.alerts))
    paper = house.ports.store.paper(house.own, PaperKind.DESK, "desk", event())
    assert paper is not None
    house.ports.store.put_papers(house.own, [replace(paper, body=alert_desk.written(watch, alert_desk.Looked()))], event())
    alerts.see(house.ports, house.actors[P], house.own, alert_id)
    assert one(house, alert_id).taken_by == "Patient"


def test_the_team_takes_begins_and_ends_it_with_name_and_reason(house: House) -> None:
    ports, actor = house.ports, house.actors[CO]
    alert_id = flag(ports, house.own)
    alerts.acknowledge(ports, actor, house.own, alert_id, "calling")
    alerts.begin(ports, actor, house.own, alert_id)
    assert kinds(one(house, alert_id))[-2:] == ["acknowledged", "acting"]
    alerts.resolve(ports, actor, house.own, alert_id, "sent_to_care: to the ward")
    assert alerts.alerts_of(ports, actor, house.own).alerts == ()
    (past,) = alerts.alert_history(ports, actor, (house.own,), ports.clock.now() - timedelta(days=1)).alerts
    assert (past.ended_by, past.why, past.recovered, past.escalations) == ("Coordinator", "sent_to_care: to the ward", False, 1)
    with pytest.raises(NotFound):
        alerts.resolve(ports, actor, house.own, alert_id, "again")


@pytest.mark.parametrize("why", ["", "   ", "x" * 501])
def test_an_act_without_a_reason_is_refused(house: House, why: str) -> None:
    alert_id = flag(house.ports, house.own)
    with pytest.raises(BadInput):
        alerts.resolve(house.ports, house.actors[CO], house.own, alert_id, why)
    assert kinds(one(house, alert_id))[-1] != "resolved"


def test_a_snooze_holds_one_direction_and_never_what_is_now(house: House) -> None:
    ports, actor = house.ports, house.actors[CO]
    now_id, gain_id = flag(ports, house.own), gain(ports, house.own)
    alerts.snooze(ports, actor, house.own, gain_id, 24, "known")
    assert one(house, gain_id).held_until == ports.clock.now() + timedelta(hours=24)
    assert one(house, now_id).held_until is None
    with pytest.raises(BadInput):
        alerts.snooze(ports, actor, house.own, now_id, 24, "known")
    with pytest.raises(BadInput):
        alerts.snooze(ports, actor, house.own, gain_id, 24 * 8, "known")
    assert [(m.direction, m.signal) for m in alerts.alerts_of(ports, actor, house.own).mutes] == [("high", "weight")]


def test_whoever_was_told_of_the_team_is_for_the_team_to_know(house: House) -> None:
    alert_id = flag(house.ports, house.own)
    assert one(house, alert_id, P).may == ("see",)
    assert set(one(house, alert_id).may) == {"acknowledge", "act", "resolve"}


def test_a_value_is_shown_in_the_readers_unit(house: House) -> None:
    alert_id = gain(house.ports, house.own)
    before = house.ports.store.preferences(house.actors[CO].account_id)
    house.ports.store.save_preferences(house.actors[CO].account_id, replace(before, weight="[lb_av]"))
    alert = one(house, alert_id)
    house.ports.store.save_preferences(house.actors[CO].account_id, before)
    assert (alert.worst, alert.unit) == (183.0, "[lb_av]")
    assert alert.evidence[0].says.facts["gain"] == pytest.approx(6.6)


def test_a_desk_that_cannot_be_read_is_said_and_never_written_over(house: House) -> None:
    ports = house.ports
    flag(ports, house.own)
    paper = ports.store.paper(house.own, PaperKind.DESK, "desk", event())
    assert paper is not None
    ports.store.put_papers(house.own, [replace(paper, body=b"{}")], event())
    assert alerts.alerts_of(ports, house.actors[CO], house.own).damaged
    assert alerts.panel(ports, house.actors[CO]).damaged == (house.own,)
    with pytest.raises(BadInput):
        alerts.raise_flag(ports, house.actors[P], house.own, ("stroke",), "message:t9")
    after = ports.store.paper(house.own, PaperKind.DESK, "desk", event())
    assert after is not None
    assert after.body == b"{}"


def test_the_list_of_a_panel_says_of_whom_nothing_is_known_yet(house: House) -> None:
    found = alerts.panel(house.ports, house.actors[CO])
    assert (found.people, found.unseen, found.alerts) == (1, 1, ())
    gain_id, now_id = gain(house.ports, house.own), flag(house.ports, house.own)
    alerts.acknowledge(house.ports, house.actors[CO], house.own, now_id, "calling")
    assert [a.alert_id for a in alerts.panel(house.ports, house.actors[CO]).alerts] == [
        gain_id,
        now_id,
    ]  # what nobody has comes first


def test_an_act_is_done_again_where_a_worker_wrote_the_desk_meanwhile(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ports = house.ports
    alert_id = flag(ports, house.own)
    real, tries = ports.store.put_papers, []

    def put(*given: object, **more: object) -> object:
        tries.append(1)
        if len(tries) < 3:
            raise Conflict("paper_changed")
        return real(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ports.store, "put_papers", put)
    alerts.acknowledge(ports, house.actors[CO], house.own, alert_id, "calling")
    assert len(tries) == 3
    assert one(house, alert_id).taken_by == "Coordinator"


def test_the_command_line_acts_under_the_name_it_is_given(house: House) -> None:
    alert_id = flag(house.ports, house.own)
    alerts.acknowledge(house.ports, COMMAND_LINE, house.own, alert_id, "by telephone", "Dr Lee")
    last = next(a for a in desk_of(house.ports, house.own).open() if a.alert_id == alert_id).timeline[-1]
    assert (last.kind, last.who) == (Kind.ACKNOWLEDGED, "Dr Lee")


def test_a_persons_own_limits_are_kept_and_a_limit_that_loosens_a_floor_is_refused(house: House) -> None:
    ports, actor = house.ports, house.actors[CO]
    alert_limits.set_limit(ports, actor, house.own, "sbp", None, 150.0)
    alert_limits.set_expected(ports, actor, house.own, "scale", 2.0)
    alert_limits.pause(ports, actor, house.own, clock(ports).at + timedelta(days=3))
    alert_limits.set_scale2(ports, actor, house.own, True)
    view = alert_limits.view(ports, house.actors[P], house.own)
    row = next(r for r in view.rows if (r.signal, r.direction) == ("sbp", "high"))
    assert (row.own, row.by, row.widest, view.spo2_scale2, view.may_edit) == (150.0, "Coordinator", 180.0, True, False)
    for signal, low, high in (("sbp", None, 200.0), ("glucose", 40.0, None), ("sbp", 150.0, 120.0), ("nothing", 1.0, None)):
        with pytest.raises(BadInput):
            alert_limits.set_limit(ports, actor, house.own, signal, low, high)
    alert_limits.set_limit(ports, actor, house.own, "sbp", None, None)
    assert next(r for r in alert_limits.view(ports, actor, house.own).rows if r.signal == "sbp").own is None
    alert_limits.start_over(ports, actor, house.own)


def test_limits_that_cannot_be_read_are_said_and_not_written_over(house: House) -> None:
    ports, actor = house.ports, house.actors[CO]
    ports.store.put_in_drawer(house.own, alert_limits.DRAWER, b"[]", event())
    assert alert_limits.view(ports, actor, house.own).damaged
    with pytest.raises(BadInput):
        alert_limits.set_scale2(ports, actor, house.own, True)
    alert_limits.start_over(ports, actor, house.own)
    assert not alert_limits.view(ports, actor, house.own).damaged
