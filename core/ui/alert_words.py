"""This is the place where an alert is put into words: what it is, how grave, who has it, what comes next, who could not be reached, and what a person can do."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from core.alerts.desk import DEAD_CHANNEL
from core.alerts.rules_table import RULES
from core.care.access import Action
from core.care.alert_flags import FLAGGED
from core.care.alert_views import AlertView, Next, Shown
from core.care.views import Fact
from core.trends.judgement import Severity
from core.trends.published import VERIFIED
from core.ui.markup import chip, tag
from core.ui.sentences import sentence
from core.ui.session import Visit
from core.ui.words import Words

STATES: Mapping[int, str] = MappingProxyType({1: "watch", 2: "soon", 3: "now"})
RULE, MINE, EVIDENCE = "alert.rule.", "alert.mine.", "alert.evidence."
URGENT = ("red_flag", "self_harm", "not_alert")
BY_KIND: Mapping[str, str] = MappingProxyType({
    "questionnaire": "answers", "image": "look", "rhythm": "look", "missing": "silent", "silent": "silent", FLAGGED: "help",
})  # fmt: skip
BY_RULE: Mapping[str, str] = MappingProxyType({
    "dose_missed_critical": "dose", "dose_not_logged_critical": "dose", "stock_out": "stock", "interaction_new": "medicines",
    f"{DEAD_CHANNEL}_patient": "channel", f"{DEAD_CHANNEL}_caregiver": "channel_helper",
    f"{DEAD_CHANNEL}_coordinator": "team", f"{DEAD_CHANNEL}_on_call": "team",
})  # fmt: skip
TO_DO = ("help", "now", "again", "soon", "watch", *dict.fromkeys((*BY_KIND.values(), *BY_RULE.values())))
"""What a person can do about an alert (`alert.do.<code>`)."""
KIND_OF: Mapping[str, str] = MappingProxyType({rule.key: rule.kind for rule in RULES})
"""A rule that stands on a timeline as the reason, and its kind."""
_MEASURED = ("threshold", "gain", "drift", "baseline", "combined", "news2")
_OWN_NUMBERS = ("gain", "drift", "baseline")
"""Kinds whose numbers are all the person's own readings."""


def team(visit: Visit) -> bool:
    """Whether it is one of the team who reads."""
    return visit.may(Action.ACT_ON_ALERT)


def severity(alert: AlertView) -> str:
    return STATES.get(alert.severity, "unknown")


def title(visit: Visit, alert: AlertView) -> str:
    """What it is about; to the person themselves as it is said to them."""
    return rule_title(visit, alert.title)


def rule_title(visit: Visit, fact: Fact) -> str:
    own = MINE + fact.code.removeprefix(RULE)
    return sentence(visit.t, Fact(own, fact.facts) if visit.own and visit.t.has(own) else fact)


def marks(visit: Visit, alert: AlertView) -> str:
    """How grave, where it stands, and that nobody could be reached: each a word, an icon and a colour."""
    t = visit.t
    look, tone = ("person", "plain") if alert.taken_by else ("clock", "plain") if alert.held_until else ("unknown", "unknown")
    parts = [chip(t, severity(alert)), tag(whose(visit, alert), look, tone)]
    if alert.unreached:
        parts.append(tag(unreached(visit, alert), "now", "now"))
    return " ".join(parts)


def whose(visit: Visit, alert: AlertView) -> str:
    """Who has it: a name and the state, that it is put off, or nobody."""
    t = visit.t
    if alert.held_until:
        return t("alert.held_until", when=t.moment(alert.held_until))
    if not team(visit):
        return t("alert.team_has" if alert.taken_by else "alert.team_not_yet")
    if not alert.taken_by:
        return t("alert.nobody_has", state=t("alert.state." + alert.state))
    return t("alert.somebody_has", name=alert.taken_by, state=t("alert.state." + alert.state))


def unreached(visit: Visit, alert: AlertView) -> str:
    t = visit.t
    return t("alert.not_reached", who=t("list.and").join(audience(visit, one) for one in alert.unreached))


def audience(visit: Visit, to: str) -> str:
    """An audience by its name; the person reads "you"."""
    t = visit.t
    return t("alert.to_you") if visit.own and to == "patient" else t("alert.to." + to)


def comes_next(visit: Visit, one: Next | None) -> str:
    """What time alone does next, and when."""
    t = visit.t
    if one is None:
        return ""
    when = t("alert.by_now") if one.at <= visit.now else t.moment(one.at)
    what = t("alert.next." + one.kind)
    return (
        t("alert.next_to", what=what, who=audience(visit, one.to), when=when)
        if one.to
        else t("alert.next_line", what=what, when=when)
    )


def why(t: Words, text: str) -> str:
    """A reason: a code's words, somebody's own, or both ("treated: dose doubled")."""
    if text in KIND_OF:
        return t("alert.kind." + KIND_OF[text])
    code, colon, own = text.partition(":")
    if not t.has("alert.why." + code):
        return text
    said = t("alert.why." + code)
    return t("alert.why_both", why=said, own=own.strip()) if colon and own.strip() else said


def do(alert: AlertView) -> str:
    """The code of what a person can do about it."""
    rule = alert.title.code.removeprefix(RULE)
    if rule in URGENT:
        return "help"
    if rule in BY_RULE:
        return BY_RULE[rule]
    kind = alert.evidence[0].kind if alert.evidence else ""
    if kind in BY_KIND:
        return BY_KIND[kind]
    if alert.severity >= Severity.ACT_NOW:
        return "now"
    if alert.waiting_until:
        return "again"
    return "soon" if kind in _MEASURED and alert.severity >= Severity.ACT_SOON else "watch"


def evidence(visit: Visit, one: Shown) -> str:
    """What was measured. To a person only readings of theirs, and limits that were checked or that their team set: no other number is told as a fact."""
    t = visit.t
    if team(visit):
        return sentence(t, one.says)
    if one.kind in _OWN_NUMBERS or one.status == VERIFIED or one.rule in ("own_high", "own_low"):
        own = f"alert.mine_evidence.{one.kind}"
        return sentence(t, Fact(own, one.says.facts) if visit.own and t.has(own) else one.says)
    if one.kind == "threshold":
        return sentence(t, Fact("alert.reading_only", one.says.facts))
    if one.kind in ("news2", "questionnaire", "missing", "silent"):
        return ""
    return sentence(t, one.says)


def waited(visit: Visit, alert: AlertView) -> str:
    t = visit.t
    return t("alert.raised", age=t.age(alert.raised_at, visit.now))


def line(*parts: str) -> str:
    """Quiet details one after the other, as text."""
    return " · ".join(escape(part) for part in parts if part)
