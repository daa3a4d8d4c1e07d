"""This is the place where a whole pull is tried: what comes, in which order, and what the report says of it."""

from __future__ import annotations

import pytest

from core.errors import BadInput, Cancelled, HealthboardError, SourceRefused
from core.sources.fhir.client_http import Limits
from tests.fhir_client.given import BASE, FakeServer, Plain, answer, in_turn, observation, page, patient, statement


def names(found) -> list[str]:
    return [f"{each.resource['resourceType']}/{each.resource['id']}" for each in found if each.resource]


def test_the_patient_comes_first_then_each_kind_by_search():
    server = FakeServer({"Observation": page(observation(1)), "Condition": page({"resourceType": "Condition", "id": "c"})})
    pull = server.pull()
    assert names(pull) == ["Patient/1", "Condition/c", "Observation/o1"]
    report = pull.report
    assert report.complete and report.problems == ()
    assert (report.fhir_version, report.everything, report.records, report.origin) == ("4.0.1", False, 3, BASE)


def test_kinds_the_server_does_not_list_are_not_asked_for():
    server = FakeServer(capability=statement("Patient", "Condition"))
    list(server.pull())
    assert server.asked("Condition") and not server.asked("Observation")


def test_everything_is_used_where_it_is_offered():
    server = FakeServer({"Patient/1/$everything": page(patient(), observation(1))}, statement(everything=True))
    pull = server.pull()
    assert names(pull) == ["Patient/1", "Observation/o1"]
    assert pull.report.everything and not server.asked("Observation") and not server.asked("Patient/1")


@pytest.mark.parametrize("status", [400, 404, 405, 500, 501])
def test_a_server_whose_everything_does_not_work_is_searched_instead(status):
    paths = {"Patient/1/$everything": Plain, "Observation": page(observation(1))}
    paths["Patient/1/$everything"] = in_turn(Plain({}, status))
    pull = FakeServer(paths, statement(*("Patient", "Observation"), everything=True)).pull()
    assert names(pull) == ["Patient/1", "Observation/o1"]
    assert pull.report.complete and pull.report.problem_codes == ("everything_not_usable",)


def test_everything_without_the_patient_is_completed_by_reading_the_patient():
    server = FakeServer({"Patient/1/$everything": page(observation(1))}, statement(everything=True))
    assert names(server.pull()) == ["Observation/o1", "Patient/1"]


def test_a_bare_id_is_tried_where_a_typed_reference_finds_nothing_and_is_kept_for_the_other_kinds():
    def by_bare_id(request):
        return page(observation(1)) if request.url.params["patient"] == "1" else page()

    server = FakeServer({"Condition": by_bare_id, "Observation": by_bare_id, "MedicationRequest": by_bare_id})
    assert len(list(server.pull())) == 4
    assert [request.url.params["patient"] for request in server.asked("Condition")] == ["Patient/1", "1"]
    assert [request.url.params["patient"] for request in server.asked("Observation")] == ["1"]


def test_coverage_is_asked_for_by_the_parameter_the_server_lists():
    server = FakeServer({"Coverage": page({"resourceType": "Coverage", "id": "k"})}, statement("Coverage", params=("beneficiary",)))
    list(server.pull())
    assert server.asked("Coverage")[0].url.params["beneficiary"] == "Patient/1"


def test_a_kind_that_cannot_be_searched_by_patient_is_noted_and_never_asked_for_whole():
    server = FakeServer(capability=statement("Device", params=("identifier",)))
    pull = server.pull()
    list(pull)
    assert pull.report.problem_codes == ("kind_not_offered",) and not server.asked("Device")


def test_a_server_that_insists_on_a_category_is_asked_category_by_category():
    def strict(request):
        category = request.url.params.get("category")
        if category is None:
            return answer({"resourceType": "OperationOutcome"}, 400)
        return page(observation(1), observation(2)) if category == "laboratory" else page(observation(1))

    pull = FakeServer({"Observation": strict}, statement("Observation")).pull()
    assert names(pull) == ["Patient/1", "Observation/o1", "Observation/o2"]
    assert pull.report.complete and pull.report.problem_codes == ("asked_by_category",)


def test_another_patients_record_is_passed_on_with_its_place_and_judged_elsewhere():
    server = FakeServer({"Observation": page(observation(1), observation(2, who="2"))})
    stranger = list(server.pull())[-1]
    assert stranger.path == "Observation.page[1].entry[1]"
    assert stranger.resource["subject"] == {"reference": "Patient/2"}
    assert stranger.full_url == f"{BASE}/Observation/o2"


def test_the_json_of_a_record_is_kept_exactly_as_it_was_sent():
    body = b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation", "id":"x",  "valueQuantity":{"value":72.10}}}]}'
    server = FakeServer({"Observation": answer(body)}, statement("Observation"))
    assert list(server.pull())[-1].raw == b'{"resourceType":"Observation", "id":"x",  "valueQuantity":{"value":72.10}}'


def test_practitioners_that_records_refer_to_are_read_one_by_one_and_theirs_too():
    paths = {
        "Observation": page(
            observation(1, performer=[{"reference": "Practitioner/p"}, {"reference": f"{BASE}/Organization/g/_history/2"}])
        ),
        "Practitioner/p": {"resourceType": "Practitioner", "id": "p"},
        "Organization/g": {"resourceType": "Organization", "id": "g", "partOf": {"reference": "Organization/h"}},
        "Organization/h": {"resourceType": "Organization", "id": "h", "partOf": {"reference": "Organization/g"}},
    }
    pull = FakeServer(paths).pull()
    assert names(pull)[2:] == ["Practitioner/p", "Organization/g", "Organization/h"]
    assert pull.report.complete and pull.report.not_followed == ()


def test_what_a_record_refers_to_and_cannot_be_had_is_not_followed_and_the_pull_is_complete():
    foreign = "https://elsewhere.example/fhir/Practitioner/z"
    server = FakeServer({"Observation": page(observation(1, performer=[{"reference": "Practitioner/p"}, {"reference": foreign}]))})
    pull = server.pull()
    missed = [(each.path, each.problem, each.kind) for each in pull if each.problem]
    assert missed == [
        ("read[Practitioner/p]", "not_followed", "Practitioner"),
        (f"read[{foreign}]", "not_followed", "Practitioner"),
    ]
    assert pull.report.complete and pull.report.not_followed == ("Practitioner/p", foreign)
    assert all(request.url.host == "records.example" for request in server.requests)


def test_a_reference_that_the_server_fails_to_answer_makes_the_pull_incomplete():
    paths = {
        "Observation": page(observation(1, performer=[{"reference": "Practitioner/p"}])),
        "Practitioner/p": in_turn(Plain({}, 500)),
    }
    pull = FakeServer(paths).pull()
    list(pull)
    assert not pull.report.complete and "reference_unreachable" in pull.report.problem_codes


def test_references_are_followed_up_to_a_limit_that_is_said():
    performers = [{"reference": f"Practitioner/{number}"} for number in range(9)]
    server = FakeServer({"Observation": page(observation(1, performer=performers))})
    pull = server.pull(limits=Limits(references=4))
    list(pull)
    assert len(pull.report.not_followed) == 4 and "too_many_references" in pull.report.problem_codes


def test_since_asks_only_for_what_changed_with_an_overlap():
    server = FakeServer()
    list(server.pull(since="2026-11-20T10:00:00+02:00"))
    assert server.asked("Observation")[0].url.params["_lastUpdated"] == "ge2026-11-20T07:58:00Z"
    offering = FakeServer({"Patient/1/$everything": page(patient())}, statement(everything=True))
    list(offering.pull(since="2026-11-20T10:00:00Z"))
    assert offering.asked("Patient/1/$everything")[0].url.params["_since"] == "2026-11-20T09:58:00Z"


def test_a_server_that_will_not_take_last_updated_is_asked_for_everything():
    def refusing(request):
        return answer({}, 400) if "_lastUpdated" in request.url.params else page(observation(1))

    pull = FakeServer({"Observation": refusing}, statement("Observation")).pull(since="2026-11-20T10:00:00Z")
    assert names(pull) == ["Patient/1", "Observation/o1"]
    assert pull.report.complete and pull.report.problem_codes == ("since_not_supported",)


def test_the_next_since_is_the_servers_own_time_of_the_beginning():
    later = answer(page(observation(1)), date="Sat, 21 Nov 2026 10:00:00 GMT")
    pull = FakeServer({"Observation": later}).pull()
    assert pull.report.next_since == ""
    list(pull)
    assert pull.report.next_since == "2026-11-21T09:00:00Z"


def test_an_incomplete_pull_gives_no_next_since():
    pull = FakeServer({"Observation": answer(b"<html>", content_type="text/html")}).pull()
    list(pull)
    assert not pull.report.complete and pull.report.next_since == ""


@pytest.mark.parametrize(
    "since", ["yesterday", "2026-11-20", "2026-11-20T10:00:00", "0001-01-01T00:00:00+14:00", "2026-13-01T00:00:00Z"]
)
def test_a_since_that_is_no_instant_is_refused(since):
    with pytest.raises(BadInput) as refused:
        FakeServer().pull(since=since)
    assert refused.value.code == "bad_since"


@pytest.mark.parametrize("version", ["4.0.1", "4.3.0", "5.0.0", "3.0.2"])
def test_the_releases_we_read_are_accepted_and_reported(version):
    pull = FakeServer(capability=statement(version=version)).pull()
    list(pull)
    assert pull.report.fhir_version == version


@pytest.mark.parametrize("version", ["1.0.2", "6.0.0-ballot1", "", None, 4, "4.0.1; DROP"])
def test_other_releases_are_refused_before_anything_is_asked(version):
    server = FakeServer(capability=statement(version=version))
    with pytest.raises(SourceRefused) as refused:
        list(server.pull())
    assert refused.value.code == "version_not_supported" and len(server.requests) == 1


@pytest.mark.parametrize("body", [b"<html></html>", b"[]", b'{"resourceType":"Conformance"}', b"null"])
def test_a_website_is_no_fhir_server(body):
    with pytest.raises(HealthboardError) as refused:
        list(FakeServer(capability=lambda _: answer(body)).pull())
    assert refused.value.code in ("no_capability_statement", "server_unreadable")


def test_an_unknown_patient_is_refused():
    with pytest.raises(SourceRefused) as refused:
        list(FakeServer({"Patient/1": answer({}, 404)}).pull())
    assert refused.value.code == "patient_not_found"


@pytest.mark.parametrize("place", ["metadata", "Patient/1"])
@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_said_so_and_not_tried_again(place, status):
    server = FakeServer({place: in_turn(Plain({}, status))})
    with pytest.raises(SourceRefused) as refused:
        list(server.pull())
    assert refused.value.code == "token_refused" and len(server.asked(place)) == 1
    assert "s3cret" not in str(refused.value)


def test_a_token_that_expires_midway_ends_the_pull():
    with pytest.raises(SourceRefused):
        list(FakeServer({"Observation": answer({}, 401)}).pull())


def test_a_kind_the_token_may_not_see_leaves_the_pull_incomplete_and_the_rest_comes():
    pull = FakeServer({"Condition": in_turn(Plain({}, 403)), "Observation": page(observation(1))}).pull()
    assert names(pull) == ["Patient/1", "Observation/o1"]
    assert not pull.report.complete and pull.report.problem_codes == ("kind_refused",)


def test_cancelling_stops_between_pages():
    asked = []
    server = FakeServer({"Observation": lambda _: page(observation(len(asked)), following=f"{BASE}/Observation?page={len(asked)}")})
    pull = server.pull(should_stop=lambda: len(asked) > 2)
    with pytest.raises(Cancelled):
        for each in pull:
            asked.append(each)
    assert len(asked) == 3 and not pull.report.complete


def test_progress_tells_records_and_the_total_where_it_is_known():
    told = []
    body = page(patient(), observation(1), observation(2), total=3)
    server = FakeServer({"Patient/1/$everything": body}, statement(everything=True))
    list(server.pull(on_progress=lambda done, total: told.append((done, total))))
    assert told[0] == (3, 3) and told[-1] == (3, 3)


@pytest.mark.parametrize("patient_id", ["", "a/b", "../metadata", "1?x=y", "1#", "Observation/1", "1 2", "é"])
def test_a_patient_id_cannot_reach_another_place(patient_id):
    from core.sources.fhir.client_address import patient_id_of

    with pytest.raises(BadInput):
        patient_id_of(patient_id)


def test_a_typed_patient_id_is_the_same_as_a_bare_one():
    from core.sources.fhir.client_address import patient_id_of

    assert patient_id_of(" Patient/a-1.b ") == patient_id_of("a-1.b") == "a-1.b"
