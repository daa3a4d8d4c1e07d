"""This is the place where another system asks for advice by CDS Hooks 2.0: what it sends along is judged by the same rules, and nothing of ours is read.

Off unless it is turned on. A request is answered from what it brings alone, so whoever asks learns nothing they did not send. Nothing of it is kept, unless
it carries the token by which a person connected that system: then the cards and what clinicians say to them are kept for that person, sealed. What can't
be used is refused with its place; a table that can't be used is an error, never an empty list of cards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core import api_cds_orders as orders
from core.advice.engine import advise
from core.advice.feedback import MOST_COMMENT, MOST_WORD, OUTCOMES, Heard, ShownCard
from core.advice.table import ADVICE, AdviceTable
from core.advice.terms import REASONS, Outcome, Severity
from core.api_cds_orders import Shown, short
from core.api_cds_parts import MOST_BYTES as MOST_BYTES
from core.api_cds_parts import Refused, Sent, as_object, as_text, as_uuid, body_of, bundle_of, parsed, patient_of, read
from core.care import cds
from core.care.advice_facts import of_foreign
from core.care.devices import PREFIX
from core.errors import BadInput, Conflict, NotPermitted, TableUnavailable
from core.medications.tables import load
from core.ports import DeviceToken, Ports
from core.ui.advice_rule import source_name
from core.ui.words import languages, words

SERVICE = "healthboard-advice"
HOOK = "patient-view"
MOST_FEEDBACK = 200
PREFETCH: Mapping[str, str] = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}",
    "observations": "Observation?patient={{context.patientId}}",
    "procedures": "Procedure?patient={{context.patientId}}",
    "immunizations": "Immunization?patient={{context.patientId}}",
}
_INDICATOR = {Severity.URGENT: "critical", Severity.SOON: "warning"}

Opened = Callable[[], Ports]
Cards = Callable[[Ports, dict[str, Any], str, str], tuple[list[Shown], Sent]]


def cds_routes(ports: Opened) -> list[Route]:
    """Discovery, the two services, and the feedback of each."""
    return [
        Route("/cds-services", _discovery, methods=["GET"]),
        Route(f"/cds-services/{SERVICE}", _answering(ports, _asked(HOOK, _advice)), methods=["POST"]),
        Route(f"/cds-services/{orders.SERVICE}", _answering(ports, _asked(orders.HOOK, orders.answer)), methods=["POST"]),
        *(
            Route(f"/cds-services/{one}/feedback", _answering(ports, _feedback), methods=["POST"])
            for one in (SERVICE, orders.SERVICE)
        ),
    ]


def _discovery(_request: Request) -> Response:
    t = words("en")
    services = [
        {"hook": HOOK, "id": SERVICE, "title": t("nav.advice"), "description": t("advice.lead"), "prefetch": dict(PREFETCH)},
        {
            "hook": orders.HOOK,
            "id": orders.SERVICE,
            "title": t("cds.source"),
            "description": t("cds.lead"),
            "prefetch": dict(orders.PREFETCH),
        },
    ]
    return JSONResponse({"services": services})


Answer = Callable[[Ports, dict[str, Any], str, DeviceToken | None], dict[str, Any]]


def _answering(ports: Opened, answer: Answer) -> Callable[[Request], Any]:
    async def answering(request: Request) -> Response:
        """200; 400, 403 and 412 with the place of what is wrong or missing, 401 for a token of ours that is none, 413 past the limit, 503 where a table
        can't be used."""
        wanted = request.headers.get("accept-language", "").partition(",")[0].strip()
        language = "zh_Hans" if wanted.lower().startswith("zh") and "zh_Hans" in languages() else "en"
        secret = request.headers.get("authorization", "").partition(" ")[2].strip()
        try:
            found = as_object(parsed(await body_of(request)), "body")
            return JSONResponse(await run_in_threadpool(_whole, ports(), found, language, (secret, answer)))
        except Refused as error:
            return JSONResponse(error.body, status_code=error.status)
        except TableUnavailable as error:
            return JSONResponse({"error": error.code, **error.facts}, status_code=503)
        except NotPermitted as error:
            return JSONResponse({"error": error.code}, status_code=401, headers={"www-authenticate": "Bearer"})
        except Conflict as error:
            return JSONResponse({"error": error.code}, status_code=503)
        except BadInput as error:  # what is kept of the person is damaged: said, never taken for nothing
            return JSONResponse({"error": error.code, "place": str(error.facts.get("place", ""))}, status_code=503)

    return answering


def _whole(ports: Ports, found: dict[str, Any], language: str, asked: tuple[str, Answer]) -> dict[str, Any]:
    """Who asks, where that is one of our tokens: another bearer token is the other system's own, and tells us nothing."""
    secret, answer = asked
    token = cds.who_asks(ports, secret) if secret.startswith(PREFIX) else None
    return answer(ports, found, language, token)


# ----------------------------------------------------------------------------------------------------------------- the services


def _asked(hook: str, cards: Cards) -> Answer:
    def answer(ports: Ports, found: dict[str, Any], language: str, token: DeviceToken | None) -> dict[str, Any]:
        if found.get("hook") != hook:
            raise Refused(400, "bad_input", "hook", hook)
        instance = as_uuid(found.get("hookInstance"), "hookInstance")
        made, sent = cards(ports, found, instance, language)
        if token is not None:
            if not cds.is_theirs(ports, token, sent.profile):
                raise Refused(403, "another_person", "prefetch.patient", "the person who gave the token")
            now = ports.clock.now()
            cds.keep_shown(
                ports, token, [ShownCard(one.card["uuid"], hook, one.rule, one.severity, now, token.label) for one in made]
            )
        return {"cards": [one.card for one in made]}

    return answer


def _advice(ports: Ports, found: dict[str, Any], instance: str, language: str) -> tuple[list[Shown], Sent]:
    patient_id = as_text(as_object(found.get("context"), "context").get("patientId"), "context.patientId", "the id of a Patient")
    prefetch = as_object(found["prefetch"], "prefetch") if found.get("prefetch") is not None else {}
    table = _table(ports)
    now = ports.clock.now()
    resources = [patient_of(prefetch, patient_id)]
    for key in PREFETCH:
        if key != "patient" and prefetch.get(key) is not None:
            resources += bundle_of(prefetch[key], f"prefetch.{key}", patient_id)
    sent = read(ports, resources, now)
    facts, deceased = of_foreign(sent.profile, sent.records, now)
    made = advise(facts, table, now, deceased=deceased)
    return [Shown(_card(one, table, instance, language), one.rule, int(one.severity)) for one in made.cards], sent


def _table(ports: Ports) -> AdviceTable:
    if ports.tables is None:
        raise TableUnavailable(table=ADVICE.name, why="missing")
    rules = load(ports.tables.read, (ADVICE,))
    if not rules.has(ADVICE):
        raise TableUnavailable(table=ADVICE.name, why=rules.states[0].fault)
    return rules.of(ADVICE)


def _card(one: Outcome, table: AdviceTable, instance: str, language: str) -> dict[str, Any]:
    row, t = table.by_id[one.rule], words(language)
    year = f" ({row.year})" if row.year else ""
    grade = f", {row.grade}" if row.grade else ""
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"{instance}/{one.rule}")),
        "summary": short(t("advice.title." + one.rule)),
        "detail": "\n\n".join((t("advice.now." + one.rule), t("advice.sure." + one.sure), t("safety.status." + row.status))),
        "indicator": _INDICATOR.get(one.severity, "info"),
        "source": {
            "label": f"{source_name(t, row)}{year}{grade}",
            "topic": {"system": "urn:healthboard:advice", "code": one.rule, "display": one.rule},
        },
        "overrideReasons": [
            {"code": code, "system": "urn:healthboard:advice-reason", "display": t("advice.reason." + code)} for code in REASONS
        ],
    }


# ------------------------------------------------------------------------------------------------------------------- feedback


def _feedback(ports: Ports, found: dict[str, Any], _language: str, token: DeviceToken | None) -> dict[str, Any]:
    """Looked at as a whole, then kept where it is known whose it is; the answer says how many were kept and how many were about cards we never showed."""
    told = found.get("feedback")
    if not isinstance(told, list) or not 0 < len(told) <= MOST_FEEDBACK:
        raise Refused(400, "bad_input", "feedback", f"a list of 1 to {MOST_FEEDBACK}")
    said: dict[str, Heard] = {}
    for at, one in enumerate(told):
        card, heard = _heard(as_object(one, f"feedback[{at}]"), f"feedback[{at}]", ports.clock.now())
        if card not in said or heard.at > said[card].at:
            said[card] = heard
    if token is None:
        return {"kept": 0, "unknown": len(said)}
    unknown = cds.keep_said(ports, token, said)
    return {"kept": len(said) - unknown, "unknown": unknown}


def _heard(one: dict[str, Any], place: str, now: datetime) -> tuple[str, Heard]:
    card = as_uuid(one.get("card"), f"{place}.card")
    outcome = one.get("outcome")
    if outcome not in OUTCOMES:
        raise Refused(400, "bad_input", f"{place}.outcome", " or ".join(OUTCOMES))
    at = _moment(one.get("outcomeTimestamp"), f"{place}.outcomeTimestamp", now)
    taken = one.get("acceptedSuggestions")
    if taken is not None:
        if not isinstance(taken, list) or len(taken) > MOST_FEEDBACK:
            raise Refused(400, "bad_input", f"{place}.acceptedSuggestions", "a list")
        for number, each in enumerate(taken):
            as_uuid(
                as_object(each, f"{place}.acceptedSuggestions[{number}]").get("id"), f"{place}.acceptedSuggestions[{number}].id"
            )
    why = as_object(one["overrideReason"], f"{place}.overrideReason") if one.get("overrideReason") is not None else {}
    reason = as_object(why["reason"], f"{place}.overrideReason.reason") if why.get("reason") is not None else {}
    code, system, display = (
        _word(reason.get(key), f"{place}.overrideReason.reason.{key}", MOST_WORD) for key in ("code", "system", "display")
    )
    comment = _word(why.get("userComment"), f"{place}.overrideReason.userComment", MOST_COMMENT)
    if outcome == "accepted":
        return card, Heard("accepted", at, now, suggestions=len(taken or ()))
    return card, Heard("overridden", at, now, code, system, display, comment)


def _word(found: Any, place: str, most: int) -> str:
    return "" if found is None or found == "" else as_text(found, place, f"a text of at most {most} characters", most)


def _moment(found: Any, place: str, now: datetime) -> datetime:
    """An instant that isn't more than a day ahead: clocks differ, but what lies ahead could never be overruled."""
    need = "an instant such as 2026-11-27T09:00:00Z, not ahead of now"
    try:
        made = datetime.fromisoformat(as_text(found, place, need, 40))
    except ValueError:
        raise Refused(400, "bad_input", place, need) from None
    if made.tzinfo is None or not timedelta(days=-36_500) < made - now < timedelta(days=1):
        raise Refused(400, "bad_input", place, need)
    return made
