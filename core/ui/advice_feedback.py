"""This is the place where the care team sees what clinicians of other systems said to the cards they were shown."""

from __future__ import annotations

from html import escape

from core.advice.feedback import ORDER_REASONS, ShownCard
from core.advice.terms import REASONS
from core.care.cds import FeedbackView
from core.ui.markup import dotted, h3, note, row, rows
from core.ui.words import Words

MOST_TOLD = 50
HOOKS = ("patient-view", "order-select")


def told(t: Words, view: FeedbackView) -> str:
    """The newest words, then the counts by rule. HTML."""
    counted = rows(
        row(
            title(t, one.rule, one.hook),
            "",
            dotted(
                (
                    escape(t("cds.hook." + one.hook)),
                    escape(t("cds.counts", shown=one.shown, accepted=one.accepted, overridden=one.overridden, silent=one.silent)),
                )
            ),
        )
        for one in view.counts
    )
    said = [one for one in view.cards if one.heard is not None][:MOST_TOLD]
    answers = rows(_word(t, one) for one in said) if said else note(t("cds.feedback_none"))
    return note(t("cds.feedback_lead")) + h3(t("cds.answers")) + answers + h3(t("cds.how_often")) + counted


def title(t: Words, rule: str, hook: str) -> str:
    """What a card was about; rules of the checks have only their code."""
    if rule == "not_checked":
        return t("cds.left_out")
    return t("advice.title." + rule) if hook == "patient-view" and t.has("advice.title." + rule) else t("cds.rule", rule=rule)


def reason(t: Words, code: str, words: str, hook: str) -> str:
    """Why it was set aside, in our words where the reason is ours."""
    if hook == "order-select" and code in ORDER_REASONS:
        return t("cds.reason." + code)
    if hook == "patient-view" and code in REASONS:
        return t("advice.reason." + code)
    return words or code


def _word(t: Words, one: ShownCard) -> str:
    heard = one.heard
    assert heard is not None
    parts = (
        t("cds.outcome." + heard.outcome),
        reason(t, heard.reason, heard.words, one.hook),
        heard.comment,
        t.moment(heard.at),
        one.by,
    )
    return row(title(t, one.rule, one.hook), "", dotted(escape(part) for part in parts if part))
