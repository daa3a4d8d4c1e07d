"""Groups that are there are found, also where much isn't known; groups that aren't there are not shown as such."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.panel import degrees, medoids
from core.panel.cohorts import FEATURES, PEOPLE_LEAST, cohorts, features_of, rand_index
from core.panel.terms import LEAST, Row
from tests.panel.given import alike, people


def test_two_kinds_of_people_are_found_and_found_again() -> None:
    found = cohorts(people(160))
    assert found.why == ""
    assert [one.size for one in found.groups] == [80, 80]
    assert all(one.says == "stable" and one.jaccard > 0.9 for one in found.groups)
    assert found.agreement is not None and found.agreement > 0.9
    told = {(trait.feature, trait.says) for trait in found.groups[0].traits}
    assert told in (
        {("bmi", "lower"), ("hba1c", "lower"), ("diabetes", "fewer"), ("hypertension", "fewer")},
        {("bmi", "higher"), ("hba1c", "higher"), ("diabetes", "more"), ("hypertension", "more")},
    )
    truth = [{int(one[1:]) % 2 for one in group.people} for group in found.groups]
    assert sorted(map(sorted, truth)) == [[0], [1]]


def test_the_order_of_people_does_not_matter() -> None:
    rows = people(90)
    assert cohorts(rows) == cohorts(rows[::-1])


def test_people_without_groups_are_not_cut_into_stable_ones() -> None:
    for seed in (1, 2, 3):
        found = cohorts(alike(150, seed))
        assert found.why == "no_groups" or not any(one.says == "stable" for one in found.groups)


def test_a_slope_is_not_cut_into_groups() -> None:
    """People between young and well and old and ill, every step of the way: cut in the same place each time, and still no groups."""
    for seed in (1, 2):
        rng = np.random.default_rng(seed)
        rows = []
        for at in range(200):
            share = rng.random()
            numbers = {
                "sbp": 112 + 45 * share + rng.normal(0, 6),
                "hba1c": 5.2 + 3 * share + rng.normal(0, 0.3),
                "bmi": 22 + 9 * share + rng.normal(0, 2),
            }
            said = {one: "yes" if rng.random() < share else "no" for one in ("diabetes", "hypertension")}
            rows.append(
                Row(
                    f"p{at:03d}",
                    int(30 + 50 * share),
                    "female",
                    conditions=said,
                    numbers={key: float(one) for key, one in numbers.items()},
                )
            )
        found = cohorts(rows)
        assert (found.why, found.groups) == ("no_groups", ())
        assert found.silhouette is not None and found.silhouette > 0.3, "by itself it looks like groups"


def test_people_of_one_cloud_have_the_same_levels_and_gaps() -> None:
    table = features_of(people(120))[:, :4]
    drawn = degrees.doubles(np.random.default_rng(1), np.tile(table, (30, 1)), np.zeros(4, dtype=bool))
    assert np.array_equal(np.isfinite(drawn), np.isfinite(np.tile(table, (30, 1))))
    assert np.nanmean(drawn, axis=0) == pytest.approx(np.nanmean(table, axis=0), rel=0.03)
    assert np.nanstd(drawn, axis=0) == pytest.approx(np.nanstd(table, axis=0), rel=0.1)
    assert not np.isin(drawn[np.isfinite(drawn)], table[np.isfinite(table)]).any()


def test_too_few_people_and_too_little_known() -> None:
    assert cohorts(people(PEOPLE_LEAST - 1)).why == "too_few_people"
    assert cohorts([]).why == "too_few_people"
    rows = [*people(80), *(Row(f"q{at}", 60) for at in range(30))]
    found = cohorts(rows)
    assert (found.compared, found.left_out) == (80, 30)
    assert not {one for group in found.groups for one in group.people} & {f"q{at}" for at in range(30)}


def test_a_small_group_is_told_of_without_traits() -> None:
    rare = [
        replace(row, person_id=f"z{at}", numbers={"sbp": 230.0, "hba1c": 14.0, "bmi": 55.0}, age=95)
        for at, row in enumerate(people(LEAST - 4))
    ]
    found = cohorts([*people(120), *rare])
    assert all(one.traits == () and one.people == () for one in found.groups if one.size < LEAST)
    assert sum(one.size for one in found.groups) == 126


def test_nothing_is_filled_in() -> None:
    table = features_of([Row("a"), Row("b", 50, conditions={"diabetes": "unknown", "hypertension": "no"}, doses=(10, 0, 0))])
    assert np.isnan(table[0]).all()
    assert {FEATURES[at] for at in np.flatnonzero(np.isfinite(table[1]))} == {"age", "hypertension"}, (
        "nothing logged is not nought per cent"
    )


def test_distances_rest_on_what_is_known_of_both() -> None:
    table = np.array([[0.0, np.nan, 1.0], [1.0, 5.0, np.nan], [np.nan, np.nan, np.nan], [0.0, 5.0, 1.0]])
    apart = medoids.distances(table, table, np.array([1.0, 0.0, 1.0]))
    assert apart[0, 1] == pytest.approx(1.0)
    assert apart[0, 3] == 0.0
    assert apart[0, 2] == 1.0
    assert np.array_equal(apart, apart.T)


def test_medoids_are_as_good_as_trying_everything() -> None:
    rng = np.random.default_rng(5)
    for _ in range(5):
        points = rng.normal(size=(14, 2)) + rng.choice([0, 4], size=(14, 1))
        apart = np.abs(points[:, None] - points[None]).sum(axis=2).astype(np.float32)
        best = min(apart[:, [one, other]].min(axis=1).sum() for one in range(14) for other in range(one))
        found = medoids.medoids(apart, 2)
        assert apart[:, found].min(axis=1).sum() <= best * 1.05


def test_agreement_of_groupings() -> None:
    one = np.array([0, 0, 1, 1, 2, 2])
    assert rand_index(one, np.array([2, 2, 0, 0, 1, 1])) == pytest.approx(1.0)
    rng = np.random.default_rng(1)
    assert abs(rand_index(rng.integers(0, 3, 3000), rng.integers(0, 3, 3000))) < 0.02
