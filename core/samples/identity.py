"""This is the place where a sample person, and the people and places that care for them, introduce themselves."""

from __future__ import annotations

from core.domain.codes import SNOMED
from core.samples.chart import PATIENT, Body, Chart, Desk, Fact, Someone
from core.samples.shapes import TERMINOLOGY, coding, hl7, refer

SYNTHETIC = "urn:healthboard:synthetic"
"""The identifier system that marks a sample person; the value is the slug."""

SYNTHETIC_TAG = {"system": TERMINOLOGY + "v3-ActReason", "code": "HTEST"}

HAN = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"


def _names(person: Someone) -> list[Body]:
    if not person.chinese:
        whole = " ".join((*person.given, person.family))
        return [{"use": "official", "text": whole, "family": person.family, "given": list(person.given)}]
    latin = {"use": "usual", "text": person.name_en, "family": person.family, "given": list(person.given)}
    ideographs = {"extension": [{"url": HAN, "valueCode": "IDE"}], "use": "official", "text": person.name_zh}
    ideographs |= {"family": person.name_zh[0], "given": [person.name_zh[1:]]}
    return [ideographs, {"extension": [{"url": HAN, "valueCode": "SYL"}], **latin}]


def patient(person: Someone, desk: Desk, number: str) -> Body:
    """The Patient record of one desk: the same person everywhere, under the desk's own number."""
    street, city, state, country = person.address
    language = ("zh-CN", "中文（简体）") if person.chinese else ("en-US", "English (United States)")
    body: Body = {
        "resourceType": "Patient",
        "identifier": [
            {"system": SYNTHETIC, "value": person.slug},
            {
                "type": hl7("v2-0203", "MR", "Medical record number"),
                "system": f"{desk.base}/sid/patient-number",
                "value": number,
            },
        ],
        "active": True,
        "name": _names(person),
        "telecom": [{"system": "phone", "value": person.phone, "use": "mobile"}],
        "gender": "female" if person.female else "male",
        "birthDate": person.birth.isoformat(),
        "address": [{"use": "home", "line": [street], "city": city, "state": state, "country": country}],
        "communication": [{"language": {"coding": [coding("urn:ietf:bcp:47", *language)]}, "preferred": True}],
    }
    if any(desk.clinician):
        body["generalPractitioner"] = [refer("@role")]
    body["managingOrganization"] = refer("@organization")
    if any(person.contact):
        name, relationship, phone = person.contact
        body["contact"] = [
            {
                "relationship": [{"text": relationship}],
                "name": {"text": name},
                "telecom": [{"system": "phone", "value": phone}],
            }
        ]
    return body


def organization(desk: Desk, chinese: bool) -> Body:
    name = desk.organization[1] if chinese else desk.organization[0]
    kind = hl7("organization-type", "prov", "Healthcare Provider")
    return {"resourceType": "Organization", "active": True, "type": [kind], "name": name}


def clinician(desk: Desk, chinese: bool) -> Body:
    whole = desk.clinician[1] if chinese else desk.clinician[0]
    family, given = (whole[0], whole[1:]) if chinese else (whole.split()[-1], " ".join(whole.split()[:-1]))
    return {
        "resourceType": "Practitioner",
        "active": True,
        "name": [{"text": whole, "family": family, "given": [given]}],
    }


def role(desk: Desk, chinese: bool) -> Body:
    code, name, name_zh = desk.specialty
    words = name_zh if chinese else name
    return {
        "resourceType": "PractitionerRole",
        "active": True,
        "practitioner": refer("@clinician"),
        "organization": refer("@organization"),
        "specialty": [{"coding": [coding(SNOMED, code, name)], "text": words}],
    }


def coverage(chart: Chart, desk: Desk) -> Body:
    payer = chart.words("Riverbend Health Plan", "城镇职工基本医疗保险")
    return {
        "resourceType": "Coverage",
        "status": "active",
        "type": {"text": chart.words("Employer or public health plan", "基本医疗保险")},
        "subscriberId": f"TEST-{chart.person.slug.upper()}",
        "beneficiary": refer(PATIENT),
        "period": {"start": f"{chart.today.year}-01-01", "end": f"{chart.today.year}-12-31"},
        "payor": [{"display": payer}, refer("@organization", desk.organization[1 if chart.person.chinese else 0])],
    }


def introductions(chart: Chart) -> tuple[Fact, ...]:
    """Per desk: the patient, the organization, and who treats the person there; a coverage at the main desk."""
    facts = []
    for number, desk in enumerate(dict.fromkeys(chart.desks), start=1):
        chinese = chart.person.chinese
        mine = (desk.name,)
        record_number = f"TEST-{sum(map(ord, chart.person.slug)) * 37 + number:06d}"
        facts += [
            Fact("patient", patient(chart.person, desk, record_number), mine),
            Fact("organization", organization(desk, chinese), mine),
        ]
        if any(desk.clinician):
            facts += [Fact("clinician", clinician(desk, chinese), mine), Fact("role", role(desk, chinese), mine)]
    facts.append(Fact("coverage", coverage(chart, chart.desks[0]), (chart.main,)))
    return tuple(facts)
