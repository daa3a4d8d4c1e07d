"""This is the place where `healthboard check-medicines` is held to what it says: a file in, findings with their sources out, and never a green for what isn't known."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.medications.checking import KINDS
from core.rules import FOLDER
from tests.cli.given import Ran

DAY = "2026-11-26"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
PATIENT = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1950-02-03"}


class Check:
    """The command, within this process."""

    def __init__(self, said: pytest.CaptureFixture[str], folder: Path) -> None:
        self._said, self._folder = said, folder

    def run(self, content: object, *words: object, name: str = "records.json") -> Ran:
        path = self._folder / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
        try:
            status = main(["check-medicines", str(path), "--as-of", DAY, "--json", *map(str, words)])
        except SystemExit as wrong:
            status = int(wrong.code or 0)
        out, err = self._said.readouterr()
        return Ran(status, out, err)

    def of(self, *resources: dict[str, Any], words: tuple[object, ...] = ()) -> dict[str, Any]:
        ran = self.run({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}, *words)
        assert ran.status == 0, ran.err
        document: dict[str, Any] = ran.document
        return document


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Check:
    return Check(capsys, tmp_path)


def order(number: int, text: str = "", **more: Any) -> dict[str, Any]:
    concept = {} if "medicationReference" in more else {"medicationCodeableConcept": {"text": text}}
    return {
        "resourceType": "MedicationRequest", "id": f"r{number}", "status": "active", "intent": "order", "subject": {"reference": "Patient/p"}, **concept, **more
    }  # fmt: skip


def none_known() -> dict[str, Any]:
    coding = {"system": "http://snomed.info/sct", "code": "716186003", "display": "No known allergy"}
    return {"resourceType": "AllergyIntolerance", "id": "a", "patient": {"reference": "Patient/p"}, "clinicalStatus": {"coding": [{"code": "active"}]}, "code": {"coding": [coding]}}


def rules_in(document: dict[str, Any]) -> list[str]:
    return [one["rule"] for one in document["findings"]]


def test_a_pair_is_found_with_all_that_a_reader_needs(check: Check) -> None:
    found = check.of(PATIENT, none_known(), order(1, "Simvastatin 20 MG Oral Tablet"), order(2, "Clarithromycin 500 MG Oral Tablet"))
    one = next(one for one in found["findings"] if one["rule"] == "h25")
    assert (one["kind"], one["severity"], one["severity_word"], one["for_patients"]) == ("interaction", 4, "contraindicated", True)
    assert [(m["id"], m["ingredients"]) for m in one["medicines"]] == [("MedicationRequest/r1", ["simvastatin"]), ("MedicationRequest/r2", ["clarithromycin"])]
    assert "before you change anything" in one["patient"]
    assert "simvastatin" in one["clinician"]
    assert one["source"]["status"] == "verified" and "Phansalkar" in one["source"]["citation"] and one["source"]["date"]
    assert found["coverage"] == {"medicines": 2, "coded": 2, "share": 1.0}
    assert {table["name"] for table in found["tables"]} == {kind.name for kind in KINDS}
    assert all(table["version"] and table["digest"] and table["fault"] is None for table in found["tables"])


def test_findings_are_sorted_by_severity(check: Check) -> None:
    found = check.of(PATIENT, *(order(at, name) for at, name in enumerate(["Warfarin", "Simvastatin", "Clarithromycin", "Ibuprofen", "Advil", "Lisinopril"])))
    severities = [one["severity"] for one in found["findings"]]
    assert severities == sorted(severities, reverse=True)
    assert len(severities) > 3


def test_chinese_is_written_where_it_is_asked_for(check: Check) -> None:
    found = check.of(PATIENT, order(1, "辛伐他汀片"), order(2, "克拉霉素片"), words=("--language", "zh_Hans"))
    assert "请先问药师" in next(one for one in found["findings"] if one["rule"] == "h25")["patient"]


def test_referenced_and_contained_medicines_and_bare_codes_are_read(check: Check) -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": {"coding": [{"system": RXNORM, "code": "36567"}]}}
    inside = {"resourceType": "Medication", "id": "c", "code": {"text": "Clarithromycin 500 MG"}}
    found = check.of(
        PATIENT, medication, order(1, medicationReference={"reference": "Medication/m"}), order(2, contained=[inside], medicationReference={"reference": "#c"})
    )  # fmt: skip
    one = next(one for one in found["findings"] if one["rule"] == "h25")
    assert [m["title"] for m in one["medicines"]] == ["simvastatin", "Clarithromycin 500 MG"]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "stopped"}, {"status": "completed"}, {"status": "entered-in-error"}, {"status": "on-hold"}, {"status": "draft"}, {"intent": "proposal"}, {"intent": "plan"},
        {"doNotPerform": True},
    ],
)  # fmt: skip
def test_what_is_not_taken_now_is_not_checked(check: Check, change: dict[str, Any]) -> None:
    found = check.of(PATIENT, order(1, "Simvastatin"), order(2, "Clarithromycin", **change))
    assert "h25" not in rules_in(found)
    assert found["coverage"]["medicines"] == 1


def test_an_order_without_a_status_is_checked_all_the_same(check: Check) -> None:
    second = {key: value for key, value in order(2, "Clarithromycin").items() if key != "status"}
    assert "h25" in rules_in(check.of(PATIENT, order(1, "Simvastatin"), second))


def test_a_statement_beside_its_request_is_one_medicine(check: Check) -> None:
    statement = {"resourceType": "MedicationStatement", "id": "s", "status": "active", "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": {"text": "Tylenol"}}
    assert "same_ingredient" not in rules_in(check.of(PATIENT, order(1, "Acetaminophen 325 MG"), statement))
    assert "same_ingredient" in rules_in(check.of(PATIENT, order(1, "Acetaminophen 325 MG"), order(2, "Tylenol")))


def test_an_unknown_medicine_is_said_and_never_green(check: Check) -> None:
    found = check.of(PATIENT, none_known(), order(1, "Foozid 20"))
    assert found["state"] == "partly"
    assert [(one["subject"], one["why"]) for one in found["not_checked"]] == [("Foozid 20", "unknown_medicine")]
    assert "not checked" in found["not_checked"][0]["sentence"]
    assert found["coverage"] == {"medicines": 1, "coded": 0, "share": 0.0}


def test_everything_known_and_nothing_found_is_checked(check: Check) -> None:
    found = check.of(PATIENT, none_known(), order(1, "Senna"))
    assert (found["state"], found["findings"], found["not_checked"]) == ("checked", [], [])


def test_nobody_takes_anything(check: Check) -> None:
    found = check.of(PATIENT, none_known())
    assert (found["state"], found["coverage"]) == ("checked", {"medicines": 0, "coded": 0, "share": None})


def test_what_is_from_memory_is_marked_and_only_asked_of_a_patient(check: Check) -> None:
    found = check.of(PATIENT, order(1, "Nitroglycerin 0.4 MG"), order(2, "Sildenafil 50 MG"))
    one = next(one for one in found["findings"] if one["rule"] == "m1")
    assert (one["severity"], one["for_patients"], one["source"]["status"]) == (4, False, "memory")
    assert one["patient"].startswith("Ask your pharmacist whether these two go together")
    assert "hypotension" in one["clinician"]


def test_an_allergy_and_a_kidney_value_are_used(check: Check) -> None:
    allergy = {**none_known(), "code": {"text": "Penicillin"}, "reaction": [{"manifestation": [{"text": "hives"}]}]}
    creatinine = {
        "resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "Patient/p"}, "effectiveDateTime": "2026-10-01",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2160-0"}]}, "valueQuantity": {"value": 354, "unit": "umol/L", "code": "umol/L", "system": "http://unitsofmeasure.org"},
    }  # fmt: skip
    found = check.of(PATIENT, allergy, creatinine, order(1, "Amoxicillin 500"), order(2, "Metformin 500"))
    assert {"allergy", "kidney"} <= {one["kind"] for one in found["findings"]}


def test_a_gene_result_is_used_and_none_is_not_a_good_one(check: Check) -> None:
    hla = {
        "resourceType": "Observation", "id": "g", "status": "final", "subject": {"reference": "Patient/p"}, "effectiveDateTime": "2026-10-01",
        "code": {"coding": [{"system": "http://loinc.org", "code": "57979-7"}]}, "valueCodeableConcept": {"text": "Positive"},
    }  # fmt: skip
    assert 4 in [one["severity"] for one in check.of(PATIENT, order(1, "Carbamazepine"), hla)["findings"] if one["kind"] == "gene"] or "gene" in [
        one["kind"] for one in check.of(PATIENT, order(1, "Carbamazepine"), hla)["findings"] if one["severity"] >= 3
    ]
    without = check.of(PATIENT, order(1, "Carbamazepine"))
    assert ("gene", "not_tested") in [(one["check"], one["why"]) for one in without["not_checked"]]
    assert without["state"] == "partly"


@pytest.mark.parametrize(("form", "name"), [("array", "a.json"), ("ndjson", "a.ndjson"), ("gzip", "a.json.gz"), ("one", "a.json")])
def test_it_reads_arrays_lines_and_single_resources(check: Check, form: str, name: str) -> None:
    resources = [PATIENT, order(1, "Simvastatin"), order(2, "Clarithromycin")]
    content: bytes | object = {
        "array": resources,
        "ndjson": "\n".join(map(json.dumps, resources)).encode(),
        "gzip": gzip.compress(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}).encode()),
        "one": order(1, "Simvastatin"),
    }[form]
    ran = check.run(content, name=name)
    assert ran.status == 0, ran.err
    assert ran.document["coverage"]["medicines"] == (1 if form == "one" else 2)


def test_several_people_are_never_mixed(check: Check) -> None:
    other = {**PATIENT, "id": "q", "name": [{"text": "Ada Q"}]}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": one} for one in (PATIENT, other, order(1, "Simvastatin"), order(2, "Clarithromycin", subject={"reference": "Patient/q"}))
    ]}  # fmt: skip
    refused = check.run(bundle)
    assert (refused.status, refused.document["error"]) == (1, "several_people")
    assert "Patient/q" in refused.document["need"]
    for subject in ("Patient/q", "q", "Ada Q"):
        alone = check.run(bundle, "--subject", subject).document
        assert [one["id"] for one in alone["medicines"]] == ["MedicationRequest/r2"]
        assert "h25" not in rules_in(alone)
    assert check.run(bundle, "--subject", "nobody").status == 1


def test_people_that_are_only_named_are_not_mixed_either(check: Check) -> None:
    ran = check.run([order(1, "Simvastatin"), order(2, "Clarithromycin", subject={"reference": "Patient/q"})])
    assert (ran.status, ran.document["error"]) == (1, "several_people")


@pytest.mark.parametrize("content", [b"", b"{", b"not json", b"[]", b"\x00\x01\x02", b"<xml/>", b"[" * 200_000, b'{"resourceType": 7}'])
def test_what_is_no_record_is_refused_with_a_reason(check: Check, content: bytes) -> None:
    ran = check.run(content)
    assert ran.status == 1
    assert ran.document["error"]


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check-medicines", str(tmp_path / "none.json"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]


def test_odd_records_lose_only_themselves(check: Check) -> None:
    odd: list[dict[str, Any]] = [
        order(3, medicationCodeableConcept=7), order(4, medicationCodeableConcept={"coding": [None, 3, {"code": []}]}), {"resourceType": "MedicationRequest"},
        order(5, "x" * 5000), order(6, "or " * 500), {**none_known(), "id": "a2", "code": {"coding": "x"}},
    ]  # fmt: skip
    found = check.of(PATIENT, order(1, "Simvastatin"), order(2, "Clarithromycin"), *odd)
    assert "h25" in rules_in(found)
    assert found["state"] == "partly"


def test_a_damaged_table_makes_it_unavailable_and_the_rest_still_speaks(check: Check, tmp_path: Path) -> None:
    tables = Path(shutil.copytree(FOLDER, tmp_path / "tables", ignore=shutil.ignore_patterns("*.py", "__pycache__")))
    (tables / "kidney.json").write_bytes(b"{}")
    found = check.of(PATIENT, order(1, "Simvastatin"), order(2, "Clarithromycin"), words=("--tables", tables))
    assert found["state"] == "unavailable"
    assert [(one["name"], one["fault"]) for one in found["tables"] if one["fault"]] == [("kidney", "corrupt")]
    assert "h25" in rules_in(found)
    (tables / "ingredients.json").unlink()
    nothing = check.of(PATIENT, order(1, "Simvastatin"), words=("--tables", tables))
    assert (nothing["state"], nothing["findings"], nothing["coverage"]["coded"]) == ("unavailable", [], 0)


def test_a_terminal_reads_the_same(check: Check, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(json.dumps([PATIENT, order(1, "Simvastatin"), order(2, "Clarithromycin"), order(3, "Foozid")]))
    assert main(["check-medicines", str(path)]) == 0
    said = capsys.readouterr().out
    assert "4 contraindicated  interaction h25" in said
    assert "Foozid" in said and "understood: 2" in said


def test_a_record_that_cannot_be_read_is_never_passed_over(check: Check) -> None:
    found = check.of(PATIENT, none_known(), order(1, "Senna"), {"resourceType": 7})
    assert (found["state"], [one["why"] for one in found["not_checked"]]) == ("partly", ["unread_record"])


def test_an_allergy_under_a_modifier_is_still_held_against_the_medicines(check: Check) -> None:
    allergy = {**none_known(), "code": {"text": "Penicillin"}, "modifierExtension": [{"url": "http://example.org/x", "valueBoolean": True}]}
    assert "allergy" in [one["kind"] for one in check.of(PATIENT, allergy, order(1, "Amoxicillin"))["findings"]]
