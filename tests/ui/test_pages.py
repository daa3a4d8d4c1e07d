"""This is the place where every page is opened by every role: it shows its question or it shows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.care import sessions
from core.care.access import allowed
from core.domain.audit import AuditEvent
from core.domain.people import Role, Session
from core.ports import Ports
from core.ui import nav
from core.ui.words import languages, words
from tests.ui.visitor import PAGES, Visitor, script

ROLES = ("patient", "caregiver", "coordinator", "administrator", "kiosk")
HEAD = {"today": "today.question", "kiosk": "kiosk.welcome", "audit": "audit_page.question"}


def question(key: str, role: str = "patient") -> str:
    """What a page asks; of others it may ask in other words than of the person themselves."""
    asked = HEAD.get(key, f"{key}.question")
    other = f"{asked}_other"
    return words("en")(other if role != "patient" and words("en").has(other) else asked)


def open_somebody(visitor: Visitor) -> Visitor:
    """A coordinator opens the first person of the list."""
    visitor.go("people")
    next(button for button in visitor.app.button if str(button.key).startswith("see_")).click().run()
    return visitor


@pytest.mark.parametrize(("role", "page"), [(role, place.key) for role in ROLES for place in nav.places(Role(role))])
def test_a_role_opens_its_pages(ports: Ports, role: str, page: str) -> None:
    visitor = Visitor(ports).sign_in(role)
    if role == "coordinator" and nav.BY_KEY[page].about_person:
        open_somebody(visitor)
    visitor.go(page)
    assert visitor.problems == []
    assert question(page, role) in visitor.text
    assert visitor.markup.count("<h1") == 1


@pytest.mark.parametrize(("role", "page"), [(role, place.key) for role in ROLES for place in nav.PLACES if Role(role) not in place.roles])
def test_an_address_of_another_role_shows_nothing(ports: Ports, role: str, page: str) -> None:
    visitor = Visitor(ports).sign_in(role).go(page)
    assert visitor.problems == []
    assert words("en")("elsewhere.title") in visitor.text
    assert question(page) not in visitor.text


@pytest.mark.parametrize("page", [place.key for place in nav.PLACES])
def test_every_address_leads_a_stranger_to_the_door(ports: Ports, page: str) -> None:
    visitor = Visitor(ports).go(page)
    assert visitor.problems == []
    assert words("en")("sign_in.title") in visitor.text
    assert question(page) not in visitor.text


def test_every_page_file_has_its_place() -> None:
    assert {path.stem for path in PAGES.glob("*.py")} == {place.key for place in nav.PLACES} | {"sign_in", "elsewhere"}


def test_the_bar_offers_only_what_the_table_allows() -> None:
    assert [(role, place.key) for role in Role for place in nav.places(role) if not allowed(role, place.action)] == []


@pytest.mark.parametrize("page", ["today", "trends", "records", "medicines", "sources"])
def test_a_coordinator_without_an_open_person_is_told_so(ports: Ports, page: str) -> None:
    visitor = Visitor(ports).sign_in("coordinator").go(page)
    assert visitor.problems == []
    assert words("en")("banner.nobody_open") in visitor.text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", [place.key for place in nav.places(Role.PATIENT)])
def test_a_patient_page_speaks_one_language_only(ports: Ports, language: str, page: str) -> None:
    visitor = Visitor(ports).speak(language).sign_in("patient").go(page)
    t = words(language)
    assert visitor.problems == []
    assert t("nav.trends") in visitor.text
    other = words(next(one for one in languages() if one != language))
    assert other("nav.trends") not in visitor.text


def test_a_bare_key_is_never_shown(ports: Ports) -> None:
    known = set(words("en")._catalogue._catalog)  # every key there is
    keys = {key if isinstance(key, str) else key[0] for key in known} - {""}
    for role in ("patient", "coordinator", "administrator"):
        visitor = Visitor(ports).sign_in(role)
        for place in nav.places(Role(role)):
            shown = set(visitor.go(place.key).text.split())
            assert shown & {key for key in keys if "." in key} == set(), (role, place.key)


def test_a_caregiver_reads_and_changes_nothing(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("caregiver").go("sources")
    t = words("en")
    assert t("sources.connected") in visitor.text
    assert t("sources.add") not in visitor.text
    assert not [button for button in visitor.app.button if str(button.key).startswith(("danger_", "again_", "import_"))]
    assert t("banner.looking_at", name="Margaret Ellis") in visitor.text


def test_a_coordinator_takes_nothing_away(ports: Ports) -> None:
    visitor = open_somebody(Visitor(ports).sign_in("coordinator")).go("records")
    assert not [button for button in visitor.app.button if str(button.key) in ("make_csv", "make_fhir")]
    assert any(str(button.key) == "make_pdf" for button in visitor.app.button)


def test_a_made_up_person_is_called_so_outside_the_demo(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient")
    account = own_ports.store.account_by_username(sessions.DEMO_USERNAMES[0])
    assert account
    own_ports.store.update_account(replace(account[0], demo=False), AuditEvent(own_ports.clock.now(), "test", "system", "manage_accounts"))
    visitor.ports = replace(own_ports, demo=False)
    visitor.app = AppTest.from_function(script, kwargs={"ports": visitor.ports, "folder": PAGES}, default_timeout=60)
    visitor.app.session_state["hb.session"] = sessions_of(own_ports, account[0].account_id)
    visitor.app.run()
    for page in ("today", "trends", "records", "medicines", "sources"):
        assert words("en")("banner.synthetic_person") in visitor.go(page).text


def sessions_of(ports: Ports, account_id: str) -> str:
    """A session for this account, as signing in opens one."""
    now = ports.clock.now()
    session = Session("s" * 43, account_id, now, now, now + timedelta(hours=1))
    ports.store.open_session(session, AuditEvent(now, account_id, "patient", "sign_in"))
    return session.session_id


def test_going_back_to_the_list_closes_the_record(ports: Ports) -> None:
    visitor = open_somebody(Visitor(ports).sign_in("coordinator")).go("today")
    assert "hb.person" in visitor.remembered
    visitor.go("people")
    assert "hb.person" not in visitor.remembered
    assert not visitor.app.session_state["hb.held"] if "hb.held" in visitor.remembered else True


def test_an_administrator_sees_no_name_of_a_patient_s_record(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("administrator")
    for page in ("accounts", "panels", "audit"):
        assert "Aisha Okafor" not in visitor.go(page).text


def test_a_kiosk_has_no_links(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("kiosk")
    assert words("en")("kiosk.welcome") in visitor.text
    assert words("en")("nav.settings") not in visitor.text
    assert [str(button.key) for button in visitor.app.button if not str(button.key).startswith("kq_")] == []


def test_searching_the_records_finds_words_and_values(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("patient").go("records")
    visitor.app.text_input(key="records_text").set_value("amlodipine").run()
    assert visitor.problems == []
    assert "amlodipine" in visitor.text.lower()
    visitor.app.text_input(key="records_text").set_value("zzzz not there").run()
    assert words("en")("records.nothing_found") in visitor.text


def test_one_record_opens_with_its_plain_words_and_its_original(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("patient").go("records")
    next(button for button in visitor.app.button if str(button.key).startswith("open_")).click().run()
    t = words("en")
    assert visitor.problems == []
    assert t("record.kind") in visitor.text
    assert t("record.original") in visitor.text
    visitor.app.button(key="back_to_records").click().run()
    assert t("records.question") in visitor.text


def test_an_unknown_record_is_an_answer_and_no_crash(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("patient")
    visitor.app.query_params["item"] = "nothing-like-that"
    visitor.go("records")
    assert visitor.problems == []
    assert words("en")("error.record_not_found") in visitor.text


@pytest.mark.parametrize("span", ["1W", "1M", "3M", "6M", "1Y", "2Y", "5Y", "all"])
def test_every_range_of_a_trend_is_drawn(ports: Ports, span: str) -> None:
    visitor = Visitor(ports).sign_in("patient")
    visitor.app.query_params["range"] = span
    visitor.go("trends")
    assert visitor.problems == []
    assert words("en")("range." + span) in visitor.text


def test_an_address_with_nonsense_still_shows_the_page(ports: Ports) -> None:
    visitor = Visitor(ports).sign_in("patient")
    for name, value in {"signal": "nope", "range": "99Y", "shelf": "<b>", "standing": "x", "order": "?"}.items():
        visitor.app.query_params[name] = value
    for page in ("trends", "records", "today"):
        visitor.go(page)
        assert visitor.problems == []
        assert question(page) in visitor.text


def test_units_and_language_are_changed_at_once(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("patient").go("settings")
    visitor.app.segmented_control(key="set_weight").set_value("[lb_av]").run()
    visitor.app.segmented_control(key="set_language").set_value("zh_Hans").run()
    visitor.go("today")
    assert visitor.problems == []
    assert "磅" in visitor.text
    assert words("zh_Hans")("today.question") in visitor.text
