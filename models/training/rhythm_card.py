"""This is the place where the rhythm model's files are written beside its report: decision.json, report.json, the card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.domain.check_card import CheckCard, CheckFigure, Dataset, Said
from core.domain.checks import RHYTHM_CLASSES, CheckKind
from models.signal_check.deciding import RhythmDecision
from models.training import rhythm_words as words
from models.training.check_cards import card_figure, write_card, write_json
from models.training.pulses import Pulses
from models.training.resampling import Figure

VERSION = "1.0.0"


def write(
    out: Path, decision: RhythmDecision, report: Mapping[str, Any], test: Mapping[str, Figure], parts: tuple[Pulses, Pulses]
) -> CheckCard:
    """decision.json, report.json and card.json into `out`, where the models already are. `parts`: the people it learnt from, the people kept back."""
    write_json(out / "decision.json", decision_plain(decision))
    write_json(out / "report.json", report)
    return write_card(out, card(decision, report, test, parts))


def decision_plain(decision: RhythmDecision) -> dict[str, Any]:
    """As decision.json has it; read back by models.signal_check.deciding."""
    inverse = np.round(decision.inverse_covariance, 8)
    return {
        "version": decision.version, "temperature": decision.temperature, "threshold": decision.threshold, "abstain_low": decision.abstain_low,
        "abstain_high": decision.abstain_high, "sinus_least": decision.sinus_least, "mean": np.round(decision.mean, 8).tolist(),
        "inverse_covariance": ((inverse + inverse.T) / 2).tolist(), "distance_limit": round(decision.distance_limit, 6),
    }  # fmt: skip


def card(
    decision: RhythmDecision, report: Mapping[str, Any], test: Mapping[str, Figure], parts: tuple[Pulses, Pulses]
) -> CheckCard:
    """All of it but the digests."""
    learnt, kept = parts
    people = [len(np.unique(part.person)) for part in parts]
    facts = {
        "dev": people[0], "test": people[1], "all": sum(people), "share": round(100 * np.concatenate([learnt.af, kept.af]).mean()),
        "sensitivity": round(100 * test["sensitivity"].value), "ectopic": round(100 * test["ectopic_called_af"].value),
    }  # fmt: skip
    name = "PPG arrhythmia segments"
    data = (
        Dataset(name, words.CITATION, "", "train", people[0], len(learnt)),
        Dataset(name + ", people kept back", words.CITATION, "", "test", people[1], len(kept)),
    )
    operating = {
        "temperature": decision.temperature, "threshold": decision.threshold, "abstain_low": decision.abstain_low, "abstain_high": decision.abstain_high,
        "sinus_least": decision.sinus_least, "distance_limit": decision.distance_limit,
    }  # fmt: skip
    return CheckCard(
        CheckKind.RHYTHM, VERSION, True, words.NAME, words.MEANING, _filled(words.LIMITS, facts), tuple(_filled(one, facts) for one in words.FAILURES),
        words.NOT_FOR, RHYTHM_CLASSES, data, operating, tuple(_figures(report, test, kept, people[1])), {},
        tuple((key, _filled(value, facts)) for key, value in words.ATTRIBUTES.items()),
    )  # fmt: skip


def _figures(report: Mapping[str, Any], test: Mapping[str, Figure], kept: Pulses, people: int) -> list[CheckFigure]:
    found = [card_figure(key, "all", one, people=people, items=len(kept)) for key, one in test.items()]
    for at, rhythm in enumerate(RHYTHM_CLASSES):
        one, rows = report["test"]["called_af"][rhythm], kept.label == at
        found.append(
            CheckFigure(
                "called_af",
                f"rhythm.{rhythm}",
                one["value"],
                one["low"],
                one["high"],
                len(np.unique(kept.person[rows])),
                int(rows.sum()),
            )
        )
    return found


def _filled(words_of: Said, facts: Mapping[str, object]) -> Said:
    return {language: text.format(**facts) for language, text in words_of.items()}
