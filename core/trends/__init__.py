"""This is the place where readings become trends: pure functions over records, with the time passed in.

    readings(records) -> Readings                                   columns per signal, pressures matched by record
    standards(records, profile, now, family, language) -> Standards  traits and own goals: what a person is judged by
    latest(readings, standards, now) -> tuple[Latest, ...]          newest value of each signal, judged
    attention(records, standards, now) -> tuple[Notice, ...]        what needs the eye today
    home_average(pressures, now) -> HomeAverage | Declined          by protocol, or "measure more"
    window(series, range, now, target) -> Window                    one signal over a range, ready to draw
    medicine_spans(records, now) -> tuple[Span, ...]                starts and stops
    converted(series, preferences) -> Series                        in the person's units (facts_for, band_for beside it)

All numbers are in the signal's canonical unit until `converted`. Every code that is to be said in words is in codes.py.
"""

from core.trends.attention import attention
from core.trends.blood_pressure import HomeAverage, home_average
from core.trends.change import SentenceFacts, sentence_facts
from core.trends.columns import Pairs, Series
from core.trends.conversion import band_for, converted, facts_for, shown_as
from core.trends.judgement import Declined, Judgement, Notice, Severity
from core.trends.judging import target_of
from core.trends.medicines import Span, medicine_spans
from core.trends.newest import Latest, Measured, latest
from core.trends.reading import Readings, readings
from core.trends.standards import Standards, age_years, standards
from core.trends.window import RANGES, Window, window

__all__ = [
    "RANGES",
    "Declined",
    "HomeAverage",
    "Judgement",
    "Latest",
    "Measured",
    "Notice",
    "Pairs",
    "Readings",
    "SentenceFacts",
    "Series",
    "Severity",
    "Span",
    "Standards",
    "Window",
    "age_years",
    "attention",
    "band_for",
    "converted",
    "facts_for",
    "home_average",
    "latest",
    "medicine_spans",
    "readings",
    "sentence_facts",
    "shown_as",
    "standards",
    "target_of",
    "window",
]
