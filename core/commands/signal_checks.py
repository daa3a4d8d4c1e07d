"""This is the place where `check-signal` is: the rhythm check over files of pulse signals, without a store, also against a clinic's own labels."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.answer import Answer, bar
from core.commands.labelled import Label, Scored, case_of, labels, scores
from core.domain.check_media import CleanSignal
from core.domain.checks import RHYTHM_CLASSES, CheckKind, CheckResult, Declined, Finding
from core.errors import BadInput, FileRefused, HealthboardError

if TYPE_CHECKING:
    from models.runner import Runner

SUFFIXES = frozenset({".npz", ".npy", ".csv", ".json"})
CASES = frozenset({"af"})


def show(given: Namespace) -> Answer:
    """One entry for each file, in order: its segments with their answers, or its error. Exit status 1 where a file could not be read. Raises BadInput (no
    file, a bad address), FileRefused (labels)."""
    from models.cards import ARTIFACTS
    from models.decisions import Decisions

    words, more = _split(given.runner)
    files = _files([*given.paths, *more])
    told = labels(given.labels) if given.labels else ()
    truth = case_of(told, RHYTHM_CLASSES, CASES) if told else None
    if truth:
        for one in told:
            truth(one)
    runner = chosen(words, given.plain_http)
    try:
        decision = Decisions(ARTIFACTS).of(CheckKind.RHYTHM)
    except HealthboardError:
        decision = None
    entries, scored = [], []
    with bar("check-signal", unit="file") as tell:
        for done, (name, path) in enumerate(files, start=1):
            entry, results = _file(name, path, given.rate, runner, decision)
            entries.append(entry)
            if truth:
                scored += [_scored(one, results[part], truth(one)) for one, part in _labelled(told, name, path, sorted(results))]
            tell(done, len(files))
    document = {"kind": given.kind, "files": entries} | ({"scores": scores(scored)} if told else {})
    return Answer(document, list(_lines(document)), 1 if any("error" in one for one in entries) else 0)


def _split(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """(`edge` or `server URL`, the files that stand behind it)."""
    of = 2 if words[0] == "server" else 1
    return words[:of], words[of:]


def chosen(words: Sequence[str], plain_http: bool) -> Runner:
    """`edge`, or `server URL`. Raises BadInput."""
    from models.cards import ARTIFACTS
    from models.runners import EdgeRunner, ServerRunner

    if list(words) == ["edge"]:
        return EdgeRunner(ARTIFACTS)
    if len(words) == 2 and words[0] == "server":
        return ServerRunner(words[1], artifacts=ARTIFACTS, plain_http=plain_http)
    raise BadInput("bad_choice", place="--runner", need="edge, or server and its address")


def _files(paths: Sequence[str]) -> list[tuple[str, Path]]:
    """(name, path): files as they are named, those of a folder and below it, and what a pattern finds. Raises BadInput."""
    found: list[tuple[str, Path]] = []
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in SUFFIXES)
            found += [(f"{path.name}/{one.relative_to(path).as_posix()}", one) for one in inside]
        elif path.exists():
            found.append((path.name, path))
        else:
            matched = sorted(Path(one) for one in glob(given, recursive=True))  # noqa: PTH207  (a pattern may be absolute)
            if not matched:
                raise BadInput("no_such_path", place=given, need="a file or folder that exists")
            found += [(one.name, one) for one in matched if one.is_file()]
    if not found:
        raise BadInput("nothing_to_check", place="FILE", need="at least one NPZ, NPY, CSV or JSON file")
    return found


def _file(
    name: str, path: Path, rate: float | None, runner: Runner, decision: Any
) -> tuple[dict[str, Any], dict[int, CheckResult]]:
    """What is said of a file, and its results by the number of the segment."""
    from models.signal_check.checking import check, overall
    from models.signal_check.formats import MOST_BYTES
    from models.signal_check.intake import signal

    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileRefused("file_too_large", place=name, need=MOST_BYTES)
        taken: CleanSignal = signal(name, path.read_bytes(), rate)
    except OSError:
        return {"file": name, "error": {"code": "file_unreadable", "place": name, "need": "a file that can be read"}}, {}
    except FileRefused as refused:
        return {"file": name, "error": {"code": refused.code, **refused.facts}}, {}
    results = [one.result for one in check(taken, runner, decision, draw=False)]
    segments = [{"segment": number, **plain(one)} for number, one in zip(taken.numbers, results, strict=True)]
    whole = {"file": name, "rate": taken.rate, "dropped": taken.dropped, "overall": plain(overall(results)), "segments": segments}
    return whole, dict(zip(taken.numbers, results, strict=True))


def plain(result: CheckResult) -> dict[str, Any]:
    """A result as JSON."""
    answer, leaning = result.answer, result.leaning
    declined = isinstance(answer, Declined)
    return {
        "quality": {"ok": result.quality.ok, "reasons": list(result.quality.reasons), "measures": {k: round(v, 4) for k, v in result.quality.measures.items()}},
        "in_distribution": None if result.distance is None else result.distance <= 1,
        "distance": None if result.distance is None else round(result.distance, 4),
        "decision": None if isinstance(answer, Declined) else answer.decision,
        "declined": {"why": answer.why, "reasons": list(answer.reasons)} if isinstance(answer, Declined) else None,
        "probability": None if leaning is None or leaning.probability is None else round(leaning.probability, 6),
        "classes": {} if leaning is None else {name: round(p, 6) for name, p in leaning.classes},
        "would_have_said": leaning.decision if declined and leaning else None,
        "pulse": result.pulse,
        "model": None if result.model is None else {
            "name": result.model.name, "version": result.model.version, "sha256": result.model.digest, "runner": result.model.runner,
        },
    }  # fmt: skip


def _labelled(told: Sequence[Label], name: str, path: Path, numbers: Sequence[int]) -> Iterator[tuple[Label, int]]:
    """The labels of a file with the segment each is about; a label without a segment is about all of them."""
    for one in told:
        if one.file in (name, path.name, str(path)):
            yield from ((one, number) for number in numbers if one.part is None or one.part == number)


def _scored(one: Label, result: CheckResult, case: bool) -> Scored:
    flagged = result.answer.decision == "possible_irregular" if isinstance(result.answer, Finding) else None
    return Scored(case, result.leaning.probability if result.leaning else None, flagged, one.person or one.file)


def _lines(document: dict[str, Any]) -> Iterator[str]:
    """The same for people at a terminal."""
    for one in document["files"]:
        if "error" in one:
            yield f"{one['file']}: {one['error']['code']} ({one['error'].get('place', '')}; needs {one['error'].get('need', '')})"
            continue
        yield f"{one['file']}: {_said(one['overall'])}; {len(one['segments'])} segments, {one['dropped']} left out for a gap"
        yield from (f"  {part['segment']:>5}  {_said(part)}" for part in one["segments"])
    if found := document.get("scores"):
        yield f"labelled: {found['items']} segments of {found['units']}, {found['cases']} with AF; answered: {found['answered']}"
        for name in ("sensitivity", "specificity", "auroc"):
            value = found[name]
            yield f"  {name}: {value['value']} ({value['low']} to {value['high']})"


def _said(one: dict[str, Any]) -> str:
    pulse = "" if one["pulse"] is None else f", pulse {one['pulse']:.0f}/min"
    if one["declined"]:
        reasons = ", ".join(one["declined"]["reasons"])
        return f"declined: {one['declined']['why']}{f' ({reasons})' if reasons else ''}{pulse}"
    return f"{one['decision']} (AF {one['probability']:.2f}){pulse}"
