"""This is the place where the files that ship are written: models, coefficients, the card in both languages, the report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from core.risk.model_card import ATTRIBUTES
from models.training import card_words
from models.training.ada import NAME as ADA
from models.training.building import FLAGS, Built, Range
from models.training.card_attributes import ANSWERS
from models.training.reporting import Plain

VERSION = "1.0.0"
LANGUAGES = ("en", "zh_Hans")
UNITS = {"age": "a", "bmi": "kg/m2", "sbp": "mm[Hg]", "dbp": "mm[Hg]", "pulse": "/min", "sleep_hours": "h"}
GROUPS = {
    "sex.female": ("women", "女性"), "sex.male": ("men", "男性"), "age.20_39": ("20 to 39 years", "20至39岁"),
    "age.40_59": ("40 to 59 years", "40至59岁"), "age.60_79": ("60 to 79 years", "60至79岁"), "ethnicity.black": ("Black", "黑人"),
    "ethnicity.hispanic": ("other Hispanic", "其他西语裔"), "ethnicity.mexican": ("Mexican American", "墨西哥裔"),
    "ethnicity.other": ("other, with Asian", "其他（含亚裔）"), "ethnicity.white": ("white", "白人"),
}  # fmt: skip


def written(built: Built, found: Plain) -> dict[str, bytes]:
    """Every file by its name."""
    files = dict(built.files) | {"baseline.json": _json({"baseline": built.baseline.plain()}), "report.json": _json(found)}
    return files | {"card.json": _json(card(built, json.loads(json.dumps(found)), files))}


def _json(what: object) -> bytes:
    return (json.dumps(what, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def card(built: Built, found: Mapping, files: Mapping[str, bytes]) -> dict[str, object]:
    """The card as core/risk/model_card.py knows it."""
    holes = [facts(found, place) for place in range(len(LANGUAGES))]

    def said(pair: card_words.Pair) -> dict[str, str]:
        return {language: pair[place].format(**holes[place]) for place, language in enumerate(LANGUAGES)}

    return {
        "key": "diabetes", "version": VERSION, "name": said(card_words.NAME), "meaning": said(card_words.MEANING), "status": said(card_words.STATUS),
        "failures": [said(pair) for pair in card_words.FAILURES], "not_for": ["diabetes", "pregnant"],
        "inputs": [input_of(one) for one in built.ranges], "reference": {one.key: one.middle for one in built.ranges if one.key not in ("age", "sex")},
        "reference_is": said(card_words.REFERENCE), "cut": found["cut"]["value"],
        "shown": {"band": found["shown"]["band"], "number": found["shown"]["number"]},
        "spoken": [{key: one[key] for key in ("low", "high", "below", "above")} for one in found["spoken"]],
        "bands": {code: said(pair) for code, pair in card_words.BANDS.items()},
        "figures": figures(found),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "attributes": [attribute(n, said) for n in range(1, len(ATTRIBUTES) + 1)],
    }  # fmt: skip


def input_of(one: Range) -> dict[str, object]:
    """One input with its range."""
    kind = "sex" if one.key == "sex" else "flag" if one.key in FLAGS else "number"
    limits = {} if kind != "number" else {"unit": UNITS[one.key], "low": one.low, "high": one.high}
    return {"key": one.key, "kind": kind, **limits}


def attribute(number: int, said: object) -> dict[str, object]:
    """One source attribute: what is said, or why it is not available."""
    row = ATTRIBUTES[number - 1]
    answer = ANSWERS[row.key]
    value = {"absent": answer} if isinstance(answer, str) else {"value": said(answer)}  # type: ignore[operator]
    return {"n": number, "group": row.group, "key": row.key, **value}


def figures(found: Mapping) -> list[dict[str, object]]:
    """The figures a page shows: each with its interval, on how many people, and whether they stand for the population."""
    names = ("auroc", "sensitivity", "specificity", "calibration_slope", "calibration_in_the_large", "brier", "expected_calibration_error")
    rows = [{"key": name, "of": "model", "weighted": way == "weighted", **found["test"][way]["model"][name]} for way in found["test"] for name in names]
    for way in found["test"]:
        rows += [{"key": name, "of": "ada_items", "weighted": way == "weighted", **found["test"][way][ADA][name]} for name in ("auroc", "sensitivity", "specificity")]
    for one in found["subgroups"]:
        for name in ("auroc", "sensitivity", "specificity"):
            part = one.get(name, {"value": None, "low": None, "high": None})
            rows.append({"key": name, "of": one["name"], "weighted": False, "people": one["people"], "told": one["told"], **part})
    return rows


def facts(found: Mapping, place: int) -> dict[str, str]:
    """What fills the holes of the sentences in one language (0 English, 1 Chinese)."""
    counts, plain, weighted = found["data"]["counts"], found["test"]["unweighted"], found["test"]["weighted"]
    kept, unknown = counts["kept"], counts["an_input_unknown"]
    by_age = {one["low"]: one for one in found["spoken"]}

    def ranged(figure: Mapping) -> str:
        low, high = f"{figure['low']:.2f}", f"{figure['high']:.2f}"
        return f"{figure['value']:.2f} ({low} to {high})" if place == 0 else f"{figure['value']:.2f}（{low}至{high}）"

    def hundred(share: float) -> str:
        return f"{100 * share:.0f}"

    groups = [f"{GROUPS[one['name']][place]} {ranged(one['auroc'])}" for one in found["subgroups"] if "auroc" in one]
    return {
        "dev_people": f"{found['data']['development']['people']:,}", "test_people": f"{found['data']['test']['people']:,}",
        "test_told": str(found["data"]["test"]["told"]), "kept": f"{kept:,}", "adults": f"{kept + unknown + counts['pregnant'] + counts['label_unknown']:,}",
        "unknown": str(unknown), "unknown_told": hundred(counts["an_input_unknown_share_told"]), "told": hundred(counts["kept_told"] / kept),
        "missed_40": hundred(1 - by_age[40]["sensitivity"]), "flagged_60": hundred(1 - by_age[60]["specificity"]),
        "auroc": ranged(plain["model"]["auroc"]), "auroc_weighted": ranged(weighted["model"]["auroc"]),
        "sensitivity": hundred(plain["model"]["sensitivity"]["value"]), "specificity": hundred(plain["model"]["specificity"]["value"]),
        "slope": ranged(plain["model"]["calibration_slope"]), "ada_auroc": ranged(plain[ADA]["auroc"]),
        "recent": str(found["recently_told"]["told"]), "recent_sensitivity": hundred(found["recently_told"]["sensitivity"]["value"]),
        "by_group": ("; " if place == 0 else "；").join(groups),
    }  # fmt: skip
