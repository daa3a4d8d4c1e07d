"""This is the place where `check-photo` is: the check of a skin spot or a wound over files of photos, without a store, also against a clinic's own labels."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.answer import Answer, bar
from core.commands.labelled import Label, Scored, case_of, labels, scores
from core.commands.signal_checks import chosen
from core.domain.check_media import Checked, CleanPhoto
from core.domain.checks import (
    BODY_PLACES,
    SKIN_CLASSES,
    SKIN_SOON,
    SYMPTOMS,
    Area,
    CheckKind,
    CheckResult,
    Declined,
    Finding,
    SkinFacts,
)
from core.errors import BadInput, FileRefused

if TYPE_CHECKING:
    import numpy as np

SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".webp", ".heic", ".heif", ".avif"})
"""What a folder is searched for; HEIC is refused with a word of what to do rather than passed over."""
FLAGGED = {CheckKind.SKIN: "show_soon", CheckKind.WOUND: "measured"}
WOUND_LABELS = ("wound",)
Check = Callable[[CleanPhoto], Checked]


def show(given: Namespace) -> Answer:
    """One entry for each file, in order: its answer, or its error. Exit status 1 where a file could not be read. Raises BadInput (no file, a bad address or
    fact), FileRefused (labels)."""
    kind = CheckKind(given.kind)
    words, more = (given.runner[:2], given.runner[2:]) if given.runner[0] == "server" else (given.runner[:1], given.runner[1:])
    files = _files([*given.paths, *more])
    told = labels(given.labels) if given.labels else ()
    truth = (
        case_of(told, *((SKIN_CLASSES, SKIN_SOON) if kind is CheckKind.SKIN else (WOUND_LABELS, frozenset(WOUND_LABELS))))
        if told
        else None
    )
    if truth:
        for one in told:
            truth(one)
    check = _check(kind, given, words)
    masks = _masks(given.masks) if kind is CheckKind.WOUND else None
    entries, scored = [], []
    with bar("check-photo", unit="file") as tell:
        for done, (name, path) in enumerate(files, start=1):
            entry, result = _file(name, path, check, masks)
            entries.append(entry)
            if truth and result:
                scored += [_scored(one, result, truth(one)) for one in told if one.file in (name, path.name, str(path))]
            tell(done, len(files))
    document: dict[str, Any] = {"kind": kind.value, "files": entries}
    if truth:
        unread = sum(1 for entry in entries if "error" in entry)
        document["scores"] = scores(scored) | {"unlabelled": len(entries) - unread - len(scored), "unread": unread}
    return Answer(document, list(_lines(document)), 1 if any("error" in one for one in entries) else 0)


def _check(kind: CheckKind, given: Namespace, words: Sequence[str]) -> Check:
    """The check with its runner and what is known of the spot. Raises BadInput."""
    from models.cards import ARTIFACTS
    from models.decisions import Decisions
    from models.image_check.checking import check_photo

    runner, decisions, facts = chosen(words, given.plain_http), Decisions(ARTIFACTS), _facts(given)
    return lambda photo: check_photo(kind, photo, facts, runner, decisions, coin=given.coin)


def _facts(given: Namespace) -> SkinFacts:
    """Raises BadInput for what can't be so."""
    if given.age is not None and not 0 <= given.age <= 120:
        raise BadInput("out_of_range", place="--age", need="completed years, 0 to 120")
    if given.place and given.place not in BODY_PLACES:
        raise BadInput("bad_choice", place="--place", need="one of " + ", ".join(BODY_PLACES))
    symptoms = {}
    for said in given.symptom or ():
        name, _, answer = said.partition("=")
        if name not in SYMPTOMS or answer not in ("", "yes", "no"):
            raise BadInput("bad_choice", place="--symptom", need="one of " + ", ".join(SYMPTOMS) + ", perhaps with =no")
        symptoms[name] = answer != "no"
    return SkinFacts(given.age, given.place, given.skin_type, symptoms)


def _masks(folder: Path | None) -> Path | None:
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput("not_a_folder", place="--masks", need="a folder that can be written to") from error
    return folder


def _files(paths: Sequence[str]) -> list[tuple[str, Path]]:
    """(name, path): files as they are named, those of a folder and below it, and what a pattern finds. Raises BadInput."""
    found: list[tuple[str, Path]] = []
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in SUFFIXES)
            found += [(f"{path.name}/{one.relative_to(path).as_posix()}", one) for one in inside]
        elif path.exists() or not set(given) & set("*?["):
            found.append((path.name, path))  # a name that leads nowhere is said in its place, and the others go on
        else:
            found += [(one.name, one) for one in sorted(map(Path, glob(given, recursive=True))) if one.is_file()]  # noqa: PTH207  (a pattern may be absolute)
    if not found:
        raise BadInput("nothing_to_check", place="FILE", need="at least one JPEG, PNG or WEBP file")
    return found


def _file(name: str, path: Path, check: Check, masks: Path | None) -> tuple[dict[str, Any], CheckResult | None]:
    """What is said of a file, and the result behind it."""
    from models.image_check.intake import MOST_BYTES, photo

    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileRefused("photo_too_large", place="photo", need=f"at most {MOST_BYTES // 1_000_000} MB")
        clean = photo(path.read_bytes())
    except OSError:
        return {
            "file": name,
            "path": str(path),
            "error": {"code": "file_unreadable", "place": name, "need": "a file that can be read"},
        }, None
    except FileRefused as refused:
        return {"file": name, "path": str(path), "error": {"code": refused.code, **refused.facts}}, None
    checked = check(clean)
    height, width = clean.pixels.shape[:2]
    entry = {"file": name, "path": str(path), "sha256": clean.digest, "width": width, "height": height, **plain(checked.result)}
    if checked.result.kind is CheckKind.WOUND:
        entry["mask"] = _mask(checked, path, masks)
    return entry, checked.result


def _mask(checked: Checked, path: Path, masks: Path | None) -> str | None:
    """Write what was taken for wound: white on black, as large as the photo; its path. Also where the check declined but drew something."""
    from models.image_check.checking import mask_of

    found = mask_of(checked.overlay)
    if masks is None or found is None:
        return None
    from PIL import Image

    into = _free(masks, path.stem)
    Image.fromarray(_white(found)).save(into, "PNG")
    return str(into)


def _white(mask: np.ndarray) -> np.ndarray:
    return mask.astype("uint8") * 255


def _free(folder: Path, stem: str) -> Path:
    """Two photos of one name in different folders have two masks."""
    taken, at = folder / f"{stem}.png", 1
    while taken.exists():
        at += 1
        taken = folder / f"{stem}-{at}.png"
    return taken


def plain(result: CheckResult) -> dict[str, Any]:
    """A result as JSON."""
    answer = result.answer
    said = answer if isinstance(answer, Finding) else result.leaning
    return {
        "quality": {"ok": result.quality.ok, "reasons": list(result.quality.reasons), "measures": {k: round(v, 4) for k, v in result.quality.measures.items()}},
        "in_distribution": None if result.distance is None else result.distance <= 1,
        "distance": None if result.distance is None else round(result.distance, 4),
        "decision": answer.decision if isinstance(answer, Finding) else None,
        "declined": {"why": answer.why, "reasons": list(answer.reasons)} if isinstance(answer, Declined) else None,
        "probability": None if said is None or said.probability is None else round(said.probability, 6),
        "classes": {} if said is None else {name: round(p, 6) for name, p in said.classes},
        "would_have_said": result.leaning.decision if isinstance(answer, Declined) and result.leaning else None,
        "area": _area(said.area if said else None),
        "model": None if result.model is None else {
            "name": result.model.name, "version": result.model.version, "sha256": result.model.digest, "runner": result.model.runner,
        },
    }  # fmt: skip


def _area(area: Area | None) -> dict[str, Any] | None:
    return (
        None
        if area is None
        else {"share": round(area.share, 6), "cm2": None if area.cm2 is None else round(area.cm2, 3), "marker": area.marker or None}
    )


def _scored(one: Label, result: CheckResult, case: bool) -> Scored:
    answer = result.answer
    said = answer if isinstance(answer, Finding) else result.leaning
    flagged = answer.decision == FLAGGED[result.kind] if isinstance(answer, Finding) else None
    if isinstance(answer, Declined) and "no_wound_seen" in answer.reasons:
        flagged = False
    return Scored(case, said.probability if said else None, flagged, one.person or one.file)


def _lines(document: dict[str, Any]) -> Iterator[str]:
    """The same for people at a terminal."""
    for one in document["files"]:
        if "error" in one:
            yield f"{one['file']}: {one['error']['code']} ({one['error'].get('place', '')}; needs {one['error'].get('need', '')})"
        else:
            yield f"{one['file']}: {_said(one)}"
    if found := document.get("scores"):
        yield f"labelled: {found['items']} photos of {found['units']}, {found['cases']} cases; answered {found['answered']}, declined {found['declined']}"
        for name in ("sensitivity", "specificity", "auroc"):
            value = found[name]
            yield f"  {name}: {value['value']} ({value['low']} to {value['high']})"


def _said(one: dict[str, Any]) -> str:
    ran = f"  [{one['model']['name']} {one['model']['version']}, {one['model']['runner']}]" if one["model"] else ""
    if one["declined"]:
        reasons = ", ".join(one["declined"]["reasons"])
        return f"declined: {one['declined']['why']}{f' ({reasons})' if reasons else ''}{ran}"
    if one["area"]:
        size = "" if one["area"]["cm2"] is None else f", {one['area']['cm2']} cm2 by {one['area']['marker']}"
        return f"{one['decision']}: {one['area']['share']:.1%} of the photo{size}{ran}"
    return f"{one['decision']} ({one['probability']:.2f}){ran}"
