"""This is the place where it is checked what a card of My risks says: the answer, the range, or what is needed, and nothing that isn't known."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from core.care.risk_views import FamilyView, FaultView
from core.ui import risk_cards, risk_history, risk_tables, risk_try, risk_typing
from core.ui.risk_array import array
from core.ui.risk_family import looks, table_of
from core.ui.session import Visit
from core.ui.words import languages, words
from tests.ui import given_risks as made

EN = words("en")
ALL = (made.ANSWERED, made.DECLINED, made.BETWEEN, made.NO_REGION, made.EXCLUDED)


def visit(language: str) -> Visit:
    return Visit(None, words(language), made.NOW)  # type: ignore[arg-type]  # tables ask no port


def text(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html.replace("<small>", " ").replace("  ", " ")))


@pytest.mark.parametrize("count", [0, 1, 9, 50, 100])
def test_the_picture_fills_as_many_people_as_the_sentence_says(count: int) -> None:
    html = array(EN, count)
    assert (html.count('<i class="on">'), html.count("<i")) == (count, 100)
    assert 'role="img"' in html
    assert f"{count} filled" in html


@pytest.mark.parametrize(("now", "before"), [(7, 9), (9, 7), (0, 100), (5, 5)])
def test_the_picture_of_a_change_still_has_a_hundred_people(now: int, before: int) -> None:
    html = array(EN, now, before)
    assert html.count('class="on"') == now
    assert html.count('class="gone"') == max(before - now, 0)
    assert html.count("<i") == 100


def test_an_answer_says_people_number_reading_next_step_and_source() -> None:
    html = risk_cards.card(EN, made.ANSWERED)
    said = text(html)
    order = [said.index(one) for one in ("About 9 of 100 people", "9.1 %", "High", "next visit", "AHA PREVENT, version 2024")]
    assert order == sorted(order)
    assert html.count('<i class="on">') == 9
    assert "s-watch" in html


def test_a_reading_that_was_not_checked_has_no_colour_and_says_so() -> None:
    outcome = replace(made.CVD, bands=(made.UNREAD,))
    html = risk_cards.card(EN, FamilyView("cvd", "answered", (replace(made.PREVENT, outcomes=(outcome,)),)))
    assert not any(f"s-{state}" in html for state in ("fine", "watch", "soon", "now"))
    assert "not yet been checked" in text(html)
    assert EN("risk.do.unknown") in text(html)


def test_an_approximation_says_that_it_is_one() -> None:
    said = text(risk_cards.card(EN, FamilyView("cvd", "answered", (made.CHINA,))))
    assert "Approximation" in said
    assert "7 %" in said
    assert "7.0" not in said


@pytest.mark.parametrize("language", languages())
def test_a_range_says_both_ends_and_what_it_depends_on(language: str) -> None:
    t = words(language)
    said = text(risk_cards.card(t, made.BETWEEN))
    assert t("risk.input.smoker") in said
    assert re.search(r"3\D+7", said)
    assert "class=\"on\"" not in risk_cards.card(t, made.BETWEEN)


def test_a_declined_card_lists_what_is_needed_and_shows_no_number() -> None:
    html = risk_cards.card(EN, made.DECLINED)
    said = text(html)
    assert 'class="big"' not in html
    assert "people100" not in html
    assert "Total cholesterol: the last value is too old." in said
    assert "200 mg/dL, 1 May 2019" in said
    assert "No older than 5 years is used." in said
    assert "HDL cholesterol: not known yet." in said
    assert html.count("<li>") == 2


def test_who_is_excluded_is_not_asked_for_more() -> None:
    said = text(risk_cards.card(EN, made.EXCLUDED))
    assert EN("risk.declined.not_for.cvd_known") in said
    assert "HDL cholesterol" not in said
    assert risk_typing.wanted_of(made.EXCLUDED) == ()


def test_another_age_is_no_task() -> None:
    old = replace(made.CVD, value=None, bands=(), of_hundred=None, faults=(*made.NEEDED, FaultView("above_range", "age", 30, 79, "a", "outside_range")))
    said = text(risk_cards.card(EN, FamilyView("cvd", "declined", (replace(made.PREVENT, outcomes=(old,)),))))
    assert EN("risks.declined_out") in said
    assert "Age is above 79 years." in said
    assert "HDL cholesterol" not in said


def test_only_what_may_be_typed_in_is_asked_for() -> None:
    assert [one.key for one in risk_typing.wanted_of(made.DECLINED)] == ["tc", "hdl"]
    locked = replace(made.PREVENT, outcomes=made.DECLINED.equations[0].outcomes, inputs=tuple(replace(one, may_type=False) for one in made.INPUTS))
    assert risk_typing.wanted_of(FamilyView("cvd", "declined", (locked,))) == ()


def test_without_a_region_it_is_asked_for() -> None:
    assert EN("risk.how.region") in text(risk_cards.card(EN, made.NO_REGION))
    assert looks(made.NO_REGION) == ()


def test_nothing_from_a_record_is_taken_for_html() -> None:
    html = risk_cards.card(EN, made.ANSWERED) + "".join(table_of(visit("en"), EN, made.ANSWERED, look) for look in ("why", "inputs", "results", "compare"))
    assert "<b>One</b>" not in html
    assert "<i>2024</i>" not in html
    assert "Khan &lt;i&gt;2024" in html


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("family", ALL, ids=lambda one: one.state)
def test_no_key_and_no_hole_is_left_on_any_card_or_table(language: str, family: FamilyView) -> None:
    t = words(language)
    html = risk_cards.card(t, family)
    for look in looks(family):
        if look not in ("try", "history"):
            html += table_of(visit(language), t, family, look)
    if family.equations:
        html += risk_history.said(t, family.equations[0]) + risk_history.rows(t, family.equations[0])
    said = text(html)
    assert re.findall(r"\brisks?\.[a-z_.]+", said) == []
    assert not set("{}") & set(said)


def test_what_makes_the_difference_is_said_by_word_side_and_size() -> None:
    html = risk_tables.why(EN, made.PREVENT)
    said = text(html)
    assert "4.0 %" in said
    assert (html.count('class="up"'), html.count('class="down"')) == (2, 1)
    assert [said.index(one) for one in ("Smoking now", "Blood pressure, upper number", "Body mass index")] == sorted(
        said.index(one) for one in ("Smoking now", "Blood pressure, upper number", "Body mass index")
    )
    assert "raises it: 2.1 of 100 higher" in said
    assert "lowers it: 0.4 of 100 lower" in said
    assert "yours: 152 mmHg; reference: 130 mmHg" in said
    assert EN("risks.why_scale") in said


def test_the_inputs_say_value_day_age_and_where_from() -> None:
    said = text(risk_tables.inputs(visit("en"), made.PREVENT))
    for one in ("152 mmHg", "20 Nov 2026", "6 days ago", "From your records", "Clinic <b>One</b>", "Typed in by you", "Too old", "Not known"):
        assert one in said


def test_the_history_says_which_input_changed_it_and_where_nothing_could_be_said() -> None:
    said = text(risk_history.rows(EN, made.PREVENT))
    assert "Blood pressure, upper number" in said
    assert "no change" not in said, "by how much is not known where there was no result before"
    assert EN("risks.history_unsaid") in said
    assert said.index("20 Nov 2026") < said.index("1 Feb 2024")
    assert "On 1 Feb 2024 it was 6.1 %; on 20 Nov 2026 it is 9.1 %." in text(risk_history.said(EN, made.PREVENT))


def test_by_how_much_an_input_moved_the_result_is_said_between_two_results() -> None:
    known = replace(made.PREVENT, history=(made.HISTORY[0], made.HISTORY[2]))
    assert "Blood pressure, upper number (2.0 of 100 higher)" in text(risk_history.rows(EN, known))


def test_days_on_which_nothing_moved_are_left_out_of_the_history() -> None:
    still = tuple(replace(made.HISTORY[0], when=f"2026-11-{day:02d}", changed=(("bmi", 0.0),)) for day in range(1, 21))
    assert risk_history.rows(EN, replace(made.PREVENT, history=still)).count("<tr>") == 3  # the head, the first, the last


def test_the_line_of_the_history_is_broken_where_nothing_could_be_said() -> None:
    figure = risk_history.figure(visit("en"), made.PREVENT, "light")
    values = list(figure.data[0].y)
    assert [value == value for value in values] == [True, False, True]
    assert figure.data[0].connectgaps is False


def test_what_was_tried_out_stands_beside_what_is() -> None:
    lower = replace(made.CVD, value=0.0731, of_hundred=7)
    html = risk_try.said(EN, made.PREVENT, made.CVD, lower, {"sbp": 130.0})
    assert "7.3 %, instead of 9.1 %" in text(html)
    assert (html.count('class="on"'), html.count('class="gone"')) == (7, 2)


def test_equations_stand_side_by_side_with_why_they_differ() -> None:
    said = text(risk_tables.compare(EN, made.ANSWERED))
    for one in ("AHA PREVENT", "China-PAR", "9.1 %", "7 %", "people in China", "Approximation", EN("risk.differs.other_people")):
        assert one in said
