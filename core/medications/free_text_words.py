"""This is the place where the words of a prescription stand, English and Chinese: each a pattern and what it says. Every pattern is short and bounded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.medications.free_text_numbers import N, minutes, value
from core.medications.terms import DAYS

RANGE = r"(?:-|–|~|to|至|到|or|或)"
UNITS: Mapping[str, str] = {
    **dict.fromkeys(("tablets", "tablet", "tabs", "tab"), "tablet"), **dict.fromkeys(("capsules", "capsule", "caps", "cap"), "capsule"),
    **dict.fromkeys(("pills", "pill"), "pill"), **dict.fromkeys(("puffs", "puff", "inhalations", "inhalation"), "puff"),
    **dict.fromkeys(("drops", "drop", "gtts", "gtt"), "drop"), **dict.fromkeys(("sprays", "spray"), "spray"),
    **dict.fromkeys(("patches", "patch"), "patch"), **dict.fromkeys(("units", "unit", "iu", "u"), "unit"), **dict.fromkeys(("ml", "cc"), "mL"), "mg": "mg",
    **dict.fromkeys(("micrograms", "microgram", "mcg", "µg", "μg", "ug"), "ug"), **dict.fromkeys(("grams", "gram", "g"), "g"),
    **dict.fromkeys(("teaspoons", "teaspoon", "tsp"), "teaspoon"), **dict.fromkeys(("tablespoons", "tablespoon", "tbsp"), "tablespoon"),
    **dict.fromkeys(("sachets", "sachet"), "sachet"), **dict.fromkeys(("suppositories", "suppository"), "suppository"),
    **dict.fromkeys(("lozenges", "lozenge"), "lozenge"), **dict.fromkeys(("applications", "application"), "application"), "milligrams": "mg", "milligram": "mg",
    **{one: one for one in "片粒颗丸袋包支滴喷揿吸贴枚瓶锭"}, "毫升": "mL", "毫克": "mg", "微克": "ug", "克": "g", "单位": "unit",
}  # fmt: skip
UNIT = "(?:" + "|".join(sorted(UNITS, key=lambda one: (-len(one), one))) + r")(?:\(s\))?"
_COUNTED = (
    "(?:"
    + "|".join(
        sorted((one for one, ours in UNITS.items() if ours not in ("mg", "ug", "g", "unit")), key=lambda one: (-len(one), one))
    )
    + ")"
)
WEEKDAYS: Mapping[str, str] = {
    **{full: full[:3] for full in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")},
    **{one: one[:3] for one in ("mon", "tues", "tue", "wed", "weds", "thurs", "thur", "thu", "fri", "sat", "sun")},
}  # fmt: skip
_DAY = "(?:" + "|".join(sorted(WEEKDAYS, key=lambda one: -len(one))) + r")(?:days|s)?\b"
_CN_DAYS = {"一": "mon", "二": "tue", "三": "wed", "四": "thu", "五": "fri", "六": "sat", "日": "sun", "天": "sun"}
_SPAN = {"d": "d", "w": "wk", "m": "mo", "天": "d", "日": "d", "周": "wk", "月": "mo"}
SIMPLIFIED = str.maketrans("飯後時間顆個兩週隨點噴貼單臨晝藥為內發熱續類錠", "饭后时间颗个两周随点喷贴单临昼药为内发热续类锭")
Found = Mapping[str, Any]
Say = Callable[[re.Match[str]], Found]


def unit(said: str) -> str:
    """The unit as we write it ("tablet" for "tab" and "tablet(s)")."""
    return UNITS[said.removesuffix("(s)")]


def _same(**what: Any) -> Say:
    return lambda _: what


def _amount(found: re.Match[str]) -> Found:
    return {"amount": (value(found[1]), value(found[2]) if found[2] else value(found[1]), unit(found[3]))}


def _times(found: re.Match[str]) -> Found:
    return {"rate": (value(found[1]), value(found[2]) if found[2] else value(found[1]), 1.0, 1.0, "d")}


def _times_of(unit: str) -> Say:
    return lambda found: {"rate": (value(found[1]), value(found[1]), 1.0, 1.0, unit)}


def _every(unit: str) -> Say:
    def said(found: re.Match[str]) -> Found:
        low = value(found[1])
        return {"rate": (1.0, 1.0, low, value(found[2]) if found[2] else low, unit)}

    return said


def _clock(found: re.Match[str]) -> Found:
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "").strip()
    if half and not 1 <= hour <= 12:
        return {"ask": "free_text_unclear"}
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return {"clock": f"{hour:02d}:{minute:02d}:00"} if hour < 24 and minute < 60 else {"ask": "free_text_unclear"}


def _days(found: re.Match[str]) -> Found:
    names = re.findall(r"[a-z]+", found[0])
    return {"days": [WEEKDAYS[name] for raw in names if (name := raw if raw in WEEKDAYS else raw.removesuffix("s")) in WEEKDAYS]}


def _cn_days(found: re.Match[str]) -> Found:
    return {"days": [_CN_DAYS[one] for one in re.sub(r"[^一二三四五六日天]", "", found[1])]}


def _for(found: re.Match[str]) -> Found:
    return {"lasts": (value(found[1]), _SPAN[found[2][0]])}




def _through(found: re.Match[str]) -> Found:
    """Monday to Friday: every day from the one to the other. Raises ValueError where they don't follow one another in a week."""
    low, high = (
        (_CN_DAYS.get(one) or WEEKDAYS[one if one in WEEKDAYS else one.removesuffix("s")]) for one in found.groups() if one
    )
    days = DAYS[DAYS.index(low) : DAYS.index(high) + 1]
    if len(days) < 2:
        raise ValueError("not in order")
    return {"days": list(days)}


def _cn_clock(found: re.Match[str]) -> Found:
    """上午8点, 下午3:30, 20点. Raises ValueError for an hour that may be in the morning or in the evening, or is none."""
    part, hour = found["part"] or "", int(value(found["h"]))
    minute = 30 if found["m"] == "半" else int(found["m"] or found["mm"] or 0)
    late = part in ("下午", "傍晚", "晚上", "晚", "夜里")
    fits = (
        1 <= hour <= 11
        if late
        else 0 <= hour <= 11
        if part and part != "中午"
        else 11 <= hour <= 13
        if part
        else hour >= 13 or found["mm"]
    )
    if not fits or hour > 23 or minute > 59 or (part in ("晚上", "晚") and hour < 5):
        raise ValueError("which half of the day")
    return {"clock": f"{hour + 12 if late else hour:02d}:{minute:02d}:00"}


def _meals_named(way: str) -> Say:
    """before breakfast and dinner."""
    return lambda found: {"when": [found_meal(way, one) for one in re.findall(r"breakfast|lunch|dinner|supper", found[0])]}


def _meal(before: str) -> Say:
    """Minutes before or after a meal."""
    return lambda found: {"when": [found_meal(before, found["meal"])], "offset": minutes(found["n"], found["u"])}


def found_meal(way: str, meal: str) -> str:
    """The `when` code of a meal: way "AC", "PC" or "C"."""
    which = {"b": "M", "早": "M", "l": "D", "n": "D", "午": "D", "中": "D", "d": "V", "s": "V", "晚": "V"}.get(meal[:1], "")
    return way + (which if meal[:4] not in ("meal", "food", "eati") else "")


def _named_meal(way: str) -> Say:
    return lambda found: {"when": [found_meal(way, found["meal"])]}


_MEAL = r"(?P<meal>breakfast|lunch|dinner|supper)"
_CN_MEAL = r"(?P<meal>早|午|中|晚)[餐饭]"
_MANY_MEALS = rf"(?:{_MEAL.replace('?P<meal>', '?:')})(?:(?:, and |, | and | & )(?:{_MEAL.replace('?P<meal>', '?:')}))+"
_MEALS = r"(?:meals|each meal|every meal)"
_FOOD = r"(?:eating|food|a meal)"
_DAILY = r"(?:a day|per day|daily|each day|every day|/\s?day|/\s?d|in 24 hours|per 24 hours)"
_REASON = r"(?P<reason>[a-z][a-z \-/]{2,40}?)"

PATTERNS: tuple[tuple[re.Pattern[str], Say], ...] = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        # what only a person can say
        (r"(?:as directed|as instructed|as advised|as per instructions|see instructions|see leaflet|per inr|per protocol|use as directed|sliding scale)\b|遵医嘱|按医嘱|见说明书", _same(ask="free_text_directed")),
        (r"o\.?d\.?(?![a-z])", _same(ask="free_text_ambiguous_od")),
        (r"biweekly\b|bimonthly\b", _same(ask="free_text_ambiguous")),
        # when needed, and its limits
        (r"(?:and|plus|&|\+) ?(?:(?:as|when|if|whenever) (?:needed|required|necessary)|p\.?r\.?n\.?(?![a-z]))|[及和并][必需]要时", _same(ask="free_text_ambiguous")),
        (rf"(?:(?:as|when|if|whenever) (?:needed|required|necessary)|p\.?r\.?n\.?(?![a-z]))(?: (?:for )?{_REASON}(?=$|[.,;]| max| up to| not more))?",
         lambda m: {"prn": True, "reason": (m["reason"] or "").strip()}),
        (r"(?P<reason>疼痛|头痛|发热|失眠|咳嗽|气喘|恶心|胸痛|过敏)时(?:服用|服|用|吸入|含服)?|(?:必要|需要)时(?:服用|服|用|吸入|含服)?", lambda m: {"prn": True, "reason": m["reason"] or ""}),
        (rf"(?:max(?:imum)?|up to|not more than|no more than)\.?:? ({N}) ?(?:times|doses|x)? ?{_DAILY}", lambda m: {"most": (value(m[1]), "")}),
        (rf"(?:max(?:imum)?|up to|not more than|no more than)\.?:? ({N}) ?({UNIT}) ?{_DAILY}", lambda m: {"most": (value(m[1]), unit(m[2]))}),
        (rf"(?:最多|不超过)(?:每日|每天|一日|一天|24小时内?)({N})次|(?:每日|每天|24小时内?)(?:最多|不超过)({N})次", lambda m: {"most": (value(m[1] or m[2]), "")}),
        (rf"(?:at least|minimum) ({N}) ?h(?:ou)?rs? (?:apart|between doses)|(?:间隔|相隔)(?:至少|不少于)?({N})(?:个)?小时(?:以上)?", lambda m: {"least": value(m[1] or m[2])}),
        # several moments
        (rf"(\d(?:\.5)?)-(\d(?:\.5)?)-(\d(?:\.5)?)(?:-(\d(?:\.5)?))?(?![\d-])(?: ?({UNIT}))?", lambda m: {"scheme": tuple(float(one or 0) for one in m.groups()[:4]), **({"scheme_unit": unit(m[5])} if m[5] else {})}),
        (rf"早({N})(?P<u>{UNIT})[,、 ]?(?:中({N})(?P=u))?[,、 ]?晚({N})(?P=u)",
         lambda m: {"scheme": (value(m[1]), value(m[3]) if m[3] else 0.0, value(m[4]), 0.0), "scheme_unit": unit(m["u"])}),
        (r"早[、, ]?中[、, ]?晚(?!餐|饭)", _same(when=["MORN", "NOON", "EVE"])),
        (r"早[、, ]?晚(?!餐|饭|上)", _same(when=["MORN", "EVE"])),
        (r"(?:in the |every |each )?morning and (?:in the |every |each )?(evening|night)|(?:at )?morning and (?:at )?(night)", lambda m: {"when": ["MORN", "EVE" if m[1] == "evening" else "NIGHT"]}),
        # spacing in hours
        (rf"(?:every|q\.?) ?({N})(?: ?{RANGE} ?({N}))? ?(?:hours|hour|hrs|hr|h)(?: ?prn)?(?![a-z])(?<!prn)|每(?:隔)?({N})(?: ?{RANGE} ?({N}))?(?:个)?小时(?:一次|1次|服用一次)?",
         lambda m: {"rate": (1.0, 1.0, value(m[1] or m[3]), value(m[2] or m[4] or m[1] or m[3]), "h")}),
        (r"hourly\b|every hour\b|每小时(?:[一1]次)?", _same(rate=(1.0, 1.0, 1.0, 1.0, "h"))),
        (rf"({N})[- ]?(?:hourly|hrly)\b", lambda m: {"rate": (1.0, 1.0, value(m[1]), value(m[1]), "h")}),
        # weeks, months, days apart
        (rf"(?:once (?:a|per|every|each) week|once weekly|weekly|every week|每周(?:一|1)次|一周一次|每星期一次)(?: on ({_DAY}))?", lambda m: {"rate": (1.0, 1.0, 1.0, 1.0, "wk"), **({"days": _days(m)["days"]} if m[1] else {})}),
        (r"(?:twice (?:a|per|each|every) week|twice weekly)", _same(rate=(2.0, 2.0, 1.0, 1.0, "wk"))),
        (rf"({N}) ?(?:times|x) ?(?:a|per|each|every|/)? ?(?:week|weekly)(?![a-z])|每周({N})次|一周({N})次", lambda m: {"rate": (value(m[1] or m[2] or m[3]), value(m[1] or m[2] or m[3]), 1.0, 1.0, "wk")}),
        (r"(?:每周|每星期)([一二三四五六日天](?:[、,和及/ ]*[一二三四五六日天])*)(?!次)(?:各)?", _cn_days),
        (rf"(?:on |every |each )?{_DAY}(?:(?:, and |,? ?& ?|,? and |, ?|/| )(?:on )?{_DAY})*", _days),
        (r"every other day|every second day|on alternate days|alternate days|q\.?o\.?d\.?(?![a-z])|隔日(?:一次|1次)?|隔天(?:一次|1次)?", _same(rate=(1.0, 1.0, 2.0, 2.0, "d"))),
        (rf"every ({N})(?: ?{RANGE} ?({N}))? days", _every("d")),
        (rf"every ({N})(?: ?{RANGE} ?({N}))? weeks", _every("wk")),
        (rf"every ({N})(?: ?{RANGE} ?({N}))? months", _every("mo")),
        (r"every other week|every second week|every fortnight|fortnightly|隔周(?:[一1]次)?", _same(rate=(1.0, 1.0, 2.0, 2.0, "wk"))),
        (r"每隔[一1][天日](?:[一1]次)?", _same(rate=(1.0, 1.0, 2.0, 2.0, "d"))),
        (rf"每隔{N}个?(?:[天日周月]|星期)(?:[一1]次)?", _same(ask="free_text_ambiguous")),
        (rf"每({N})(?: ?{RANGE} ?({N}))?[天日](?:一次|1次)", _every("d")),
        (rf"({N}) days (?:a|per|each|every) week", _times_of("wk")),
        (rf"(?:on |every |each )?({_DAY}) ?(?:-|–|to|through|thru) ?({_DAY})|每?(?:周|星期)([一二三四五六])(?:至|到|-)(?:周|星期)?([二三四五六日天])", _through),
        (rf"每({N})(?: ?{RANGE} ?({N}))?周(?:一次|1次)?", _every("wk")),
        (r"once (?:a|per|every|each) month|once monthly|monthly|every month|每月(?:一|1)次", _same(rate=(1.0, 1.0, 1.0, 1.0, "mo"))),
        # times a day
        (rf"(?:once or twice|one or two times) ?{_DAILY}", _same(rate=(1.0, 2.0, 1.0, 1.0, "d"))),
        (rf"({N})(?: ?{RANGE} ?({N}))? ?(?:times|x|×) ?{_DAILY}", _times),
        (rf"(?:每日|每天|一日|一天|1日|1天|日) ?({N})(?: ?{RANGE} ?({N}))?次", _times),
        (rf"once ?{_DAILY}|q\.?d\.?(?![a-z])", _same(rate=(1.0, 1.0, 1.0, 1.0, "d"))),
        (rf"twice ?{_DAILY}|b\.?i\.?d\.?(?![a-z])|b\.?d\.?(?![a-z])", _same(rate=(2.0, 2.0, 1.0, 1.0, "d"))),
        (rf"thrice ?{_DAILY}|t\.?i\.?d\.?(?![a-z])|t\.?d\.?s\.?(?![a-z])", _same(rate=(3.0, 3.0, 1.0, 1.0, "d"))),
        (r"q\.?i\.?d\.?(?![a-z])|q\.?d\.?s\.?(?![a-z])", _same(rate=(4.0, 4.0, 1.0, 1.0, "d"))),
        # moments by meals, waking, sleeping, clock
        (rf"(?P<n>{N}) ?(?P<u>minutes|minute|mins|min|hours|hour|h) before (?:{_MEAL}|(?P<all>{_MEALS}|{_FOOD}))", lambda m: _meal("AC")(m) if m["meal"] else {"when": ["AC"], "offset": minutes(m["n"], m["u"])}),
        (rf"(?P<n>{N}) ?(?P<u>minutes|minute|mins|min|hours|hour|h) after (?:{_MEAL}|(?P<all>{_MEALS}|{_FOOD}))", lambda m: _meal("PC")(m) if m["meal"] else {"when": ["PC"], "offset": minutes(m["n"], m["u"])}),
        (rf"{_CN_MEAL}前(?P<n>{N})个?(?P<u>分钟|小时)", _meal("AC")),
        (rf"{_CN_MEAL}后(?P<n>{N})个?(?P<u>分钟|小时)", _meal("PC")),
        (rf"(?:每餐|三餐|[饭餐])前({N})个?(分钟|小时)", lambda m: {"when": ["AC"], "offset": minutes(m[1], m[2])}),
        (rf"(?:每餐|三餐|[饭餐])后({N})个?(分钟|小时)", lambda m: {"when": ["PC"], "offset": minutes(m[1], m[2])}),
        (rf"before {_MANY_MEALS}", _meals_named("AC")), (rf"after {_MANY_MEALS}", _meals_named("PC")), (rf"(?:with|at) {_MANY_MEALS}", _meals_named("C")),
        (r"with (?:the |your )?(morning|midday|evening) meal", lambda m: {"when": [{"mo": "CM", "mi": "CD", "ev": "CV"}[m[1][:2]]]}),
        (rf"before {_MEAL}", _named_meal("AC")), (rf"after {_MEAL}", _named_meal("PC")), (rf"(?:with|at) {_MEAL}", _named_meal("C")),
        (r"早[餐饭]?([、,]?中[餐饭]?)?[、,和及]?晚[餐饭]([前后时])", lambda m: {"when": [{"前": "AC", "后": "PC", "时": "C"}[m[2]] + one for one in ("MDV" if m[1] else "MV")]}),
        (rf"{_CN_MEAL}前", _named_meal("AC")), (rf"{_CN_MEAL}后", _named_meal("PC")), (rf"(?:随)?{_CN_MEAL}(?:时|中)", _named_meal("C")),
        (rf"before {_MEALS}|a\.?c\.?(?![a-z])|(?:[每三])?[饭餐]前", _same(when=["AC"])),
        (rf"before {_FOOD}", _same(when=["AC"], food=True)), (rf"after {_FOOD}", _same(when=["PC"], food=True)),
        (rf"after {_MEALS}|p\.?c\.?(?![a-z])|(?:[每三])?[饭餐]后", _same(when=["PC"])),
        (rf"with {_MEALS}|随餐|(?:[每三])?[饭餐][中时]|进餐时", _same(when=["C"])),
        (rf"with {_FOOD}|with or after food|与食物同服", _same(when=["C"], food=True)),
        (r"晨起空腹|清晨空腹|早晨空腹|早上空腹|on waking|upon waking|on rising|晨起", _same(when=["WAKE"])),
        (r"on an empty stomach|空腹", _same(ask="free_text_fasting")),
        (r"at bedtime|before bedtime|before bed|before sleep|at bed time|q\.?h\.?s\.?(?![a-z])|h\.?s\.?(?![a-z])|(?:每晚|晚上|夜间|晚)?临?睡前", _same(when=["HS"])),
        (r"(?:once )?(?:every|each) morning|in the morning|in the am|each morning|mornings|q\.?a\.?m\.?(?![a-z])|mane\b|每天早上|每日早上|每天早晨|每早|早上|早晨|清晨|上午|morning", _same(when=["MORN"])),
        (r"(?:once )?(?:every|each) evening|in the evening|evenings|每天傍晚|傍晚|evening", _same(when=["EVE"])),
        (r"(?:once )?(?:every|each) night|(?:once )?nightly|at night|nights|nocte\b|每天晚上|每日晚上|每晚|晚上|夜间|night", _same(when=["NIGHT"])),
        (r"at noon|noon|midday|at midday|中午", _same(when=["NOON"])),
        (r"in the afternoon|every afternoon|afternoon|下午", _same(when=["AFT"])),
        (r"(?:at )?([01]?\d|2[0-3])(?::([0-5]\d))? ?(a\.?m\.?|p\.?m\.?)(?![a-z])", _clock),
        (r"(?:at )?([01]?\d|2[0-3])[:：]([0-5]\d)()", _clock),
        (r"(?:每天|每日)?(?P<part>凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里)?(?P<h>\d{1,2}|十[一二]?|[一二两三四五六七八九])(?:[:：](?P<mm>[0-5]\d)|点(?:(?P<m>半|[0-5]\d)分?)?整?)", _cn_clock),
        # how long
        (rf"(?:for|x|×) ?({N}) ?(days|day|d|weeks|week|wks|wk|months|month)(?![a-z])", _for),
        (rf"(?:连服|连用|连续服用|连续使用|共|疗程|持续|x|×) ?({N})个?(天|日|周|月)(?![内次后前])", _for),
        # once
        (r"(?:as a )?single dose|one dose only|once only|one time only|once(?=$|[.,;])|stat\b|立即服用", _same(once=True)),
        # how much
        (rf"({N})(?: ?{RANGE} ?({N}))?(?: of)?(?: a)? ?({UNIT})(?![a-z])", _amount),
        (rf"({N})(?: of)?(?: a)? ?({_COUNTED})(?:\(s\))? \({N} ?(?:mg|mcg|ug|μg|g|units?)(?: total)?\)", lambda m: {"amount": (value(m[1]), value(m[1]), unit(m[2]))}),
        (r"([一二两三四五六七八九\d])([片粒丸包袋支])半", lambda m: {"amount": (value(m[1]) + 0.5, value(m[1]) + 0.5, unit(m[2]))}),
        (r"([一二两三四五六七八九\d])个?半([片粒丸包袋支])", lambda m: {"amount": (value(m[1]) + 0.5, value(m[1]) + 0.5, unit(m[2]))}),
        # daily alone, after all that holds the word
        (r"daily\b|every day\b|each day\b|per day\b|a day\b|每日|每天", _same(rate_if_none=(1.0, 1.0, 1.0, 1.0, "d"))),
    )
)  # fmt: skip
