"""This is the place where the words of a prescription stand that say nothing of how much and when: routes, fillers, what joins, what is no reason."""

from __future__ import annotations

import re

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
_KNOWN_REASONS = (
    r"(?:high |raised )?(?:blood pressure|hypertension|cholesterol|diabetes|blood sugar|heart failure|thyroid|gout|asthma)"
)
FILLER = re.compile(
    rf"(?:takes|take|taken|give|given|use|apply|applied|inject|instill|inhale|swallow|chew|dissolve|place|the|thinly|regularly|dose|please|"
    rf"(?:at )?(?:about )?the same time(?: (?:each|every) day)?|with (?:a (?:full )?glass of |plenty of )?water|whole|do not crush(?: or chew)?|"
    rf"avoid alcohol|do not drink alcohol|may cause drowsiness|keep refrigerated|shake well(?: before use)?|for {_KNOWN_REASONS})(?![a-z])|"
    r"(?:服用|服药|使用|注射|每次|[一1]次(?!性)|每回|各|温水送服|整片吞服|不可嚼碎|不要掰开|忌酒|顿服|的|于|服|用)|[\s,;，；、（）()]|(?<![\s.。])\.(?!\d)|(?<=\S)[:：/](?!\d)|。"
)
"""What says nothing of how much and when. A dot or stroke before a digit is never passed over: ".5" isn't 5."""
JOINED = re.compile(r"(?:and(?![a-z])|&|\+|及|和)")
"""What joins two moments, or two orders."""
NO_REASON = frozenset([
    "a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "half", "day", "days", "daily",
    "week", "weeks", "weekly", "hour", "hours", "hourly", "month", "months", "morning", "evening", "night", "nightly", "noon",
    "bedtime", "breakfast", "lunch", "dinner", "meal", "meals", "food", "time", "times", "once", "twice", "every", "each", "up",
    "max", "maximum", "more", "less", "than", "not", "no", "never", "but", "unless", "except", "until", "if", "then", "take",
    "with", "without", "avoid", "stop", "hold", "before", "after", "while", "tablet", "tablets", "tab", "tabs", "dose", "doses",
    "mg", "ml",
])  # fmt: skip
"""Words that are part of no reason: what holds one of them says more than why."""
