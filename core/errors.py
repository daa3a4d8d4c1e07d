"""This is the place where every error class of Healthboard stands, on one page.

HealthboardError
├── NotPermitted      this actor may not do this (or not to this person)
├── SessionExpired    the sign-in is over: idle, signed out or unknown
├── SignInRefused     wrong name or password, or slowed down after failures
├── NotFound          no such thing, or none this actor may know of
├── BadInput          what was given cannot be used: names the place and the need
│   └── FileRefused   a whole file that cannot be read (kind, size, damage)
├── Conflict          the store changed meanwhile, or the thing exists already
├── SourceUnavailable a server did not answer properly after all retries
│   └── SourceRefused a server answered and said no (token, address, version)
├── Cancelled         a person stopped a long piece of work
├── TableUnavailable  a table of clinical rules is missing or damaged: nothing can be checked with it
├── NotDelivered      a message did not go out (`permanent`: trying again won't help)
├── ModelUnavailable  a trained model cannot answer: its file, its card or its runtime is missing or damaged
├── StoreLocked       the key does not open the store
└── StoreDamaged      the store or its audit trail does not verify

A code is stable and is said in words by the catalogues (`error.<code>`); facts are ids, places and numbers,
never a value, a name or a secret.
"""

from __future__ import annotations


class HealthboardError(Exception):
    """An error with a stable code and facts that hold no personal value."""

    code = "internal"

    def __init__(self, code: str = "", **facts: str | int) -> None:
        self.code = code or type(self).code
        self.facts = facts
        said = ", ".join(f"{key}={value}" for key, value in facts.items())
        super().__init__(f"{self.code}: {said}" if said else self.code)


class NotPermitted(HealthboardError):
    code = "not_permitted"


class SessionExpired(HealthboardError):
    code = "session_expired"


class SignInRefused(HealthboardError):
    code = "sign_in_refused"


class NotFound(HealthboardError):
    code = "not_found"


class BadInput(HealthboardError):
    """`place` says where, `need` says what is needed there (both without the value itself)."""

    code = "bad_input"


class FileRefused(BadInput):
    code = "file_refused"


class Conflict(HealthboardError):
    code = "conflict"


class SourceUnavailable(HealthboardError):
    code = "source_unavailable"


class SourceRefused(SourceUnavailable):
    code = "source_refused"


class Cancelled(HealthboardError):
    code = "cancelled"


class ModelUnavailable(HealthboardError):
    """Never an answer: a model that cannot run says nothing about anybody. `why` says what is missing or damaged."""

    code = "model_unavailable"


class TableUnavailable(HealthboardError):
    """Never an all-clear: what a table can't be asked about is not checked. `table` names it, `why` is "missing" or "corrupt"."""

    code = "table_unavailable"


class NotDelivered(HealthboardError):
    """A message did not go out; `permanent` where trying again can't help (an address that is none, a subscription that is gone)."""

    code = "not_delivered"

    def __init__(self, code: str = "", *, permanent: bool = False, **facts: str | int) -> None:
        super().__init__(code, **facts)
        self.permanent = permanent


class StoreLocked(HealthboardError):
    code = "store_locked"


class StoreDamaged(HealthboardError):
    code = "store_damaged"
