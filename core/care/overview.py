"""This is the place where everything that matters now about one person comes together for a clinician: one page, each part on its own.

A part that can't be read says so, with its reason, and takes nothing else away: nothing that failed looks like nothing that was found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from core.care import adherence, advice, lately, medicine_cards, photo_checks, questionnaires, requests, risks, today
from core.care.access import Action, require
from core.care.advice_views import AdviceView
from core.care.check_views import ChecksView as PhotoView
from core.care.dose_views import AdherenceView, CardsView
from core.care.lately_views import LatelyView
from core.care.questionnaire_views import ChecksView as FormsView
from core.care.risk_views import RisksView
from core.care.views import TodayView
from core.domain.doses import Request
from core.domain.people import Actor
from core.errors import HealthboardError, NotFound, NotPermitted, SessionExpired
from core.ports import Ports

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OverviewView:
    """One person at a glance. A part is None only where it stands in `failed` with the code of the reason."""

    revision: int
    made_at: datetime
    today: TodayView
    lately: LatelyView | None
    medicines: CardsView | None
    adherence: AdherenceView | None
    risks: RisksView | None
    photos: PhotoView | None
    forms: FormsView | None
    advice: AdviceView | None
    requests: tuple[Request, ...] | None
    failed: tuple[tuple[str, str], ...] = ()


def view(ports: Ports, actor: Actor, person_id: str) -> OverviewView:
    """Everything at once. Raises what the record itself raises; other parts fail on their own."""
    require(ports, actor, Action.VIEW_OVERVIEW, person_id)
    revision, failed = ports.store.revision(person_id), []

    def part(name: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except (NotPermitted, NotFound, SessionExpired):
            raise
        except HealthboardError as error:
            failed.append((name, error.code))
            return None

    return OverviewView(
        revision,
        ports.clock.now(),
        today.view(ports, actor, person_id),
        part("lately", lambda: lately.view(ports, actor, person_id)),
        part("medicines", lambda: medicine_cards.view(ports, actor, person_id)),
        part("adherence", lambda: adherence.view(ports, actor, person_id)),
        part("risks", lambda: risks.view(ports, actor, person_id)),
        part("photos", lambda: photo_checks.view(ports, actor, person_id)),
        part("forms", lambda: questionnaires.offered(ports, actor, person_id)),
        part("advice", lambda: advice.view(ports, actor, person_id)),
        part("requests", lambda: requests.listed(ports, actor, person_id)),
        tuple(failed),
    )
