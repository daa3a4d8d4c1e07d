"""Rules against people, as a table of examples and as promises that hold for any facts."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.advice.engine import advise, judged
from core.advice.known import HOW
from core.advice.saying import read, written
from core.advice.table import ADVICE, AdviceSheet, Cond, Done, made
from core.advice.terms import ASIDE, LACKING, REASONS, Fact, Said, Severity
from core.errors import BadInput
from core.medications.tables import load
from core.rules import FOLDER, ShippedTables
from tests.advice.given import AT, facts, golden, table

TABLE = table()
GOLDEN = golden()


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['rule']}:{row['facts']}")
def test_the_golden_table(row: dict[str, str]) -> None:
    found = judged(TABLE.by_id[row["rule"]], TABLE, facts(row["facts"]), AT.date())
    assert (found.state, found.why) == (row["state"], row["why"])


def test_the_golden_table_has_every_rule_firing_not_firing_and_asking() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for row in GOLDEN:
        seen[row["rule"]].add(row["state"])
    assert {rule: states for rule, states in seen.items() if states != {"card", "not_for", "needs"}} == {}
    assert set(seen) == set(TABLE.by_id)


def test_the_withdrawn_and_patched_recommendations_are_not_the_old_ones() -> None:
    assert not any(row.topic == "aspirin" and row.for_patients for row in TABLE.rows)
    assert TABLE.by_id["aspirin_not_started"].grade == "D"
    ages = {key: TABLE.by_id[key].ages for key in ("breast", "colorectal_45", "colorectal_50", "lung", "diabetes_screen", "osteoporosis_65")}
    assert ages == {"breast": (40, 74), "colorectal_45": (45, 49), "colorectal_50": (50, 75), "lung": (50, 80), "diabetes_screen": (35, 70), "osteoporosis_65": (65, 130)}


def test_what_is_from_memory_or_a_digest_is_never_for_patients() -> None:
    assert [row.id for row in TABLE.rows if row.status in ("memory", "digest") and row.for_patients] == []
    assert {row.id for row in TABLE.rows if row.status in ("memory", "digest")} >= {"diabetes_screen", "anxiety", "hbv", "lipid_therapy_talk", "vaccine_pneumo"}


def test_on_the_day_before_a_birthday_somebody_is_not_yet_of_that_age() -> None:
    near = judged(TABLE.by_id["breast"], TABLE, facts("age=39.9973 sex=0 breast_cancer=0"), AT.date())
    assert (near.state, near.why) == ("not_for", "age")
    last = judged(TABLE.by_id["breast"], TABLE, facts("age=74.9973 sex=0 breast_cancer=0"), AT.date())
    assert last.state == "card"


def test_somebody_who_died_gets_no_advice() -> None:
    found = advise(facts("age=50 sbp_now=200@0 dbp_now=130@0"), TABLE, AT, deceased=True)
    assert found.deceased and found.all == ()


def test_a_rule_past_its_day_is_unavailable_and_never_silently_gone() -> None:
    after = datetime(2031, 1, 1, tzinfo=UTC)
    found = advise(facts("age=50 sbp_now=200@0 dbp_now=130@0"), TABLE, after)
    assert len(found.unavailable) == len(TABLE.rows)
    assert {one.why for one in found.unavailable} == {"expired"}
    last = date.fromisoformat(TABLE.by_id["hcv"].expires)
    assert judged(TABLE.by_id["hcv"], TABLE, facts("age=50"), last).state == "card"
    assert judged(TABLE.by_id["hcv"], TABLE, facts("age=50"), last + timedelta(days=1)).state == "unavailable"


@pytest.mark.parametrize("damage", ["absent", "cut", "changed"])
def test_a_damaged_table_has_a_fault_and_no_rules(tmp_path, damage: str) -> None:  # type: ignore[no-untyped-def]
    content = (FOLDER / "advice.json").read_bytes()
    (tmp_path / "manifest.json").write_bytes((FOLDER / "manifest.json").read_bytes())
    if damage != "absent":
        (tmp_path / "advice.json").write_bytes(content[:-9] if damage == "cut" else content.replace(b'"value": 30', b'"value": 31', 1))
    found = load(ShippedTables(tmp_path).read, (ADVICE,))
    assert not found.has(ADVICE)
    assert found.states[0].fault == ("missing" if damage == "absent" else "corrupt")


def _sheet() -> AdviceSheet:
    return msgspec.json.decode((FOLDER / "advice.json").read_bytes(), type=AdviceSheet)


@pytest.mark.parametrize(
    "change",
    [
        {"when": ((Cond("no_such_fact", "is", 1),),)}, {"when": ((),)}, {"ages": (60, 50)}, {"expires": "soon"}, {"source": ""}, {"done": (Done("hba1c", -1),)},
        {"severity": 4, "quiet": 30},
    ],
)  # fmt: skip
def test_a_rule_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    sheet = _sheet()
    row = msgspec.structs.replace(sheet.rows[20], **change)
    with pytest.raises(ValueError):
        made(msgspec.structs.replace(sheet, rows=(*sheet.rows[:20], row, *sheet.rows[21:])))
    with pytest.raises(ValueError):
        made(msgspec.structs.replace(sheet, rows=(*sheet.rows, sheet.rows[0])))


def test_of_two_rules_on_one_topic_the_graver_speaks_and_says_so() -> None:
    found = advise(facts("age=50 potassium=6.7@1"), TABLE, AT)
    assert [one.rule for one in found.cards if one.rule.startswith("potassium")] == ["potassium_very_high"]
    loser = next(one for one in found.not_for if one.rule == "potassium_high")
    assert (loser.why, loser.instead) == ("another_speaks", ("potassium_very_high",))
    assert next(one for one in found.cards if one.rule == "potassium_very_high").instead == ("potassium_high",)


def test_where_one_lives_decides_between_two_rule_sets() -> None:
    base = "age=36 sex=0 breast_cancer=0 "
    for region, cards in (("region_china=1", {"breast_cn"}), ("region_china=0", set()), ("", set())):
        found = advise(facts(base + region), TABLE, AT)
        assert {one.rule for one in found.cards if one.rule.startswith("breast")} == cards
    unknown = advise(facts(base), TABLE, AT)
    assert [one.key for one in next(x for x in unknown.needs if x.rule == "breast_cn").lacks] == ["region_china"]


def test_a_card_says_how_sure_it_is() -> None:
    row = TABLE.by_id["weight_us"]
    base = facts("age=40 bmi=31@5 pregnant=0")
    assert judged(row, TABLE, base, AT.date()).sure == "recorded"
    typed = {**base, "bmi": dataclasses.replace(base["bmi"], origin="typed")}
    assert judged(row, TABLE, typed, AT.date()).sure == "told"
    assert judged(TABLE.by_id["hcv"], TABLE, facts("age=40"), AT.date()).sure == "no_last"


# ------------------------------------------------------------------------------------------------------------ what people say

ILL = "age=50 sbp_now=200@0 dbp_now=130@0 bmi=31@5 pregnant=0 region_china=0 smoker=1"


@pytest.mark.parametrize("said", ASIDE)
def test_what_is_said_puts_a_card_aside_for_a_while_and_an_urgent_one_never(said: str) -> None:
    answers = [Said(rule, said, AT - timedelta(days=1), "other" if said == "not_for_me" else "", (AT + timedelta(days=5)).date()) for rule in ("weight_us", "bp_very_high")]
    found = advise(facts(ILL), TABLE, AT, answers)
    assert [one.rule for one in found.aside] == ["weight_us"]
    assert found.cards[0].rule == "bp_very_high"
    later = AT + timedelta(days=200)
    assert "weight_us" in {one.rule for one in advise(facts(ILL), TABLE, later, answers).cards}


def test_an_answer_from_the_future_does_not_count_yet() -> None:
    found = advise(facts(ILL), TABLE, AT, [Said("weight_us", "done", AT + timedelta(seconds=1))])
    assert found.aside == ()


def test_answers_move_cards_only_among_those_of_their_severity() -> None:
    liked = [Said("diet_bp", "done", AT - timedelta(days=400)), Said("activity", "done", AT - timedelta(days=400))]
    disliked = [Said("hcv", "not_for_me", AT - timedelta(days=400), "other")]
    known = facts(ILL + " physically_active=0 hypertension=1 colorectal_cancer=0 ibd=0")
    for answers in ([], liked, liked + disliked):
        found = advise(known, TABLE, AT, answers)
        assert [one.severity for one in found.cards] == sorted((one.severity for one in found.cards), reverse=True)
    before = [one.rule for one in advise(known, TABLE, AT).cards if one.severity == Severity.GOOD_TO_KNOW]
    after = [one.rule for one in advise(known, TABLE, AT, liked + disliked).cards if one.severity == Severity.GOOD_TO_KNOW]
    assert before.index("hcv") < before.index("activity")
    assert after.index("activity") < after.index("hcv")
    assert set(before) == set(after)


SAID = st.builds(
    Said, st.sampled_from([row.id for row in TABLE.rows]), st.sampled_from(ASIDE), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["", *REASONS]), st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)  # fmt: skip


@given(st.lists(SAID, max_size=6))
def test_what_was_said_is_read_as_it_was_written(said: list[Said]) -> None:
    newest = {one.rule: one for one in sorted(said, key=lambda one: one.at)}
    assert {one.rule: one for one in read(written(said))} == newest


@given(st.binary(max_size=60) | st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["said", "rule", "at", "why", "until"]), inner, max_size=3)).map(lambda one: msgspec.json.encode(one)))
def test_a_damaged_drawer_is_said_to_be_damaged_and_nothing_else(raw: bytes) -> None:
    try:
        read(raw)
    except BadInput as error:
        assert error.code == "drawer_damaged"


# ---------------------------------------------------------------------------------------------------------------- properties

NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.0, 1.0, 18.0, 40.0, 50.0, 64.99, 75.0, 200.0])
FACT = st.builds(
    Fact, st.just(""), st.sampled_from(["used", "used", "used", *LACKING, "odd"]), st.none() | NUMBERS, days=st.none() | st.integers(-5, 5000),
    origin=st.sampled_from(["record", "typed", ""]),
)  # fmt: skip
KNOWN = st.dictionaries(st.sampled_from(sorted(HOW)), FACT, max_size=30).map(lambda found: {key: dataclasses.replace(one, key=key) for key, one in found.items()})


@settings(max_examples=60, deadline=None)
@given(KNOWN, st.lists(SAID, max_size=4))
def test_advice_never_raises_and_loses_no_rule(known: dict[str, Fact], said: list[Said]) -> None:
    found = advise(known, TABLE, AT, said)
    assert sorted(one.rule for one in found.all) == sorted(TABLE.by_id)
    assert all(one.lacks for one in found.needs)
    assert all(one.severity < Severity.URGENT for one in found.aside)
    assert found == advise(dict(reversed(known.items())), TABLE, AT, reversed(said) if len({one.at for one in said}) == len(said) else said)


@settings(max_examples=60, deadline=None)
@given(KNOWN, st.data())
def test_to_know_less_never_turns_a_question_into_a_card(known: dict[str, Fact], data: st.DataObject) -> None:
    if not known:
        return
    gone = data.draw(st.sampled_from(sorted(known)))
    for row in TABLE.rows:
        if gone in {one.fact for one in row.done}:
            continue  # that nothing is on record of what was done is no unknown: the card says so
        before = judged(row, TABLE, known, AT.date())
        after = judged(row, TABLE, {key: one for key, one in known.items() if key != gone}, AT.date())
        assert (before.state, after.state) != ("needs", "card")


@settings(max_examples=40, deadline=None)
@given(KNOWN)
def test_without_an_age_or_a_value_nothing_is_ever_a_card(known: dict[str, Fact]) -> None:
    blank = {key: dataclasses.replace(one, value=None) for key, one in known.items()}
    assert advise(blank, TABLE, AT).cards == ()


# ----------------------------------------------------------------------------------------------------- every row of the table

RULE = pytest.mark.parametrize("rule", [row.id for row in TABLE.rows])
OTHER = {"is": lambda value: 1 - value, "ge": lambda value: value - 1, "gt": lambda value: value, "lt": lambda value: value, "le": lambda value: value + 1}
HELD = {"is": lambda value: value, "ge": lambda value: value, "gt": lambda value: value + 1, "lt": lambda value: value - 1, "le": lambda value: value}


def fitting(rule: str) -> dict[str, Fact]:
    """Somebody for whom it is a card: every condition holds, nothing speaks against it, nothing was done yet."""
    row = TABLE.by_id[rule]
    known = {"age": float(row.ages[0]), "sex": 1.0 if row.sex == "male" else 0.0, "region_china": float(row.region == "china")}
    known |= {one.fact: OTHER[one.op](one.value) for one in row.unless}
    known |= {any_of[0].fact: HELD[any_of[0].op](any_of[0].value) for any_of in row.when}
    return {key: Fact(key, "used", value, days=0, origin="record") for key, value in known.items()}


def told(rule: str, known: dict[str, Fact], **changed: float) -> tuple[str, str]:
    known = known | {key: Fact(key, "used", value, days=0, origin="record") for key, value in changed.items()}
    found = judged(TABLE.by_id[rule], TABLE, known, AT.date())
    return found.state, found.why


@RULE
def test_every_rule_is_for_its_population_and_for_nobody_beside_it(rule: str) -> None:
    row, known = TABLE.by_id[rule], fitting(rule)
    assert told(rule, known) == ("card", "")
    assert told(rule, known, age=row.ages[1] + 0.999) == ("card", "")
    assert told(rule, known, age=row.ages[1] + 1.0) == ("not_for", "age")
    if row.ages[0]:
        assert told(rule, known, age=row.ages[0] - 0.001) == ("not_for", "age")
    if row.sex != "any":
        assert told(rule, known, sex=0.0 if row.sex == "male" else 1.0) == ("not_for", "sex")
    if row.region == "china":
        assert told(rule, known, region_china=0.0) == ("not_for", "region")
    if row.region == "us" and "china" in TABLE.topics[row.topic]:
        assert told(rule, known, region_china=1.0) == ("not_for", "region")


@RULE
def test_every_contraindication_is_heeded_and_asked_for(rule: str) -> None:
    row, known = TABLE.by_id[rule], fitting(rule)
    for one in row.unless:
        assert told(rule, known, **{one.fact: HELD[one.op](one.value)}) == ("not_for", "excluded"), one.fact
        without = {key: fact for key, fact in known.items() if key != one.fact}
        assert told(rule, without) == ("needs", ""), one.fact


@RULE
def test_every_rule_ends_and_says_where_it_comes_from(rule: str) -> None:
    row, known = TABLE.by_id[rule], fitting(rule)
    last, made = date.fromisoformat(row.expires), date.fromisoformat(TABLE.version)
    assert timedelta(days=180) < last - made < timedelta(days=3 * 366)
    assert judged(row, TABLE, known, last).state == "card"
    assert judged(row, TABLE, known, last + timedelta(days=1)).state == "unavailable"
    assert row.source and (row.year == 0 or 2010 <= row.year <= made.year)
    assert row.region != "us" or not row.source.startswith("US Preventive") or (row.grade and row.year)
    assert row.clinician or row.status in ("verified", "house") or not row.for_patients


def test_what_is_asked_in_private_is_never_before_somebody_who_looks_after_them() -> None:
    private = {"ipv", "drug_use", "hiv_prep", "hiv", "chlamydia", "sti_older", "sti_counselling", "syphilis"}
    assert [rule for rule in sorted(private) if TABLE.by_id[rule].for_patients] == []
