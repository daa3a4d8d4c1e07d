"""This is the place where the first accounts of a real installation are made: account add, account list."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace

from core.care import admin
from core.care.access import COMMAND_LINE
from core.care.desk_views import NewAccount
from core.commands.answer import Answer, table
from core.errors import BadInput
from core.ports import Ports


def add(ports: Ports, given: Namespace) -> Answer:
    """Make an account; the password is asked for, or read from standard input."""
    new = NewAccount(given.username, _password(), given.role, given.name, tuple(given.person or ()), tuple(given.panel or ()))
    made = admin.add_account(ports, COMMAND_LINE, new)
    return Answer(
        {"account": made.account_id, "username": made.username, "role": made.role.value}, [f"{made.username} can sign in"]
    )


def show(ports: Ports, given: Namespace) -> Answer:
    """Every account."""
    known = admin.accounts(ports, COMMAND_LINE)
    document = {
        "accounts": [
            {
                "account": one.account_id, "username": one.username, "role": one.role.value, "name": one.display_name,
                "people": list(one.persons), "panels": list(one.panels), "disabled": one.disabled, "demo": one.demo,
            }
            for one in known
        ]
    }  # fmt: skip
    rows = [[one.username, one.role.value, one.display_name, "closed" if one.disabled else "open"] for one in known]
    return Answer(document, table([["NAME", "ROLE", "SHOWN AS", "STATE"], *rows]) if rows else ["there is no account yet"])


def _password() -> str:
    """Typed twice at a terminal, else the first line of standard input; never an argument, which everybody could see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ", stream=sys.stderr)
    if getpass.getpass("Once more: ", stream=sys.stderr) != first:
        raise BadInput("passwords_differ", place="password", need="the same password twice")
    return first
