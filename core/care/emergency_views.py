"""This is the place where the answers in an emergency are defined: whom to call here, and the card that a stranger reads.

Views are frozen and hold no port and no right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.care.views import PersonView
from core.emergency.card import Section
from core.emergency.flags import RedFlag
from core.emergency.numbers import Local
from core.questionnaires.crisis import CrisisLine


@dataclass(frozen=True, slots=True)
class HelpView:
    """Whom to call: `local` countries that something speaks for (several: they disagree; none: nobody knows), `elsewhere` (country or "EU", number),
    the crisis line that whoever runs this has set ("" none), crisis lines of the place (all where nobody knows it), and every sign of the table."""

    local: tuple[Local, ...]
    elsewhere: tuple[tuple[str, str], ...]
    own_line: str
    lines: tuple[CrisisLine, ...]
    flags: tuple[RedFlag, ...]

    @property
    def certain(self) -> bool:
        """Whether clock and address name one country, or only one of them names any."""
        return len(self.local) == 1


@dataclass(frozen=True, slots=True)
class EmergencySheet:
    """The emergency card in words: its sections, what is not on record (catalogue keys), and the text of its QR code with what had no room there
    (section key, how many). `medicines_damaged`: what the person keeps about medicines can't be read; the record's alone stand there."""

    made_at: datetime
    person: PersonView
    sections: tuple[Section, ...]
    unknown: tuple[str, ...]
    text: str
    cut: tuple[tuple[str, int], ...] = ()
    qr: bytes = field(default=b"", repr=False)
    medicines_damaged: bool = False
