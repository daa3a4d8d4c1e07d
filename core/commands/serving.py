"""This is the place where the commands that start something are: serve, demo, samples."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core import wiring
from core.commands.answer import Answer, bar, note
from core.commands.companion import Companion
from core.errors import BadInput
from core.ports import Ports
from core.settings import Settings, environment_of_child, load_settings

ROOT = Path(__file__).resolve().parents[2]


def serve(settings: Settings, given: Namespace) -> Answer:
    """Serve the pages until stopped."""
    asked = {name: getattr(given, name) for name in ("host", "port") if getattr(given, name) is not None}
    chosen = load_settings(**asked, demo=given.demo or settings.demo)
    if chosen.demo:
        _fill_first(chosen)
    from core.serve import run  # Streamlit takes a second to import: only who serves waits for it

    try:
        with _worker(wanted=given.worker or chosen.worker, demo=chosen.demo):
            run(chosen, open_browser=given.open)
    except OSError as error:
        raise BadInput("port_taken", place=f"{chosen.host}:{chosen.port}", need="an address that is free (--port)") from error
    return Answer({"served": True})


@contextmanager
def _worker(*, wanted: bool, demo: bool) -> Iterator[None]:
    """A worker beside the server, with the same environment: started again where it dies, ended with the server, however that ends."""
    if not wanted:
        yield
        return
    environment = environment_of_child(worker_ends_with_parent="true", demo=str(demo).lower())
    beside = Companion([sys.executable, "-m", "core.worker"], environment, ROOT)
    beside.start()
    try:
        yield
    finally:
        beside.stop()


def work(_settings: Settings, _given: Namespace) -> Answer:
    """Do what nobody waits for, until stopped."""
    from core import worker

    return Answer({"stopped": True}, [], worker.main())


def fill_demo(ports: Ports, given: Namespace) -> Answer:
    """Put the synthetic people and the demo sign-ins into an empty store."""
    from core import demo

    with bar("demo", " people") as progress:
        made = demo.fill(ports, progress)
    document = {"people": made.people, "accounts": made.accounts, "entries": made.entries, "seconds": made.seconds}
    return Answer(
        document, [f"{made.people} synthetic people, {made.accounts} demo sign-ins, {made.entries} records, {made.seconds} s"]
    )


def samples(given: Namespace) -> Answer:
    """Write the synthetic people to a folder, as `python -m core.samples` does."""
    from core.samples import SEED
    from core.samples.__main__ import write_cohort, write_people

    seed = SEED if given.seed is None else given.seed
    now = wiring.SystemClock().now().date()
    try:
        if given.people is None:
            count = write_people(given.out, now, seed)
            return Answer({"out": str(given.out), "people": count}, [f"{count} people in {given.out}"])
        count = write_cohort(given.out, given.people, now, seed)
    except OSError as error:
        raise BadInput("not_writable", place=str(given.out), need="a folder that can be written") from error
    return Answer(
        {"out": str(given.out), "people": given.people, "records": count},
        [f"{given.people} people, {count} records in {given.out}"],
    )


def _fill_first(settings: Settings) -> None:
    """The demo is filled before the first page is asked for, with a progress bar where somebody watches."""
    from core import demo

    ports = wiring.build(settings)
    try:
        with bar("demo", " people") as progress:
            made = demo.fill(ports, progress)
        if made.people:
            note(f"{made.people} synthetic people and {made.accounts} demo sign-ins are ready")
    finally:
        ports.store.close()
