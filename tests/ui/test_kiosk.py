"""The kiosk's screens: the whole visit in both languages, its dead ends, and that whatever happens at whatever step the next person finds nothing."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.errors import SourceUnavailable
from core.kiosk.terms import VisitReceipt
from core.ports import Ports
from core.ui import kiosk_stay
from core.ui.kiosk_scan import text_in
from core.ui.kiosk_stay import Stay
from core.ui.words import languages, words
from tests.ui.given_kiosk import CANARIES, CODE, Double, Person, known
from tests.ui.visitor import Visitor


def clean(person: Person) -> bool:
    """Nobody is here, and nothing of anybody is in the session or on the screen."""
    held = "\n".join(f"{key} {person.app.session_state[key]!r}" for key in person.app.session_state._state.filtered_state)
    left = [one for one in CANARIES if one in held or one in person.text]
    widgets = [
        key for key in person.app.session_state._state.filtered_state if key.startswith("kq_") and any(x.isdigit() for x in key)
    ]
    assert (left, widgets) == ([], [])
    return bool(person.stay.state.wiped and person.stay.welcomed is None and not person.stay.on)


@pytest.mark.parametrize("language", languages())
def test_a_whole_visit_is_sent_once_and_wiped(language: str) -> None:
    double, t = Double(), words(language)
    person = Person(double).begin(language)
    assert "M••••t" in person.text
    assert person.title == t("kiosk.consent")
    titles = [person.title]
    for _ in range(80):
        if person.stay.state.outcome:
            break
        person.on()
        titles.append(person.title)
    for key in (
        "ask.contact",
        "ask.medicines",
        "more.medicines",
        "ask.allergies",
        "rest",
        "wait_wait",
        "taken.blood_pressure",
        "taken.weight",
        "danger",
        "summary",
    ):
        assert t("kiosk." + key) in titles, key
    assert person.title == t("kiosk.sent.kept")
    assert "data:image/png" in person.markup
    [sent] = double.handed
    assert len([one for one in sent.readings if "sbp" in one.values]) == 2
    assert sent.readings[-1].values["weight"] == 71.37
    assert sent.medicines == {f"m{at}": "yes" for at in range(5, 11)}
    assert set(sent.questionnaires) == {"phq-2", "steadi"}
    assert sent.consented_at
    assert sent.finished_at
    assert sent.language == language
    assert person.stay.state.collected is None  # sealed: the kiosk has no use for it any more
    assert clean(person.touch("kq_next"))
    assert person.title == words("en")("kiosk.welcome")


def test_the_demo_kiosk_knows_a_demo_person(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("kiosk")
    visitor.app.button(key="kq_demo").click().run()
    code = visitor.app.session_state["hb.kiosk"].code
    visitor.app.button(key="kq_language_en").click().run()
    visitor.app.text_input[0].set_value(code)
    visitor.app.button(key="kq_go").click().run()
    assert visitor.problems == []
    assert words("en")("kiosk.consent") in visitor.text
    assert "Ellis" not in visitor.text


def test_who_is_not_recognised_hears_the_same_words_and_can_call_the_desk() -> None:
    double = Double()
    person = Person(double).begin(code="QQQQQQQQ")
    assert words("en")("kiosk.who_unknown") in person.text
    said = person.stay.notice
    person.touch("kq_way_birth").type(day="31", month="12", year="1948", initials="ME", factor="0133")
    assert person.stay.notice == said
    person.touch("kq_person")
    assert double.calls == [("not_recognised", "")]
    assert words("en")("kiosk.person_called") in person.text
    double.away = True
    person.touch("kq_person")
    assert words("en")("kiosk.person_failed") in person.text


@pytest.mark.parametrize("day", ["", "x", "٣"])
def test_a_birth_date_that_is_none_is_said_and_asks_nobody(day: str) -> None:
    person = (
        Person(Double())
        .touch("kq_language_en")
        .touch("kq_way_birth")
        .type(day=day, month="12", year="1948", initials="ME", factor="0133")
    )
    assert words("en")("kiosk.birth_unclear") in person.text
    assert person.stay.failed == 0


def test_without_a_server_one_can_measure_and_it_is_said_what_waits() -> None:
    double, t = Double(away=True), words("en")
    person = Person(double).begin()
    assert person.title == t("kiosk.offline")
    person.touch("kq_next")
    assert person.title == t("kiosk.consent")
    person.until("summary")
    assert t("kiosk.sum_offline") in person.text
    person.touch("kq_next")
    assert person.title == t("kiosk.sent.queued")
    [kept] = double.handed
    assert (kept.ticket, kept.medicines, kept.questionnaires) == ("", {}, {})
    assert kept.proof is not None
    assert kept.proof.code == CODE
    assert clean(person.touch("kq_next"))


def test_no_consent_keeps_nothing() -> None:
    double = Double()
    person = Person(double).begin().touch("kq_refuse")
    assert words("en")("kiosk.ended_refused") in person.text
    assert clean(person)
    assert double.handed == []


def test_nobody_who_rests_as_they_were_asked_is_taken_for_gone() -> None:
    double = Double()
    person = Person(double).begin().until("measure")
    assert person.stay.held == 0
    person.touch("kq_rest")
    assert person.stay.held == 5 * 60 + 60
    assert person.stay.left >= person.stay.held
    double.now += timedelta(minutes=6)
    person.touch("kq_large").type(sbp="128", dbp="79")
    assert person.stay.held == 60 + 60
    person.touch("kq_enough")
    assert person.stay.held == 0


def test_a_value_that_cannot_be_is_measured_again_and_then_a_person_helps() -> None:
    person, t = Person(Double()).begin().until("measure").touch("kq_rested"), words("en")
    for _ in range(2):
        person.type(sbp="820", dbp="79")
        assert person.stay.notice[1] == "kiosk.measure_again"
    person.type(sbp="820", dbp="79")
    assert person.stay.notice[1] == "kiosk.measure_help"
    person.type(sbp="", dbp="79")
    assert t("kiosk.no_number") in person.text
    person.type(sbp="79", dbp="128")
    assert t("kiosk.doubt.not_above") in person.text
    assert person.stay.state.collected.readings == ()


def test_a_pressure_that_needs_help_at_once_calls_the_desk_before_anything_else() -> None:
    double = Double()
    person = Person(double).begin().until("measure").touch("kq_rested").type(sbp="205", dbp="118")
    assert person.title == words("en")("kiosk.alarm")
    assert double.calls == [("danger", "ticket-canary")]
    assert words("en")("kiosk.alarm_number", number="999") in person.text
    person.touch("kq_next").until("summary").touch("kq_next")
    assert double.handed[0].danger == ("high_pressure",)
    assert double.handed[0].needs_person


def test_a_sign_that_is_ticked_and_a_desk_that_is_away() -> None:
    double = Double()
    person = Person(double).begin().until("danger")
    double.away = True
    person.touch("kq_sign_chest_pain").touch("kq_next")
    assert words("en")("kiosk.alarm_failed") in person.text
    double.away = False
    person.touch("kq_call_again")
    assert words("en")("kiosk.alarm_called") in person.text


def test_thoughts_of_suicide_are_answered_at_once() -> None:
    double = Double(welcomed=known(questionnaires=("phq-9",)))
    person = Person(double).begin().until("questions")
    while not person.stay.state.alarm:
        person.touch(next(key for key in person.buttons if key.startswith("kq_option_") and key.endswith("_1")))
    assert "988" in person.text
    assert double.calls == [("danger", "ticket-canary")]
    assert person.stay.state.collected.danger == ("suicide",)


def test_back_loses_no_answer() -> None:
    person = Person(Double()).begin().until("medicines").touch("kq_1_no").touch("kq_0_yes").touch("kq_next")
    person.touch("kq_back").touch("kq_back")
    assert person.stay.step == "contact"
    person.touch("kq_next")
    assert person.stay.state.collected.medicines == {"m6": "no", "m5": "yes"}


def test_what_could_be_neither_sent_nor_kept_is_said_and_can_be_tried_again() -> None:
    double = Double(broken=SourceUnavailable("outbox_full"))
    person = Person(double).begin().until("summary").touch("kq_next")
    assert words("en")("kiosk.send_failed") in person.text
    double.broken = None
    assert person.touch("kq_next").title == words("en")("kiosk.sent.kept")


@pytest.mark.parametrize(("state", "said"), [("unmatched", "unmatched"), ("refused", "refused"), ("kept_before", "kept")])
def test_what_the_server_said_is_what_the_person_hears(state: str, said: str) -> None:
    double = Double(receipt=VisitReceipt("visit-1", state))
    person = Person(double).begin().until("summary").touch("kq_next")
    assert person.title == words("en")("kiosk.sent." + said)
    assert "data:image/png" not in person.markup


TOUCHES = (
    "kq_next",
    "kq_back",
    "kq_skip",
    "kq_help",
    "kq_person",
    "kq_all",
    "kq_rested",
    "kq_large",
    "kq_contrast",
    "on",
    "type",
    "turn_away",
)
ENDS = ("idle", "over", "reload")


@settings(
    max_examples=10, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.sampled_from(TOUCHES), max_size=14), st.sampled_from(ENDS))
def test_whatever_happens_at_whatever_step_the_next_person_finds_nothing(touches: list[str], end: str) -> None:
    double = Double()
    person = Person(double).begin()
    for one in touches:
        if one == "turn_away":
            double.away = not double.away
        elif one == "type" and person.app.text_input:
            key = "more" if any("kq_more" in str(each.key) for each in person.app.text_input) else "sbp"
            person.type(**{key: "Zqcanary"})
        elif one == "on":
            person.on()
        elif one in person.buttons:
            person.touch(one)
    if end == "reload":
        person = Person(double)
    elif end == "over" and "kq_over" in person.buttons:
        person.touch("kq_over").touch("kq_over_yes")
    else:  # as the browser's clock says it
        person.end("idle")
    assert clean(person)


def test_the_clock_of_the_server_ends_a_stay_that_nobody_ends() -> None:
    class Ticks:
        def __init__(self) -> None:
            self.on = True

        def wait(self, seconds: float) -> bool:
            return not self.on

        def set(self) -> None:
            self.on = False

    gone = Stay(left=100.0, over=Ticks())  # type: ignore[arg-type]
    gone.welcomed = known()
    kiosk_stay._count(gone, SimpleNamespace(is_active_session=lambda name: False), "s")  # type: ignore[arg-type]
    assert gone.welcomed is None
    silent = Stay(left=3.0, over=Ticks())  # type: ignore[arg-type]
    silent.welcomed = known()
    ended: list[str] = []
    was, kiosk_stay.wipe = kiosk_stay.wipe, lambda how: (ended.append(how), silent.empty())  # type: ignore[assignment, func-returns-value]
    try:
        kiosk_stay._count(silent, SimpleNamespace(is_active_session=lambda name: True), "s")  # type: ignore[arg-type]
    finally:
        kiosk_stay.wipe = was
    assert (ended, silent.welcomed) == (["idle"], None)


@pytest.mark.parametrize("picture", [b"", b"x", b"\xff\xd8\xff\xe0" + b"0" * 50, b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_holds_no_code(picture: bytes) -> None:
    assert text_in(picture) == ""
