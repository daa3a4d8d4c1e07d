"""This is the place where treatment options are drawn for a clinician: why possible, what speaks against each medicine, what isn't known, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import streamlit as st

from core.care.option_views import Candidate, OptionsView, OptionView
from core.care.views import Fact
from core.knowledge.options_table import PROBLEMS
from core.medications.findings import Finding, Severity, Source
from core.ui import connect_words
from core.ui.markup import card, dotted, facts, h2, h3, note, row, rows, tag
from core.ui.sentences import sentence
from core.ui.words import Words

STATES: Mapping[str, str] = {"contraindicated": "now", "caution": "soon", "unknown": "unknown", "nothing_found": ""}
"""The state of meaning of how a medicine stands; that nothing was found has none: it is no all-clear."""


def open_ones(t: Words, view: OptionsView) -> None:
    """Those that are possible, by problem, each a card."""
    shown = view.of("open")
    for problem in PROBLEMS:
        mine = [one for one in shown if one.row.problem == problem]
        if mine:
            st.html(h2(t("options.problem." + problem)))
        for one in mine:
            with st.container(key=f"card_option_{one.row.id}"):
                st.html(_head(t, one) + _why(t, one))
                if one.candidates:
                    with st.expander(
                        t("options.ingredients"), icon=":material/pill:", key=f"option_medicines_{one.row.id}", expanded=True
                    ):
                        st.html(_candidates(t, one.candidates))


def _head(t: Words, one: OptionView) -> str:
    marks = " ".join(each for each in (tag(t("options.open")), connect_words.status_tag(t, one.status)) if each)
    taken = note(t("options.already", names=t("message.between").join(one.already))) if one.already else ""
    return h3(t("options.title." + one.row.id)) + f"<p>{marks}</p>" + taken


def _why(t: Words, one: OptionView) -> str:
    """Facts, what speaks against it, what has to be asked, the two sources."""
    against = []
    for no in one.against:
        stands = ("contraindicated" if no.level >= Severity.CONTRAINDICATED else "caution") if no.known else "unknown"
        below = dotted(escape(text) for text in ("" if no.known else t("options.not_known"), source(t, no.source)) if text)
        against.append(
            row(t("options.against." + no.why), "", below, f"{_mark(t, stands)} {connect_words.status_tag(t, no.source.status)}")
        )
    lines = [
        (
            t("options.because"),
            "<br>".join(connect_words.fact_line(t, fact) for fact in one.outcome.facts if fact.key != "region_china"),
        ),
        (t("options.ask_of"), "<br>".join(escape(t("options.ask." + key)) for key in one.row.ask)),
        (t("options.source_when"), f"{escape(source(t, one.first))} {connect_words.status_tag(t, one.first.status)}"),
        (
            t("options.source_what"),
            f"{escape(source(t, one.choice))} {connect_words.status_tag(t, one.choice.status)}" if one.choice != one.first else "",
        ),
    ]
    return (f"<p><b>{escape(t('options.against_of'))}</b></p>" + rows(against) if against else "") + facts(lines, ready=True)


def _mark(t: Words, stands: str) -> str:
    """How something stands: word, icon and colour, but never "act now": nobody takes it yet. HTML."""
    return tag(t("options.stands." + stands), STATES[stands] or "info", STATES[stands] or "plain")


def source(t: Words, one: Source) -> str:
    year = one.date[:4]
    return (
        t("connects.from", source=one.citation, year=year) if year.isdecimal() else t("connects.from_undated", source=one.citation)
    )


def _candidates(t: Words, every: Iterable[Candidate]) -> str:
    """Medicines that stand alike, for the same reasons, in one line; the gravest first."""
    order = tuple(STATES)
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in sorted(every, key=lambda each: order.index(each.stands)):
        name = connect_words.ingredient(t, one.name, one.zh)
        said = f"{name} ({t('options.takes')})" if one.taken else name
        alike.setdefault((one.stands, _reasons(t, one, name)), []).append(said)
    lines = []
    for (stands, reasons), names in alike.items():
        lines.append(row(t("list.comma").join(names), "", "<br>".join(reasons), _mark(t, stands)))
    return rows(lines) + note(t("options.nothing_note"))


def _reasons(t: Words, one: Candidate, name: str) -> tuple[str, ...]:
    """What was found (that a medicine of the group is taken stands above), each with its source, then what could not be checked, then what the rules look at. HTML."""
    found = [_found(t, connect_words.with_name(each, one.name, _BLANK), one) for each in one.findings if each.kind != "duplicate"]
    left = [
        escape(
            t("options.unknown_of", why=dotted((t("safety.kind." + each.check), _gene(each.subject), t("check.not." + each.why))))
        )
        for each in one.unknown
    ]
    watched = (
        [escape(t("options.watched", names=t("list.comma").join(connect_words.fact_name(t, key) for key in one.watched)))]
        if one.watched
        else []
    )
    return tuple(dict.fromkeys(each.replace(_BLANK, "…") for each in (*found, *left, *watched)))


_BLANK = "\u2063"
"""Stands for the medicine itself in its own line, so that medicines with the same reasons can share one."""


def _gene(subject: str) -> str:
    return subject.rpartition(": ")[2] if ": " in subject else ""


def _found(t: Words, each: Finding, one: Candidate) -> str:
    text = sentence(t, Fact(each.why, each.facts))
    mark = connect_words.status_tag(t, each.source.status)
    return f"{escape(text)} <small>{escape(source(t, each.source))}</small> {mark}".strip()


def needs(t: Words, view: OptionsView) -> str:
    """What can't be judged yet: which facts are missing, why, and how to get them. HTML."""
    made: dict[tuple[tuple[str, str, str], ...], list[str]] = {}
    for one in view.of("needs"):
        made.setdefault(tuple((lack.key, lack.why, lack.how) for lack in one.outcome.lacks), []).append(
            t("options.title." + one.row.id)
        )
    lines = []
    for lacks, titles in made.items():
        below = "<br>".join(escape(f"{connect_words.fact_name(t, key)}: {t('advice.lack.' + why)}") for key, why, _ in lacks)
        lines.append(row(t("message.between").join(titles), "", below))
    return h2(t("options.needs")) + note(t("options.needs_lead")) + card(rows(lines)) if lines else ""


def looked_at(t: Words, view: OptionsView) -> tuple[str, int]:
    """What is not for this person now, with why: HTML, and how many."""
    shown = [*view.of("unavailable"), *view.of("not_for")]
    lines = []
    for one in shown:
        why = t("options.expired") if one.state == "unavailable" else t("advice.not." + one.outcome.why)
        told = one.outcome.facts[-3:] if one.outcome.why in ("excluded", "not_the_case") else ()
        lines.append(
            row(
                t("options.title." + one.row.id),
                "",
                dotted((escape(why), *(connect_words.fact_line(t, fact) for fact in told))),
                connect_words.status_tag(t, one.status),
            )
        )
    return rows(lines), len(shown)


def foot(t: Words, view: OptionsView) -> str:
    """What isn't covered, and which tables it rests on. HTML."""
    own, *rest = view.tables
    tables = t("list.comma").join(f"{one.name} {one.version}" for one in rest)
    return note(t("options.not_covered")) + note(t("options.rests", day=own.version, digest=own.digest, n=own.rows, tables=tables))
