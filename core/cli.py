"""This is the place where `healthboard` is: a command for every task of an administrator, a script or a clinic.

With --json one JSON document goes to stdout; everything else goes to stderr. The exit status is 0 where it was done, 1 where it
was refused with a reason (in the document: {"error": code, ...}), 2 where the command line itself was wrong.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence

from core.arguments import arguments
from core.commands.answer import Answer, give
from core.errors import Cancelled, HealthboardError
from core.ports import Ports
from core.settings import Settings, load_settings

Command = Callable[[Ports, Namespace], Answer]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    parser = arguments()
    given = parser.parse_args(argv)
    if not hasattr(given, "command"):
        parser.print_help(sys.stderr)
        return 2
    try:
        return give(_run(parser, given), as_json=given.json)
    except HealthboardError as error:
        return _refused(error, given)
    except KeyboardInterrupt:
        return _refused(Cancelled(), given)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has gone: nothing more to say
        return 1


def _run(parser: ArgumentParser, given: Namespace) -> Answer:
    settings = load_settings()
    if given.needs == "nothing":
        return given.command(given)  # type: ignore[no-any-return]
    if given.needs == "settings":
        return given.command(settings, given)  # type: ignore[no-any-return]
    return _with_store(settings, given.command, given)


def _with_store(settings: Settings, command: Command, given: Namespace) -> Answer:
    from core import wiring

    ports = wiring.build(settings)
    try:
        return command(ports, given)
    finally:
        ports.store.close()


def _refused(error: HealthboardError, given: Namespace) -> int:
    """Say why it was not done: the code and the facts, which hold no personal value."""
    if given.json:
        sys.stdout.write(json.dumps({"error": error.code, **error.facts}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    facts = "".join(f"\n  {name}: {value}" for name, value in error.facts.items())
    sys.stderr.write(f"healthboard: {error.code.replace('_', ' ')}{facts}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
