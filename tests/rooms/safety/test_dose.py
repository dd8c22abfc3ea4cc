"""A regimen's amount at its worst reading, what goes on beside it, and where serum may go."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.safety.persons import GOOD, authorised, drug, forecast, product, regimen, someone

from davy.forecast.outcome import Forecast
from davy.people.regimen import NO_SUPPLEMENT, Intake, Regimen, Step
from davy.people.vocabulary import form, products
from davy.safety.case import case_of
from davy.safety.check import check
from davy.safety.dose import change_days, day_total, worst_mg
from davy.safety.limits import rules
from davy.safety.predicted import highest_serum, upper_end
from davy.safety.saying import whole

US = someone(jurisdiction="US")


def gates(person: object, plan: Regimen, given: Forecast | None = GOOD) -> set[str]:
    return {finding.gate for finding in check(person, plan, given).findings}  # type: ignore[arg-type]


def one(amount: float, name: str | None = None, at: str = "13:00", form_id: str = "citrate") -> Regimen:
    return Regimen((Step(0, 84, (Intake(at, form_id, amount, name),)),))


def test_every_product_for_sale_is_read_at_its_worst() -> None:
    case = case_of(US, rules())
    for row in products():
        salt = form(row.form)
        assert salt is not None
        factor = {
            "elemental": 1.0,
            "salt": salt.worst_fraction / salt.elemental_fraction,
            "unknown": 1 / salt.elemental_fraction,
        }
        got = worst_mg(case, Intake("08:00", row.form, 100, row.id))
        assert got == pytest.approx(100 * max(factor[row.label_means], 1.0))
    assert worst_mg(case, Intake("08:00", "citrate", 100, "no such product")) == 100


def test_a_product_of_today_is_read_as_its_label_can_mean() -> None:
    own = product(1000, form="glycinate", label_means="salt", product="Sleepwell")
    person = someone(jurisdiction="US", supplements=(own,))
    assert worst_mg(case_of(person, rules()), Intake("21:00", "glycinate", 140, "Sleepwell")) == pytest.approx(
        200, rel=0.01
    )
    assert "single-intake" not in gates(person, one(140, "Sleepwell"))


def test_what_may_not_be_stopped_is_added_once() -> None:
    person = someone(jurisdiction="US", supplements=(product(200, product="Prescribed", prescribed=True),))
    case = case_of(person, rules())
    assert day_total(case, one(100), 0) == 300
    assert day_total(case, one(200, "Prescribed"), 0) == 200
    both = Regimen((*one(200, "Prescribed").steps, *one(100).steps))
    assert day_total(case, both, 0) == 300
    assert "regimen-above-cap" in gates(person, one(151))
    assert "regimen-above-cap" not in gates(person, one(150))
    assert "regimen-above-cap" not in gates(person, NO_SUPPLEMENT)
    mine = someone(jurisdiction="US", supplements=(product(200, product="My own"),))
    assert "regimen-above-cap" not in gates(mine, one(200))


def test_a_little_is_more_than_nothing() -> None:
    full = someone(jurisdiction="US", supplements=(product(350, product="Rx", prescribed=True),))
    assert "regimen-above-cap" in gates(full, one(0.5))
    assert "regimen-above-cap" not in gates(full, one(0.0))
    over = someone(jurisdiction="US", supplements=(product(400, product="Rx", prescribed=True),))
    assert gates(over, NO_SUPPLEMENT) == {"present-intake-above-cap"}
    assert "not-simulated" in gates(US, one(0.5), None)
    assert "too-near-to-medicine" in gates(someone(medicines=(drug("iron", at=("12:00",)),)), one(0.5))
    assert "form-laxative" in gates(US, one(0.5, form_id="sulfate"))
    unknown = someone(
        supplements=(product(None, product="Rx", prescribed=True), product(100, per_day=0.0, product="Box"))
    )
    assert day_total(case_of(unknown, rules()), one(100), 0) == 100
    assert day_total(case_of(unknown, rules()), one(100, "Box"), 0) == 100
    assert day_total(case_of(unknown, rules()), one(100, "Rx"), 0) == 100


def test_the_highest_day_counts_and_overlapping_steps_add_up() -> None:
    plan = Regimen((*one(200).steps, Step(10, 20, (Intake("08:00", "citrate", 151),))))
    assert change_days(plan) == (0, 10, 20, 84)
    assert "regimen-above-cap" in gates(US, plan)
    plan = Regimen((Step(0, 10, (Intake("08:00", "citrate", 200),)), Step(10, 20, (Intake("08:00", "citrate", 200),))))
    assert "regimen-above-cap" not in gates(US, plan)


def test_a_laxative_that_is_taken_now_is_not_judged_as_a_way_to_replete() -> None:
    own = product(100, form="hydroxide", product="Milk", prescribed=True)
    assert "form-laxative" not in gates(someone(supplements=(own,)), one(100, "Milk", form_id="hydroxide"))
    assert "form-laxative" in gates(someone(supplements=(own,)), one(100, form_id="hydroxide"))
    assert "form-laxative" not in gates(US, one(0, form_id="hydroxide"))


def test_a_large_prescribed_intake_is_not_davys_to_split() -> None:
    own = product(240, product="Mag-Ox", prescribed=True)
    person = someone(jurisdiction="US", supplements=(own,))
    assert "single-intake" not in gates(person, one(240, "Mag-Ox"))
    together = Regimen((*one(240, "Mag-Ox").steps, *one(50).steps))
    assert "single-intake" in gates(person, together)


def test_titration_is_told_by_the_week() -> None:
    def rising(*levels: tuple[int, int, float]) -> Regimen:
        return Regimen(
            tuple(
                Step(start, end, (Intake("08:00", "citrate", dose / 2), Intake("20:00", "citrate", dose / 2)))
                for start, end, dose in levels
            )
        )

    assert "step-too-fast" not in gates(US, rising((0, 7, 100), (7, 14, 200), (14, 84, 300)))
    assert "step-too-fast" in gates(US, rising((0, 3, 100), (3, 6, 200), (6, 84, 300)))
    assert "step-too-fast" in gates(US, rising((0, 7, 100), (7, 84, 300)))
    now = someone(jurisdiction="US", supplements=(product(200),))
    assert "step-too-fast" not in gates(now, rising((0, 84, 300)))
    assert "step-too-fast" in gates(US, rising((20, 84, 300)))
    vague = someone(jurisdiction="US", supplements=(product(200, label_means="unknown"),))
    assert "step-too-fast" in gates(vague, rising((0, 84, 300)))
    prescribed = someone(jurisdiction="US", supplements=(product(200, prescribed=True, product="Rx"),))
    assert "step-too-fast" not in gates(prescribed, one(200, "Rx"))
    assert "step-too-fast" not in gates(prescribed, Regimen((*one(200, "Rx").steps, *one(150).steps)))
    assert "step-too-fast" in gates(prescribed, Regimen((*one(200, "Rx").steps, *one(151, at="20:00").steps)))
    assert "step-too-fast" in gates(prescribed, one(151))
    assert "step-too-fast" not in gates(US, rising((0, 10, 150), (10, 20, 50), (20, 84, 150)))


def test_a_faulty_regimen_is_not_judged_further() -> None:
    found = gates(US, Regimen((Step(0, 84, (Intake("25:00", "moonstone", 9999),)),)))
    assert found == {"regimen-amount", "regimen-time"}


def test_above_the_upper_level_only_so_and_so_long() -> None:
    doses = regimen(200, 200, 200).steps[0].intakes
    person = authorised()
    assert check(person, Regimen((Step(0, 84, doses),)), GOOD).word == "with_care"
    assert gates(person, Regimen((Step(0, None, doses),))) >= {"expiry-above-upper-level"}
    assert "expiry-above-upper-level" not in gates(person, Regimen((Step(0, 84, doses), Step(84, None, doses[:1]))))
    assert "expiry-above-upper-level" in gates(person, Regimen((Step(0, 84, doses), Step(84, None, doses))))
    assert "intakes-above-upper-level" not in gates(person, regimen(200, 200))
    at_the_level = regimen(125, 125).steps[0].intakes
    assert "expiry-above-upper-level" not in gates(person, Regimen((Step(0, 84, doses), Step(84, None, at_the_level))))
    assert "regimen-above-cap" in gates(person, Regimen((Step(0, 84, (*doses, Intake("22:00", "citrate", 1))),)))
    personal = someone(profile="personal", clinician=person.clinician)
    assert "regimen-above-cap" in gates(personal, Regimen((Step(0, 84, doses),)))


def test_a_known_time_of_a_prescribed_product_is_a_question_not_a_refusal() -> None:
    person = someone(
        jurisdiction="US",
        supplements=(product(100, product="Rx", prescribed=True),),
        medicines=(drug("levothyroxine", at=("07:00",)),),
    )
    both = Regimen((*one(100, "Rx", at="08:00").steps, *one(50, at="08:00").steps))
    severity = {finding.gate: finding.severity for finding in check(person, both, GOOD).findings}
    assert severity["too-near-to-medicine"] == "refuse"
    zero = Regimen((Step(0, 84, (Intake("08:00", "citrate", 0.0),)),))
    assert "too-near-to-medicine" not in gates(person, zero)


def test_the_upper_end_of_predicted_serum_is_what_counts() -> None:
    draws = np.full((1000, 3), 0.9)
    draws[:24, 1] = 1.2
    assert "predicted-serum" not in gates(US, regimen(100), forecast(draws))
    draws[24, 2] = 1.2
    assert "predicted-serum" in gates(US, regimen(100), forecast(draws))


def test_a_failed_draw_counts_as_above_the_limit() -> None:
    draws = np.full((1000, 3), 0.9)
    assert "failed-draws" in gates(US, regimen(100), forecast(draws, np.arange(1000) < 24))
    said = {
        finding.gate: finding for finding in check(US, regimen(100), forecast(draws, np.arange(1000) < 25)).findings
    }
    assert said["predicted-serum"].measured is None
    assert "cannot be told" in said["predicted-serum"].sentence
    holes = draws.copy()
    holes[0, 2] = np.nan
    assert "failed-draws" in gates(US, regimen(100), forecast(holes))
    assert check(US, regimen(100), forecast(holes)).word == "with_care"
    assert check(US, regimen(100), forecast(draws)).word == "allowed"
    assert "predicted-serum" in gates(US, regimen(100), forecast(np.empty((0, 3))))
    assert check(US, NO_SUPPLEMENT, forecast(np.full((10, 2), 1.2))).word == "refused"


def test_the_highest_serum_of_each_draw() -> None:
    assert highest_serum(forecast([[0.8, 0.9], [1.0, 0.7]])).tolist() == [0.9, 1.0]
    assert highest_serum(forecast([[0.8, 0.9], [np.inf, 0.7]], [True, False])).tolist() == [np.inf, np.inf]
    assert upper_end(np.array([3.0, 1.0, 2.0, 4.0, 5.0]), 0.975) == 5.0
    assert upper_end(np.array([3.0, 1.0, 2.0, 4.0, 5.0]), 0.5) == 3.0
    assert upper_end(np.array([1.0, 2.0]), 0.1) == 2.0
    assert upper_end(np.array([]), 0.5) == np.inf


def test_an_amount_above_a_limit_is_whole_where_that_still_shows_it_above() -> None:
    assert [whole(one, 350.0) for one in (652.7, 350.4, 400.0, 1000.0)] == ["653", "350.4", "400", "1000"]
    assert whole(50.0, 0.0) == "50"
