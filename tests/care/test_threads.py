"""Messages between a person and the team: kept once, read truly, answered by when it was promised, and never quiet about danger."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.care import alert_desk, letters, reminder_book, thread_acts, thread_desk, thread_files, threads
from core.care.access import COMMAND_LINE, Action, require
from core.care.thread_papers import language_of, thread_of
from core.care.thread_views import Draft, Given, InboxQuery
from core.domain import threads as pure
from core.domain.papers import Paper, PaperKind
from core.domain.people import Role
from core.domain.threads import CLOSED, OPEN, PERSON, TEAM, WAITING_PERSON, WAITING_TEAM, Head, Thread, Writer
from core.errors import BadInput, Conflict, FileRefused, HealthboardError, NotFound, NotPermitted
from core.medications.book import Channel, ReminderBook
from core.medications.reminder_json import DRAWER, written
from tests.care.given import add_account, clock, event, signed_in
from tests.care.given_threads import begin, house_of, reply
from tests.care.house import House
from tests.care.stores import STORES
from tests.channels.fake import KeptMessages

P, C, CO = Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> House:
    return house_of(request.getfixturevalue(request.param))


@pytest.fixture
def plain() -> House:
    return house_of()


def line(house: House, role: Role, only: str = "") -> Any:
    (found,) = thread_desk.inbox(house.ports, house.actors[role], InboxQuery(only)).lines
    return found


def view(house: House, thread_id: str, role: Role = P) -> Any:
    return thread_desk.opened(house.ports, house.actors[role], house.own, thread_id)


def count(house: House, role: Role) -> int:
    return thread_desk.unread_now(house.ports, house.actors[role]).unread


def kept(house: House, *kinds: PaperKind) -> list[Paper]:
    return list(house.ports.store.papers((house.own,), event(), kinds=kinds))


def test_a_question_reaches_the_team_and_the_answer_the_person(house: House) -> None:
    sent = begin(house)
    assert (count(house, P), count(house, CO)) == (0, 1)
    waiting = line(house, CO, "waiting")
    assert (waiting.thread.state, waiting.person_name, waiting.unread) == (WAITING_TEAM, "CANARY-OWN Own", 1)
    clock(house.ports).wait(minutes=29)
    threads.mark_read(house.ports, house.actors[CO], house.own, sent.thread_id, 1)
    reply(house, sent.thread_id, "Yes, with milk.")
    assert (count(house, P), count(house, CO)) == (1, 0)
    found = view(house, sent.thread_id)
    assert [one.said.text for one in found.messages] == ["May I take it with milk?", "Yes, with milk."]
    assert [one.fresh for one in found.messages] == [False, True]
    assert found.line.thread.state == WAITING_PERSON
    assert [who for who, _ in found.messages[0].receipt.seen] == ["Coordinator"]
    assert found.messages[1].receipt is None
    assert threads.mark_read(house.ports, house.actors[P], house.own, sent.thread_id, 2) == 2
    assert count(house, P) == 0


def test_sent_twice_is_kept_once(house: House) -> None:
    first, second = begin(house), begin(house)
    assert (second.thread_id, second.message_id, second.again) == (first.thread_id, first.message_id, True)
    once, twice = reply(house, first.thread_id, "Yes."), reply(house, first.thread_id, "Yes.")
    assert (once.message_id, once.again, twice.again) == (twice.message_id, False, True)
    assert len(kept(house, PaperKind.MESSAGE)) == 2
    assert len(kept(house, PaperKind.THREAD)) == 1
    assert len(kept(house, PaperKind.LETTER)) == 2


def test_the_same_words_from_another_tab_are_the_same_message(house: House) -> None:
    first, other = begin(house, token="tab one"), begin(house, token="tab two")
    assert first.thread_id == other.thread_id
    reply(house, first.thread_id, "Yes.", token="tab one")
    assert reply(house, first.thread_id, "Yes.", token="tab two").again
    clock(house.ports).wait(minutes=11)
    assert not reply(house, first.thread_id, "Yes.", token="later").again


def test_other_words_with_a_token_that_was_used_are_not_lost_quietly(house: House) -> None:
    sent = begin(house)
    with pytest.raises(Conflict, match="message_kept_already"):
        begin(house, "Something else", token="token-May I take it with milk?")
    reply(house, sent.thread_id, "One", token="used")
    with pytest.raises(Conflict, match="message_kept_already"):
        reply(house, sent.thread_id, "Two", token="used")


def test_of_many_at_once_every_message_is_kept_once(house: House) -> None:
    sent = begin(house)
    roles = [P, CO, C, CO]
    errors: list[Exception] = []

    def write(number: int) -> None:
        try:
            reply(house, sent.thread_id, f"words {number // 2}", roles[number // 2])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told below
            errors.append(error)

    crowd = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    busy = [one for one in errors if not (isinstance(one, HealthboardError) and one.code == "paper_changed")]
    assert busy == []
    found = view(house, sent.thread_id)
    texts = [one.said.text for one in found.messages]
    assert len(texts) == len(set(texts)) == len(kept(house, PaperKind.MESSAGE))
    assert found.lost == 0


def test_nothing_of_a_message_is_kept_where_its_thread_could_not_be_written(plain: House, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = begin(plain)
    before = (len(kept(plain, PaperKind.MESSAGE)), len(kept(plain, PaperKind.LETTER)))
    stale = plain.ports.store.paper(plain.own, PaperKind.THREAD, sent.thread_id, event())
    assert stale is not None
    monkeypatch.setattr(threads, "kept_thread", lambda *given: (replace(stale, edition=0), thread_of(stale)))
    with pytest.raises(Conflict, match="paper_changed"):
        reply(plain, sent.thread_id, "Never kept")
    assert (len(kept(plain, PaperKind.MESSAGE)), len(kept(plain, PaperKind.LETTER))) == before


def test_a_colleagues_answer_leaves_nothing_to_be_read_twice(plain: House) -> None:
    colleague = add_account(plain.ports, CO, "colleague", panels=(plain.panel.panel_id,))
    plain.ports.store.save_panel(replace(plain.panel, coordinators=(*plain.panel.coordinators, colleague.account_id)), event())
    actor = signed_in(plain.ports, colleague)
    sent = begin(plain)
    assert thread_desk.unread_now(plain.ports, actor).unread == 1
    reply(plain, sent.thread_id, "Done.")
    assert thread_desk.unread_now(plain.ports, actor).unread == 0
    thread_acts.assign(plain.ports, plain.actors[CO], plain.own, sent.thread_id, colleague.account_id)
    mine = thread_desk.inbox(plain.ports, actor, InboxQuery("mine"))
    assert [(one.thread_id, one.thread.assigned_name) for one in mine.lines] == [(sent.thread_id, "Colleague")]
    reply(plain, sent.thread_id, "One more thing", P)
    audiences = {letters.read(one).letter.audience for one in kept(plain, PaperKind.LETTER)}
    assert f"account:{colleague.account_id}" in audiences
    with pytest.raises(BadInput):
        thread_acts.assign(plain.ports, plain.actors[CO], plain.own, sent.thread_id, plain.accounts[P].account_id)


def test_a_caregiver_writes_for_the_person_and_it_says_so(plain: House) -> None:
    sent = begin(plain, "She slept badly.", C)
    assert count(plain, P) == 1  # what somebody wrote in my name is something I have not read
    said = view(plain, sent.thread_id).messages[0].said
    assert (said.writer.role, said.writer.name, said.writer.side) == ("caregiver", "Caregiver", PERSON)
    reply(plain, sent.thread_id, "Thank you.")
    told = {letters.read(one).letter.audience for one in kept(plain, PaperKind.LETTER)}
    assert told == {"coordinator", "patient", f"account:{plain.accounts[C].account_id}"}


def test_a_stranger_reads_and_writes_nothing(plain: House) -> None:
    sent = begin(plain)
    stranger = signed_in(plain.ports, add_account(plain.ports, P, "stranger", persons=(plain.other,)))
    far = signed_in(plain.ports, add_account(plain.ports, CO, "far"))
    draft = Draft("t", "Hello", "Hello")
    for actor in (stranger, far):
        for call in (
            lambda a=actor: thread_desk.opened(plain.ports, a, plain.own, sent.thread_id),
            lambda a=actor: threads.reply(plain.ports, a, plain.own, sent.thread_id, draft),
            lambda a=actor: threads.mark_read(plain.ports, a, plain.own, sent.thread_id, 1),
            lambda a=actor: thread_files.opened(plain.ports, a, plain.own, "f1"),
        ):
            with pytest.raises(NotPermitted):
                call()
        assert thread_desk.inbox(plain.ports, actor, InboxQuery()).lines == ()
    with pytest.raises(NotFound):
        threads.mark_read(plain.ports, stranger, plain.other, sent.thread_id, 1)


def test_where_nobody_of_a_team_would_read_it_nothing_is_sent(plain: House) -> None:
    alone = signed_in(plain.ports, add_account(plain.ports, P, "alone", persons=(plain.other,)))
    with pytest.raises(Conflict, match="no_team"):
        threads.begin(plain.ports, alone, plain.other, Draft("t", "Hello", "Hello"))
    assert plain.ports.store.papers((plain.other,), event(), kinds=(PaperKind.THREAD,)) == ()


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft("t", "words"), "subject_needed"), (Draft("t", " \u202e\u200b ", "Subject"), "message_empty"), (Draft("", "words", "Subject"), "bad_input"),
        (Draft("t", "x" * 4001, "Subject"), "text_too_long"), (Draft("t", "words", "Subject", readings=("nothing",)), "reading_gone"),
        (Draft("t", "words", "Subject", files=(Given("a.txt", b"a"),) * 5), "too_many_files"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_before_anything_is_kept(plain: House, draft: Draft, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        threads.begin(plain.ports, plain.actors[P], plain.own, draft)
    assert kept(plain, PaperKind.THREAD, PaperKind.MESSAGE, PaperKind.FILE, PaperKind.LETTER) == []


def test_danger_raises_the_alert_first_and_the_message_goes_out_all_the_same(house: House) -> None:
    sent = begin(house, "I have crushing chest pain and cannot breathe")
    assert "chest_pain" in sent.flags
    _, desk = alert_desk.fetch(house.ports.store, house.own, require(house.ports, COMMAND_LINE, Action.VIEW_ALERTS, house.own))
    assert [one.family for one in desk.open()] == [f"red_flag:message:{sent.thread_id}"]
    first = line(house, CO)
    assert "chest_pain" in first.thread.urgent
    assert any(one.letter.urgent and one.letter.audience == "coordinator" for one in map(letters.read, kept(house, PaperKind.LETTER)) if one.letter.purpose == "message")
    thread_acts.close(house.ports, house.actors[P], house.own, sent.thread_id)
    assert line(house, CO).thread.urgent  # closing it is not dealing with it
    thread_acts.handled(house.ports, house.actors[CO], house.own, sent.thread_id)
    assert line(house, CO, "closed").thread.urgent == ()


def test_a_message_is_sent_where_no_alert_can_be_raised_and_that_is_said(plain: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> None:
        raise BadInput("paper_damaged")

    monkeypatch.setattr(threads.alerts, "raise_flag", broken)
    sent = begin(plain, "I want to kill myself")
    assert sent.alarm_failed and sent.flags == ("suicide",)
    assert line(plain, CO).thread.alarm_failed


def test_a_machine_that_stops_after_the_alert_leaves_the_alert_and_the_next_try_sends_once(plain: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(threads, "_put", dead)
        with pytest.raises(KeyboardInterrupt):
            begin(plain, "I have chest pain")
    assert kept(plain, PaperKind.THREAD, PaperKind.MESSAGE) == []
    sent = begin(plain, "I have chest pain")
    assert not sent.again and not sent.alarm_failed
    _, desk = alert_desk.fetch(plain.ports.store, plain.own, require(plain.ports, COMMAND_LINE, Action.VIEW_ALERTS, plain.own))
    assert [one.family for one in desk.open()] == [f"red_flag:message:{sent.thread_id}"]


def test_of_two_clicks_at_the_same_moment_one_begins_the_thread(house: House) -> None:
    found: list[object] = []

    def click() -> None:
        try:
            found.append(begin(house).thread_id)
        except HealthboardError as error:
            found.append(error.code)

    crowd = [threading.Thread(target=click) for _ in range(3)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(set(found)) == 1 and len(kept(house, PaperKind.THREAD)) == len(kept(house, PaperKind.MESSAGE)) == 1


def test_the_teams_own_words_raise_nothing(plain: House) -> None:
    sent = begin(plain, "If you have chest pain, call 911", CO)
    assert sent.flags == ()
    assert kept(plain, PaperKind.DESK) == []


def test_what_speaks_of_danger_comes_first_then_who_waits_longest(plain: House) -> None:
    first = begin(plain, "first", token="1")
    clock(plain.ports).wait(minutes=11)
    second = begin(plain, "second", token="2")
    clock(plain.ports).wait(minutes=11)
    urgent = begin(plain, "chest pain", token="3")
    answered = begin(plain, "hello", CO, token="4")
    order = [one.thread_id for one in thread_desk.inbox(plain.ports, plain.actors[CO], InboxQuery()).lines]
    assert order == [urgent.thread_id, first.thread_id, second.thread_id, answered.thread_id]


def test_the_promise_is_that_of_the_first_unanswered_message_and_is_late_when_it_is_over(plain: House) -> None:
    sent = begin(plain)  # Saturday morning
    promised = line(plain, P).thread.promised_by
    assert promised.isoformat() == "2026-11-23T17:00:00+00:00"
    clock(plain.ports).wait(minutes=20)
    reply(plain, sent.thread_id, "And with tea?", P)
    assert line(plain, P).thread.promised_by == promised
    clock(plain.ports).at = promised.replace(minute=1)
    plain.actors[CO] = signed_in(plain.ports, plain.accounts[CO], "monday")
    assert line(plain, CO).late and thread_desk.unread_now(plain.ports, plain.actors[CO]).late == 1
    reply(plain, sent.thread_id, "With both.")
    assert line(plain, CO).thread.promised_by is None and not line(plain, CO).late


def test_without_hours_nothing_is_promised() -> None:
    house = house_of(hours=None)
    begin(house)
    assert line(house, P).thread.promised_by is None
    found = view(house, line(house, P).thread_id)
    assert found.offices.hours is None and found.offices.answer_by is None


def test_closing_and_opening_and_needing_no_answer(plain: House) -> None:
    sent = begin(plain)
    thread_acts.no_answer(plain.ports, plain.actors[CO], plain.own, sent.thread_id)
    assert (line(plain, CO).thread.state, count(plain, CO)) == (OPEN, 0)
    thread_acts.close(plain.ports, plain.actors[P], plain.own, sent.thread_id)
    assert line(plain, P, "closed").thread.state == CLOSED
    thread_acts.reopen(plain.ports, plain.actors[P], plain.own, sent.thread_id)
    assert line(plain, P).thread.state == OPEN
    thread_acts.close(plain.ports, plain.actors[CO], plain.own, sent.thread_id)
    reply(plain, sent.thread_id, "One more", P)
    assert line(plain, CO).thread.state == WAITING_TEAM
    thread_acts.interpreter(plain.ports, plain.actors[CO], plain.own, sent.thread_id, True)
    assert line(plain, CO).thread.interpreter
    for call in (thread_acts.no_answer, thread_acts.handled):
        with pytest.raises(NotPermitted):
            call(plain.ports, plain.actors[P], plain.own, sent.thread_id)


def test_a_message_that_was_taken_back_is_marked_and_stays(plain: House) -> None:
    sent = begin(plain)
    with pytest.raises(NotPermitted):
        threads.take_back(plain.ports, plain.actors[C], plain.own, sent.thread_id, sent.message_id)
    threads.take_back(plain.ports, plain.actors[P], plain.own, sent.thread_id, sent.message_id)
    threads.take_back(plain.ports, plain.actors[P], plain.own, sent.thread_id, sent.message_id)
    (message,) = view(plain, sent.thread_id, CO).messages
    assert (message.taken_back.name, message.said.text) == ("Patient", "May I take it with milk?")
    assert count(plain, CO) == 0


def test_files_are_told_by_their_bytes_and_handed_out_to_be_saved(house: House) -> None:
    pdf, text = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n", "blood pressure\n140/90 早上".encode()
    given_files = (Given("../../etc/plan.exe", pdf), Given("notes", text), Given("x.png", b"\x89PNG photo"))
    sent = begin(house, files=given_files)
    (message,) = view(house, sent.thread_id, CO).messages
    assert [(one.name, one.media_type) for one in message.said.files] == [("plan.pdf", "application/pdf"), ("notes.txt", "text/plain"), ("x.jpg", "image/jpeg")]
    saved = thread_files.opened(house.ports, house.actors[CO], house.own, message.said.files[0].key)
    assert (saved.content, saved.media_type) == (pdf, "application/pdf")


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00\x03", b"PK\x03\x04" + bytes(60), b"%PDF-1.7 cut off", bytes(500), b"\xff\xfe" + b"a\x00" * 9, b"text\x00more", b"a" * 1_000_001])  # fmt: skip
def test_anything_else_is_refused(plain: House, content: bytes) -> None:
    with pytest.raises(FileRefused):
        begin(plain, files=(Given("x.txt", content),))
    assert kept(plain, PaperKind.THREAD, PaperKind.FILE) == []


def test_a_photo_is_cleaned_and_a_bomb_refused(plain: House) -> None:
    from io import BytesIO

    from PIL import Image

    from models.image_check.intake import photo

    plain = replace(plain, ports=replace(plain.ports, checks=_Intake(photo)))
    picture = Image.new("RGB", (64, 48), (200, 150, 120))
    exif = Image.Exif()
    exif[0x010E] = "CANARY place"
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    sent = begin(plain, files=(Given("me.jpg", out.getvalue()),))
    (message,) = view(plain, sent.thread_id).messages
    saved = thread_files.opened(plain.ports, plain.actors[P], plain.own, message.said.files[0].key)
    assert b"CANARY" not in saved.content and saved.content.startswith(b"\xff\xd8")
    bomb = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60_000).to_bytes(4) + (60_000).to_bytes(4) + b"\x08\x02\x00\x00\x00" + bytes(100)
    with pytest.raises(FileRefused, match="photo_pixels"):
        begin(plain, "another", files=(Given("x.png", bomb),))


class _Intake:
    """The real intake of photos, and nothing else of the checks."""

    def __init__(self, photo: Any) -> None:
        self.photo = photo


def test_a_reading_is_a_reference_to_what_the_record_holds(plain: House) -> None:
    (choice,) = thread_files.readings(plain.ports, plain.actors[P], plain.own)
    assert choice.ref.values == (("hr", 72.0, "/min"),)
    sent = begin(plain, readings=(choice.key,))
    (message,) = view(plain, sent.thread_id, CO).messages
    assert message.said.readings == (choice.ref,)
    assert choice.ref.record_id == plain.record


def test_what_was_told_outside_the_app_is_read_from_the_letters(plain: House) -> None:
    sent = begin(plain, "hello", CO)
    assert view(plain, sent.thread_id, CO).messages[0].receipt.told == "on_its_way"
    (letter,) = kept(plain, PaperKind.LETTER)
    known = letters.read(letter)
    nobody = replace(letter, state=letters.IN_APP, body=letters.written(known), next_at=None)
    plain.ports.store.put_papers(plain.own, [nobody], event())
    assert view(plain, sent.thread_id, CO).messages[0].receipt.told == "not_called"
    (letter,) = kept(plain, PaperKind.LETTER)
    at = clock(plain.ports).now()
    gone = known.with_sending(letters.Sending("self", "", "email", "k1", "sent", at=at))
    plain.ports.store.put_papers(plain.own, [replace(letter, state=letters.SENT, body=letters.written(gone))], event())
    receipt = view(plain, sent.thread_id, CO).messages[0].receipt
    assert (receipt.told, receipt.told_at) == ("told", at)


def test_it_is_known_whether_the_person_has_a_way_to_be_told(plain: House) -> None:
    ports = replace(plain.ports, channels=KeptMessages())
    house = replace(plain, ports=ports)
    sent = begin(house, "hello", CO)
    assert not view(house, sent.thread_id, CO).reachable
    book = ReminderBook(channels=(Channel("k1", "email", "own@example.org"),))
    ports.store.put_in_drawer(house.own, DRAWER, written(book), event())
    assert view(house, sent.thread_id, CO).reachable
    assert reminder_book.load(ports.store, house.own, require(ports, COMMAND_LINE, Action.VIEW_RECORD, house.own)).channels


@pytest.mark.parametrize(
    ("text", "own", "found"),
    [("今天头晕", "en", "zh_Hans"), ("Good morning", "en", "en"), ("Good morning", "zh_Hans", ""), ("吃了 metformin 之后胃疼得厉害", "zh_Hans", "zh_Hans"), ("140/90", "zh_Hans", "zh_Hans"), ("Доброе утро", "en", "")],
)  # fmt: skip
def test_the_language_is_told_by_the_letters(text: str, own: str, found: str) -> None:
    assert language_of(text, own) == found


def test_a_message_in_another_language_says_so_and_is_not_translated(plain: House) -> None:
    sent = begin(plain, "今天早上头有点晕，可以出门吗？")
    (message,) = view(plain, sent.thread_id, CO).messages
    assert (message.foreign, message.said.language) == (True, "zh_Hans")
    mine = view(plain, sent.thread_id).messages[0]
    assert not mine.foreign


def test_a_damaged_thread_is_listed_as_damaged_and_hides_no_other(plain: House) -> None:
    sent, other = begin(plain), begin(plain, "another", token="2")
    paper = plain.ports.store.paper(plain.own, PaperKind.THREAD, sent.thread_id, event())
    assert paper is not None
    plain.ports.store.put_papers(plain.own, [replace(paper, body=b"{")], event())
    lines = thread_desk.inbox(plain.ports, plain.actors[CO], InboxQuery()).lines
    assert {(one.thread_id, one.damaged) for one in lines} == {(sent.thread_id, True), (other.thread_id, False)}
    with pytest.raises(BadInput, match="paper_damaged"):
        view(plain, sent.thread_id)


# --------------------------------------------------------------------------------------------------------- property tests

WHO = {"p": Writer("p", "P", "patient", PERSON), "c": Writer("c", "C", "caregiver", PERSON), "t": Writer("t", "T", "coordinator", TEAM), "u": Writer("u", "U", "coordinator", TEAM)}
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from("pctu"), st.just(0)),
        st.tuples(st.just("read"), st.sampled_from("pctu"), st.integers(-3, 12)),
        st.tuples(st.sampled_from(["no_answer", "closed", "reopened", "back"]), st.sampled_from("pt"), st.integers(0, 9)),
    ),
    max_size=25,
)  # fmt: skip


@given(ACTS)
@settings(max_examples=200)
def test_unread_counts_are_those_of_a_plain_model(acts: list[tuple[str, str, int]]) -> None:
    """The model keeps, for each account, the very set of messages that account has not dealt with."""
    from tests.care.given import NOW

    thread = Thread("s", NOW, WHO["p"])
    waiting: dict[str, set[str]] = {who: set() for who in WHO}
    marks = dict.fromkeys(WHO, 0)
    for what, who, number in acts:
        if what == "say":
            key = f"m{len(thread.heads)}"
            thread = pure.said(thread, Head(key, WHO[who].side, who, NOW), None)
            for other, one in WHO.items():
                if other == who:
                    continue
                if one.side == TEAM and WHO[who].side == TEAM:
                    waiting[other] = set()  # a colleague has answered
                elif one.side == PERSON or WHO[who].side == PERSON:
                    waiting[other].add(key)
            if WHO[who].side == TEAM:
                waiting[who] = set()
        elif what == "read":
            thread = pure.read_to(thread, WHO[who], number, NOW)
            waiting[who] -= {f"m{at}" for at in range(min(number, len(thread.heads)))}
        elif what == "back":
            if number < len(thread.heads):
                thread = pure.stepped(thread, "taken_back", WHO[who], NOW, f"m{number}")
                for left in waiting.values():
                    left.discard(f"m{number}")
        else:
            before = thread.state
            thread = pure.stepped(thread, what, WHO[who], NOW)
            if (what == "closed" and WHO[who].side == TEAM) or (what == "no_answer" and before != CLOSED):
                waiting["t"], waiting["u"] = set(), set()
        for other, one in WHO.items():
            assert pure.unread(thread, other, one.side) == len(waiting[other])
            assert pure.mark_of(thread, other) >= marks[other]
            marks[other] = pure.mark_of(thread, other)
