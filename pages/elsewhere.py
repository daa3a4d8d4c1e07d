"""This is the place where an address leads that this role may not open: it says so and shows nothing."""

import streamlit as st

from core.ui.markup import box, head
from core.ui.session import here

t = here().t
st.html(head(t("elsewhere.title"), t("elsewhere.question")) + box("unknown", t("error.not_permitted"), t("elsewhere.next")))
