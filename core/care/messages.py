"""This is the place where it is decided what a reminder says, and no more than the person allowed on a locked screen.

Pure: given the words, it makes the message. Where it goes and when is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.doses import Reminder
from core.medications.book import ReminderBook
from core.ports import Message, Say

MOST_NAMES = 4
"""More names than these are counted: a lock screen shows a few lines."""

_HELPER = {
    "refill": ("message.helper.refill_title", "message.helper.refill", "message.helper.refill_next"),
    "unanswered": ("message.helper.unanswered_title", "message.helper.unanswered", "message.helper.unanswered_next"),
}


def message(say: Say, reminder: Reminder, book: ReminderBook, titles: Sequence[str], round_no: int = 1, link: str = "") -> Message:
    """What the person gets. `titles` are the names of what it is about (medicines, a measurement, a form); `round_no` counts from 1.
    The same round of the same reminder has the same `message_id`, so that one that came twice can be told."""
    kind = reminder.planned.kind
    again = [say("message.again", n=round_no)] if round_no > 1 else []
    if book.detail == "discreet":
        return _made(say("message.title.discreet"), [say("message.discreet"), *again], reminder, book, f"r{round_no}", link)
    body = [_what(say, kind, book.detail, titles), *again, say(f"message.next.{kind}")]
    return _made(say(f"message.title.{kind}"), body, reminder, book, f"r{round_no}", link)


def helper_message(say: Say, reminder: Reminder, book: ReminderBook, titles: Sequence[str], who: str, link: str = "") -> Message:
    """What somebody else is told: that `who` has not answered (or needs a refill). What it is about only as far as the person allowed."""
    title, told, then = _HELPER["refill" if reminder.planned.kind == "refill" else "unanswered"]
    about = [say("message.helper.about", names=names_of(say, titles))] if book.detail == "names" and titles else []
    return _made(say(title, who=who), [say(told, who=who), *about, say(then, who=who)], reminder, book, "h", link)


def trial(say: Say, language: str, message_id: str, link: str = "") -> Message:
    """What "send me a test" sends."""
    return Message(message_id, say("message.test_title"), say("message.test"), link, False, language or "en")


def _what(say: Say, kind: str, detail: str, titles: Sequence[str]) -> str:
    if detail == "names" and titles:
        return say(f"message.names.{kind}", names=names_of(say, titles))
    if kind == "dose" and titles:
        return say("message.count.dose", n=len(titles))
    return say(f"message.count.{kind}")


def names_of(say: Say, titles: Sequence[str]) -> str:
    """Names as they fit on a locked screen."""
    shown = [" ".join(one.split()) for one in titles]
    if len(shown) <= MOST_NAMES:
        return say("message.between").join(shown)
    return say("message.and_more", names=say("message.between").join(shown[:MOST_NAMES]), n=len(shown) - MOST_NAMES)


def _made(title: str, body: Sequence[str], reminder: Reminder, book: ReminderBook, part: str, link: str) -> Message:
    message_id = f"{reminder.reminder_id}.{part}@healthboard"
    return Message(message_id, title, "\n".join(body), link, reminder.planned.critical, book.language or "en")
