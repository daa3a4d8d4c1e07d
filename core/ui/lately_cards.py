"""This is the place where the last weeks of devices are written for Today: small pictures beside what is usual, what changed, vendors' findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from types import MappingProxyType

from core.care.lately_views import LatelyTile, LatelyView, VendorFinding
from core.care.views import Fact
from core.domain.time import PartialTime
from core.ui.markup import chip, grid, h2, note, tag
from core.ui.sentences import sentence
from core.ui.spark import sparkline
from core.ui.values import source_marks, unit
from core.ui.words import Words

MOST_TILES = 6
A_DAY = 86_400.0
_TAGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "usual": ("check", "plain"),
        "above": ("up", "plain"),
        "below": ("down", "plain"),
        "far_above": ("up", "accent"),
        "far_below": ("down", "accent"),
        "learning": ("clock", "plain"),
        "old": ("clock", "unknown"),
        "unjudged": ("unknown", "unknown"),
    }
)


def changes(t: Words, view: LatelyView) -> str:
    """What changed, at most a few; nothing where nothing can be said yet."""
    if not view.tiles:
        return ""
    top = h2(t("lately.changes"), t("lately.changes_aside"))
    if view.changes:
        return top + grid((_change(t, one) for one in view.changes), "two") + note(t("lately.changes_note"))
    return top + note(t("lately.nothing" if view.known else "lately.nothing_known"))


def tiles(t: Words, found: Iterable[LatelyTile], now: datetime) -> str:
    return grid(tile(t, one, now) for one in found)


def tile(t: Words, one: LatelyTile, now: datetime) -> str:
    """One signal: name, how it stands, the last day's number, its days with the usual band, a sentence, when and where from."""
    name = t(one.label)
    numeral = t.number(one.value, one.decimals)
    if one.second is not None:
        numeral += f"/{t.number(one.second, one.decimals)}"
    # a day without a value breaks the line
    spark = sparkline(
        one.spark, one.band, t("today.spark_alt", name=name, n=len(one.spark)), longest=1.5 * A_DAY if one.second is None else None
    )
    meta = f"<span>{escape(_when(t, one, now))}</span>{source_marks(t, one.sources)}"
    return (
        f'<div class="rd{" sp" if spark else ""}"><div class="rd-top"><h3 class="rd-name">{escape(name)}</h3>'
        f"{tag(t('lately_state.' + one.standing), *_TAGS[one.standing])}</div>"
        f'<div class="big">{escape(numeral)}<small>{escape(unit(t, one.unit))}</small></div>{spark}'
        f'<div class="mean">{escape(sentence(t, one.said))}</div><div class="meta">{meta}</div></div>'
    )


def finding(t: Words, one: VendorFinding) -> str:
    """What the watch's own software said: never ours, and what to do about it."""
    time = PartialTime.parse(one.when)
    what = t(one.code, n=one.times, device=one.device or t("lately.a_device"), when=time or one.when)
    note_ = t.joined((t("finding.not_ours"), t("finding.next")))
    return f'<div class="at"><div>{chip(t, "watch")}</div><div><b>{escape(what)}</b></div><div class="mean">{escape(note_)}</div></div>'


def _change(t: Words, one: Fact) -> str:
    up = one.code.endswith("_up")
    mark = tag(t("lately.higher" if up else "lately.lower"), "up" if up else "down", "accent")
    return f'<div class="at"><div>{mark}</div><div class="mean">{escape(sentence(t, one))}</div></div>'


def _when(t: Words, one: LatelyTile, now: datetime) -> str:
    return t.age(one.day, now)
