"""This is the place where a schedule is put into words of one language."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.time import PartialTime
from core.ports import Say


def said(t: Say, key: str, facts: Mapping[str, str | int | float]) -> str:
    """One instruction as core/medications/saying.py has it, as a sentence."""
    if key == "how.as_needed":
        return _needed(t, facts)
    ready: dict[str, object] = dict(facts)
    if "times" in facts:
        ready["times"] = t("list.comma").join(str(facts["times"]).split())
    if "days" in facts:
        ready["days"] = t("list.comma").join(t("weekday." + day) for day in str(facts["days"]).split())
    if "day" in facts:
        ready["day"] = PartialTime.parse(str(facts["day"])) or facts["day"]
    if "amount" in facts:
        ready["amount"] = str(facts["amount"]) or t("how.dose")
    return t(key, **ready)


def _needed(t: Say, facts: Mapping[str, str | int | float]) -> str:
    amount = str(facts.get("amount", "")) or t("how.dose")
    parts = [t("how.as_needed_for", amount=amount, reason=facts["reason"]) if facts.get("reason") else t("how.as_needed", amount=amount)]
    if "least" in facts:
        minutes = int(facts["least"])
        parts.append(t("how.least_hours", n=minutes // 60) if minutes % 60 == 0 else t("how.least_minutes", n=minutes))
    if "most" in facts:
        parts.append(t("how.most", n=int(facts["most"]), hours=int(facts["per"])))
    elif "most_amount" in facts:
        parts.append(t("how.most_amount", amount=facts["most_amount"], hours=int(facts["per"])))
    return t("list.comma").join(parts)
