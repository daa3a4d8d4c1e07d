"""This is the place where the words of a prescription stand, English and Chinese: each a pattern and what it says. Every pattern is short and bounded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

N = r"(?:\d{1,4}(?:\.\d{1,3})?|½|¼|\d?\s?1/2|\d?\s?1/4|one and a half|a half|half|one|two|three|four|five|six|seven|eight|nine|ten|twelve|an|a|[一二两三四五六七八九十半]{1,2})"
RANGE = r"(?:-|–|~|to|至|到|or|或)"
_WORDS: Mapping[str, float] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
    "half": 0.5, "a half": 0.5, "½": 0.5, "¼": 0.25, "one and a half": 1.5,
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "半": 0.5, "十一": 11, "十二": 12, "一半": 0.5,
}  # fmt: skip
UNITS: Mapping[str, str] = {
    **dict.fromkeys(("tablets", "tablet", "tabs", "tab"), "tablet"), **dict.fromkeys(("capsules", "capsule", "caps", "cap"), "capsule"),
    **dict.fromkeys(("pills", "pill"), "pill"), **dict.fromkeys(("puffs", "puff", "inhalations", "inhalation"), "puff"),
    **dict.fromkeys(("drops", "drop", "gtts", "gtt"), "drop"), **dict.fromkeys(("sprays", "spray"), "spray"),
    **dict.fromkeys(("patches", "patch"), "patch"), **dict.fromkeys(("units", "unit", "iu", "u"), "unit"), **dict.fromkeys(("ml", "cc"), "mL"), "mg": "mg",
    **dict.fromkeys(("micrograms", "microgram", "mcg", "µg", "μg", "ug"), "ug"), **dict.fromkeys(("grams", "gram", "g"), "g"),
    **dict.fromkeys(("teaspoons", "teaspoon", "tsp"), "teaspoon"), **dict.fromkeys(("tablespoons", "tablespoon", "tbsp"), "tablespoon"),
    **dict.fromkeys(("sachets", "sachet"), "sachet"), **dict.fromkeys(("suppositories", "suppository"), "suppository"),
    **dict.fromkeys(("lozenges", "lozenge"), "lozenge"), **dict.fromkeys(("applications", "application"), "application"), "milligrams": "mg", "milligram": "mg",
    **{one: one for one in "片粒颗丸袋包支滴喷揿吸贴枚瓶"}, "毫升": "mL", "毫克": "mg", "微克": "ug", "克": "g", "单位": "unit",
}  # fmt: skip
UNIT = "(?:" + "|".join(sorted(UNITS, key=lambda one: (-len(one), one))) + ")"
WEEKDAYS: Mapping[str, str] = {
    **{full: full[:3] for full in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")},
    **{one: one[:3] for one in ("mon", "tues", "tue", "wed", "weds", "thurs", "thur", "thu", "fri", "sat", "sun")},
}  # fmt: skip
_DAY = "(?:" + "|".join(sorted(WEEKDAYS, key=lambda one: -len(one))) + r")(?:days|s)?\b"
_CN_DAYS = {"一": "mon", "二": "tue", "三": "wed", "四": "thu", "五": "fri", "六": "sat", "日": "sun", "天": "sun"}
_SPAN = {"d": "d", "w": "wk", "m": "mo", "天": "d", "日": "d", "周": "wk", "月": "mo"}
SIMPLIFIED = str.maketrans("飯後時間顆個兩週隨點噴貼單臨晝藥為內發熱續類", "饭后时间颗个两周随点喷贴单临昼药为内发热续类")
Found = Mapping[str, Any]
Say = Callable[[re.Match[str]], Found]


def value(said: str) -> float:
    """A number as it is written."""
    said = said.strip()
    if said in _WORDS:
        return _WORDS[said]
    found = re.fullmatch(r"(\d?)\s?1/([24])", said)
    if found:
        return (int(found[1]) if found[1] else 0) + 1 / int(found[2])
    return float(said)


def _same(**what: Any) -> Say:
    return lambda _: what


def _amount(found: re.Match[str]) -> Found:
    return {"amount": (value(found[1]), value(found[2]) if found[2] else value(found[1]), UNITS[found[3]])}


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


def _meal(before: str) -> Say:
    """Minutes before or after a meal."""
    return lambda found: {"when": [found_meal(before, found["meal"])], "offset": int(value(found["n"])) * (60 if found["u"][0] in "h小" else 1)}


def found_meal(way: str, meal: str) -> str:
    """The `when` code of a meal: way "AC", "PC" or "C"."""
    which = {"b": "M", "早": "M", "l": "D", "n": "D", "午": "D", "中": "D", "d": "V", "s": "V", "晚": "V"}.get(meal[:1], "")
    return way + (which if meal[:4] not in ("meal", "food", "eati") else "")


def _named_meal(way: str) -> Say:
    return lambda found: {"when": [found_meal(way, found["meal"])]}


_MEAL = r"(?P<meal>breakfast|lunch|dinner|supper)"
_CN_MEAL = r"(?P<meal>早|午|中|晚)[餐饭]"
_MEALS = r"(?:meals|each meal|every meal|eating|food)"
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
        (rf"(?:(?:as|when|if|whenever) (?:needed|required|necessary)|p\.?r\.?n\.?(?![a-z]))(?: (?:for )?{_REASON}(?=$|[.,;]| max| up to| not more))?",
         lambda m: {"prn": True, "reason": (m["reason"] or "").strip()}),
        (r"(?P<reason>疼痛|头痛|发热|失眠|咳嗽|气喘|恶心|胸痛|过敏)时(?:服用|服|用|吸入|含服)?|(?:必要|需要)时(?:服用|服|用|吸入|含服)?", lambda m: {"prn": True, "reason": m["reason"] or ""}),
        (rf"(?:max(?:imum)?|up to|not more than|no more than)\.?:? ({N}) ?(?:times|doses|x)? ?{_DAILY}", lambda m: {"most": (value(m[1]), "")}),
        (rf"(?:max(?:imum)?|up to|not more than|no more than)\.?:? ({N}) ?({UNIT}) ?{_DAILY}", lambda m: {"most": (value(m[1]), UNITS[m[2]])}),
        (rf"(?:最多|不超过)(?:每日|每天|一日|一天|24小时内?)({N})次|(?:每日|每天|24小时内?)(?:最多|不超过)({N})次", lambda m: {"most": (value(m[1] or m[2]), "")}),
        (rf"(?:at least|minimum) ({N}) ?h(?:ou)?rs? (?:apart|between doses)|(?:间隔|相隔)(?:至少|不少于)?({N})(?:个)?小时(?:以上)?", lambda m: {"least": value(m[1] or m[2])}),
        # several moments
        (r"(\d(?:\.5)?)-(\d(?:\.5)?)-(\d(?:\.5)?)(?:-(\d(?:\.5)?))?(?![\d-])", lambda m: {"scheme": tuple(float(one or 0) for one in m.groups())}),
        (rf"早({N})({UNIT})[,、 ]?(?:中({N}){UNIT})?[,、 ]?晚({N}){UNIT}", lambda m: {"scheme": (value(m[1]), value(m[3]) if m[3] else 0.0, value(m[4]), 0.0), "scheme_unit": UNITS[m[2]]}),
        (r"早中晚", _same(when=["MORN", "NOON", "EVE"])),
        (r"早晚", _same(when=["MORN", "EVE"])),
        # spacing in hours
        (rf"(?:every|q\.?) ?({N})(?: ?{RANGE} ?({N}))? ?(?:hours|hour|hrs|hr|h)(?: ?prn)?(?![a-z])(?<!prn)|每(?:隔)?({N})(?: ?{RANGE} ?({N}))?(?:个)?小时(?:一次|1次|服用一次)?",
         lambda m: {"rate": (1.0, 1.0, value(m[1] or m[3]), value(m[2] or m[4] or m[1] or m[3]), "h")}),
        (r"hourly\b|every hour\b", _same(rate=(1.0, 1.0, 1.0, 1.0, "h"))),
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
        (rf"每(?:隔)?({N})(?: ?{RANGE} ?({N}))?[天日](?:一次|1次)", _every("d")),
        (rf"每({N})(?: ?{RANGE} ?({N}))?周(?:一次|1次)?", _every("wk")),
        (r"once (?:a|per|every|each) month|once monthly|monthly|every month|每月(?:一|1)次", _same(rate=(1.0, 1.0, 1.0, 1.0, "mo"))),
        # times a day
        (rf"(?:once or twice|one or two times) ?{_DAILY}", _same(rate=(1.0, 2.0, 1.0, 1.0, "d"))),
        (rf"({N})(?: ?{RANGE} ?({N}))? ?(?:times|x|×) ?{_DAILY}", _times),
        (rf"(?:每日|每天|一日|一天|日)({N})(?: ?{RANGE} ?({N}))?次", _times),
        (rf"once ?{_DAILY}|q\.?d\.?(?![a-z])", _same(rate=(1.0, 1.0, 1.0, 1.0, "d"))),
        (rf"twice ?{_DAILY}|b\.?i\.?d\.?(?![a-z])|b\.?d\.?(?![a-z])", _same(rate=(2.0, 2.0, 1.0, 1.0, "d"))),
        (rf"thrice ?{_DAILY}|t\.?i\.?d\.?(?![a-z])|t\.?d\.?s\.?(?![a-z])", _same(rate=(3.0, 3.0, 1.0, 1.0, "d"))),
        (r"q\.?i\.?d\.?(?![a-z])|q\.?d\.?s\.?(?![a-z])", _same(rate=(4.0, 4.0, 1.0, 1.0, "d"))),
        # moments by meals, waking, sleeping, clock
        (rf"(?P<n>{N}) ?(?P<u>minutes|minute|mins|min|hours|hour|h) before (?:{_MEAL}|(?P<all>{_MEALS}))", lambda m: _meal("AC")(m) if m["meal"] else {"when": ["AC"], "offset": int(value(m["n"])) * (60 if m["u"][0] == "h" else 1)}),
        (rf"(?P<n>{N}) ?(?P<u>minutes|minute|mins|min|hours|hour|h) after (?:{_MEAL}|(?P<all>{_MEALS}))", lambda m: _meal("PC")(m) if m["meal"] else {"when": ["PC"], "offset": int(value(m["n"])) * (60 if m["u"][0] == "h" else 1)}),
        (rf"{_CN_MEAL}前(?P<n>{N})(?P<u>分钟|小时)", _meal("AC")),
        (rf"{_CN_MEAL}后(?P<n>{N})(?P<u>分钟|小时)", _meal("PC")),
        (rf"[饭餐]前({N})(分钟|小时)", lambda m: {"when": ["AC"], "offset": int(value(m[1])) * (60 if m[2] == "小时" else 1)}),
        (rf"[饭餐]后({N})(分钟|小时)", lambda m: {"when": ["PC"], "offset": int(value(m[1])) * (60 if m[2] == "小时" else 1)}),
        (rf"before {_MEAL}", _named_meal("AC")), (rf"after {_MEAL}", _named_meal("PC")), (rf"(?:with|at) {_MEAL}", _named_meal("C")),
        (rf"{_CN_MEAL}前", _named_meal("AC")), (rf"{_CN_MEAL}后", _named_meal("PC")), (rf"(?:随)?{_CN_MEAL}(?:时|中)", _named_meal("C")),
        (rf"before {_MEALS}|a\.?c\.?(?![a-z])|[饭餐]前", _same(when=["AC"])),
        (rf"after {_MEALS}|p\.?c\.?(?![a-z])|[饭餐]后", _same(when=["PC"])),
        (rf"with {_MEALS}|with a meal|with or after food|随餐|[饭餐]中|与食物同服|进餐时", _same(when=["C"])),
        (r"晨起空腹|清晨空腹|早晨空腹|早上空腹|on waking|upon waking|on rising|晨起", _same(when=["WAKE"])),
        (r"on an empty stomach|空腹", _same(ask="free_text_fasting")),
        (r"at bedtime|before bedtime|before bed|before sleep|at bed time|q\.?h\.?s\.?(?![a-z])|h\.?s\.?(?![a-z])|(?:每晚)?临?睡前", _same(when=["HS"])),
        (r"(?:once )?(?:every|each) morning|in the morning|each morning|mornings|q\.?a\.?m\.?(?![a-z])|mane\b|每天早上|每日早上|每天早晨|每早|早上|早晨|清晨|上午|morning", _same(when=["MORN"])),
        (r"(?:once )?(?:every|each) evening|in the evening|evenings|每天傍晚|傍晚|evening", _same(when=["EVE"])),
        (r"(?:once )?(?:every|each) night|(?:once )?nightly|at night|nights|nocte\b|每天晚上|每日晚上|每晚|晚上|夜间|night", _same(when=["NIGHT"])),
        (r"at noon|noon|midday|at midday|中午", _same(when=["NOON"])),
        (r"in the afternoon|every afternoon|afternoon|下午", _same(when=["AFT"])),
        (r"(?:at )?([01]?\d|2[0-3])(?::([0-5]\d))? ?(a\.?m\.?|p\.?m\.?)(?![a-z])", _clock),
        (r"(?:at )?([01]?\d|2[0-3])[:：]([0-5]\d)()", _clock),
        # how long
        (rf"(?:(?:for|x|×|连服|连用|共|疗程|持续) ?)?({N}) ?(days|day|weeks|week|months|month|天|日|周|个月)(?![a-z内次])", lambda m: {"lasts": (value(m[1]), _SPAN[m[2].removeprefix("个")[0]])}),
        # once
        (r"(?:as a )?single dose|one dose only|once only|one time only|stat\b|立即服用", _same(once=True)),
        # how much
        (rf"({N})(?: ?{RANGE} ?({N}))?(?: of)?(?: a)? ?({UNIT})(?![a-z])", _amount),
        # daily alone, after all that holds the word
        (r"daily\b|every day\b|each day\b|per day\b|a day\b|每日|每天", _same(rate_if_none=(1.0, 1.0, 1.0, 1.0, "d"))),
    )
)  # fmt: skip

ROUTES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"by mouth|orally|oral(?:ly)?|p\.?o\.?(?![a-z])|per os|口服|嚼服|吞服", "oral"),
        (r"sublingual(?:ly)?|under the tongue|s\.?l\.?(?![a-z])|舌下含服|含服|舌下", "sublingual"),
        (r"subcutaneous(?:ly)?|subcut\b|sub-?q\b|s\.?c\.?(?![a-z])|s\.?q\.?(?![a-z])|under the skin|皮下注射", "subcutaneous"),
        (r"intramuscular(?:ly)?|i\.?m\.?(?![a-z])|肌内注射|肌注", "intramuscular"), (r"intravenous(?:ly)?|i\.?v\.?(?![a-z])|静脉注射|静滴", "intravenous"),
        (r"topical(?:ly)?|to (?:the )?affected areas?|to the skin|on the skin|外用|涂患处|涂于患处", "topical"),
        (r"(?:by|via) inhalation|inhaled|吸入", "inhalation"), (r"(?:in|into|to) (?:each|both|the left|the right|the affected) eyes?|滴眼|双眼", "eye"),
        (r"(?:in|into) (?:each|both|the left|the right) (?:nostrils?|ears?)|nasal(?:ly)?|intranasal(?:ly)?|喷鼻", "nasal or ear"),
        (r"rectally|per rectum|p\.?r\.?(?![a-z])|肛用", "rectal"), (r"vaginally|阴道用", "vaginal"),
    )
)  # fmt: skip
FILLER = re.compile(
    r"(?:takes|take|taken|give|given|use|apply|applied|inject|instill|inhale|swallow|chew|dissolve|place|the|a|of|and|then|thinly|regularly|dose|please|"
    r"about the same time|at the same time|with (?:a glass of |plenty of )?water|whole|do not crush(?: or chew)?|swallow whole|at|on|in|to|by|&)(?![a-z])|"
    r"(?:服用|服药|使用|注射|每次|一次|每回|各|温水送服|整片吞服|的|于|和|及|服|用)|[\s,.;:，。；、：/()（）+]"
)  # fmt: skip
NAME = re.compile(r"(insulin [a-z]{4,20}|[a-z]{5,24}(?: (?:er|xr|sr|cr|xl|hcl|sodium|hydrochloride|tartrate|succinate|maleate|calcium|potassium))?) (?=\d)")
NO_NAME = frozenset(
    ["never", "avoid", "after", "before", "until", "unless", "except", "reduce", "increase", "double", "total", "maximum", "minimum", "about", "under", "above", "below", "fewer", "doses", "within", "times", "start", "every", "other", "alternate", "second", "third", "first", "then", "take", "stop", "hold", "skip", "while", "without", "instead", "between", "apply", "inject", "tablet", "tablets", "capsule", "capsules"]
)
"""Words that begin like a name and are none."""
