"""This is the place where the parts of How this connects are put together: the picture, the list that says the same, and what one more fact would tell."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care.connect_views import GROUPS, ConnectsView, Thing
from core.knowledge.personal import WATCHES, RuleHere
from core.knowledge.terms import Node
from core.knowledge.walking import Link
from core.ui import charts, connect_chart, connect_words
from core.ui.markup import card, dotted, h2, h3, note, row, rows, tag
from core.ui.session import Reading, Visit
from core.ui.words import Words


def picture(visit: Visit, reading: Reading, view: ConnectsView) -> None:
    """The choice of what to look at, and the picture of it."""
    t = visit.t
    st.html(h2(t("connects.drawn")) + note(t("connects.drawn_note")))
    named = {"": t("connects.look_speaking")} | {one.node_id: connect_words.thing_name(t, one) for one in view.joined}
    picked: str = st.selectbox(t("connects.look_at"), list(named), format_func=lambda one: named.get(one, one), key="connects_look")
    drawn = connect_chart.chosen(view, picked if picked in named else "")
    if not drawn.lines:
        st.html(note(t("connects.nothing_drawn")))
        return
    theme = st.context.theme.type or "light"
    made = reading.prepared("connects.figure", (picked, theme, view.made_at), lambda: connect_chart.figure(t, view, drawn, theme))
    alt = t("connects.alt", things=len(drawn.things), links=len(drawn.lines), rules=len(drawn.rules))
    with st.container(key="card_connects_figure"):
        st.plotly_chart(made, theme=None, config=charts.CONFIG, key="connects_chart", alt=alt)
    if drawn.left_out:
        st.html(note(t("connects.drawn_more", n=drawn.left_out)))


def listed(visit: Visit, view: ConnectsView) -> None:
    """Every thing with the rules that touch it, by group; each thing opens on its own."""
    t = visit.t
    st.html(h2(t("connects.list")))
    joined = view.joined
    for group in GROUPS:
        things = [one for one in joined if one.group == group]
        if things:
            st.html(h3(t("connects.group." + group)))
        for one in things:
            links = view.links_of(one.node_id)
            value = connect_words.thing_value(t, one)
            name = connect_words.thing_name(t, one)
            label = dotted((_plain(f"{name}: {value}" if value else name), t("connects.uses", n=len(links))))
            with st.expander(label, key=f"connects_{one.node_id}"):
                st.html(_thing(t, view, one, links))
    alone = [connect_words.thing_name(t, one) for one in view.things if one not in joined and one.group != "results"]
    if alone:
        st.html(note(t("connects.alone", names=t("message.between").join(dict.fromkeys(alone)))))


def _thing(t: Words, view: ConnectsView, one: Thing, links: tuple[tuple[RuleHere, Link], ...]) -> str:
    said = []
    if one.shares:
        said.append(t("connects.shares", names=t("message.between").join(dict.fromkeys(one.shares))))
    if one.watched and view.clinician:
        said.append(t("connects.watched", names=t("message.between").join(connect_words.fact_name(t, key) for key in one.watched)))
    shown = [_line(t, view, rule, link) for rule, link in links if rule.state != WATCHES]
    watchers = [rule for rule, _ in links if rule.state == WATCHES]
    if watchers:
        statuses = " ".join(
            dict.fromkeys(connect_words.status_tag(t, link.status) for rule, link in links if rule.state == WATCHES)
        )
        shown.append(
            row(
                t("connects.watching", n=len(watchers)),
                "",
                "",
                statuses,
            )
        )
    return "".join(note(text) for text in said) + rows(shown)


def _line(t: Words, view: ConnectsView, rule: RuleHere, link: Link) -> str:
    marks = " ".join(one for one in (tag(t("connects.state." + rule.state)), connect_words.status_tag(t, link.status)) if one)
    return row(
        connect_words.rule_name(t, rule.rule, view), "", connect_words.link_line(t, rule, link, clinician=view.clinician), marks
    )


def unlocks(visit: Visit, view: ConnectsView) -> None:
    """What is missing, why, how it is got, and what could then be said."""
    t = visit.t
    if not view.unlocks:
        return
    made = []
    for one in view.unlocks:
        ready = (
            t("connects.unlock_ready", names=connect_words.names(t, (_node(each.rule) for each in one.ready))) if one.ready else ""
        )
        waiting = t("connects.unlock_waiting", n=one.waiting) if one.waiting else ""
        how = t("risk.how." + one.how) if t.has("risk.how." + one.how) else ""
        made.append(
            row(
                connect_words.fact_name(t, one.fact),
                "",
                dotted(escape(text) for text in (t("advice.lack." + one.why), how, ready, waiting) if text),
            )
        )
    st.html(h2(t("connects.unlock")) + note(t("connects.unlock_lead")) + card(rows(made)))


def foot(t: Words, view: ConnectsView) -> str:
    """What isn't shown, and which tables it all rests on. HTML."""
    said = [t("connects.silent", n=view.silent)] if view.silent else []
    if not view.clinician:
        said.append(t("connects.verified_only"))
    if view.hidden and not view.clinician:
        said.append(t("connects.hidden", n=view.hidden))
    if view.more_things or view.more_rules:
        said.append(t("connects.more", things=view.more_things, rules=view.more_rules))
    said.append(t("connects.rests", tables=t("message.between").join(f"{one.name} {one.version}" for one in view.tables)))
    return "".join(note(one) for one in said)


def _node(rule: str) -> Node:
    kind, _, rest = rule.partition(":")
    table, _, key = rest.partition(":") if kind == "rule" else ("", "", rest)
    return Node(rule, kind, key, table)


def _plain(text: str) -> str:
    """A label of a widget is Markdown: what a record calls a medicine is no mark-up."""
    return "".join("\\" + one if one in "\\`*_{}[]()#+-!|<>$:~" else one for one in text)
