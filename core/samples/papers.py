"""This is the place where letters, pictures and examinations become DocumentReference, Media and ImagingStudy records."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date

from core.domain.codes import LOINC, SNOMED
from core.samples.chart import PATIENT, Body, Chart
from core.samples.shapes import coding, concept, hl7, refer
from core.samples.terms import PANELS

NOTE = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"

DOCUMENTS = {
    "discharge": ("18842-5", "Discharge summary", "出院小结"),
    "letter": ("34133-9", "Summary of episode note", "病情摘要"),
    "progress": ("11506-3", "Progress note", "病程记录"),
    "consultation": ("11488-4", "Consult note", "会诊记录"),
}


def document(chart: Chart, kind: str, day: date, text: tuple[str, str], desks: tuple[str, ...] = ()) -> str:
    """A letter as plain text inside the record."""
    loinc, name, name_zh = DOCUMENTS[kind]
    words = chart.words(name, name_zh)
    content = base64.b64encode(chart.words(*text).encode()).decode()
    language = "zh-CN" if chart.person.chinese else "en"
    body: Body = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": concept(words, coding(LOINC, loinc, name)),
        "category": [{"coding": [coding(NOTE, "clinical-note", "Clinical Note")]}],
        "subject": refer(PATIENT),
        "date": chart.at(day, "15:00"),
        "author": [refer("@clinician")],
        "description": words,
        "content": [
            {"attachment": {"contentType": "text/plain; charset=utf-8", "language": language, "data": content, "title": words}}
        ],
    }
    return chart.add(f"document-{kind}-{day.isoformat()}", body, *desks)


@dataclass(frozen=True, slots=True)
class Examination:
    """An imaging examination: its row in PANELS, DICOM modality, body site (SNOMED, words) and what was seen."""

    panel: str
    modality: str
    site: tuple[str, str]
    day: date
    seen: tuple[str, str]
    images: int = 2


def imaging(chart: Chart, told: Examination) -> str:
    """The study, its report and one picture as Media (a title only: no image of anybody is shipped)."""
    loinc, name, name_zh = PANELS[told.panel]
    when, stamp = chart.at(told.day, "11:00"), told.day.isoformat()
    uid = f"2.25.{sum(map(ord, chart.person.slug)) * 100_000 + told.day.toordinal()}"
    study: Body = {
        "resourceType": "ImagingStudy",
        "identifier": [{"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}],
        "status": "available",
        "modality": [coding(DICOM, told.modality)],
        "subject": refer(PATIENT),
        "started": when,
        "numberOfSeries": 1,
        "numberOfInstances": told.images,
        "description": chart.words(name, name_zh),
        "series": [
            {
                "uid": f"{uid}.1",
                "modality": coding(DICOM, told.modality),
                "numberOfInstances": told.images,
                "bodySite": coding(SNOMED, *told.site),
            }
        ],
    }
    study_ref = chart.add(f"study-{told.panel}-{stamp}", study)
    picture = {
        "resourceType": "Media",
        "status": "completed",
        "type": hl7("media-type", "image", "Image"),
        "subject": refer(PATIENT),
        "createdDateTime": when,
        "bodySite": {"coding": [coding(SNOMED, *told.site)]},
        "content": {"contentType": "application/dicom", "title": chart.words(name, name_zh)},
    }
    picture_ref = chart.add(f"media-{told.panel}-{stamp}", picture)
    finding: Body = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "category": [hl7("v2-0074", "RAD")],
        "code": concept(chart.words(name, name_zh), coding(LOINC, loinc, name)),
        "subject": refer(PATIENT),
        "effectiveDateTime": when,
        "issued": chart.at(told.day, "16:00"),
        "performer": [refer("@organization")],
        "imagingStudy": [refer(study_ref)],
        "media": [{"link": refer(picture_ref)}],
        "conclusion": chart.words(*told.seen),
    }
    return chart.add(f"report-{told.panel}-{stamp}", finding)
