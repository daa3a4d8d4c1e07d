"""This is the place where the command is that is a kiosk: it serves the kiosk's pages on this machine, or says how the kiosk stands."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from core.commands.answer import Answer
from core.errors import BadInput, HealthboardError

ROOT = Path(__file__).resolve().parents[2]


def start(given: Namespace) -> Answer:
    """Serve the kiosk's pages until stopped; with --check or --again only say, or set right, how it stands."""
    from core.edge.house import Edge, Place

    place = Place(
        given.server,
        _whole(given.key_file),
        _whole(given.home),
        _whole(given.authority) if given.authority else None,
        given.country.upper(),
    )
    if given.country and not (len(given.country) == 2 and given.country.isascii() and given.country.isalpha()):
        raise BadInput("bad_choice", place="--country", need="two letters (ISO 3166), such as GB")
    edge = Edge(place)
    if given.check or given.again:
        try:
            return _stands(edge, given.again)
        finally:
            edge.close()
    os.chdir(ROOT)  # where Streamlit looks for its settings and the theme when it is imported
    from core.edge.serving import run  # Streamlit takes a second to import: only who serves waits for it

    try:
        run(edge, given.port)
    except OSError as error:
        raise BadInput("port_taken", place=f"127.0.0.1:{given.port}", need="an address that is free (--port)") from error
    return Answer({"served": True})


def _stands(edge: object, again: bool) -> Answer:
    """Reach the server once, send what waits, and say what is so. The exit status is 1 where the server wasn't reached or visits still wait."""
    from core.edge.beating import beat
    from core.edge.house import Edge, released

    assert isinstance(edge, Edge)
    back = edge.outbox.again() if again else 0
    problem = ""
    try:
        edge.server.hello(beat(edge.sender, released()))
    except HealthboardError as error:
        problem = error.code
    reached = edge.server.reached
    sent = edge.sender.flush(now=True) if reached else 0
    waits, known = edge.sender.queued(), edge.server.known
    document = {
        "server": edge.remote.base, "reached": reached, "problem": problem or ("" if reached else "server_not_reached"), "clinic": known.name if known else "",
        "has_key_to_seal_to": bool(edge.server.public_key), "sent": sent, "put_back": back, "waiting": waits.count,
        "oldest_at": waits.oldest_at.isoformat() if waits.oldest_at else None, "refused": waits.refused, "bytes": waits.size,
    }  # fmt: skip
    return Answer(document, [f"{name}: {value}" for name, value in document.items()], 0 if reached and not waits.count else 1)


def _whole(place: Path) -> Path:
    return place.expanduser().absolute()
