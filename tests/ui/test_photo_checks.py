"""This is the place where photos and recordings are sent, looked through and answered on the screens, in both languages, by those who may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.care import photo_checks, reviews
from core.domain.checks import CheckState, Declined, SkinFacts
from core.ports import Ports
from core.ui.words import languages, words
from tests.ui.given_checks import WATCH, Models, photo
from tests.ui.visitor import Visitor

CSV = b"time,value\n0,1\n0.01,2\n"


@pytest.fixture
def models() -> Models:
    return Models()


@pytest.fixture
def ours(own_ports: Ports, models: Models) -> Ports:
    return replace(own_ports, checks=models)


def press(visitor: Visitor, key: str) -> Visitor:
    visitor.app.button(key=key).click().run()
    assert visitor.problems == []
    return visitor


def keys(visitor: Visitor, start: str) -> list[str]:
    return [str(one.key) for one in visitor.app.button if str(one.key).startswith(start)]


def field(visitor: Visitor, kind: str, name: str):  # type: ignore[no-untyped-def]
    """A field of the decision that is open; its key ends with the check's id."""
    return next(one for one in getattr(visitor.app, kind) if str(one.key).startswith(f"decide_{name}_"))


def on(ports: Ports, page: str = "photo_checks", language: str = "en", role: str = "patient") -> Visitor:
    visitor = Visitor(ports).speak(language).sign_in(role).go(page)
    assert visitor.problems == []
    return visitor


def chosen(visitor: Visitor, kind: str = "skin", place: str = "arm.left") -> Visitor:
    """As far as the photo: the kind, and a place from the list."""
    press(visitor, f"start_{kind}")
    if [one for one in visitor.app.radio if one.key == "photo_spot"]:
        visitor.app.radio(key="photo_spot").set_value("new").run()
    visitor.app.selectbox(key="photo_place_front").set_value(place).run()
    assert visitor.problems == []
    return press(visitor, "photo_go_on")


def given(visitor: Visitor, content: bytes) -> Visitor:
    """A photo from a file."""
    visitor.app.segmented_control(key="photo_way").set_value("file").run()
    visitor.app.file_uploader[0].set_value(("spot.jpg", content, "image/jpeg")).run()
    return visitor


def sent(visitor: Visitor, kind: str = "skin", content: bytes = b"") -> Visitor:
    given(chosen(visitor, kind), content or photo())
    assert visitor.problems == []
    press(visitor, "photo_use")
    return press(visitor, "photo_send")


def person_of(ports: Ports, username: str = "demo-margaret") -> str:
    found = ports.store.account_by_username(username)
    assert found
    return found[0].persons[0]


@pytest.mark.parametrize("language", languages())
def test_a_photo_goes_from_the_person_to_the_team_and_the_answer_back(ours: Ports, language: str) -> None:
    t = words(language)
    patient = on(ours, language=language)
    given(chosen(patient), photo())
    assert t("photo.good") in patient.text
    press(patient, "photo_use")
    patient.app.segmented_control(key="ask_symptom_itch").set_value("yes").run()
    patient.app.radio(key="photo_skin_type").set_value(2).run()
    patient.app.text_area(key="photo_note").set_value("since May").run()
    press(patient, "photo_send")
    assert t("photo.sent") in patient.text
    assert t("check_says.show_soon") in patient.text
    assert t("photo.limits.skin") in patient.text
    clinician = on(ours, "reviews", language, "coordinator")
    mine = next(key for key in keys(clinician, "review_open_"))
    assert t("review.rank.show_soon") in clinician.text
    press(clinician, mine)
    assert t("skin_class.bcc") in clinician.text
    assert "since May" in clinician.text
    assert t("symptom.itch") in clinician.text
    field(clinician, "text_area", "words").set_value("Please come by.").run()
    press(clinician, keys(clinician, "decide_save_")[0])
    patient.go("today")
    assert t("photo.answer_confirmed") in patient.text
    assert "Please come by." in patient.text
    press(patient, next(key for key in keys(patient, "answer_read_")))
    patient.go("today")
    assert "Please come by." not in patient.text


def test_a_person_never_reads_a_class_or_a_probability(ours: Ports) -> None:
    patient, t = sent(on(ours)), words("en")
    press(patient, "photo_done")
    press(patient, keys(patient, "spot_open_")[0])
    shown = patient.markup.casefold()
    assert [code for code in ("ack", "bcc", "mel", "nev", "scc", "sek") if t(f"skin_class.{code}").casefold() in shown] == []
    assert "80" not in patient.text.partition(t("photo.history"))[2]


def test_a_poor_photo_is_refused_with_what_to_do_and_can_be_taken_again_or_sent_anyway(ours: Ports) -> None:
    t = words("en")
    patient = given(chosen(on(ours)), photo(20))
    for code in ("too_dark", "blurred"):
        assert t("quality." + code) in patient.text
        assert t("quality_do." + code) in patient.text
    press(patient, "photo_again")
    assert t("photo.how_light") in patient.text
    given(patient, photo(20))
    press(patient, "photo_use")
    press(patient, "photo_send")
    assert t("check_declined.poor_quality") in patient.text
    (check,) = _own(ours)
    assert check.result.quality.reasons == ("too_dark", "blurred")


def test_a_file_that_is_no_photo_is_refused_in_place_and_another_can_be_chosen(ours: Ports) -> None:
    patient = given(chosen(on(ours)), b"no photo")
    assert patient.problems == []
    assert keys(patient, "photo_again")
    press(patient, "photo_again")
    given(patient, photo())
    assert words("en")("photo.good") in patient.text


@pytest.mark.parametrize(("answer", "says"), [(None, "check_declined.model_unavailable"), (Declined("uncertain"), "check_declined.uncertain"), (WATCH, "check_says.keep_watching")])
def test_what_the_check_says_or_why_it_says_nothing_is_said_in_words(ours: Ports, models: Models, answer: object, says: str) -> None:
    models.skin = answer  # type: ignore[assignment]
    assert words("en")(says) in sent(on(ours)).text


def test_a_wound_shows_its_size_and_two_photos_side_by_side(ours: Ports) -> None:
    t, patient = words("en"), on(ours, role="patient")
    press(sent(patient, "wound", photo(150)), "photo_done")
    again = next(key for key in keys(patient, "spot_new_"))
    given(press(patient, again), photo(170))
    press(press(patient, "photo_use"), "photo_send")
    assert t("photo.area_cm2", area="3.4") in patient.text
    assert t("photo.research") in patient.text
    press(patient, "photo_done")
    press(patient, keys(patient, "spot_open_")[0])
    assert t("photo.compare") in patient.text
    assert patient.markup.count("data:image/jpeg;base64") >= 2
    assert t("photo.size_too_few") in patient.text


def test_a_coin_beside_a_wound_is_named_when_the_photo_is_sent(ours: Ports, models: Models) -> None:
    patient = given(chosen(on(ours), "wound"), photo(150))
    press(patient, "photo_use")
    patient.app.selectbox(key="photo_beside").set_value("cny_1_2019").run()
    press(patient, "photo_send")
    press(patient, "photo_done")
    again = given(press(patient, next(key for key in keys(patient, "spot_new_"))), photo(170))
    press(press(again, "photo_use"), "photo_send")
    assert models.coins == ["cny_1_2019", ""], "the next photo starts without one"


def test_the_second_photo_is_laid_on_the_first_when_that_is_asked_for_and_the_page_says_which(ours: Ports, models: Models) -> None:
    t, patient = words("en"), on(ours)
    press(sent(patient, "wound", photo(150)), "photo_done")
    given(press(patient, next(key for key in keys(patient, "spot_new_"))), photo(170))
    press(press(press(patient, "photo_use"), "photo_send"), "photo_done")
    press(patient, keys(patient, "spot_open_")[0])
    assert models.laid == 0
    assert t("photo.as_it_came") in patient.text
    before = patient.markup
    for _ in range(2):
        patient.app.toggle(key="side_laid").set_value(True).run()
        assert patient.problems == []
        assert t("photo.laid") in patient.text
        patient.app.toggle(key="side_laid").set_value(False).run()
    assert models.laid == 1, "made once for a session"
    assert patient.markup == before
    patient.app.selectbox(key="side_second").set_value(patient.app.selectbox(key="side_first").value).run()
    assert not [one for one in patient.app.toggle if one.key == "side_laid"], "a photo beside itself has nothing to lay"


def test_where_two_photos_cannot_be_laid_on_each_other_it_is_said_and_both_are_shown(ours: Ports, models: Models) -> None:
    models.lays = False
    t, patient = words("en"), on(ours)
    press(sent(patient, "wound", photo(150)), "photo_done")
    given(press(patient, next(key for key in keys(patient, "spot_new_"))), photo(170))
    press(press(press(patient, "photo_use"), "photo_send"), "photo_done")
    press(patient, keys(patient, "spot_open_")[0])
    shown = patient.markup.count("data:image/jpeg;base64")
    patient.app.toggle(key="side_laid").set_value(True).run()
    assert t("photo.not_laid") in patient.text
    assert patient.markup.count("data:image/jpeg;base64") == shown


def test_a_photo_is_taken_back_while_nobody_has_answered(ours: Ports) -> None:
    patient = press(sent(on(ours)), "photo_done")
    press(patient, keys(patient, "spot_open_")[0])
    press(patient, keys(patient, "check_withdraw_")[0])
    assert [one.state for one in _own(ours)] == [CheckState.WITHDRAWN]


def test_another_photo_is_asked_for_with_its_reason_and_answers_the_first(ours: Ports) -> None:
    t = words("en")
    patient = press(sent(on(ours)), "photo_done")
    clinician = on(ours, "reviews", role="coordinator")
    press(clinician, keys(clinician, "review_open_")[0])
    field(clinician, "segmented_control", "doing").set_value("retake").run()
    assert field(clinician, "button", "save").disabled
    field(clinician, "selectbox", "retake").set_value("blurred").run()
    press(clinician, keys(clinician, "decide_save_")[0])
    patient.go("photo_checks")
    assert t("retake.blurred") in patient.text
    given(press(patient, keys(patient, "spot_new_")[0]), photo(140))
    press(press(patient, "photo_use"), "photo_send")
    assert {one.state for one in _own(ours)} == {CheckState.RETAKEN, CheckState.WAITING_REVIEW}


def test_an_overruling_needs_a_reason_and_goes_on_to_the_next(ours: Ports) -> None:
    patient = press(sent(on(ours)), "photo_done")
    sent(patient, content=photo(150))
    clinician = on(ours, "reviews", role="coordinator")
    before = len(keys(clinician, "review_open_"))
    press(clinician, keys(clinician, "review_open_")[0])
    field(clinician, "segmented_control", "doing").set_value("overrule").run()
    assert field(clinician, "button", "save").disabled
    field(clinician, "selectbox", "overrule").set_value("less_serious").run()
    field(clinician, "selectbox", "label").set_value("NEV").run()
    field(clinician, "selectbox", "ready").set_value("harmless").run()
    words_key = str(field(clinician, "text_area", "words").key)
    press(clinician, keys(clinician, "decide_save_")[0])
    assert field(clinician, "text_area", "words").value == ""
    assert str(field(clinician, "text_area", "words").key) != words_key  # a browser keeps what was typed under a key: the next one has its own
    press(clinician, "review_back")
    assert len(keys(clinician, "review_open_")) == before - 1
    (overruled,) = [one for one in _own(ours) if one.state is CheckState.OVERRULED]
    assert (overruled.steps[-1].reason, overruled.steps[-1].label) == ("less_serious", "NEV")
    assert overruled.steps[-1].text == words("en")("review_say.skin.harmless")


def test_a_colleague_who_was_faster_is_said_and_what_was_typed_stays(ours: Ports) -> None:
    sent(on(ours))
    clinician = on(ours, "reviews", role="coordinator")
    press(clinician, keys(clinician, "review_open_")[0])
    field(clinician, "text_area", "words").set_value("My words").run()
    (check,) = _own(ours)
    photo_checks.withdraw(ours, _system(), check.person_id, check.check_id)
    field(clinician, "button", "save").click().run()
    assert words("en")("error.check_moved") in clinician.text


def test_a_recording_is_answered_with_an_ecg_and_never_with_more(ours: Ports) -> None:
    t, patient = words("en"), on(ours, "pulse_checks")
    patient.app.file_uploader[0].set_value(("pulse.csv", CSV, "text/csv")).run()
    press(patient, "pulse_go")
    assert t("pulse.irregular") in patient.text
    assert t("check_says.possible_irregular") in patient.text
    assert t("rhythm_class.af") not in patient.text
    assert t("photo.research") in patient.text
    press(patient, "pulse_done")
    patient.app.file_uploader[0].set_value(("pulse.npz", CSV, "application/zip")).run()
    press(patient, "pulse_go")
    assert keys(patient, "pulse_go")


def test_who_cares_for_a_person_sends_for_them_and_a_coordinator_only_looks(ours: Ports) -> None:
    carer = sent(on(ours, role="caregiver"))
    assert words("en")("photo.sent") in carer.text
    clinician = Visitor(ours).sign_in("coordinator")
    check = reviews.queue(ours, _system())[0].check
    press(clinician.go("people"), f"see_{check.person_id}")
    clinician.go("photo_checks")
    assert not keys(clinician, "start_")
    press(clinician, keys(clinician, "spot_open_")[0])
    press(clinician, f"check_review_{check.check_id}")
    assert words("en")("review.decide") in clinician.text


def test_a_switched_off_model_is_said_and_an_administrator_switches_it(ours: Ports) -> None:
    t = words("en")
    ours.store.switch_model("skin", False, _event(ours))
    patient = press(on(ours), "start_skin")
    assert t("check_declined.switched_off") in patient.text
    administrator = on(ours, "models", role="administrator")
    assert t("models.off") in administrator.text
    press(administrator, "model_switch_skin")
    assert ours.store.model_switches()["skin"] is True
    clinician = on(ours, "models", role="coordinator")
    assert not keys(clinician, "model_switch_")


@pytest.mark.parametrize("language", languages())
def test_the_models_page_says_licences_intervals_and_strange_groups_without_a_code(ours: Ports, language: str) -> None:
    t, visitor = words(language), on(ours, "models", language, "coordinator")
    for said in (t("models.no_licence"), "0.87 (0.8", t("model_card.too_few"), t("models.of_skin_type", n=2), t("models.nothing_decided")):
        assert said in visitor.text
    assert "unheard_of" not in visitor.text


def test_without_cards_the_models_page_says_what_happens_to_photos(ours: Ports, models: Models) -> None:
    models.cards = False
    assert words("en")("models.no_card") in on(ours, "models", role="administrator").text


def test_a_begun_photo_is_gone_when_another_person_signs_in(ours: Ports) -> None:
    patient = given(chosen(on(ours)), photo())
    assert "hb.photo" in patient.remembered
    press(patient, "leave_wide")
    assert not [one for one in patient.remembered if "photo" in one]


def _own(ports: Ports):  # type: ignore[no-untyped-def]
    """The checks of the person that tests send, without those the demo brought."""
    return [one for one in ports.store.checks((person_of(ports),), _event(ports)) if one.submitted_by != "command line"]


def _event(ports: Ports):  # type: ignore[no-untyped-def]
    from core.care.access import Action, require

    return require(ports, _system(), Action.VIEW_RECORD, person_of(ports)).event("test")


def _system():  # type: ignore[no-untyped-def]
    from core.care.access import COMMAND_LINE

    return COMMAND_LINE


def test_age_place_and_skin_are_known_without_being_asked_again(ours: Ports) -> None:
    sent(on(ours))
    (check,) = _own(ours)
    assert check.facts is not None
    assert check.facts == SkinFacts(check.facts.age, "arm", 2, {})  # the skin as it was said of the photo before
    assert check.facts.age is not None


def test_the_demo_shows_a_spot_with_two_photos_a_healing_wound_an_answer_and_a_queue(own_ports: Ports) -> None:
    old, chinese = (photo_checks.view(own_ports, _system(), person_of(own_ports, name)) for name in ("demo-margaret", "demo-jianguo"))
    assert [len(line.checks) for line in old.spots] == [2]
    assert [len(line.checks) for line in chinese.spots] == [3]
    assert len(chinese.unseen) == 1
    assert [one.result.quality.reasons for line in (*old.spots, *chinese.spots) for one in line.checks] == [()] * 5
    assert len({line.person_name for line in reviews.queue(own_ports, _system())}) >= 4


@pytest.mark.parametrize("language", languages())
def test_a_person_allows_training_and_takes_it_back_and_nobody_else_is_asked(ours: Ports, language: str) -> None:
    t = words(language)
    visitor = on(ours, language=language)
    assert t("photo_use.never_said") in visitor.text
    press(visitor, "photo_use")
    assert t("photo_use.never_said") not in visitor.text and visitor.app.button(key="photo_use").label == t("photo_use.take_back")
    press(visitor, "photo_use")
    assert visitor.app.button(key="photo_use").label == t("photo_use.allow")
    assert "photo_use" not in keys(on(ours, language=language, role="caregiver"), "photo")
