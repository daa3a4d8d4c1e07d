"""This is the place where a person connects a device that sends by itself, and gets what the device needs: address, token, an example."""

from __future__ import annotations

import json

import streamlit as st

from core.care import devices
from core.care.access import Action
from core.care.devices import MOST_NAME, NewDevice
from core.errors import BadInput
from core.ui.browser import address
from core.ui.incident import tell
from core.ui.markup import box, facts, note
from core.ui.session import Reading, Visit

_NEW = "hb.new_device"
PATH = "/ingest"
TOPIC = "healthboard/v1/{name}/ingest"
"""As the worker listens where nothing else is set (docs/SOURCES.md)."""


def connect(visit: Visit, reading: Reading) -> None:
    """The form, and once connected what to type into the device."""
    t = visit.t
    if not visit.may(Action.MANAGE_DEVICES):
        return
    new = st.session_state.get(_NEW)
    with st.expander(t("connect.title"), expanded=isinstance(new, NewDevice), icon=":material/sensors:"):
        if isinstance(new, NewDevice):
            show(visit, new)
            return
        st.html(note(t("connect.note")))
        with st.form("connect", border=False):
            name = st.text_input(
                t("connect.name"), key="device_name", max_chars=MOST_NAME, placeholder=t("connect.name_example"), autocomplete="off"
            )
            sent = st.form_submit_button(t("connect.do"), type="primary")
        if sent:
            try:
                st.session_state[_NEW] = devices.connect(visit.ports, visit.who, reading.person_id, name)
            except BadInput as error:
                tell(t, error)
                return
            st.rerun()


def show(visit: Visit, new: NewDevice) -> None:
    """The secret, this once, and how to use it."""
    t = visit.t
    st.html(box("watch", t("connect.secret_once"), t("connect.secret_note", name=new.device.label)))
    st.html(note(t("connect.secret")))
    st.code(new.secret, language=None, wrap_lines=True)
    where = address() + PATH
    st.html(facts([(t("connect.address"), where), (t("connect.way"), t("connect.way_http"))]))
    st.html(note(t("connect.example")))
    st.code(curl(where, new.secret), language="bash", wrap_lines=True)
    st.html(note(t("connect.mqtt")))
    st.code(f"{TOPIC.format(name='scale')}\n{mqtt(new.secret)}", language="json", wrap_lines=True)
    st.button(t("connect.copied"), key="device_copied", type="primary", icon=":material/check:", on_click=forget)


def forget() -> None:
    """The secret is shown no more."""
    st.session_state.pop(_NEW, None)


def curl(where: str, secret: str) -> str:
    """How a value is sent from a command line."""
    return (
        f"curl -X POST {where} \\\n  -H 'Authorization: Bearer {secret}' \\\n  -H 'Idempotency-Key: 2026-11-21-morning' \\\n"
        f"  -d '{json.dumps(EXAMPLE)}'"
    )


def mqtt(secret: str) -> str:
    return json.dumps({"token": secret, "key": "2026-11-21-morning", "body": EXAMPLE})


EXAMPLE = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
    "effectiveDateTime": "2026-11-21T07:30:00+01:00",
    "valueQuantity": {"value": 71.3, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
}
