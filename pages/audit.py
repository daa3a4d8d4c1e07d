"""This is the place where an administrator reads the audit trail and has its chain verified."""

from __future__ import annotations

import streamlit as st

from core.care import admin
from core.care.desk_views import AuditView
from core.domain.audit import AuditLine
from core.ui.markup import Cell, box, h2, head, table
from core.ui.session import Visit, here

SHOWN = (100, 500, 2000)


def page(visit: Visit) -> None:
    t = visit.t
    st.html(head(t("nav.audit"), t("audit_page.question")))
    if st.button(t("audit_page.verify"), key="verify", type="primary", icon=":material/verified_user:"):
        with st.spinner(t("audit_page.verifying")):
            check = admin.verify_audit(visit.ports, visit.who)
        if check.broken_at:
            st.html(box("now", t("audit_page.broken", n=check.broken_at), t("audit_page.broken_next")))
        else:
            st.html(box("fine", t("audit_page.whole", n=check.lines), t("audit_page.whole_next")))
    with st.container(key="tools_audit", horizontal=True, vertical_alignment="bottom"):
        limit = st.selectbox(t("audit_page.show"), SHOWN, format_func=lambda n: t("audit_page.newest", n=n), key="audit_limit", width=260)
    view = admin.audit_lines(visit.ports, visit.who, limit or SHOWN[0])
    st.html(h2(t("audit_page.lines")))
    columns = [t("table.number"), t("table.when"), t("table.who"), t("table.did"), t("table.about"), t("table.purpose")]
    names = dict(view.names)
    st.html(table(t("audit_page.lines"), columns, (cells(visit, view, names, line) for line in view.lines), [0]))


def cells(visit: Visit, view: AuditView, names: dict[str, str], line: AuditLine) -> list[Cell]:
    t, event = visit.t, line.event
    who = names.get(event.actor_id) or (t.first("role." + event.role, "role.system") if event.role else t("look.nobody"))
    did = t.first("audit." + event.action, "audit.other", code=event.action)
    return [
        Cell(str(line.number), number=True), Cell(t.moment(event.at)), Cell(who), Cell(did), Cell(event.subject_id),
        Cell(t.first("purpose." + event.purpose, "purpose.other") if event.purpose else "–"),
    ]  # fmt: skip


page(here())
