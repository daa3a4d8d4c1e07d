"""This is the place where `export-models` is: the shipped models of photos and signals as a model server takes them."""

from __future__ import annotations

from argparse import Namespace

from core.commands.answer import Answer, table


def export(given: Namespace) -> Answer:
    """Write the repository; what is in it for each kind. Raises ModelUnavailable, BadInput."""
    from core.domain.checks import CheckKind
    from models.cards import ARTIFACTS
    from models.repository import write_repository

    kinds = tuple(CheckKind(kind) for kind in given.kind or ())
    written = write_repository(ARTIFACTS, given.out, place=given.on, kinds=kinds)
    rows = [{"kind": one.kind.value, "number": one.number, "added": one.added, "version": one.version, "digest": one.digest} for one in written]
    told = [(one.kind.value, str(one.number), "added" if one.added else "there already", one.version, one.digest) for one in written]
    return Answer({"folder": str(given.out), "models": rows}, table([("model", "number", "", "version", "SHA-256"), *told]))
