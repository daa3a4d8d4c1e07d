"""This is the place where the skin-spot model's card is filled: its sentences with the figures, the figures with their intervals."""

from __future__ import annotations

from core.domain.check_card import CheckCard, Dataset
from core.domain.checks import SKIN_CLASSES, CheckKind
from models.image_check.skin import SkinDecision
from models.training import skin_words
from models.training.check_cards import card_figure
from models.training.photos import Photos
from models.training.resampling import Figure


def card(data: Photos, decision: SkinDecision, report: dict) -> CheckCard:
    """The card, its sentences filled with the figures."""
    everybody, test = report["everybody_not_seen"], report["test"]

    def spread(one: dict) -> str:
        return f"{one['value']:.2f} ({one['low']:.2f}–{one['high']:.2f})"

    types = [one.facts.skin_type for one in data.all]
    holes = {
        "items": len(data.all), "people": len(set(data.person)), "melanomas": sum(one.label == "MEL" for one in data.all),
        "missed": f"{100 * (1 - everybody['sensitivity']['value']):.0f}", "alarmed": f"{100 * (1 - everybody['specificity']['value']):.0f}",
        "type_four": types.count(4), "type_unknown": types.count(None), "fusion": f"AUROC +{spread(report['ablations']['facts'])}",
        "test_people": len(report["data"]["kept_back"]), "test_auroc": spread(test["auroc"]), "cv_auroc": spread(everybody["auroc"]),
    }  # fmt: skip

    def said(pair: skin_words.Pair) -> dict[str, str]:
        return {language: text.format(**holes) for language, text in zip(("en", "zh_Hans"), pair, strict=True)}

    names = ("auroc", "sensitivity", "specificity", "brier", "expected_calibration_error", "uncertain")
    rows = [
        card_figure(name, "all", _figure(everybody[name]), people=int(holes["people"]), items=int(holes["items"])) for name in names
    ]
    rows += [
        card_figure(
            name, "kept_back", _figure(test[name]), people=int(holes["test_people"]), items=report["data"]["kept_back_items"]
        )
        for name in names
    ]
    for group in report["subgroups"]:
        rows += [
            card_figure(name, group["name"], _figure(group.get(name)), people=group["people"], items=group["items"])
            for name in ("auroc", "sensitivity", "specificity")
        ]
    operating = {
        name: float(getattr(decision, name))
        for name in ("temperature", "threshold", "abstain_low", "abstain_high", "views_apart", "distance_limit")
    }
    return CheckCard(
        CheckKind.SKIN, decision.version, False, said(skin_words.NAME), said(skin_words.MEANING), said(skin_words.LIMITS),
        tuple(said(one) for one in skin_words.FAILURES), tuple(said(one) for one in skin_words.NOT_FOR), SKIN_CLASSES, _sets(data), operating, tuple(rows), {},
        tuple((key, said(pair)) for key, pair in skin_words.ATTRIBUTES.items()),
    )  # fmt: skip


def _figure(held: dict | None) -> Figure:
    parts = [float("nan") if held is None or held[one] is None else float(held[one]) for one in ("value", "low", "high")]
    return Figure(*parts)


def _sets(data: Photos) -> tuple[Dataset, ...]:
    return (
        Dataset(
            "PAD-UFES-20",
            "Pacheco AGC et al., Data in Brief 2020;32:106221",
            "CC BY 4.0",
            "train",
            len(set(data.person)),
            len(data.all),
        ),
        Dataset(
            "MobileNetV1 ImageNet weights (Google Coral test data)", "Howard AG et al., arXiv:1704.04861", "Apache-2.0", "start"
        ),
        Dataset("HAM10000, looked at only", "Tschandl P et al., Sci Data 2018;5:180161", "CC BY-NC 4.0", "test", 0, 256),
    )
