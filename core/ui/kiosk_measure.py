"""This is the place where something is measured at a kiosk: by a Bluetooth device where there is one, else typed with big keys; implausible values are measured again."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import Any

import streamlit as st

from core.domain.units import convert
from core.kiosk import collecting
from core.kiosk.collecting import ALSO, NEEDED, REST, TRIES, Doubt, Next
from core.kiosk.devices import DOUBTS, Stage
from core.kiosk.terms import Measure, Reading, Step
from core.ui import kiosk_acts as acts
from core.ui.icons import icon
from core.ui.kiosk_frame import Forward, bottom, fields_row, heading, keys, main, token
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_stay import Stay, forget_widgets, say, stay, stop_device, turn
from core.ui.kiosk_timer import countdown
from core.ui.values import unit
from core.ui.words import Words

UNITS: dict[str, tuple[str, ...]] = {"weight": ("kg", "[lb_av]"), "temp": ("Cel", "[degF]"), "glucose": ("mg/dL", "mmol/L")}
"""Between which one may choose; every other signal is typed in its own unit."""
FIRST = {"zh": {"glucose": "mmol/L"}}
CANONICAL = {"sbp": "mm[Hg]", "dbp": "mm[Hg]", "hr": "/min", "weight": "kg", "spo2": "%", "temp": "Cel", "glucose": "mg/dL"}
DEVICE_SECONDS = 180
"""How long a device may measure without anybody touching the screen."""
_DECIMAL = frozenset({"weight", "temp", "glucose"})


def draw(house: KioskHouse, one: Stay) -> None:
    """What is measured next; the pages of this step are the measures, one after the other."""
    measures = one.state.due.measures
    if one.page >= len(measures) or one.state.collected is None:
        _all(house, one)
        return
    measure = measures[one.page]
    taken = [each for each in one.state.collected.readings if each.measure is measure]
    if measure is Measure.BLOOD_PRESSURE:
        following = collecting.next_pressure(taken, one.seated_at or house.now(), house.now())
        if not taken and one.seated_at is None:
            _rest(house, one)
            return
        if following.do in ("rest", "wait"):
            _wait(house, one, following)
            return
        if following.do == "done":
            _taken(house, one, measure, taken, following)
            return
    elif taken:
        _taken(house, one, measure, taken, Next("done", len(taken)))
        return
    _one(house, one, measure, len(taken) + 1)


def still(house: KioskHouse, one: Stay) -> float:
    """Seconds in which nobody need touch anything: somebody rests, waits for the second reading, or a device measures. 0: somebody should."""
    measures, collected = one.state.due.measures, one.state.collected
    if one.step is not Step.MEASURE or one.screen or one.state.alarm or collected is None or one.page >= len(measures):
        return 0.0
    measure, idle = measures[one.page], acts.seconds(one)[0]
    taken = [each for each in collected.readings if each.measure is measure]
    if measure is Measure.BLOOD_PRESSURE and (taken or one.seated_at is not None):
        following = collecting.next_pressure(taken, one.seated_at or house.now(), house.now())
        if following.until is not None:
            return (following.until - house.now()).total_seconds() + idle
        if following.do == "done":
            return 0.0
    elif measure is Measure.BLOOD_PRESSURE or taken:
        return 0.0
    return float(DEVICE_SECONDS + idle) if _has_device(house, one, measure) else 0.0


def sit(house: KioskHouse, *, already: bool) -> None:
    """The rest begins now, or is over."""
    one = stay()
    one.seated_at = house.now() - (timedelta(minutes=REST.value) if already else timedelta(0))


def typed(house: KioskHouse, measure: Measure) -> None:
    """What was typed, in its unit: taken, to be measured again, or passed over once it went wrong too often."""
    one = stay()
    values: dict[str, float] = {}
    for signal in (*NEEDED[measure], *ALSO.get(measure, ())):
        text = str(st.session_state.get(f"kq_{signal}_{turn()}", "")).strip()
        if not text and signal not in NEEDED[measure]:
            continue
        number = _number(text)
        changed = None if number is None else convert(number, unit_of(one, house.t, signal), CANONICAL[signal], signal)
        if changed is None:
            say(one, "watch", "kiosk.no_number")
            return
        values[signal] = round(changed, 4)
    forget_widgets()
    take(house, one, Reading(measure, values, house.now(), "typed"))


def take(house: KioskHouse, one: Stay, reading: Reading) -> None:
    """Keep a reading that can be; one that can't is measured again."""
    verdict = collecting.judge(reading.measure, reading.values, one.tries)
    if verdict.do != "take":
        one.tries += 1
        found = verdict.doubts[0]
        said = "kiosk.measure_help" if verdict.do == "help" else "kiosk.measure_again"
        say(one, "soon" if verdict.do == "help" else "watch", said, why=why(house.t, one, found), n=int(TRIES.value))
        return
    before = one.state.collected.readings if one.state.collected else ()
    one.tries, one.notice = 0, ("", "")
    acts.put("readings", (*before, reading))
    signs = collecting.alarming(reading)
    if signs:
        acts.alarm(house, signs)


def again(measure: Measure) -> None:
    """Measure it anew: what was taken of it is thrown away."""
    one = stay()
    if one.state.collected is not None:
        acts.put("readings", tuple(each for each in one.state.collected.readings if each.measure is not measure))


def onward() -> None:
    """The next measure, or the next step."""
    one = stay()
    stop_device(one)
    if one.page + 1 < len(one.state.due.measures):
        acts.page(1)
    else:
        acts.forward()


def choose_unit(signal: str) -> None:
    chosen = st.session_state.get(f"kq_unit_{signal}")
    if chosen:
        stay().units[signal] = str(chosen)


def unit_of(one: Stay, t: Words, signal: str) -> str:
    first = FIRST.get(t.language[:2], {}).get(signal, UNITS.get(signal, (CANONICAL[signal],))[0])
    return one.units.get(signal, first)


def why(t: Words, one: Stay, found: Doubt) -> str:
    """What is wrong with a value, with its limits in the unit it was typed in."""
    if found.code in ("too_low", "too_high") and found.low is not None and found.high is not None:
        in_unit = unit_of(one, t, found.signal)
        low, high = (convert(each, CANONICAL[found.signal], in_unit, found.signal) or each for each in (found.low, found.high))
        return t(
            "kiosk.doubt.range", what=t("signal." + found.signal), low=round(low, 1), high=round(high, 1), unit=unit(t, in_unit)
        )
    return t("kiosk.doubt." + ("not_above" if found.code == "not_above" else "missing"), what=t("signal." + found.signal))


def said(t: Words, one: Stay, reading: Reading) -> str:
    """A reading in words: "128/79 mmHg, pulse 71"."""
    values = dict(reading.values)
    parts = []
    if "sbp" in values and "dbp" in values:
        parts.append(f"{t.number(values.pop('sbp'), 0)}/{t.number(values.pop('dbp'), 0)} {unit(t, 'mm[Hg]')}")
    for signal, value in values.items():
        shown = convert(value, CANONICAL[signal], unit_of(one, t, signal), signal)
        number = f"{t.number(value if shown is None else shown, 1 if signal in _DECIMAL else 0)} {unit(t, unit_of(one, t, signal))}"
        parts.append(f"{t('signal.' + signal)} {number}" if signal == "hr" else number)
    return t("list.comma").join(parts)


def _number(text: str) -> float | None:
    plain = text.replace(",", ".")
    if not plain or len(plain) > 7 or not plain.replace(".", "", 1).isdigit() or not plain.isascii():
        return None
    return float(plain)


def _rest(house: KioskHouse, one: Stay) -> None:
    t = house.t
    with main(one, t):
        heading(token(one) + "-rest", t("kiosk.rest"), t("kiosk.rest_lead", n=int(REST.value)))
        rows = "".join(f"<li>{escape(t(f'kiosk.sit_{at}'))}</li>" for at in (1, 2, 3, 4))
        st.html(f'<ul class="kq-list">{rows}</ul>')
        with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center"):
            st.button(
                t("kiosk.rest_begin", n=int(REST.value)),
                key="kq_rest",
                type="primary",
                on_click=sit,
                args=(house,),
                kwargs={"already": False},
                width="content",
            )
            st.button(t("kiosk.rest_done"), key="kq_rested", on_click=sit, args=(house,), kwargs={"already": True}, width="content")
    _foot(house, one)


def _wait(house: KioskHouse, one: Stay, following: Next) -> None:
    """A countdown; the stay isn't ended while somebody sits still as they were asked to."""
    t = house.t
    seconds = max(0, int((following.until - house.now()).total_seconds()) + 1) if following.until else 0
    with main(one, t):
        heading(f"{token(one)}-{following.do}", t("kiosk.wait_" + following.do), t(f"kiosk.wait_{following.do}_lead"))
        countdown(t, seconds, f"{following.do}_{following.number}")
        with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center"):
            if following.do == "rest":
                st.button(
                    t("kiosk.rest_done"), key="kq_rested", on_click=sit, args=(house,), kwargs={"already": True}, width="content"
                )
            else:
                st.button(t("kiosk.one_is_enough"), key="kq_enough", on_click=onward, width="content")
    _foot(house, one)


def _one(house: KioskHouse, one: Stay, measure: Measure, number: int) -> None:
    t = house.t
    with main(one, t):
        ready = _by_device(house, one, measure)
        lead = t("bluetooth.how") if ready else t(f"kiosk.how.{measure.value}")
        if measure is Measure.BLOOD_PRESSURE:
            lead = t.joined((t("kiosk.number", n=number), lead))
        heading(f"{token(one)}-{number}", t("kiosk.measure." + measure.value), lead)
        if ready:
            _look(house)
        else:
            _no_device(house, one, measure)
            _fields(house, one, measure)
    bottom(house, one, Forward("kiosk.leave_out", onward, primary=False))


def _fields(house: KioskHouse, one: Stay, measure: Measure) -> None:
    """What the device shows, to be typed in."""
    t = house.t
    signals = (*NEEDED[measure], *ALSO.get(measure, ()))
    with st.form(f"kq_form_{measure.value}", border=False), fields_row():
        for signal in signals:
            label = f"{t.first('kiosk.field.' + signal, 'signal.' + signal)} ({unit(t, unit_of(one, t, signal))})"
            if signal not in NEEDED[measure]:
                label = t("kiosk.if_shown", what=label)
            st.text_input(label, key=f"kq_{signal}_{turn()}", max_chars=6, autocomplete="off", width=230)
        st.form_submit_button(t("kiosk.take"), type="primary", on_click=typed, args=(house, measure), key="kq_go", width="content")
    for signal in (each for each in signals if each in UNITS):
        with st.container(key="kiosk_units", horizontal=True, horizontal_alignment="center"):
            st.segmented_control(
                t("kiosk.unit"), UNITS[signal], key=f"kq_unit_{signal}", default=unit_of(one, t, signal), format_func=lambda each: unit(t, each),
                on_change=choose_unit, args=(signal,), label_visibility="collapsed", required=True,
            )  # fmt: skip
    fields = [
        (f"kq_{signal}_{turn()}", "decimal" if signal in _DECIMAL else "digits", 6 if signal in _DECIMAL else 3)
        for signal in signals
    ]
    keys(t, tuple(fields), jump=len(fields) > 1)


def _taken(house: KioskHouse, one: Stay, measure: Measure, taken: list[Reading], following: Next) -> None:
    """What was measured, before it goes on."""
    t = house.t
    rows = "".join(
        f"<li><b>{escape(said(t, one, each))}</b> <small>{escape(t('kiosk.how_' + each.how))}{escape(_doubts(t, each))}</small></li>"
        for each in taken
    )
    mean = collecting.mean_pressure(taken) if measure is Measure.BLOOD_PRESSURE else None
    if mean is not None:
        words = t("kiosk.mean", sbp=t.number(mean.sbp, 0), dbp=t.number(mean.dbp, 0), unit=unit(t, "mm[Hg]"))
        rows += f"<li>{escape(words)}</li>"
    with main(one, t):
        heading(token(one) + "-taken", t("kiosk.taken." + measure.value))
        st.html(
            f'<ul class="kq-values">{rows}</ul>'
            + (f'<p class="kq-lead">{escape(t("kiosk.differ"))}</p>' if following.differ else "")
        )
        with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center"):
            st.button(t("kiosk.measure_anew"), key="kq_again", on_click=again, args=(measure,), width="content")
    bottom(house, one, Forward("kiosk.next", onward))


def _doubts(t: Words, reading: Reading) -> str:
    """What the device itself said of it, for which measuring anew is better; "" nothing."""
    said_ = [t("bluetooth.doubt." + flag) for flag in reading.flags if flag in DOUBTS]
    return f" – {' '.join(said_)}" if said_ else ""


def _all(house: KioskHouse, one: Stay) -> None:
    t = house.t
    with main(one, t):
        heading(token(one), t("kiosk.measured_all"))
    bottom(house, one, Forward("kiosk.next", acts.forward))


def _foot(house: KioskHouse, one: Stay) -> None:
    bottom(house, one, Forward("kiosk.leave_out", onward, primary=False))


def _has_device(house: KioskHouse, one: Stay, measure: Measure) -> bool:
    return house.devices is not None and one.way != "typed" and measure in house.devices.measures()


def _by_device(house: KioskHouse, one: Stay, measure: Measure) -> bool:
    """Whether a device measures now. Where there is none, or one would rather type, the fields are shown."""
    if not _can(house, one, measure) or house.devices is None or one.state.collected is None or house.devices.state() != "ready":
        return False
    if one.device is None:
        one.device = house.devices.measure(measure, one.state.collected.started_at)
    return True


def _can(house: KioskHouse, one: Stay, measure: Measure) -> bool:
    """Whether this kiosk reads devices of this kind, and one hasn't chosen to type."""
    return house.devices is not None and measure in house.devices.measures() and one.way != "typed"


def _no_device(house: KioskHouse, one: Stay, measure: Measure) -> None:
    """Why it is to be typed at a kiosk that reads devices."""
    state = house.devices.state() if house.devices is not None and _can(house, one, measure) else "ready"
    if state != "ready":
        why_not = house.t("bluetooth.why." + state)
        st.html(f'<p class="kq-notice s-unknown">{icon("unknown")}<span>{escape(why_not)}</span></p>')


@st.fragment(run_every=1.0)
def _look(house: KioskHouse) -> None:
    """What the device does now."""
    t, one = house.t, stay()
    if one.step is not Step.MEASURE:
        return
    if one.device is None:  # it was stopped in this box alone: the whole screen begins anew
        st.rerun()
    seen = one.device.look()
    acts.alive()
    if seen.stage is Stage.DONE and seen.reading is not None:
        stop_device(one)
        take(house, one, seen.reading)
        st.rerun()
    said_ = (
        t("bluetooth.stage." + seen.stage.value)
        if seen.stage not in (Stage.FAILED, Stage.DONE)
        else t.first("bluetooth.why." + seen.why, "bluetooth.stage.failed")
    )
    lines = [said_, *dict.fromkeys(t("bluetooth.dropped." + each.why) for each in seen.dropped)]
    st.html(f'<div class="kq-device" role="status">{"".join(f"<p>{escape(each)}</p>" for each in lines)}</div>')
    with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center"):
        for at, each in enumerate(seen.choices):
            st.button(each.name, key=f"kq_device_{at}", on_click=one.device.choose, args=(each.choice_id,), width="content")
        if seen.ended:
            st.button(t("kiosk.measure_anew"), key="kq_device_again", on_click=stop_device, args=(one,), width="content")
        if st.button(t("kiosk.type_it"), key="kq_device_type", width="content"):
            type_instead()
            st.rerun()


def type_instead() -> None:
    """Values are typed from now on."""
    one: Any = stay()
    stop_device(one)
    one.way = "typed"
