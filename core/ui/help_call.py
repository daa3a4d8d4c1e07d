"""This is the place where the number to call is drawn: big enough for a shaking thumb, and never surer of the country than we are."""

from __future__ import annotations

from html import escape

from core.care.emergency_views import HelpView
from core.emergency.numbers import SOURCE, Local
from core.questionnaires.crisis import CrisisLine
from core.ui.icons import icon
from core.ui.markup import h2, note
from core.ui.words import Words


def numbers(t: Words, view: HelpView) -> str:
    """The emergency number, big; several where nobody is sure which."""
    said = "" if view.certain else f'<p class="help-unsure">{icon("unknown")}<span>{escape(t("help.uncertain" if view.local else "help.unknown"))}</span></p>'
    if view.local:
        calls = f'<div class="help-ones">{"".join(_local(t, one, short=not view.certain) for one in view.local)}</div>'
    else:
        calls = '<ul class="help-many">' + "".join(f"<li>{_small_call(t, country, number)}</li>" for country, number in view.elsewhere) + "</ul>"
    return f'<section class="help-call" aria-label="{escape(t("nav.help_now"))}">{said}{calls}<p class="help-then">{escape(t("help.near_1"))}</p></section>'


def talk(t: Words, view: HelpView) -> str:
    """Whom to call with thoughts of suicide."""
    own = f"<li>{number(view.own_line)} <span>{escape(t('crisis.own'))}</span></li>" if view.own_line else ""
    rows = "".join(f"<li>{_line(t, one)}</li>" for one in view.lines)
    return f'<section class="help-talk"><h2 class="help-h">{escape(t("help.crisis"))}</h2><ul>{own}{rows}</ul>{note(t("help.crisis_danger"))}</section>'


def after(t: Words) -> str:
    """What to do once somebody is on their way."""
    steps = "".join(f"<li>{escape(t(key))}</li>" for key in ("help.near_2", "help.near_3", "help.near_4"))
    return f"{h2(t('help.near'))}<ol class='help-steps'>{steps}</ol>{note(t('help.calls_nobody'))}"


def others(t: Words, view: HelpView) -> str:
    """Numbers of other countries, where one is shown big; and where the numbers are from."""
    rows = "".join(f"<li>{_small_call(t, country, number)}</li>" for country, number in view.elsewhere) if view.local else ""
    listed = f'<details class="help-sign"><summary>{escape(t("help.elsewhere"))}</summary><ul class="help-many">{rows}</ul></details>' if rows else ""
    return listed + note(t.joined((t("help.unchecked", source=SOURCE), t("crisis.unchecked"))))


def number(said: str) -> str:
    """A number to tap where it is nothing but a number."""
    bare = said.replace(" ", "").replace("-", "")
    if bare.removeprefix("+").isdecimal():
        return f'<a class="help-number" href="tel:{escape(bare)}"><b>{escape(said)}</b></a>'
    return f"<b>{escape(said)}</b>"


def country(t: Words, code: str) -> str:
    """A country by its name in the reader's language."""
    return t("help.eu") if code == "EU" else str(t.locale.territories.get(code, code))


def _local(t: Words, one: Local, *, short: bool) -> str:
    first, *more = one.numbers
    why = t("list.comma").join(t("help.why_" + each) for each in one.why)
    also = f' <span class="help-also">{t("help.also", numbers=" ".join(number(each) for each in more))}</span>' if more else ""
    named = country(t, one.country)
    return (
        f'<div class="help-one"><a class="help-big" href="tel:{escape(first)}">{escape(t("help.call", number=first))}</a>'
        f'<p><b>{escape(named if short else t("help.call_in", country=named))}</b> <span>({escape(why)})</span>{also}</p></div>'
    )


def _small_call(t: Words, code: str, dialled: str) -> str:
    return f"{number(dialled)} <span>{escape(country(t, code))}</span>"


def _line(t: Words, one: CrisisLine) -> str:
    return f"{number(one.number)} <span>{escape(t('crisis.line.' + one.key))}</span>"
