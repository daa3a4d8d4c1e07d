from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from core.domain.signals import by_loinc
from core.kiosk.bundle import VISITS, transaction
from core.questionnaires.instruments import BY_KEY
from tests.kiosk.given import pressure, visit


def made(**changed: Any) -> list[dict[str, Any]]:
    return json.loads(transaction(visit(**changed)))["entry"]


def of_kind(entries: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in entries if one["resource"]["resourceType"] == kind]


def test_every_resource_is_valid_r4_and_the_bundle_is_one_transaction() -> None:
    from fhir.resources.R4B.bundle import Bundle

    phq = {item.link_id: "0" for item in BY_KEY["phq-9"].every() if item.kind == "choice"}
    bundle = json.loads(transaction(visit(questionnaires={"phq-9": phq})))
    read = Bundle.model_validate(bundle)
    assert read.type == "transaction"
    kinds = [one.resource.get_resource_type() for one in read.entry]
    assert {"Consent", "Device", "DeviceMetric", "Observation", "QuestionnaireResponse"} <= set(kinds)
    response = of_kind(bundle["entry"], "QuestionnaireResponse")[0]
    assert response["status"] == "completed" and response["item"]


def test_each_is_created_only_where_it_is_not_there_yet_and_numbered() -> None:
    entries = made()
    for number, one in enumerate(entries, 1):
        known = one["resource"]["identifier"]
        known = known[0] if isinstance(known, list) else known
        assert known == {"system": VISITS, "value": f"v-1#{number}"}
        assert one["request"] == {
            "method": "POST",
            "url": one["resource"]["resourceType"],
            "ifNoneExist": f"identifier=urn:healthboard:kiosk-visit%7Cv-1%23{number}",
        }
    assert len({one["fullUrl"] for one in entries}) == len(entries)


def test_the_same_visit_gives_the_same_bytes_whatever_order_its_answers_came_in() -> None:
    turned = replace(visit().readings[0], values=dict(reversed(list(visit().readings[0].values.items()))))
    assert transaction(visit()) == transaction(visit(readings=(turned, *visit().readings[1:])))


def test_values_are_as_they_were_given_with_the_codes_and_units_of_the_table() -> None:
    observations = of_kind(made(), "Observation")
    found: dict[str, list[float]] = {}
    for one in observations:
        for part in [one, *one.get("component", ())]:
            if "valueQuantity" in part:
                signal = by_loinc(part["code"]["coding"][0]["code"])
                assert signal is not None and part["valueQuantity"]["code"] == signal.unit
                assert all(coding["display"] for coding in part["code"]["coding"])
                found.setdefault(signal.key, []).append(part["valueQuantity"]["value"])
    assert found["sbp"] == [128, 126] and found["dbp"] == [79, 77] and found["weight"] == [71.4]
    assert found["spo2"] == [97] and found["glucose"] == [104] and found["hr"] == [71, 71, 70]
    assert found["sbp_mean"] == [127] and found["dbp_mean"] == [78]


def test_a_mean_says_what_it_is_made_of_and_there_is_none_of_one_reading() -> None:
    entries = made()
    mean = next(one["resource"] for one in entries if "derivedFrom" in one["resource"])
    by_url = {one["fullUrl"]: one["resource"] for one in entries}
    assert [by_url[each["reference"]]["component"][0]["valueQuantity"]["value"] for each in mean["derivedFrom"]] == [128, 126]
    assert not any("derivedFrom" in one for one in of_kind(made(readings=(pressure(128, 79),)), "Observation"))


def test_a_device_is_there_once_and_what_was_typed_has_none() -> None:
    entries = made()
    assert len(of_kind(entries, "Device")) == len(of_kind(entries, "DeviceMetric")) == 1
    for one in of_kind(entries, "Observation"):
        tags = {tag["code"] for tag in one.get("meta", {}).get("tag", ())}
        assert "derivedFrom" in one or ("device" in one) == ("bluetooth" in tags)
        assert "body_movement" in tags or "device" not in one


def test_without_consent_there_is_none_and_nobody_is_named() -> None:
    entries = made(consented_at=None)
    assert not of_kind(entries, "Consent")
    assert all(one["subject"]["identifier"]["value"] == "v-1" for one in of_kind(entries, "Observation"))
    assert "t1" not in transaction(visit()).decode()


def test_what_does_not_belong_to_a_measure_is_not_written_as_one() -> None:
    odd = replace(pressure(128, 79), values={"sbp": 128.0, "dbp": 79.0, "map": 95.0, "nonsense": 1.0})
    codes = {one["code"]["coding"][0]["code"] for one in of_kind(made(readings=(odd,)), "Observation")}
    assert codes == {"85354-9"}
