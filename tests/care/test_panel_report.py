"""A panel's figures: everybody counts once, what can't be read is said, and what leaves the team is noised, kept and budgeted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from core.care import panel_outside, panel_report, panel_work
from core.care.access import COMMAND_LINE
from core.care.panel_report import Shelves
from core.care.panel_views import OutsideView, PanelReport, PanelShelf
from core.care.placing import Whose
from core.care.worklist_views import WorklistShelf
from core.domain.papers import Paper, PaperKind
from core.domain.people import Panel, Role
from core.errors import BadInput, Conflict, HealthboardError, NotFound
from core.panel import noise, privacy
from core.panel.capacity import Hours
from core.panel.terms import OUTSIDE, TABLES
from core.ports import Ports
from tests.care.given import add_person, bring, bundle, clock, event, parcel, patient, signed_in
from tests.care.house import House, build

FAR = 1_000_003
"""What the noise of a test adds, so that no true count can be mistaken for what was handed out."""


@pytest.fixture
def house() -> House:
    return build()


def reported(house: House, panel_id: str | None = None, role: Role = Role.COORDINATOR) -> PanelReport:
    asked = house.panel.panel_id if panel_id is None else panel_id
    actor = COMMAND_LINE if role is Role.SYSTEM else house.actors[role]
    return panel_report.report(house.ports, actor, asked, Shelves(PanelShelf(), WorklistShelf()))


def observed(code: str, value: float, unit: str, record_id: str, when: str = "2026-11-10T08:15:00Z") -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": record_id, "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "effectiveDateTime": when,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }  # fmt: skip


def diabetic(ports: Ports, hba1c: float, number: int, when: str = "2026-11-10T08:15:00Z") -> str:
    person_id = add_person(ports, f"Made{number}")
    problem = {
        "resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"}, "recordedDate": "2020-01-01",
        "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44054006"}]},
    }  # fmt: skip
    records = bundle(
        patient(family=f"Made{number}"), problem, observed("4548-4", hba1c, "%", "o1", when), base=f"https://{number}.example/fhir"
    )
    bring(ports, parcel(records), whose=Whose(person_id))
    return person_id


def test_everybody_of_the_panel_counts_once_and_nobody_else(house: House) -> None:
    mine, everybody = reported(house), reported(house, "", Role.SYSTEM)
    assert (mine.total, everybody.total) == (1, 2)
    for view in (mine, everybody):
        assert all(sum(bars.values()) == view.total for bars in view.tables.values())
    assert dict(mine.panels) == {house.panel.panel_id: house.panel.name}
    assert mine.cohorts.why == "too_few_people"
    assert {one.says for one in mine.gaps} <= {"too_few"}
    assert sum(count for _, count in mine.lanes) == 1


def test_control_is_judged_by_the_same_rules_as_elsewhere(house: House) -> None:
    for number, (hba1c, when) in enumerate([(6.4, "2026-11-10"), (9.1, "2026-11-10"), (6.4, "2019-11-10")]):
        diabetic(house.ports, hba1c, number, when)
    found = reported(house, "", Role.SYSTEM).tables
    assert found["hba1c"] == {"in_target": 1, "above": 1, "below": 0, "not_asked": 0, "unknown": 3}, (
        "too old is not known, and no list is no 'no'"
    )
    assert found["condition.diabetes"] == {"yes": 3, "no": 0, "unknown": 2}


def test_who_died_is_left_out_and_said(house: House) -> None:
    add_person(house.ports, "Gone", deceased="2026-01-01")
    found = reported(house, "", Role.SYSTEM)
    assert (found.total, found.died) == (2, 1)


def test_who_cannot_be_read_is_not_known_and_takes_nobody_away(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = house.ports.store.records

    def broken(person_id: str, *given: Any, **more: Any) -> Any:
        if person_id == house.other:
            raise HealthboardError("store_damaged")
        return kept(person_id, *given, **more)

    monkeypatch.setattr(house.ports.store, "records", broken)
    found = reported(house, "", Role.SYSTEM)
    assert (found.total, found.unreadable) == (2, 1)
    assert sum(found.tables["pressure"].values()) == 2


def test_a_panel_of_others_is_none(house: House) -> None:
    foreign = house.ports.store.save_panel(Panel("", "Foreign", (house.other,)), event())
    with pytest.raises(NotFound):
        reported(house, foreign.panel_id)
    with pytest.raises(NotFound):
        panel_report.save_hours(house.ports, house.actors[Role.COORDINATOR], foreign.panel_id, Hours((8.0,) * 7))


def test_hours_are_kept_for_the_panel(house: House) -> None:
    actor, hours = house.actors[Role.COORDINATOR], Hours((8.0, 8.0, 8.0, 8.0, 6.0, 0.0, 0.0), {"review": 4.5})
    panel_report.save_hours(house.ports, actor, house.panel.panel_id, hours)
    found = reported(house).work
    assert found.hours == hours
    assert (found.hours_by, found.hours_at) == ("Coordinator", clock(house.ports).now())


@pytest.mark.parametrize(
    "hours",
    [
        Hours((8.0,) * 6),
        Hours((-1.0,) * 7),
        Hours((float("nan"),) * 7),
        Hours((8.0,) * 7, {"review": 0.0}),
        Hours((8.0,) * 7, {"tea": 5.0}),
        Hours((True,) * 7),
    ],
)
def test_hours_that_cannot_be_are_refused(house: House, hours: Hours) -> None:
    with pytest.raises(BadInput):
        panel_report.save_hours(house.ports, house.actors[Role.COORDINATOR], house.panel.panel_id, hours)
    assert reported(house).work.hours == Hours()


def test_damaged_hours_are_said_and_not_taken_for_none(house: House) -> None:
    house.ports.store.put_house_document(panel_work.document_of(house.panel.panel_id), b'{"version":1}', event())
    with pytest.raises(BadInput, match="ledger_damaged"):
        reported(house)


# ---------------------------------------------------------------------------------------------------------------- outside


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noise, "noised", lambda counts, epsilon: tuple(one + FAR for one in counts))


def released(house: House, epsilon: float = 1.0, panel_id: str = "", role: Role = Role.ADMINISTRATOR) -> OutsideView:
    actor = COMMAND_LINE if role is Role.SYSTEM else house.actors[role]
    return panel_outside.release(house.ports, actor, panel_id, epsilon)


def numbers(found: Any) -> list[int]:
    if isinstance(found, dict):
        return [one for value in found.values() for one in numbers(value)]
    if isinstance(found, list | tuple):
        return [one for value in found for one in numbers(value)]
    return [found] if isinstance(found, int) and not isinstance(found, bool) else []


@pytest.mark.usefixtures("far")
def test_what_leaves_holds_no_true_count_and_nobody(house: House) -> None:
    view = released(house)
    assert list(view.release.counts) == list(OUTSIDE)
    assert all(tuple(bars) == TABLES[table] for table, bars in view.release.counts.items())
    told = numbers(asdict(view))
    assert [one for one in told if one not in (1000, view.within)] != []
    assert all(one >= FAR for one in told if one not in (1000, view.within)), "every count has its noise"
    said = json.dumps(asdict(view), default=str)
    assert house.own not in said and house.other not in said
    assert "CANARY" not in said


@pytest.mark.usefixtures("far")
def test_only_noised_counts_are_laid_down(house: House) -> None:
    released(house)
    kept = json.loads(house.ports.store.house_document(panel_outside.DOCUMENT))
    assert all(one >= FAR for release in kept["releases"] for one in numbers(release["counts"]))


def test_the_same_question_has_the_kept_answer_and_spends_nothing(house: House) -> None:
    first = released(house)
    clock(house.ports).wait(hours=5)
    add_person(house.ports, "New")
    house.actors[Role.ADMINISTRATOR] = _in_again(house)
    again = released(house)
    assert (first.again, again.again) == (False, True)
    assert again.release == first.release
    assert again.left == first.left == 3.0
    other = released(house, 0.5)
    assert (other.again, other.left) == (False, 2.5)


def _in_again(house: House) -> Any:
    return signed_in(house.ports, house.accounts[Role.ADMINISTRATOR], "later")


def test_what_is_spent_is_spent_until_the_quarter_is_over(house: House) -> None:
    for epsilon in (1.0, 2.0, 0.9):
        released(house, epsilon)
    with pytest.raises(BadInput, match="budget_spent"):
        released(house, 0.2)
    assert released(house, 0.1).left == 0.0
    with pytest.raises(BadInput, match="budget_spent"):
        released(house, 0.1, house.panel.panel_id)
    assert panel_outside.spending_of(house.ports, house.actors[Role.ADMINISTRATOR]).left == 0.0
    clock(house.ports).wait(days=60)
    assert released(house, 0.2, role=Role.SYSTEM).left == 3.8


def test_a_panel_of_its_own_and_one_that_is_none(house: House) -> None:
    assert released(house, 1.0, house.panel.panel_id).release.scope == house.panel.panel_id
    with pytest.raises(NotFound):
        released(house, 1.0, "nowhere")


def test_a_damaged_ledger_lets_nothing_out(house: House) -> None:
    house.ports.store.put_house_document(panel_outside.DOCUMENT, b"damaged", event())
    with pytest.raises(BadInput, match="ledger_damaged"):
        released(house)


def test_releases_at_once_never_overspend(house: House) -> None:
    """Eight at a time ask for 0.9 each of a budget of 4: four come through, whatever the order."""
    start, came, refused = Barrier(8), [], []

    def ask(number: int) -> None:
        start.wait()
        try:
            came.append(panel_outside.release(house.ports, COMMAND_LINE, "", 0.9 + number / 100))
        except (BadInput, Conflict) as error:
            refused.append(error.code)

    threads = [Thread(target=ask, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    spending = privacy.read(house.ports.store.house_document(panel_outside.DOCUMENT))
    assert len(came) == len(spending.releases) == 4
    assert spending.spent("2026-Q4") <= privacy.BUDGET
    assert {one.release.release_id for one in came} == {one.release_id for one in spending.releases}
    assert set(refused) == {"budget_spent"}


def test_two_who_ask_the_same_at_once_get_one_answer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else asks the same between reading the ledger and writing it: their answer is given, and paid for once."""
    drawn = noise.noised
    between: list[OutsideView] = []

    def interrupted(counts: Sequence[int], epsilon: float) -> tuple[int, ...]:
        if not between:
            monkeypatch.setattr(noise, "noised", drawn)
            between.append(released(house, role=Role.SYSTEM))
        return drawn(counts, epsilon)

    monkeypatch.setattr(noise, "noised", interrupted)
    view = released(house)
    assert view.again and view.release == between[0].release
    assert view.left == 3.0


def test_nothing_is_shown_that_was_not_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def always_late(*given: Any, **more: Any) -> None:
        raise Conflict("document_changed")

    monkeypatch.setattr(house.ports.store, "put_house_document", always_late)
    with pytest.raises(Conflict):
        released(house)
    assert panel_outside.spending_of(house.ports, COMMAND_LINE).left == 4.0


def test_the_release_leaves_a_line_in_the_trail(house: House) -> None:
    view = released(house)
    lines = [line.event for line in house.ports.store.audit_lines(event(), limit=20)]
    assert any(one.action == "view_panel_counts" and one.what == view.release.release_id for one in lines)


def test_work_is_expected_from_what_was(house: House) -> None:
    now = clock(house.ports).now()
    visits = [
        {
            "resourceType": "Appointment", "id": f"a{week}", "status": "booked", "start": (now - timedelta(days=7 * week + 1)).isoformat(),
            "participant": [{"actor": {"reference": "Patient/p1"}, "status": "accepted"}],
        }
        for week in range(-1, 9)
    ]  # fmt: skip
    person = patient("p1", "Own", "CANARY-OWN")
    bring(house.ports, parcel(bundle(person, *visits, base="https://own.example/fhir")), whose=Whose(house.own))
    found = reported(house).work
    work = {one.kind: one for one in found.work}
    assert work["visit"].enough and work["visit"].week == pytest.approx(1.0, abs=0.3)
    assert not work["message"].enough, "a house of today has no history"
    assert found.booked[(now + timedelta(days=6)).weekday()] == sum(found.booked) == 1
    ahead = (Paper(house.own, PaperKind.VISIT, f"v{days}", "booked", now + timedelta(days=days), b"{}") for days in (6, 8))
    house.ports.store.put_papers(house.own, tuple(ahead), event())
    assert sum(reported(house).work.booked) == 2, "one that stands in the record as well is one"
