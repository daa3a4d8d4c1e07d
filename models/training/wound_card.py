"""This is the place where the wound model's files are written beside its report: decision.json, report.json, the card."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from core.domain.check_card import CheckCard, CheckFigure, Dataset, Said
from core.domain.checks import CheckKind
from models.image_check.wound_decision import WoundDecision
from models.training import wound_words as words
from models.training.check_cards import plain as as_plain
from models.training.check_cards import write_card, write_json
from models.training.wound_choosing import VERSION, plain


def write(out: Path, decision: WoundDecision, report: dict[str, Any]) -> CheckCard:
    """decision.json, report.json and card.json into `out`, where the models already are."""
    write_json(out / "decision.json", plain(decision))
    write_json(out / "report.json", as_plain(report))
    return write_card(out, card(decision, report))


def card(decision: WoundDecision, report: dict[str, Any]) -> CheckCard:
    """All of it but the digests."""
    test, parts, by = report["test"], report["split"], report["by"]
    facts = {
        "photos": sum(one["photos"] for one in parts.values()), "test": parts["test"]["photos"], "dice": round(100 * test["dice"]["value"]),
        "off": round(100 * test["area_off_median"]["value"]), "quarter": round(100 * test["area_off_upper_quarter"]["value"]),
        "missed": round(100 * test["wound_missed"]["value"]), "small": round(100 * by["size.under_0_5_percent"]["value"]),
        "dark": by.get("tone.dark", {"photos": 0})["photos"],
    }  # fmt: skip
    data = (
        Dataset("FUSeg foot ulcers", words.CITATION, "", "train", 0, parts["train"]["photos"] + parts["watch"]["photos"]),
        Dataset("FUSeg foot ulcers, photos kept back", words.CITATION, "", "test", 0, parts["test"]["photos"]),
        Dataset("ImageNet weights of MobileNetV2", "Sandler, CVPR 2018; kernels of google-coral", "Apache-2.0", "start"),
    )
    operating = {
        "threshold": decision.threshold, "close_weight": decision.close_weight, "smallest_share": decision.smallest_share,
        "agreement_least": decision.agreement_least, "distance_limit": round(decision.distance_limit, 6),
        # rounded up: what the frozen set may differ by at most, on any processor
        "int8_mask_difference": math.ceil(100 * report["differences"]["int8"]) / 100 + 0.01,
    }  # fmt: skip
    groups = parts["test"]["groups"]
    figures = [
        CheckFigure(key, "all", one["value"], one["low"], one["high"], 0, parts["test"]["photos"]) for key, one in test.items()
    ]
    figures += [CheckFigure("dice", of, one["value"], one["low"], one["high"], 0, one["photos"]) for of, one in by.items()]
    facts["groups"] = groups
    return CheckCard(
        CheckKind.WOUND, VERSION, True, words.NAME, words.MEANING, _filled(words.LIMITS, facts), tuple(_filled(one, facts) for one in words.FAILURES),
        words.NOT_FOR, (), data, operating, tuple(figures), {}, tuple((key, _filled(value, facts)) for key, value in words.ATTRIBUTES.items()),
    )  # fmt: skip


def _filled(words_of: Said, facts: dict[str, Any]) -> Said:
    return {language: text.format(**facts) for language, text in words_of.items()}
