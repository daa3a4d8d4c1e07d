"""A coordinator sees a panel as a whole and keeps hours; an administrator gets noised counts for a price, and nothing of anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from core.care import panel_outside, panel_report
from core.care.access import COMMAND_LINE
from core.care.panel_views import PanelShelf, WorkView
from core.care.worklist_views import WorklistShelf
from core.domain.people import Preferences, Role
from core.panel.capacity import Expected, Hours, plan
from core.panel.cohorts import FEATURES, Cohort, Cohorts, Trait, cohorts
from core.panel.shares import counted, gaps
from core.panel.terms import TABLES, Row
from core.ports import Ports
from core.ui import nav, panel_hours, panel_parts, panel_tables
from core.ui.words import languages, words
from tests.care.given import event
from tests.panel.given import people
from tests.ui.visitor import Visitor

KEY = re.compile(r"\b(panel|panel_report|panel_counts|gender|state)\.[a-z_]+")


def part(visitor: Visitor, name: str) -> str:
    visitor.app.segmented_control(key="part").set_value(name).run()
    assert visitor.problems == []
    return visitor.text


@pytest.mark.parametrize("language", languages())
def test_every_part_is_drawn_in_words(ports: Ports, language: str) -> None:
    t, visitor = words(language), Visitor(ports).speak(language).sign_in("coordinator").go("panel_report")
    assert visitor.problems == []
    assert t("panel_report.question") in visitor.text and t("panel.tables") in visitor.text
    found = {one: part(visitor, one) for one in ("groups", "burden", "work", "people")}
    assert t("panel.cohorts_none.too_few_people") in found["groups"] and t("panel.gaps") in found["groups"]
    assert t("panel.models") in found["burden"] and t("panel.now_on_worklist") in found["burden"]
    assert t("panel.no_hours") in found["work"]
    assert not any(KEY.search(text) for text in found.values()), "every key has its words"


def test_hours_are_kept_and_shown_with_whose_they_are(own_ports: Ports) -> None:
    visitor = Visitor(own_ports).sign_in("coordinator").go("panel_report")
    part(visitor, "work")
    for day in ("mon", "tue", "wed", "thu", "fri"):
        visitor.app.number_input(key=f"panel_hours_{day}").set_value(7.5)
    visitor.app.number_input(key="panel_minutes_photo").set_value(3.0)
    next(button for button in visitor.app.button if button.label == words("en")("panel.hours_keep")).click().run()
    assert visitor.problems == []
    name = own_ports.store.account_by_username("demo-coordinator")
    assert name is not None and name[0].display_name in visitor.text
    found = panel_report.report(
        own_ports, COMMAND_LINE, own_ports.store.panels()[0].panel_id, panel_report.Shelves(PanelShelf(), WorklistShelf())
    )
    assert found.work.hours == Hours((7.5,) * 5 + (0.0, 0.0), {"photo": 3.0})


def test_an_administrator_gets_counts_with_noise_and_no_person(own_ports: Ports) -> None:
    t, visitor = words("en"), Visitor(own_ports).sign_in("administrator").go("panel_counts")
    assert visitor.problems == [] and t("panel_counts.none") in visitor.text
    visitor.app.button(key="panel_counts_release").click().run()
    assert visitor.problems == []
    assert t("panel_counts.left", left=3.0, budget=4.0) in visitor.text
    assert "±" in visitor.text and t("panel_counts.ledger") in visitor.text
    visitor.app.button(key="panel_counts_release").click().run()
    assert t("panel_counts.left", left=3.0, budget=4.0) in visitor.text, "the same question spends nothing"
    names = {one.profile.name for one in own_ports.store.people(None, event())}
    assert not any(name in visitor.text for name in names if name)


def test_a_spent_budget_is_said(own_ports: Ports) -> None:
    for epsilon in (2.0, 1.9):
        panel_outside.release(own_ports, COMMAND_LINE, "", epsilon)
    visitor = Visitor(own_ports).sign_in("administrator").go("panel_counts")
    visitor.app.button(key="panel_counts_release").click().run()
    assert words("en")("error.budget_spent", need="0.1") in visitor.text


def test_who_may_open_which() -> None:
    assert nav.BY_KEY["panel_report"].roles == (Role.COORDINATOR,)
    assert nav.BY_KEY["panel_counts"].roles == (Role.ADMINISTRATOR,)


@pytest.mark.parametrize("language", languages())
def test_each_table_group_and_gap_has_its_words(language: str) -> None:
    t, rows = words(language), people(80)
    rows[0] = replace(rows[0], sex="other", language="other", region="asia_pacific", covered=(True, False), doses=(10, 9, 9))
    drawn = panel_tables.tables(t, counted(rows)) + panel_tables.tables(t, counted(rows), 12)
    drawn += panel_parts.cohorts(t, cohorts(rows), Preferences(hba1c="mmol/mol")) + panel_parts.gaps(t, gaps(rows))
    drawn += "".join(
        panel_tables.bar_name(t, table, bar) + panel_tables.title(t, table) for table, bars in TABLES.items() for bar in bars
    )
    assert not KEY.search(drawn) and "{" not in drawn
    assert t("panel.stability.stable") in drawn
    assert t("panel.gap.higher") in drawn or t("panel.gap.lower") in drawn or t("panel.gap.no_difference") in drawn


@pytest.mark.parametrize("language", languages())
def test_a_group_that_is_not_stable_says_not_to_use_it_and_a_small_one_nothing(language: str) -> None:
    t = words(language)
    traits = tuple(Trait(feature, "more" if feature in panel_parts.CONDITIONS else "higher", 0.5, 0.1, 12) for feature in FEATURES)
    found = Cohorts((Cohort(1, 30, 0.4, "not_stable", traits), Cohort(2, 4, 0.9, "stable", suppressed=True)), "", 34, 2, 0.4, 0.5)
    drawn = panel_parts.cohorts(t, found, Preferences())
    assert t("panel.stability.not_stable") in unescape(drawn) and "s-fine" not in drawn
    assert t("panel.fewer_than", least=10) in drawn
    assert f"<small>{t('panel.people_count_short', n=4)}</small>" not in drawn
    assert "mmol/mol" in panel_parts.trait(t, Trait("hba1c", "higher", 7.5, 5.5, 12), Preferences(hba1c="mmol/mol"))


@pytest.mark.parametrize(("each", "state"), [(0.5, "s-soon"), (1.1, "s-watch"), (8.0, "s-fine")])
def test_hours_against_work(each: float, state: str) -> None:
    t, work = words("en"), (Expected("review", 56, 560, (10.0,) * 7, 70.0, 55, 86, True),)
    hours = Hours((each,) * 7)
    view = _work(work, hours)
    assert state in panel_hours.outcome(t, view)
    assert not KEY.search(panel_hours.expected(t, view) + panel_hours.outcome(t, view))


def _work(work: tuple[Expected, ...], hours: Hours) -> WorkView:
    return WorkView(work, {"review": 3}, hours, plan(work, {"review": 3}, hours, 0), (0,) * 7, "UTC")


def test_nobody_is_in_the_words_of_a_row() -> None:
    assert "p1" not in panel_tables.tables(words("en"), counted([Row("p1")]))
