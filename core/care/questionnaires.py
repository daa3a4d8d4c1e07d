"""This is the place where a person answers questionnaires: what is offered, saved while it is written, finished, and seen over time.

Finished answers are FHIR QuestionnaireResponses of the record, their scores Observations; drafts lie in the person's drawer. An answer that opens the
crisis path is kept in the record as soon as it is given, finished or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from core.care.access import Action, Grant, allowed, require
from core.care.questionnaire_records import asked_of_crisis, drafts, forms_of, kept, lay_down, of_draft, past, put_draft, strange
from core.care.questionnaire_views import ChecksView, CrisisHelp, Filling, HistoryView, Offer, Past
from core.domain.people import Actor, Role
from core.errors import BadInput, NotFound
from core.ports import Ports
from core.questionnaires.answering import crisis_value
from core.questionnaires.crisis import lines
from core.questionnaires.fhir_write import Wording
from core.questionnaires.instruments import BY_KEY, INSTRUMENTS
from core.questionnaires.terms import Answers, Questionnaire


def offered(ports: Ports, actor: Actor, person_id: str) -> ChecksView:
    """Every questionnaire, ours first, then those that came with the record: the last result, and a draft where whoever asks may go on with it."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    records = kept(ports, person_id, grant)
    team, refused = forms_of(records)
    may = allowed(actor.role, Action.ANSWER_QUESTIONNAIRE)
    begun = drafts(ports, person_id, grant) if may else {}
    offers = []
    for form in (*INSTRUMENTS, *team.values()):
        found = past(form, records)
        offer = Offer(form, found[0] if found else None, len(found), from_team=form.key in team)
        offers.append(_with_draft(offer, begun[form.key]) if form.key in begun else offer)
    unknown = strange(tuple(one.questionnaire for one in offers), records)
    return ChecksView(ports.store.revision(person_id), ports.clock.now(), tuple(offers), may, tuple(refused), unknown)


def open_form(ports: Ports, actor: Actor, person_id: str, key: str) -> Filling:
    """The draft where there is one, else a new form. Raises NotFound."""
    grant = require(ports, actor, Action.ANSWER_QUESTIONNAIRE, person_id)
    form = _form(ports, person_id, grant, key)
    begun = drafts(ports, person_id, grant)
    if key in begun:
        return of_draft(form, begun[key])
    now = ports.clock.now()
    return Filling(form, now, str(uuid5(NAMESPACE_URL, f"{person_id}/{form.canonical}/{now.isoformat()}")))


def save_draft(ports: Ports, actor: Actor, person_id: str, filling: Filling, wording: Wording) -> Filling:
    """Keep a form as it stands. An answer that opens the crisis path is laid down in the record at once, with all that was answered so far."""
    grant = require(ports, actor, Action.ANSWER_QUESTIONNAIRE, person_id)
    found = filling.state
    worst = int(max((crisis_value(one, found.answers) for one in asked_of_crisis(filling.questionnaire)), default=0))
    raised = replace(filling, concern=max(filling.concern, worst))
    if worst > filling.concern:
        lay_down(ports, person_id, grant, raised, wording, finished=False)
    put_draft(ports, person_id, grant, filling.questionnaire.key, raised)
    return replace(raised, saved_at=ports.clock.now())


def submit(ports: Ports, actor: Actor, person_id: str, filling: Filling, wording: Wording) -> Past:
    """Finish a form: it is kept in the record, its draft is gone. Raises BadInput where something is missing or doesn't fit (`place`: its link ids)."""
    grant = require(ports, actor, Action.ANSWER_QUESTIONNAIRE, person_id)
    found = filling.state
    if found.wrong:
        raise BadInput("form_not_finished", place=" ".join(one.link_id for one in found.wrong), need="an answer that fits")
    if not found.answers:
        raise BadInput("form_empty", place=filling.questionnaire.key, need="at least one answer")
    lay_down(ports, person_id, grant, filling, wording, finished=True)
    put_draft(ports, person_id, grant, filling.questionnaire.key, None)
    return past(filling.questionnaire, kept(ports, person_id, grant))[0]


def discard_draft(ports: Ports, actor: Actor, person_id: str, key: str) -> None:
    """Throw a draft away. What an answer to the crisis question left in the record stays there."""
    grant = require(ports, actor, Action.ANSWER_QUESTIONNAIRE, person_id)
    put_draft(ports, person_id, grant, key, None)


def history(ports: Ports, actor: Actor, person_id: str, key: str) -> HistoryView:
    """What came of one questionnaire over time, of whatever source. Raises NotFound."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    records = kept(ports, person_id, grant)
    form = BY_KEY.get(key) or forms_of(records)[0].get(key)
    if form is None:
        raise NotFound("questionnaire_not_found", place="questionnaire")
    return HistoryView(form, past(form, records))


def crisis_help(ports: Ports, actor: Actor, person_id: str, language: str) -> CrisisHelp:
    """Whom to call, and whether anybody of the care team has this person on their list."""
    require(ports, actor, Action.VIEW_RECORD, person_id)
    watched = any(person_id in panel.persons and _anybody(ports, panel.coordinators) for panel in ports.store.panels())
    return CrisisHelp(ports.crisis_line, lines(language), watched)


def with_answer(filling: Filling, link_id: str, answer: object) -> Filling:
    """The form with one answer given, changed, or (None) taken away."""
    answers: dict[str, object] = {name: one for name, one in filling.answers.items() if name != link_id}
    if answer is not None:
        answers[link_id] = answer
    kept_now: Answers = answers  # type: ignore[assignment]
    return replace(filling, answers=kept_now)


def _anybody(ports: Ports, account_ids: tuple[str, ...]) -> bool:
    """Whether a coordinator among these can still sign in."""
    for account_id in account_ids:
        try:
            account = ports.store.account(account_id)
        except NotFound:
            continue
        if account.role is Role.COORDINATOR and not account.disabled:
            return True
    return False


def _with_draft(offer: Offer, draft: Mapping[str, Any]) -> Offer:
    filling = of_draft(offer.questionnaire, draft)
    found = filling.state
    return replace(offer, draft_at=filling.saved_at, draft_answered=found.answered, draft_questions=len(found.questions))


def _form(ports: Ports, person_id: str, grant: Grant, key: str) -> Questionnaire:
    form = BY_KEY.get(key) or forms_of(kept(ports, person_id, grant))[0].get(key)
    if form is None:
        raise NotFound("questionnaire_not_found", place="questionnaire")
    return form
