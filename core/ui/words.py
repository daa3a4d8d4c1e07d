"""This is the place where codes and facts become words: one gettext catalogue for each language, read by Babel at the start.

A language is a folder `locale/<lang>/healthboard.po`; its keys are stable codes (`today.title`), its dates follow the
patterns it names itself (`format.*`). Nothing here knows a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_scientific

from core.domain.time import PartialTime

CATALOGUES = Path(__file__).with_name("locale")
DOMAIN = "healthboard"
FIRST = "en"
_PAST_ALL_MEASURE = 1e15
"""From here on Babel cannot write a number with its thousands."""

LIKELY: Mapping[str, str] = get_global("likely_subtags")

When = PartialTime | datetime | date


@dataclass(frozen=True)
class Words:
    """The words of one language for one visitor: call it with a key and the facts the sentence needs."""

    language: str
    zone: tzinfo = UTC
    _catalogue: GNUTranslations = field(default_factory=GNUTranslations, repr=False, compare=False)

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.language)

    @property
    def html_lang(self) -> str:
        """The language as HTML names it ("zh-Hans")."""
        return self.language.replace("_", "-")

    def __call__(self, key: str, /, **facts: object) -> str:
        """The sentence for a key. `n` chooses the plural form; numbers and times in the facts are written out."""
        said = self._find(key, facts.get("n"))
        return said.format_map({name: self.say(fact) for name, fact in facts.items()}) if facts else said

    def has(self, key: str) -> bool:
        return self._find(key, None) != key or self._find(key, 1) != key

    def first(self, *keys: str, **facts: object) -> str:
        """The sentence for the first of these keys that has words; the last one where none has."""
        return self(next((key for key in keys if self.has(key)), keys[-1]), **facts)

    def joined(self, sentences: Iterable[str]) -> str:
        """Sentences one after the other; Chinese and Japanese put no space between them."""
        return ("" if self.locale.language in ("zh", "ja") else " ").join(filter(None, sentences))

    def say(self, fact: object) -> str:
        """A fact inside a sentence: text as it is, numbers and times in the language's own form."""
        if isinstance(fact, bool) or fact is None:
            return str(fact)
        if isinstance(fact, (int, float)):
            return self.number(fact)
        if isinstance(fact, (PartialTime, date)):
            return self.day(fact)
        return str(fact)

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number with the language's separators; `decimals` fixes the digits after the point, but never turns something into 0.
        Without it, every digit that was sent. Past all measure, as 1E25."""
        if abs(value) >= _PAST_ALL_MEASURE or 0 < abs(value) < 1 / _PAST_ALL_MEASURE:
            return format_scientific(value, locale=self.locale)
        if decimals is None or (value and not round(value, decimals)):  # 0.0004 is not 0
            exact = Decimal(f"{value:.12g}")  # 72.4, not 72.39999999999999
            places = max(0, -int(exact.as_tuple().exponent))
            return format_decimal(exact, format="#,##0." + "#" * places if places else "#,##0", locale=self.locale)
        return format_decimal(value, format="#,##0." + "0" * decimals if decimals else "#,##0", locale=self.locale)

    def day(self, when: When) -> str:
        """A calendar day as exact as it is known: a day, only a month, or only a year."""
        if isinstance(when, PartialTime):
            pattern = {"year": "format.year", "month": "format.month"}.get(when.precision, "format.day")
            return format_date(self._local_day(when), self(pattern), locale=self.locale)
        return format_date(self._local_day(when), self("format.day"), locale=self.locale)

    def moment(self, when: When) -> str:
        """A day with its time of day, where a time is known."""
        instant = self.instant(when)
        if instant is None:
            return self.day(when)
        return format_datetime(instant.astimezone(self.zone), self("format.moment"), tzinfo=self.zone, locale=self.locale)

    def as_written(self, when: When, pattern: str) -> str:
        """A time in one of the language's own patterns (`format.<pattern>`)."""
        instant = self.instant(when)
        local = instant.astimezone(self.zone) if instant else datetime.combine(self._local_day(when), datetime.min.time(), self.zone)
        return format_datetime(local, self("format." + pattern), tzinfo=self.zone, locale=self.locale)

    def age(self, when: When, now: datetime) -> str:
        """How long ago ("3 days ago"), as exact as the time is known; times to come are said as their day."""
        instant = self.instant(when)
        if instant is not None and timedelta(0) <= now - instant < timedelta(hours=20):
            minutes = int((now - instant).total_seconds() // 60)
            if minutes < 2:
                return self("age.now")
            return self("age.minutes", n=minutes) if minutes < 90 else self("age.hours", n=round(minutes / 60))
        days = (now.astimezone(self.zone).date() - self._local_day(when)).days
        if days < 0 or (isinstance(when, PartialTime) and when.precision in ("year", "month")):
            return self.day(when)
        return self._days_ago(days)

    def years_old(self, born: PartialTime, now: datetime) -> str:
        """A person's age: months for the smallest, else years; about where the birth date is partial."""
        today, birth = now.astimezone(self.zone).date(), born.local_date
        months = (today.year - birth.year) * 12 + today.month - birth.month - (today.day < birth.day)
        if months < 24 and born.precision == "day":
            return self("person.months_old", n=max(months, 0))
        years = months // 12
        return self("person.years_old" if born.precision == "day" else "person.about_years_old", n=max(years, 0))

    def instant(self, when: When) -> datetime | None:
        """The instant a time names, or None where only a day, month or year is known."""
        if isinstance(when, datetime):
            return when if when.tzinfo else when.replace(tzinfo=UTC)
        if isinstance(when, PartialTime) and when.precision == "instant":
            return when.earliest
        return None

    def _local_day(self, when: When) -> date:
        if isinstance(when, datetime):
            return when.astimezone(self.zone).date()
        if isinstance(when, PartialTime):
            return when.earliest.astimezone(self.zone).date() if when.zoned else when.local_date
        return when

    def _days_ago(self, days: int) -> str:
        if days == 0:
            return self("age.today")
        if days == 1:
            return self("age.yesterday")
        if days < 14:
            return self("age.days", n=days)
        if days < 60:
            return self("age.weeks", n=days // 7)
        if days < 730:
            return self("age.months", n=round(days / 30.44))
        return self("age.years", n=int(days / 365.25))

    def _find(self, key: str, n: object) -> str:
        if isinstance(n, int) and not isinstance(n, bool):
            said = self._catalogue.ngettext(key, key, n)
            if said != key:
                return said
        return self._catalogue.gettext(key)


def languages() -> tuple[str, ...]:
    """Every language that has a folder, the first one first."""
    found = sorted(path.parent.name for path in CATALOGUES.glob(f"*/{DOMAIN}.po"))
    return tuple(sorted(found, key=lambda name: name != FIRST))


def words(language: str, zone: tzinfo = UTC) -> Words:
    """The words of one language; of the first one where that language has no folder."""
    known = language if language in languages_known() else FIRST
    return Words(known, zone, catalogue(known))


@cache
def languages_known() -> frozenset[str]:
    return frozenset(languages())


@cache
def catalogue(language: str) -> GNUTranslations:
    """The catalogue of one language, compiled in memory (catalogues hold no personal data and never change)."""
    with (CATALOGUES / language / f"{DOMAIN}.po").open("rb") as file:
        messages = read_po(file, locale=language, domain=DOMAIN)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


def closest(wanted: Sequence[str]) -> str:
    """The known language nearest to what a browser asks for ("zh-CN" -> zh_Hans), else the first."""
    for tag in wanted:
        language = _known(tag)
        if language:
            return language
    return FIRST


def own_names() -> Mapping[str, str]:
    """Each language's name in itself, for the choice of language."""
    return {language: catalogue(language).gettext("language.own_name") for language in languages()}


def _known(tag: str) -> str:
    try:
        asked = _written(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return ""
    for language in languages_known():
        if _written(language) == asked:
            return language
    return ""


def _written(tag: str) -> tuple[str, str | None]:
    """A language and the script it is written in, the usual one where the tag names none ("zh" is zh, Hans)."""
    locale = Locale.parse(tag, resolve_likely_subtags=True)
    if locale.script is None and locale.language in LIKELY:
        locale = Locale.parse(LIKELY[locale.language])
    return locale.language, locale.script
