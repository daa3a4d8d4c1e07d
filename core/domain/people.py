"""This is the place where accounts, roles, panels and the one who acts are defined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account is for. The table of who may do what is core/care/access.py."""

    PATIENT = "patient"
    CAREGIVER = "caregiver"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    KIOSK = "kiosk"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Account:
    """A way to sign in: `persons` are the people it may stand for (a patient: oneself; a caregiver: those cared for);
    `panels` the panels a coordinator works on."""

    account_id: str
    role: Role
    username: str
    display_name: str
    persons: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    disabled: bool = False
    demo: bool = False
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A named set of people that coordinators look after."""

    panel_id: str
    name: str
    persons: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts now, through which sign-in. It carries no rights: those are read afresh at every use case."""

    account_id: str
    role: Role
    session_id: str
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in: `seen_at` moves with use; past `seen_at` + idle limit or `ends_at` it is over."""

    session_id: str
    account_id: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose: language ("" = the browser's), units and size. Unit choices: glucose, lipids, creatinine ... as
    "mg/dL" or "mmol/L" (`labs`), weight "kg" or "[lb_av]", temperature "Cel" or "[degF]", HbA1c "%" or "mmol/mol"."""

    language: str = ""
    labs: str = "mg/dL"
    weight: str = "kg"
    temperature: str = "Cel"
    hba1c: str = "%"
    text_size: str = "normal"
    theme: str = "system"
    timezone: str = ""
