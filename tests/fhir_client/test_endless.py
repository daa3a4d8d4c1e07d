"""This is the place where servers never come to an end, or say one thing and send another: every pull ends, and says how."""

from __future__ import annotations

import gzip

from core.sources.fhir.client_http import Limits
from tests.fhir_client.given import BASE, ONE_KIND, FakeServer, answer, in_turn, observation, page, pulled


def test_a_page_that_names_itself_as_the_next_is_read_once():
    def looping(request):
        return page(observation(1), following=str(request.url))

    server, came, report = pulled(looping)
    assert (
        len(came) == 1
        and len(server.asked("Observation")) == 1
        and report.problem_codes == ("paging_loop",)
        and not report.complete
    )


def test_pages_that_go_round_in_a_circle_are_read_once_each():
    def circling(request):
        number = int(request.url.params.get("p", 0))
        return page(observation(number), following=f"{BASE}/Observation?p={(number + 1) % 3 or 1}")

    _, came, report = pulled(circling)
    assert len(came) == 3 and report.problem_codes == ("paging_loop",)


def test_ever_new_pages_with_nothing_new_come_to_an_end():
    def endless(request):
        number = int(request.url.params.get("p", 0))
        return page(observation(1), following=f"{BASE}/Observation?p={number + 1}")

    server, _, report = pulled(endless)
    assert len(server.asked("Observation")) == 11 and report.problem_codes == ("paging_without_end",) and not report.complete


def test_ever_new_pages_with_ever_new_records_come_to_an_end_too():
    def endless(request):
        number = int(request.url.params.get("p", 0))
        return page(observation(number), following=f"{BASE}/Observation?p={number + 1}")

    _, came, report = pulled(endless, limits=Limits(pages=50))
    assert len(came) == 50 and report.problem_codes == ("too_many_pages",) and not report.complete
    _, came, report = pulled(endless, limits=Limits(records=20))
    assert report.problem_codes == ("too_many_records",) and len(came) == 19


def test_fewer_records_than_the_server_counts_are_asked_for_at_once_and_otherwise_said():
    def without_links(request):
        count = int(request.url.params["_count"])
        return page(*(observation(number) for number in range(min(count, 300))), total=300)

    server, came, report = pulled(without_links)
    assert len(came) == 300 and report.complete and len(server.asked("Observation")) == 2
    _, came, report = pulled(in_turn(page(observation(1), total=9)))
    assert len(came) == 1 and not report.complete and report.problem_codes == ("fewer_than_total",)


def test_included_records_do_not_count_as_matches():
    body = page(observation(1), total=2)
    body["entry"].append({"resource": {"resourceType": "Practitioner", "id": "p"}, "search": {"mode": "include"}})
    _, _, report = pulled(in_turn(body))
    assert report.problem_codes == ("fewer_than_total",)


def test_a_page_larger_than_the_limit_is_not_taken():
    huge = page(observation(1, note="x" * 10_000))
    server, came, report = pulled(in_turn(huge), limits=Limits(page_bytes=5_000))
    assert came == [] and report.problem_codes == ("answer_too_large",) and len(server.asked("Observation")) == 1


def test_a_small_page_that_unpacks_to_a_huge_one_is_not_unpacked():
    bomb = gzip.compress(b" " * 50_000_000)
    pull = FakeServer({"Observation": lambda _: answer(bomb, content_encoding="gzip")}, ONE_KIND).pull(
        limits=Limits(page_bytes=1 << 20)
    )
    list(pull)
    assert pull.report.problem_codes == ("answer_too_large",)
    assert pull.report.bytes_read < 4 << 20


def test_all_pages_together_have_a_limit():
    def endless(request):
        number = int(request.url.params.get("p", 0))
        return page(observation(number, note="x" * 1000), following=f"{BASE}/Observation?p={number + 1}")

    _, came, report = pulled(endless, limits=Limits(total_bytes=20_000))
    assert 10 < len(came) < 25 and report.problem_codes == ("too_much_data",) and not report.complete
