"""This is the place where it is chosen what to see on Trends: which signals, how far back, beside what, and which devices count."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import streamlit as st

from core.care.picture_views import MOST_SIGNALS, Offer, Offers, Part, Picture, PictureQuery
from core.care.series import zone_named
from core.ui import address
from core.ui.session import Visit
from core.ui.words import Words

RANGES = ("1D", "1W", "1M", "3M", "6M", "1Y", "2Y", "5Y", "all")
FIRST_RANGE = "3M"
MOST_PILLS = 10
_ZOOM, _OFF = "hb.zoom", "hb.devices_off"
_CLOSER = 2.5
_SHORTEST = timedelta(minutes=30)


def signal(visit: Visit, offers: Offers) -> str:
    """The signal that was chosen: first its group, then the signal. It is in the address as a code."""
    t = visit.t
    groups = {group.group: group.offers for group in offers.groups}
    asked = st.query_params.get("signal", "")
    home = next((name for name, members in groups.items() if any(one.signal == asked for one in members)), next(iter(groups)))
    if st.session_state.get("hb.group_of") != asked and "trend_group" in st.session_state and asked in offers.signals:
        st.session_state["trend_group"] = home  # the address names a signal of another group
    st.session_state.setdefault("trend_group", home)
    if st.session_state["trend_group"] not in groups:
        st.session_state["trend_group"] = home
    if len(groups) > 1:
        st.pills(t("trends.choose_group"), list(groups), format_func=lambda code: t("trend_group." + code), key="trend_group", required=True, label_visibility="collapsed")
    first = _one(visit, groups[st.session_state["trend_group"]])
    st.session_state["hb.group_of"] = st.query_params.get("signal", "")
    return first


def _one(visit: Visit, members: tuple[Offer, ...]) -> str:
    t = visit.t
    known = [one.signal for one in members]
    labels = {one.signal: t(one.label) for one in members}
    address.before("signal", known, known[0])
    if len(known) <= MOST_PILLS:
        chosen = st.pills(t("trends.choose_signal"), known, format_func=labels.__getitem__, key="signal", required=True, label_visibility="collapsed")
    else:
        chosen = st.selectbox(t("trends.choose_signal"), known, format_func=labels.__getitem__, key="signal", width=380)
    found = known[0] if chosen is None else chosen
    address.after("signal", found, "")
    return found


def below(visit: Visit, offers: Offers, first: str) -> tuple[str, ...]:
    """Signals below the first, on the same time axis; in the address too."""
    t = visit.t
    others = [signal for signal in offers.signals if signal != first]
    if not others:
        return ()
    asked = [code for code in st.query_params.get("with", "").split(",") if code in others][: MOST_SIGNALS - 1]
    if "trend_with" not in st.session_state:
        st.session_state["trend_with"] = asked
    st.session_state["trend_with"] = [code for code in st.session_state["trend_with"] if code in others]
    chosen = st.multiselect(
        t("trends.choose_more"), others, format_func=lambda code: t(offers.label(code)), key="trend_with", max_selections=MOST_SIGNALS - 1,
        placeholder=t("trends.choose_more_hint"), select_all=False, label_visibility="collapsed", width=270,
    )  # fmt: skip
    wanted = ",".join(chosen)
    if st.query_params.get("with", "") != wanted:
        if wanted:
            st.query_params["with"] = wanted
        else:
            del st.query_params["with"]
    return tuple(chosen)


def span(visit: Visit) -> str:
    """How far back; choosing it ends a zoom."""
    t = visit.t
    address.before("range", RANGES, FIRST_RANGE)
    chosen = st.segmented_control(
        t("trends.choose_range"), RANGES, format_func=lambda code: t("range." + code), key="range", required=True,
        label_visibility="collapsed", on_change=whole,
    )  # fmt: skip
    return address.after("range", chosen, FIRST_RANGE)


def compare(visit: Visit, code: str) -> bool:
    """Whether the time before is laid under this one."""
    return st.toggle(visit.t("trends.compare"), key="trend_compare", disabled=code == "all")


def query(visit: Visit, chosen: tuple[str, ...], code: str) -> PictureQuery:
    """What to ask for: the range, or the stretch that was zoomed into."""
    zoomed = st.session_state.get(_ZOOM)
    person = visit.person.person_id if visit.person else ""
    off = tuple(sorted(st.session_state.get(_OFF, ())))
    beside = bool(st.session_state.get("trend_compare")) and code != "all"
    if isinstance(zoomed, tuple) and zoomed[0] == person:
        return PictureQuery(chosen, code, zoomed[1], zoomed[2], beside, off)
    return PictureQuery(chosen, code, compare=beside, off=off)


def zoom(visit: Visit, start: datetime, end: datetime) -> None:
    """Show this stretch from the next run on."""
    person = visit.person.person_id if visit.person else ""
    st.session_state[_ZOOM] = (person, start.isoformat(timespec="seconds"), end.isoformat(timespec="seconds"))


def whole() -> None:
    """Back to the whole range."""
    st.session_state.pop(_ZOOM, None)


def steps(visit: Visit, picture: Picture) -> None:
    """Moving and zooming without a mouse: earlier, later, closer, wider, whole."""
    t, length = visit.t, picture.end - picture.start
    now, half = picture.made_at, length / 2
    middle, closer, wider = picture.start + half, length / _CLOSER / 2, length * _CLOSER / 2
    ends = min(middle + wider, now)
    with st.container(key="trend_steps", horizontal=True):
        _step(visit, "earlier", ":material/chevron_left:", (picture.start - half, picture.end - half))
        _step(visit, "later", ":material/chevron_right:", (picture.start + half, picture.end + half), disabled=picture.end + half > now + length / 4)
        _step(visit, "closer", ":material/zoom_in:", (middle - closer, middle + closer), disabled=closer * 2 < _SHORTEST)
        _step(visit, "wider", ":material/zoom_out:", (middle - wider, ends), disabled=not picture.query.zoomed)
        st.button(t("trends.whole"), key="trend_whole", icon=":material/fit_screen:", on_click=whole, disabled=not picture.query.zoomed)


def _step(visit: Visit, name: str, icon: str, stretch: tuple[datetime, datetime], *, disabled: bool = False) -> None:
    said = visit.t("trends.step_" + name)
    st.button(said, key=f"trend_{name}", icon=icon, on_click=zoom, args=(visit, *stretch), disabled=disabled)


def devices(visit: Visit, picture: Picture) -> None:
    """Every device and source of the picture, to be left out or taken in again; only this view changes."""
    t = visit.t
    known = {device.key: device for part in picture.parts for device in part.devices}
    if len(known) < 2 and all(device.on for device in known.values()):
        return
    with st.popover(t("trends.devices", n=len(known)), icon=":material/devices:", key="trend_devices"):
        st.caption(t("trends.devices_about"))
        for at, (key, device) in enumerate(known.items()):
            counts = [d for part in picture.parts for d in part.devices if d.key == key]
            label = t("trends.device_line", device=device.mark.label or t("source." + device.mark.kind), n=sum(d.used for d in counts))
            st.checkbox(label, value=device.on, key=f"trend_device_{at}_{key}", on_change=_switch, args=(key, f"trend_device_{at}_{key}"), disabled=device.always_off)


def _switch(key: str, widget: str) -> None:
    off = set(st.session_state.get(_OFF, ()))
    off.discard(key) if st.session_state.get(widget) else off.add(key)
    st.session_state[_OFF] = tuple(sorted(off))


def main_part(picture: Picture) -> Part:
    """The first signal of the picture."""
    return picture.parts[0]


def on_clock(visit: Visit, picture: Picture) -> Words:
    """The words on the clock of the picture, which is the person's where it is known."""
    zone = zone_named(picture.zone)
    return replace(visit.t, zone=zone) if zone else visit.t
