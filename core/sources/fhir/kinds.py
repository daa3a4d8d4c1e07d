"""This is the place where each kind of resource that is shown has its row: which field says what, in every release of FHIR."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a kind says things. Of several fields the first that is there counts (releases differ in their names).

    `concept` what it is, `names` fields with plain words for it, `status`/`verification` codes, `start` times or periods,
    `issued` when it was written down, `detail` (catalogue key, path) rows, `people` paths to further references,
    `coded` whether it means little without a code.
    """

    group: str
    concept: tuple[str, ...] = ()
    names: tuple[Path, ...] = ()
    status: tuple[str, ...] = ("status",)
    verification: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    issued: tuple[str, ...] = ()
    detail: tuple[tuple[str, Path], ...] = ()
    people: tuple[tuple[str, Path], ...] = ()
    coded: bool = False


def _rows(text: str) -> tuple[tuple[str, Path], ...]:
    """ "site=site note=note.text" as (key, path) rows."""
    return tuple((key, tuple(path.split("."))) for key, _, path in (word.partition("=") for word in text.split()))


def _fields(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_NOTE = "note=note note=comment note=comments note=notes"
_REASON = "reason=reasonCode reason=reasonReference reason=reason reason=reasonCodeableConcept"

_CLINICAL = {
    "Observation": Shape(
        "other_observations", ("code",), issued=("issued",), coded=True,
        start=_fields("effectiveDateTime effectivePeriod effectiveInstant effectiveTiming"),
        detail=_rows(f"method=method body_site=bodySite body_site=bodyStructure device=device specimen=specimen {_NOTE}"),
    ),
    "Condition": Shape(
        "conditions", ("code",), status=("clinicalStatus",), verification=("verificationStatus",), coded=True,
        start=_fields("onsetDateTime onsetPeriod onsetAge onsetRange onsetString"),
        end=_fields("abatementDateTime abatementPeriod abatementAge abatementRange abatementString abatementBoolean"),
        issued=_fields("recordedDate assertedDate dateRecorded dateAsserted"),
        detail=_rows(f"category=category severity=severity stage=stage.summary body_site=bodySite evidence=evidence.code {_NOTE}"),
    ),
    "AllergyIntolerance": Shape(
        "allergies", ("code", "substance"), status=("clinicalStatus", "status"), verification=("verificationStatus",), coded=True,
        start=_fields("onsetDateTime onset onsetPeriod onsetAge onsetRange onsetString"), issued=_fields("recordedDate assertedDate"),
        detail=_rows(
            "reaction=reaction.manifestation reaction=reaction.description severity=reaction.severity criticality=criticality "
            f"type=type category=category substance=reaction.substance last_occurrence=lastOccurrence {_NOTE}"
        ),
    ),
    "Immunization": Shape(
        "immunizations", ("vaccineCode",), start=_fields("occurrenceDateTime date occurrenceString"), coded=True,
        issued=_fields("recorded"),
        detail=_rows(
            "dose=doseQuantity dose_number=protocolApplied.doseNumberPositiveInt dose_number=protocolApplied.doseNumberString "
            "dose_number=protocolApplied.doseNumber dose_number=vaccinationProtocol.doseSequence target=protocolApplied.targetDisease "
            "lot=lotNumber manufacturer=manufacturer route=route site=site reaction=reaction.detail reaction=reaction.manifestation "
            f"reason=statusReason {_REASON} {_NOTE}"
        ),
        people=_rows("performer=performer.actor"),
    ),
    "Procedure": Shape(
        "procedures", ("code",), coded=True,
        start=_fields("performedDateTime performedPeriod performedString performedAge performedRange occurrenceDateTime "
                      "occurrencePeriod occurrenceString occurrenceAge occurrenceRange occurrenceTiming"),
        issued=("recorded",),
        detail=_rows(f"{_REASON} body_site=bodySite outcome=outcome complication=complication follow_up=followUp reason=statusReason "
                     f"category=category {_NOTE}"),
        people=_rows("performer=performer.actor"),
    ),
    "DiagnosticReport": Shape(
        "reports", ("code",), issued=("issued",), coded=True, start=_fields("effectiveDateTime effectivePeriod"),
        detail=_rows("conclusion=conclusion conclusion=conclusionCode conclusion=codedDiagnosis category=category "
                     f"document=presentedForm.title {_NOTE}"),
        people=_rows("performer=performer.actor"),
    ),
    "Goal": Shape(
        "plans", ("description",), status=("lifecycleStatus", "status"), start=("startDate", "startCodeableConcept"),
        issued=("statusDate",),
        detail=_rows("target=target.measure target=target.detailQuantity target=target.detailRange target=target.detailCodeableConcept "
                     "target=target.detailString due=target.dueDate due=targetDate outcome=achievementStatus outcome=outcomeCode "
                     f"reason=statusReason priority=priority category=category {_NOTE}"),
    ),
}  # fmt: skip

_MEDICINES = {
    "MedicationRequest": Shape(
        "medicines", start=_fields("authoredOn dateWritten"), coded=True,
        detail=_rows(f"{_REASON} intent=intent priority=priority refills=dispenseRequest.numberOfRepeatsAllowed "
                     "quantity=dispenseRequest.quantity supply=dispenseRequest.expectedSupplyDuration "
                     "valid=dispenseRequest.validityPeriod route=dosageInstruction.route site=dosageInstruction.site "
                     f"category=category reason=statusReason {_NOTE}"),
        people=_rows("requester=requester.agent"),
    ),
    "MedicationStatement": Shape(
        "medicines", start=_fields("effectiveDateTime effectivePeriod effectiveTiming"), coded=True,
        issued=_fields("dateAsserted"),
        detail=_rows(f"{_REASON} reason=reasonForUseCodeableConcept adherence=adherence.code adherence=taken route=dosage.route "
                     f"site=dosage.site category=category reason=statusReason {_NOTE}"),
    ),
    "Medication": Shape(
        "medicines", ("code",),
        detail=_rows("form=form form=doseForm ingredient=ingredient.itemCodeableConcept ingredient=ingredient.item "
                     "amount=amount amount=totalVolume lot=batch.lotNumber expires=batch.expirationDate manufacturer=manufacturer"),
    ),
}  # fmt: skip

_VISITS = {
    "Encounter": Shape(
        "encounters", ("type", "serviceType", "class"), start=_fields("period actualPeriod"),
        detail=_rows(f"class=class type=type {_REASON} reason=reason.value reason=reason.use diagnosis=diagnosis.condition "
                     "location=location.location participant=participant.individual participant=participant.actor "
                     "discharge=hospitalization.dischargeDisposition discharge=admission.dischargeDisposition priority=priority "
                     "length=length"),
        people=_rows("participant=participant.individual participant=participant.actor location=location.location "
                     "diagnosis=diagnosis.condition"),
    ),
    "Appointment": Shape(
        "appointments", ("serviceType", "appointmentType", "type", "specialty"), names=(("description",),), start=("start",), end=("end",),
        issued=("created",),
        detail=_rows("description=description location=participant.actor participant=participant.actor "
                     f"{_REASON} note=patientInstruction priority=priority length=minutesDuration reason=cancelationReason {_NOTE}"),
        people=_rows("participant=participant.actor"),
    ),
    "CarePlan": Shape(
        "plans", ("category",), names=(("title",), ("description",)), start=("period",), issued=("created",),
        detail=_rows("intent=intent description=description activity=activity.detail.code activity=activity.detail.description "
                     "activity=activity.reference activity=activity.plannedActivityReference activity=activity.performedActivity "
                     f"activity=activity.plannedActivityDetail.description goal=goal addresses=addresses category=category {_NOTE}"),
        people=_rows("activity=activity.reference"),
    ),
    "CareTeam": Shape(
        "plans", ("category",), names=(("name",),), start=("period",),
        detail=_rows(f"participant=participant.member participant=participant.role {_REASON} {_NOTE}"),
        people=_rows("participant=participant.member"),
    ),
}  # fmt: skip

_PAPERS = {
    "DocumentReference": Shape(
        "documents", ("type", "category"), names=(("description",),), verification=("docStatus",),
        start=_fields("date indexed created"),
        detail=_rows("description=description title=content.attachment.title format=content.attachment.contentType "
                     "category=category period=context.period class=class"),
    ),
    "Media": Shape(
        "imaging", ("type", "modality"), names=(("content", "title"),), issued=("issued",),
        start=_fields("createdDateTime createdPeriod occurrenceDateTime occurrencePeriod created"),
        detail=_rows(f"body_site=bodySite title=content.title format=content.contentType {_REASON} view=view device=deviceName {_NOTE}"),
    ),
    "ImagingStudy": Shape(
        "imaging", ("procedureCode", "procedureReference", "procedure", "modality", "modalityList", "series.modality"), names=(("description",),), start=("started",),
        detail=_rows("description=description modality=modality modality=series.modality body_site=series.bodySite "
                     f"series=numberOfSeries {_REASON} {_NOTE}"),
    ),
    "Coverage": Shape(
        "coverage", ("type",), start=("period",),
        detail=_rows("payor=payor payor=insurer payor=issuer class=class.name member=subscriberId relationship=relationship network=network"),
    ),
    "Consent": Shape(
        "consents", ("category", "scope"), start=_fields("dateTime date"),
        detail=_rows("scope=scope decision=provision.type decision=decision period=provision.period policy=policyRule "
                     "purpose=provision.purpose action=provision.action"),
    ),
}  # fmt: skip

_PEOPLE = {
    "Patient": Shape("people", names=(("name",),), status=(), detail=_rows("gender=gender birth_date=birthDate")),
    "Practitioner": Shape(
        "people", names=(("name",),), status=(), detail=_rows("qualification=qualification.code phone=telecom.value")
    ),
    "PractitionerRole": Shape(
        "people", ("specialty", "code"), status=(), start=("period",),
        detail=_rows("role=code specialty=specialty practitioner=practitioner organization=organization location=location phone=telecom.value"),
    ),
    "Organization": Shape("people", ("type",), names=(("name",),), status=(), detail=_rows("type=type phone=telecom.value")),
    "Device": Shape(
        "devices", ("type",), names=(("deviceName", "name"), ("deviceName", "value"), ("displayName",), ("name", "value"), ("modelNumber",)),
        start=("manufactureDate",), end=("expirationDate",),
        detail=_rows("type=type manufacturer=manufacturer model=modelNumber model=model serial=serialNumber lot=lotNumber "
                     f"identifier=distinctIdentifier identifier=udiCarrier.deviceIdentifier reason=statusReason {_NOTE}"),
    ),
}  # fmt: skip

SHAPES: Mapping[str, Shape] = MappingProxyType({**_CLINICAL, **_MEDICINES, **_VISITS, **_PAPERS, **_PEOPLE})
"""Every kind of KINDS_SHOWN."""

SUBJECT_FIELDS = _fields("subject patient beneficiary for individual candidate person")
"""Where resources of all kinds say whom they are about."""
