"""Free text: what is unambiguous is understood, in English and Chinese; everything else is asked, never guessed."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.medications.free_text import understood
from core.medications.reading import regimen

PLAIN: dict[str, str] = {
    "1 tab po bid pc": "2/1d PCM,PCV 1 tablet",
    "Take ONE tablet daily": "1/1d 1 tablet",
    "Take ONE tablet, two times a day, with meals.": "2/1d CM,CV 1 tablet",
    "Metformin 500 mg by mouth twice daily.": "2/1d 500 mg",
    "Atorvastatin 20 mg by mouth once nightly.": "NIGHT 20 mg",
    "Insulin glargine 10 units subcutaneously every night.": "NIGHT 10 unit",
    "10 mL bid": "2/1d 10 mL",
    "every other day": "1/2d",
    "q8h": "1/8h",
    "q 8 hrs": "1/8h",
    "1 tablet every 12 hours for 5 days": "1/12h for 5d 1 tablet",
    "qAM": "MORN",
    "1 tab qhs": "HS 1 tablet",
    "1 tab qd": "1/1d 1 tablet",
    "1/2 tab bid": "2/1d 0.5 tablet",
    "half a tablet twice a day": "2/1d 0.5 tablet",
    "one and a half tablets daily": "1/1d 1.5 tablet",
    "1-2 tablets twice daily": "2/1d 1-2 tablet",
    "3x/day": "3/1d",
    "1-0-1": "2/1d MORN,EVE 1",
    "1-1-1-1": "4/1d MORN,NOON,EVE,NIGHT 1",
    "1 tablet on Mon, Wed and Fri": "mon,wed,fri 1 tablet",
    "once a week on Monday": "1/1wk mon",
    "twice weekly": "2/1wk",
    "1 tab tid x 10 days": "3/1d for 10d 1 tablet",
    "at 8am and 8 pm": "08:00,20:00",
    "08:00, 20:00": "08:00,20:00",
    "12 am": "00:00",
    "1 tab before breakfast": "ACM 1 tablet",
    "30 minutes before meals": "AC+30",
    "1 tab 1 hour after dinner": "PCV+60 1 tablet",
    "stat": "once",
    "apply thinly twice daily": "2/1d",
    "2 puffs twice a day": "2/1d 2 puff",
    "1 drop in each eye qid": "4/1d 1 drop",
    "apply one patch every 72 hours": "1/72h 1 patch",
    "take 2 capsules 3 times a day with food": "3/1d C 2 capsule",
    "２ ＴＡＢＳ   ＢＩＤ": "2/1d 2 tablet",
    "2 tabs daily for 3 days, then 1 tab daily for 3 days": "1/1d for 3d 2 tablet | 1/1d for 3d 1 tablet",
    "每日3次 饭后": "3/1d PC",
    "一日三次，每次1片，饭后服用": "3/1d PC 1 片",
    "每次0.5g，每日2次": "2/1d 0.5 g",
    "口服 一次2粒 一日两次": "2/1d 2 粒",
    "每天早晚各一片": "MORN,EVE 1 片",
    "早1片晚2片": "1/1d MORN 1 片 | 1/1d EVE 2 片",
    "每8小时一次": "1/8h",
    "隔日一次": "1/2d",
    "每周一、三、五 各1片": "mon,wed,fri 1 片",
    "每周一次": "1/1wk",
    "每周2次": "2/1wk",
    "睡前服": "HS",
    "饭前30分钟": "AC+30",
    "半片 每日一次": "1/1d 0.5 片",
    "连服7天 每日1次": "1/1d for 7d",
    "早餐后1片": "PCM 1 片",
    "晨起空腹1片": "WAKE 1 片",
    "每晚1片": "NIGHT 1 片",
    "bid po 0.5 g": "2/1d 0.5 g",
    "每日三次 飯後": "3/1d PC",
    "每日2次，每次1粒": "2/1d 1 粒",
    "一次1片，一日1次，早餐前30分钟服用": "1/1d ACM+30 1 片",
}
NEEDED: dict[str, str] = {
    "Take as needed.": "",
    "Takes 1-2 tablets once daily at bedtime as needed for restless legs": "restless legs most 1",
    "q4-6h prn pain max 6/day": "pain least 240 most 6",
    "1 tablet every 4-6 hours as needed for pain, max 6 tablets daily": "pain least 240 most 6",
    "1 tab tid prn": "most 3",
    "必要时": "",
    "需要時": "",
    "疼痛时服用 最多每日4次 间隔至少6小时": "疼痛 least 360 most 4",
}
ASKED: dict[str, str] = {
    "as directed": "free_text_directed",
    "遵医嘱": "free_text_directed",
    "1 tab od": "free_text_ambiguous_od",
    "biweekly": "free_text_ambiguous",
    "Every four to six hours": "free_text_range",
    "每日1-2次": "free_text_range",
    "once or twice daily": "free_text_range",
    "twice daily q8h": "free_text_conflict",
    "at 8 am before breakfast": "free_text_conflict",
    "Take 1 tablet in the morning and 2 tablets at night": "free_text_conflict",
    "Take ONE tablet daily, after meals": "free_text_meal",
    "每日1次 饭后": "free_text_meal",
    "qid pc": "free_text_meal",
    "空腹 每日一次": "free_text_fasting",
    "10 units": "how_often",
    "2 tabs daily, then 1 tab daily": "taper_open",
    "do not take 500 mg twice daily": "free_text_unclear",
    "stop taking 1 tab daily": "free_text_unclear",
    "take 1 tab daily except sunday": "free_text_unclear",
    "take 1 tablet twice dailyy": "free_text_unclear",
    "1 tab bid; drop table": "free_text_unclear",
    "<script>1 tab bid</script>": "free_text_unclear",
    "首剂加倍 每日2次": "free_text_unclear",
    "25:00": "free_text_unclear",
    "13 pm": "free_text_unclear",
    "": "free_text_unclear",
    "💊 bid": "free_text_unclear",
}


def short(dosage: Any) -> str:
    """A dosage in a few letters."""
    repeat = dosage.get("timing", {}).get("repeat", {})
    parts = []
    if repeat.get("when") == ["IMD"]:
        return "once"
    if "frequency" in repeat:
        parts.append(f"{repeat['frequency']}/{repeat['period']}{repeat['periodUnit']}")
    if "when" in repeat:
        parts.append(",".join(repeat["when"]) + (f"+{repeat['offset']}" if "offset" in repeat else ""))
    parts += [",".join(one[:5] for one in repeat["timeOfDay"])] if "timeOfDay" in repeat else []
    parts += [",".join(repeat["dayOfWeek"])] if "dayOfWeek" in repeat else []
    if "boundsDuration" in repeat:
        parts.append(f"for {repeat['boundsDuration']['value']:g}{repeat['boundsDuration']['unit']}")
    for one in dosage.get("doseAndRate", []):
        if "doseQuantity" in one:
            parts.append(f"{one['doseQuantity']['value']:g} {one['doseQuantity'].get('unit', '')}".strip())
        else:
            parts.append(
                f"{one['doseRange']['low']['value']:g}-{one['doseRange']['high']['value']:g} {one['doseRange']['low']['unit']}"
            )
    return " ".join(parts)


@pytest.mark.parametrize(("text", "expected"), PLAIN.items())
def test_what_is_unambiguous_is_understood(text: str, expected: str) -> None:
    found = understood(text)
    assert found.asked == ()
    assert " | ".join(short(one) for one in found.dosages) == expected
    assert not any(one.get("asNeededBoolean") or "asNeededCodeableConcept" in one for one in found.dosages)


@pytest.mark.parametrize(("text", "expected"), NEEDED.items())
def test_what_is_taken_when_needed_has_limits_and_no_times(text: str, expected: str) -> None:
    found = regimen({"text": text})
    assert (found.steps, found.asked) == ((), ())
    (one,) = found.as_needed
    said = [one.reason] if one.reason else []
    said += [f"least {one.least_between.total_seconds() / 60:g}"] if one.least_between else []
    said += [f"most {one.most_doses}"] if one.most_doses else []
    assert " ".join(said) == expected


@pytest.mark.parametrize(("text", "code"), ASKED.items())
def test_everything_else_is_asked_and_nothing_of_it_is_planned(text: str, code: str) -> None:
    found = understood(text)
    assert found.dosages == ()
    assert [one.code for one in found.asked] == [code]
    assert regimen({"text": text or "?"}).steps == ()


with (Path(__file__).parent / "free_text_cases.csv").open(encoding="utf-8", newline="") as _table:
    CASES = [(row["text"], row["expected"]) for row in csv.DictReader(_table)]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_table_of_cases_is_understood_or_asked_as_it_says(text: str, expected: str) -> None:
    found = understood(text)
    assert (f"ask {found.asked[0].code}" if found.asked else " | ".join(short(one) for one in found.dosages)) == expected
    if found.asked:
        assert regimen({"text": text}).steps == ()


@pytest.mark.parametrize("text", [one for one, expected in [*PLAIN.items(), *CASES] if not expected.startswith("ask")])
def test_capitals_wide_letters_and_spaces_around_change_nothing(text: str) -> None:
    wide = "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one.isalnum() else one for one in text)
    assert understood(f"  {text.upper()}  ").dosages == understood(wide).dosages == understood(text).dosages


WORDS = (
    "1 tab", "½ tab", "1.5", ".5 mg", "10 u", "两片", "一两片", "十", "半", "bid", "daily", "weekly", "q8h", "q4-6h", "8 hourly", "monday", "mon-fri", "8am", "20:00",
    "1-0-1", "pc", "with food", "1/2 hour before breakfast", "hs", "at night", "prn pain", "prn", "max 4 doses daily", "for 7 days", "x", "once", "stat", "then", "and",
    "po", "od", "早晚", "早", "晚", "饭后", "半小时", "每隔一天", "每周一两次", "每周一至周五", "上午8点", "晚上12点", "必要时", "间隔6小时", "连服7天", "，", ".", "/", "(",
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(("", " ", ", "))), max_size=8))
def test_any_order_of_known_words_is_understood_or_asked(words: list[tuple[str, str]]) -> None:
    said = "".join(word + between for word, between in words)
    found = understood(said)
    assert bool(found.dosages) != bool(found.asked)
    regimen({"text": said})


@pytest.mark.parametrize("text", [one for one in PLAIN if "," not in one and ";" not in one and one.isascii()])
def test_a_word_that_is_not_known_is_asked_wherever_it_stands(text: str) -> None:
    words = text.split()
    for at in range(1, len(words) + 1):
        assert understood(" ".join([*words[:at], "zorblax", *words[at:]])).asked


@given(st.text(max_size=400))
def test_any_text_is_understood_or_asked_and_never_both(text: str) -> None:
    found = understood(text)
    assert bool(found.dosages) != bool(found.asked)


@pytest.mark.parametrize("part", ["1", "1 ", "mon, ", "一", "every ", "as needed for a ", "1-", "((", "饭前"])
def test_long_texts_take_no_longer_than_their_length(part: str) -> None:
    began = time.perf_counter()
    understood((part * 400)[:300])
    understood(part * 100_000)
    assert time.perf_counter() - began < 2
