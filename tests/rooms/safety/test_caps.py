"""All caps, side by side: which apply, how high they are, which binds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.rooms.safety.persons import TODAY, authorised, drug, egfr, lab, product, serum, someone

from davy.people.person import Person
from davy.safety.caps import binding, caps, permitted, upper_level
from davy.safety.check import check, lab_due, referrals
from davy.safety.intake import present_intake_finding, standing_mg
from davy.safety.verdict import Cap, Finding

LABS = (egfr(95), serum(0.82))


def held(person: Person) -> dict[str, float]:
    return {cap.name: cap.elemental_mg_per_day for cap in caps(person)}


CASES: tuple[tuple[Person, dict[str, float]], ...] = (
    (someone(jurisdiction="EU"), {"upper-level": 250}),
    (someone(jurisdiction="US"), {"upper-level": 350}),
    (someone(jurisdiction=None), {"upper-level": 250}),
    (someone(jurisdiction="US", profile="research"), {"upper-level": 350}),
    (someone(jurisdiction="US", profile="clinician"), {"upper-level": 350}),
    (authorised(), {"clinician-authorised": 600}),
    (authorised(jurisdiction="US"), {"clinician-authorised": 600}),
    (authorised(profile="personal"), {"upper-level": 250}),
    (authorised(profile="research", jurisdiction="US"), {"upper-level": 350}),
    (authorised(labs=(egfr(59.9), serum(0.8))), {"upper-level": 250, "kidney-45-to-59": 200}),
    (authorised(labs=(egfr(60), serum(0.8))), {"clinician-authorised": 600}),
    (authorised(labs=(egfr(60, 93), serum(0.8))), {"upper-level": 250}),
    (authorised(labs=(egfr(60, 92), serum(0.8, 92))), {"clinician-authorised": 600}),
    (authorised(labs=(egfr(95), serum(0.8, 93))), {"upper-level": 250}),
    (authorised(labs=(egfr(95), serum(0.949))), {"clinician-authorised": 600}),
    (authorised(labs=(egfr(95), serum(0.95))), {"upper-level": 250, "serum-full": 0}),
    (authorised(labs=(egfr(95),)), {"upper-level": 250}),
    (authorised(age_y=18.0), {"clinician-authorised": 600}),
    (authorised(age_y=74.99), {"clinician-authorised": 600}),
    (authorised(age_y=75.0), {"upper-level": 250, "age-75": 200}),
    (authorised(conditions=("limb-loss",)), {"upper-level": 250, "kidney-45-to-59": 200}),
    (someone(labs=(serum(0.8),)), {"upper-level": 250, "kidney-unknown": 250}),
    (someone(labs=(serum(0.8),), jurisdiction="US"), {"upper-level": 350, "kidney-unknown": 250}),
    (someone(labs=()), {"upper-level": 250, "kidney-unknown": 250, "no-lab": 200}),
    (someone(labs=(egfr(95),), goals=("neuropathy",)), {"upper-level": 250, "no-lab": 200}),
    (someone(labs=(egfr(50), serum(0.8))), {"upper-level": 250, "kidney-45-to-59": 200}),
    (someone(labs=(egfr(40), serum(0.8))), {"upper-level": 250, "kidney-30-to-44": 0, "refused": 0}),
    (someone(labs=(egfr(20), serum(0.8))), {"upper-level": 250, "kidney-below-30": 0, "refused": 0}),
    (someone(labs=(serum(0.8),), age_y=70.0), {"upper-level": 250, "kidney-unknown": 0, "refused": 0}),
    (authorised(labs=(egfr(40), serum(0.8))), {"upper-level": 250, "kidney-30-to-44": 100}),
    (authorised(labs=(egfr(40), serum(0.699, 22))), {"upper-level": 250, "kidney-30-to-44": 200}),
    (authorised(labs=(egfr(40), serum(0.699, 31))), {"upper-level": 250, "kidney-30-to-44": 200}),
    (authorised(labs=(egfr(40), serum(0.699, 32))), {"upper-level": 250, "kidney-30-to-44": 100}),
    (authorised(labs=(egfr(40), serum(0.7))), {"upper-level": 250, "kidney-30-to-44": 100}),
    (authorised(labs=(egfr(40), serum(0.6), serum(0.75, 60))), {"upper-level": 250, "kidney-30-to-44": 100}),
    (someone(labs=(egfr(95), serum(0.95))), {"upper-level": 250, "serum-full": 0}),
    (someone(labs=(egfr(95), serum(1.06))), {"upper-level": 250, "serum-full": 0, "serum-high": 0, "refused": 0}),
    (someone(age_y=75.0), {"upper-level": 250, "age-75": 200}),
    (someone(sex="female"), {"upper-level": 250, "pregnancy-unknown": 250}),
    (someone(sex="female", jurisdiction="US"), {"upper-level": 350, "pregnancy-unknown": 250}),
    (
        someone(conditions=("heart-failure",), labs=(*LABS, lab("potassium", 4))),
        {"upper-level": 250, "condition-heart-failure": 200},
    ),
    (authorised(conditions=("heart-failure",), labs=(*LABS, lab("potassium", 4))), {"clinician-authorised": 600}),
    (
        someone(conditions=("inflammatory-bowel-disease",)),
        {"upper-level": 250, "condition-inflammatory-bowel-disease": 200},
    ),
    (
        authorised(conditions=("inflammatory-bowel-disease",)),
        {"clinician-authorised": 600, "condition-inflammatory-bowel-disease": 200},
    ),
    (
        someone(conditions=("lactation",), jurisdiction="US", sex="female", pregnant=False),
        {"upper-level": 350, "condition-lactation": 250},
    ),
    (someone(supplements=(product(None),)), {"upper-level": 250, "amount-unknown": 0}),
    (someone(medicines=(drug("magnesium-antacid", days_per_month=1),)), {"upper-level": 250, "amount-unknown": 0}),
)


@pytest.mark.parametrize(("person", "expected"), CASES)
def test_every_cap_that_applies_is_listed_and_no_other(person: Person, expected: dict[str, float]) -> None:
    assert held(person) == expected
    assert permitted(person) == min(expected.values())
    assert binding(caps(person)).elemental_mg_per_day == permitted(person)


@pytest.mark.parametrize("retaining", ["potassium-sparing-diuretic", "mra", "lithium", "calcitriol", "sglt2-inhibitor"])
def test_a_retaining_medicine_keeps_a_clinician_below_the_upper_level(retaining: str) -> None:
    full = (*LABS, lab("potassium", 4), lab("calcium", 2.3))
    assert held(authorised(medicines=(drug(retaining),), labs=full)) == {"upper-level": 250}
    ended = drug(retaining, until=TODAY - timedelta(days=1))
    assert held(authorised(medicines=(ended,), labs=full)) == {"clinician-authorised": 600}


def test_what_is_missing_for_more_is_named() -> None:
    person = authorised(age_y=80.0, labs=(), medicines=(drug("mra", name="spironolactone"),))
    (finding,) = (one for one in check(person, None).findings if one.gate == "not-above-upper-level")
    for words in (
        "kidney value of 60 or more from the last 3 months",
        "below 0.95",
        "age from 18 to 74",
        "spironolactone is taken",
    ):
        assert words in finding.sentence
    assert "clinician" not in finding.sentence


def test_a_lot_of_caps_and_the_least_binds() -> None:
    found = (Cap("a", 350.0, "A.", ("x",)), Cap("b", 200.0, "B.", ("x",)), Cap("c", 250.0, "C.", ("x",)))
    assert binding(found).name == "b"


def test_upper_level_is_told_by_place() -> None:
    assert [upper_level(someone(jurisdiction=place)) for place in ("EU", "US", None)] == [250, 350, 250]


def test_present_intake_is_judged_at_the_worst_reading_of_its_label() -> None:
    cap = Cap("upper-level", 250.0, "Upper level.", ("f-055",))
    for label_mg, form, means, over in (
        (250, "citrate", "elemental", False),
        (251, "citrate", "elemental", True),
        (251, "citrate", "unknown", True),
        (250, "citrate", "unknown", False),
        (1250, "glycinate", "salt", False),
        (1260, "glycinate", "salt", True),
        (400, "oxide", "salt", False),
        (430, "oxide", "salt", True),
    ):
        person = someone(supplements=(product(label_mg, form=form, label_means=means),))
        finding = present_intake_finding(person, cap)
        assert (finding is not None) == over, (label_mg, form, means)
        assert (check(person, None).word == "refused") == over
        assert any("products taken now suit" in entry.reason for entry in referrals(person)) == over


def test_an_unknown_amount_does_not_make_a_known_one_too_much() -> None:
    person = someone(supplements=(product(None), product(100)))
    assert permitted(person) == 0
    assert check(person, None).word == "with_care"


def test_a_present_intake_above_the_cap_names_both() -> None:
    def found(*products: object, **facts: object) -> Finding:
        person = someone(supplements=products, **facts)
        (finding,) = (one for one in check(person, None).findings if one.gate == "present-intake-above-cap")
        return finding

    plain = found(product(300))
    assert (plain.measured, plain.limit, plain.unit) == (300, 250, "mg/d")
    assert "may come to 300 mg a day, above the 250 mg" in plain.sentence
    assert "may come to more than 300 mg a day" in found(product(300), product(None)).sentence
    nothing = found(product(None), labs=(egfr(95), serum(0.97)))
    assert (nothing.measured, nothing.limit) == ("unknown", 0)
    assert "may come to an unknown amount a day, above the 0 mg" in nothing.sentence
    refused = found(product(50), conditions=("dialysis",))
    assert "50 mg a day, and none is planned here" in refused.sentence


def test_what_may_not_be_stopped_is_what_is_prescribed() -> None:
    person = someone(supplements=(product(120, prescribed=True), product(50), product(None, prescribed=True)))
    assert standing_mg(person) == 120
    pill = drug("magnesium-product", name="magnesium oxide 100 mg", at=("08:00",))
    assert standing_mg(someone(medicines=(pill,))) == 100


def test_a_low_magnesium_asks_for_potassium_and_calcium_now() -> None:
    due = {(one.test, one.by_day) for one in lab_due(someone(labs=(egfr(95), serum(0.6))))}
    assert due == {("potassium", 0), ("calcium", 0)}


def test_present_intake_of_a_refused_person_is_above_what_is_permitted() -> None:
    person = someone(labs=(egfr(20), serum(0.8)), supplements=(product(100),))
    gates = {finding.gate for finding in check(person, None).findings}
    assert {"kidney-below-30", "present-intake-above-cap"} <= gates


DUE: tuple[tuple[Person, set[tuple[str, int, int]]], ...] = (
    (someone(), set()),
    (someone(goals=("repletion",)), {("serum-magnesium", 56, 84)}),
    (someone(goals=("neuropathy",)), {("serum-magnesium", 56, 84)}),
    (someone(age_y=65.0, goals=("repletion",)), {("serum-magnesium", 0, 28), ("egfr", 0, 28)}),
    (someone(age_y=64.9), set()),
    (someone(labs=(egfr(59), serum(0.8))), {("serum-magnesium", 0, 28), ("egfr", 0, 28), ("serum-magnesium", 0, 35)}),
    (someone(conditions=("constipation",)), {("serum-magnesium", 0, 28), ("egfr", 0, 28)}),
    (
        someone(symptoms=("constipation",), age_y=65.0),
        {("serum-magnesium", 0, 28), ("egfr", 0, 28), ("serum-magnesium", 14, 28)},
    ),
    (someone(medicines=(drug("ppi"),)), {("serum-magnesium", 0, 28), ("egfr", 0, 28)}),
    (someone(medicines=(drug("levothyroxine"),)), set()),
    (authorised(), {("serum-magnesium", 0, 28)}),
)


@pytest.mark.parametrize(("person", "expected"), DUE)
def test_labs_are_due_when_section_9_says(person: Person, expected: set[tuple[str, int, int]]) -> None:
    assert {(due.test, due.from_day, due.by_day) for due in lab_due(person)} == expected


def test_one_lab_with_two_reasons_is_due_once_with_both() -> None:
    (serum_due,) = (
        due for due in lab_due(authorised(medicines=(drug("ppi", name="omeprazole"),))) if due.test == "serum-magnesium"
    )
    assert serum_due.why == "a dose above the upper level; omeprazole"
