"""`healthboard risk EQUATION --person ID`: the result to its last digit, every input with date and source, what each adds, or the reasons why not."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.care import risks
from core.care.access import COMMAND_LINE
from core.commands.risk_person import for_person
from core.errors import BadInput, NotFound
from core.ports import Ports
from core.risk.equation import one as apply
from core.risk.registry import EQUATIONS
from tests.care.given import NOW, bundle, ports_with
from tests.care.test_risks import kept, observed, problem, whole
from tests.cli.given import House


def asked(ports: Ports, person: str, equation: str, region: str = "", as_of: str | None = None) -> dict[str, Any]:
    answer = for_person(ports, Namespace(equation=equation, person=person, region=region, as_of=as_of))
    assert answer.status == 0
    assert answer.lines
    document: dict[str, Any] = json.loads(json.dumps(answer.document, allow_nan=False))
    return document


@pytest.fixture
def ports() -> Ports:
    return ports_with()


def test_the_result_is_the_equation_of_the_inputs_it_names(ports: Ports) -> None:
    found = asked(ports, kept(ports, *whole()), "prevent_base", "us")
    inputs = {one["key"]: one for one in found["inputs"]}
    again = apply(EQUATIONS["prevent_base"], {key: one["value"] for key, one in inputs.items() if one["value"] is not None})
    assert found["result"] == {key: column[0] for key, column in again.values.items()}
    assert all(one["state"] == "used" for one in inputs.values() if one["required"])
    total = inputs["tc"]
    assert (total["column"], total["value"], total["unit"], total["age_days"], total["origin"]) == ("total_c", 200, "mg/dL", 20, "record")
    assert total["date"] == (NOW - timedelta(days=20)).isoformat()
    assert total["sources"][0]["label"] == "Clinic"
    assert total["record_ids"]
    assert (inputs["egfr"]["origin"], inputs["egfr"]["from"]) == ("derived", ["creatinine"])


def test_contributions_add_up_to_the_difference_from_the_reference(ports: Ports) -> None:
    found = asked(ports, kept(ports, *whole()), "prevent_base", "us")
    told = found["contributions"]["total_cvd_10yr"]
    outcome = next(one for one in found["outcomes"] if one["key"] == "total_cvd_10yr")
    reference = {one["key"]: one["value"] for one in found["inputs"]} | dict(EQUATIONS["prevent_base"].reference or {})
    of_reference = apply(EQUATIONS["prevent_base"], {key: value for key, value in reference.items() if value is not None})
    assert sum(part["share"] for part in told["inputs"]) == pytest.approx(outcome["predictor"] - of_reference.predictors["total_cvd_10yr"][0], abs=1e-9)
    assert told["reference_value"] == pytest.approx(of_reference.values["total_cvd_10yr"][0])


def test_a_declined_equation_says_why_and_how_to_go_on_and_gives_no_number(ports: Ports) -> None:
    found = asked(ports, kept(ports, *whole()[:3]), "prevent", "us")
    assert not found["answered"]
    assert set(found["result"].values()) == {None}
    declined = {(one["code"], one["input"]): one for one in found["declined"]}
    assert {("missing", "hdl"), ("missing", "smoker"), ("missing", "cvd_known")} & set(declined)
    assert all(one["how"] for one in found["declined"])


def test_a_family_name_means_the_equation_that_fits_the_person(ports: Ports) -> None:
    person = kept(ports, *whole(), observed("9318-7", 12, "mg/g"), problem("44054006"))
    named = {name: asked(ports, person, name, "europe_low")["equation"] for name in ("prevent", "score2_family", "ckdepi", "kfre", "score2")}
    assert named == {"prevent": "prevent_uacr", "score2_family": "score2_diabetes", "ckdepi": "ckdepi_2021_cr", "kfre": "kfre_6var", "score2": "score2"}


def test_an_earlier_day_is_told_as_the_record_stood(ports: Ports) -> None:
    person = kept(ports, *whole())
    then = asked(ports, person, "prevent_base", "us", (NOW - timedelta(days=60)).date().isoformat())
    assert not then["answered"]
    assert {one["state"] for one in then["inputs"] if one["key"] in ("tc", "hdl", "sbp")} == {"missing"}


def test_the_region_that_was_chosen_is_used_unless_another_is_named(ports: Ports) -> None:
    person = kept(ports, *whole())
    risks.set_region(ports, COMMAND_LINE, person, "europe_high")
    chosen, other = asked(ports, person, "score2"), asked(ports, person, "score2", "europe_low")
    assert chosen["result"]["cvd_10yr"] > other["result"]["cvd_10yr"]
    assert (chosen["region"], other["region"]) == ("europe_high", "europe_low")


def test_what_is_wrong_with_the_question_is_said(ports: Ports) -> None:
    person = kept(ports, *whole())
    for equation, region, day in (("nothing_like_it", "", None), ("score2", "mars", None), ("score2", "", "yesterday")):
        with pytest.raises(BadInput):
            asked(ports, person, equation, region, day)
    with pytest.raises(NotFound):
        asked(ports, "nobody", "score2")


def test_every_equation_can_be_asked_of_a_person(ports: Ports) -> None:
    person = kept(ports, *whole())
    for key in EQUATIONS:
        found = asked(ports, person, key, "us")
        assert found["answered"] == any(value is not None for value in found["result"].values()), key
        assert found["answered"] or found["declined"], key


def test_the_command_itself_answers_in_json(tmp_path: Path) -> None:
    house = House(tmp_path / "home")
    path = tmp_path / "visit.json"
    path.write_bytes(bundle(*whole()))
    person = house.json("import", path, "--new")["person_ids"][0]
    found = house.json("risk", "prevent", "--person", person, "--as-of", NOW.date().isoformat(), "--region", "us")
    assert found["answered"]
    assert 0 < found["result"]["total_cvd_10yr"] < 0.1
