"""Accounts, panels, preferences, sign-ins and tickets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.domain.people import Account, Panel, Preferences, Role, Session
from core.errors import Conflict, NotFound
from core.store import SqlStore
from tests.store.given import EVENT, NOW, later

ADA = Account("", Role.PATIENT, "Ada", "Ada Example", ("p1",), demo=True)


def test_an_account_is_found_by_its_name_however_it_is_typed(store: SqlStore) -> None:
    account = store.add_account(ADA, "$argon2id$x", EVENT)
    assert account.account_id and account.created_at == EVENT.at
    for typed in ("Ada", " ada ", "ADA", "Ａｄａ"):
        assert store.account_by_username(typed) == (account, "$argon2id$x")
    assert store.account_by_username("ad") is None
    assert store.account(account.account_id) == account
    with pytest.raises(NotFound):
        store.account("nobody")


def test_a_name_is_given_once(store: SqlStore) -> None:
    store.add_account(ADA, "x", EVENT)
    other = store.add_account(replace(ADA, username="ben"), "x", EVENT)
    for call in (
        lambda: store.add_account(replace(ADA, username="ADA "), "y", EVENT),
        lambda: store.update_account(replace(other, username="ada"), EVENT),
    ):
        with pytest.raises(Conflict, match="username_taken"):
            call()
    assert len(store.accounts(EVENT)) == 2


def test_an_account_changes_with_and_without_its_password(store: SqlStore) -> None:
    account = store.add_account(ADA, "old", EVENT)
    store.update_account(replace(account, disabled=True, username="ada2"), EVENT)
    assert store.account_by_username("ada") is None
    assert store.account_by_username("ada2") == (replace(account, disabled=True, username="ada2"), "old")
    store.update_account(account, EVENT, password_hash="new")
    assert store.account_by_username("ada") == (account, "new")
    with pytest.raises(NotFound):
        store.update_account(replace(account, account_id="nobody"), EVENT)


def test_failures_are_counted_for_names_that_exist_and_that_do_not(store: SqlStore) -> None:
    assert store.failures("ghost") == (0, None)
    for minute in range(3):
        store.note_failure("ghost", later(minute), EVENT)
    assert store.failures("GHOST") == (3, later(2))
    store.clear_failures("ghost")
    assert store.failures("ghost") == (0, None)


def test_failures_at_once_are_all_counted(store: SqlStore) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: store.note_failure("ghost", NOW, EVENT), range(24)))
    assert store.failures("ghost")[0] == 24


def test_panels_are_added_replaced_and_chosen(store: SqlStore) -> None:
    heart = store.save_panel(Panel("", "Heart", ("p1", "p2"), ("c1",)), EVENT)
    store.save_panel(Panel("", "Airways"), EVENT)
    store.save_panel(replace(heart, persons=("p2",)), EVENT)
    assert [panel.name for panel in store.panels()] == ["Airways", "Heart"]
    assert store.panels([heart.panel_id, "none"]) == (replace(heart, persons=("p2",)),)
    with pytest.raises(NotFound):
        store.save_panel(Panel("nobody", "x"), EVENT)


def test_preferences_begin_as_everybodys_and_are_ones_own(store: SqlStore) -> None:
    chosen = Preferences(language="zh_CN", labs="mmol/L", text_size="large")
    assert store.preferences("a1") == Preferences()
    store.save_preferences("a1", Preferences())
    store.save_preferences("a1", chosen)
    assert (store.preferences("a1"), store.preferences("a2")) == (chosen, Preferences())


def session(session_id: str, account_id: str = "a1") -> Session:
    return Session(session_id, account_id, NOW, NOW, later(600))


def test_a_session_moves_with_use_and_ends(store: SqlStore) -> None:
    store.open_session(session("s1"), EVENT)
    assert store.session("s1") == session("s1")
    store.touch_session("s1", later(3))
    assert store.session("s1") == replace(session("s1"), seen_at=later(3))
    store.close_session("s1", EVENT)
    assert store.session("s1") is None


def test_all_sessions_of_an_account_end_but_one(store: SqlStore) -> None:
    for one in (session("s1"), session("s2"), session("s3", "a2")):
        store.open_session(one, EVENT)
    store.close_sessions("a1", EVENT, but="s2")
    assert [store.session(name) is not None for name in ("s1", "s2", "s3")] == [False, True, True]
    store.close_sessions("a1", EVENT)
    assert [store.session(name) is not None for name in ("s2", "s3")] == [False, True]


def test_sessions_that_have_ended_are_thrown_away(store: SqlStore) -> None:
    store.open_session(session("old"), EVENT)
    store.open_session(Session("new", "a1", later(601), later(601), later(900)), replace(EVENT, at=later(601)))
    assert store.session("old") is None


def test_a_ticket_is_taken_once_and_in_time(store: SqlStore) -> None:
    store.keep_ticket("d1", "s1", later(1))
    store.keep_ticket("d2", "s2", later(1))
    assert store.take_ticket("d1", NOW) == "s1"
    assert store.take_ticket("d1", NOW) == ""
    assert store.take_ticket("d2", later(1)) == ""
    assert store.take_ticket("other", NOW) == ""


def test_of_many_takers_one_gets_the_ticket(store: SqlStore) -> None:
    store.keep_ticket("d", "s1", later(1))
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: store.take_ticket("d", NOW), range(8)))
    assert sorted(taken) == [""] * 7 + ["s1"]
