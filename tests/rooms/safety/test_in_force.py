"""Which lab counts today, which kidney value, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.rooms.safety.persons import TODAY, authorised, drug, egfr, lab, product, serum, someone

from davy.people.person import Person
from davy.safety.case import case_of
from davy.safety.check import check
from davy.safety.in_force import ends, months_before
from davy.safety.limits import rules
from davy.safety.renal import CARE, CLINICIAN, FULL, REFUSED, cystatin_alone


def kidney(person: Person) -> tuple[float | None, str, int]:
    found = case_of(person, rules()).kidney
    return None if found.value is None else round(found.value, 1), found.known, found.band


def serum_of(person: Person) -> tuple[float, float]:
    found = case_of(person, rules()).serum
    assert found is not None
    return found.lowest, found.highest


def test_months_are_calendar_months() -> None:
    assert months_before(date(2026, 11, 22), 3) == date(2026, 8, 22)
    assert months_before(date(2026, 2, 15), 3) == date(2025, 11, 15)
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2024, 5, 31), 3) == date(2024, 2, 29)
    assert months_before(date(2026, 1, 31), 1) == date(2025, 12, 31)
    assert months_before(date(2026, 12, 31), 12) == date(2025, 12, 31)
    assert months_before(date(2026, 12, 31), 1) == date(2026, 11, 30)


def test_a_bound_is_read_at_its_worse_end() -> None:
    assert ends(serum(0.3, comparator="<")) == (0.0, 0.3)
    assert ends(serum(1.0, comparator=">")) == (1.0, float("inf"))
    assert ends(serum(0.8)) == (0.8, 0.8)
    assert check(someone(labs=(egfr(95), serum(1.0, comparator=">"))), None).word == "refused"
    assert check(someone(labs=(egfr(95), serum(0.7, comparator="<"))), None).word == "refused"


def test_a_value_without_an_end_is_told_as_the_laboratory_wrote_it() -> None:
    found = check(someone(labs=(egfr(95), serum(1.1, comparator=">"))), None).findings
    (high,) = [one for one in found if one.gate == "serum-high"]
    assert "more than 1.1 mmol/L" in high.sentence
    assert high.measured is None  # JSON knows no infinity
    low = check(someone(labs=(egfr(95), serum(0.6, comparator="<"))), None).findings
    assert any("less than 0.6 mmol/L" in one.sentence for one in low)


def test_of_two_labs_within_three_months_the_worse_counts_on_either_side() -> None:
    assert serum_of(someone(labs=(serum(0.8, 1), serum(1.1, 92)))) == (0.8, 1.1)
    assert serum_of(someone(labs=(serum(0.8, 0), serum(1.1, 92)))) == (0.8, 1.1)
    assert serum_of(someone(labs=(serum(0.8, 0), serum(1.1, 93)))) == (0.8, 0.8)
    assert serum_of(someone(labs=(serum(0.8, 1), serum(0.6, 50), serum(0.9, 80)))) == (0.6, 0.9)
    assert check(someone(labs=(egfr(95), serum(0.8, 1), serum(1.1, 60))), None).word == "refused"


def test_each_end_carries_the_day_of_its_own_lab() -> None:
    two = someone(labs=(egfr(95), serum(0.62, 12), serum(0.95, 7)))
    said = {found.gate: found.sentence for found in check(two, None).findings}
    assert "2026-11-10" in said["serum-low"]
    assert "2026-11-15" in said["serum-full"]


def test_a_bad_lab_stays_in_force_until_there_is_a_newer_one() -> None:
    old_high = serum(1.2, 900)
    assert check(someone(labs=(egfr(95), old_high)), None).word == "refused"
    assert check(someone(labs=(egfr(95), old_high, serum(0.8))), None).word == "allowed"
    assert kidney(someone(labs=(egfr(28, 900),))) == (28.0, "stale", REFUSED)
    assert kidney(someone(labs=(egfr(28, 900), egfr(80, 10)))) == (80.0, "fresh", FULL)
    assert kidney(someone(labs=(egfr(28, 900), lab("creatinine", 70, 10)))) == (28.0, "fresh", REFUSED)
    assert kidney(someone(labs=(egfr(75, 900), lab("creatinine", 70, 10))))[2] == FULL
    assert kidney(someone(labs=(egfr(62, 900), lab("creatinine", 60, 10))))[0] != 62.0


def test_the_lowest_of_the_estimates_counts() -> None:
    assert kidney(someone(labs=(egfr(80),))) == (80.0, "fresh", FULL)
    assert kidney(someone(labs=(egfr(80),), weight_kg=45.0, height_cm=155.0))[0] == 64.9
    assert kidney(someone(labs=(egfr(80), egfr(57, 80)))) == (57.0, "fresh", CARE)
    assert kidney(someone(labs=(egfr(80, 0), egfr(57, 92)))) == (57.0, "fresh", CARE)
    assert kidney(someone(labs=(egfr(80, 0), egfr(57, 93)))) == (80.0, "fresh", FULL)
    assert kidney(someone(labs=(egfr(80, 5), egfr(57, 200))))[2] == FULL
    assert kidney(someone(labs=(egfr(80), lab("cystatin-c", 2.5))))[2] == REFUSED
    assert kidney(someone(labs=())) == (None, "unknown", FULL)
    assert kidney(someone(labs=(egfr(60, comparator=">"),))) == (60.0, "fresh", FULL)
    assert kidney(someone(labs=(egfr(60, comparator="<"),)))[2] == REFUSED
    assert kidney(someone(labs=(egfr(80, -3),)))[1] == "unknown"


@pytest.mark.parametrize(
    ("value", "band"), [(60, FULL), (59.99, CARE), (45, CARE), (44.99, CLINICIAN), (30, CLINICIAN), (29.99, REFUSED)]
)
def test_bands(value: float, band: int) -> None:
    assert kidney(someone(labs=(egfr(value),)))[2] == band


@pytest.mark.parametrize(
    "scarce",
    [{"conditions": (name,)} for name in ("frailty", "neuromuscular-disease", "limb-loss", "cirrhosis", "paralysis")]
    + [{"weight_kg": 58.0}],
)
def test_little_muscle_lowers_by_one_band_unless_cystatin_c_is_known(scarce: dict[str, object]) -> None:
    for value, band in ((95, CARE), (50, CLINICIAN), (40, REFUSED), (20, REFUSED)):
        assert kidney(someone(labs=(egfr(value),), **scarce))[2] == band
    assert kidney(someone(labs=(), **scarce)) == (None, "unknown", CARE)
    known = (lab("creatinine", 70), lab("cystatin-c", 0.8))
    assert kidney(someone(labs=known, **scarce))[2] == FULL
    assert kidney(someone(labs=(egfr(95), lab("cystatin-c", 0.8)), **scarce))[2] == FULL
    assert kidney(someone(labs=(egfr(95, 5), lab("cystatin-c", 0.8, 300)), **scarce))[2] == CARE


def test_creatinine_and_cystatin_c_of_one_draw_are_read_together() -> None:
    found = kidney(someone(labs=(lab("creatinine", 150), lab("cystatin-c", 0.7))))
    assert found[0] == pytest.approx((140 - 40) * 75 / (72 * 150 / 88.4), abs=0.2)
    assert kidney(someone(labs=(lab("creatinine", 150),)))[0] == pytest.approx(55.0, abs=4)


def test_bmi_at_the_limit_is_not_below_it() -> None:
    assert kidney(someone(weight_kg=18.5 * 4, height_cm=200.0))[2] == FULL
    assert kidney(someone(weight_kg=None))[2] == FULL


def test_cystatin_alone_follows_its_equation() -> None:
    assert cystatin_alone(0.8, 50, "male") == pytest.approx(133 * 0.996**50)
    assert cystatin_alone(1.6, 50, "female") == pytest.approx(133 * 2**-1.328 * 0.996**50 * 0.932)
    assert cystatin_alone(0.4, 50, "male") == pytest.approx(133 * 0.5**-0.499 * 0.996**50)
    assert kidney(someone(labs=(lab("cystatin-c", 0.8),), sex=None))[0] == pytest.approx(
        133 * 0.996**40 * 0.932, abs=0.1
    )
    assert kidney(someone(labs=(lab("cystatin-c", 0.8),)))[0] == pytest.approx(133 * 0.996**40, abs=0.1)
    assert kidney(someone(labs=(lab("cystatin-c", 0.8),), age_y=None)) == (None, "unknown", FULL)


RISKS: tuple[dict[str, object], ...] = (
    {"age_y": 65.0},
    *(
        {"conditions": (name,)}
        for name in (
            "type-1-diabetes",
            "type-2-diabetes",
            "gestational-diabetes",
            "hypertension",
            "uncontrolled-hypertension",
            "heart-failure",
            "vascular-disease",
            "chronic-kidney-disease",
            "kidney-stones",
            "oxalate-stones",
            "renal-magnesium-wasting",
            "one-kidney",
            "nephrotic",
            "proteinuria",
            "cirrhosis",
            "myeloma",
            "alcohol-use-disorder",
            "eating-disorder",
            "chronic-diarrhoea",
        )
    ),
    *({"symptoms": (name,)} for name in ("vomiting", "diarrhoea", "dehydration", "less-urine")),
    *(
        {"medicines": (drug(name),)}
        for name in (
            "thiazide-like",
            "loop-diuretic",
            "potassium-sparing-diuretic",
            "ace-inhibitor",
            "arb",
            "mra",
            "lithium",
            "nsaid",
            "calcineurin-inhibitor",
            "platinum",
            "magnesium-laxative",
            "magnesium-antacid",
        )
    ),
    {"medicines": (drug("nsaid", days_per_month=10),)},
    {"medicines": (drug("magnesium-antacid", days_per_month=15),)},
    {"supplements": (product(10, form="hydroxide"),)},
    {"supplements": (product(10, form="sulfate"),)},
    {"supplements": (product(10, classes=("magnesium-laxative",)),)},
    {"labs": (serum(0.8), lab("uacr", 3))},
    {"labs": (serum(0.8), lab("hba1c", 48))},
    {"labs": (serum(0.8), egfr(59, 800), egfr(80, 500))},
)


@pytest.mark.parametrize("risk", RISKS, ids=str)
def test_an_unknown_kidney_is_refused_with_each_fact_that_makes_it_likely_bad(risk: dict[str, object]) -> None:
    verdict = check(someone(**({"labs": (serum(0.8),)} | risk)), None)
    assert ("kidney-unknown", "refuse") in {(finding.gate, finding.severity) for finding in verdict.findings}


@pytest.mark.parametrize(
    "harmless",
    [
        {"age_y": 64.9},
        {"conditions": ("migraine",)},
        {"symptoms": ("headache",)},
        {"medicines": (drug("statin"),)},
        {"medicines": (drug("sglt2-inhibitor"),)},
        {"medicines": (drug("ace-inhibitor", until=TODAY - timedelta(days=1)),)},
        {"medicines": (drug("nsaid", days_per_month=9.9),)},
        {"medicines": (drug("magnesium-antacid", days_per_month=14.9),)},
        {"supplements": (product(10),)},
        {"supplements": (product(10, form="hydroxide", per_day=0),)},
        {"supplements": (product(10, form="hydroxide", until=TODAY - timedelta(days=1)),)},
        {"labs": (serum(0.8), lab("uacr", 2.9))},
        {"labs": (serum(0.8), lab("hba1c", 47.9))},
        {"labs": (serum(0.8), egfr(60, 500))},
    ],
    ids=str,
)
def test_an_unknown_kidney_alone_is_with_care(harmless: dict[str, object]) -> None:
    verdict = check(someone(**({"labs": (serum(0.8),)} | harmless)), None)
    assert ("kidney-unknown", "care") in {(finding.gate, finding.severity) for finding in verdict.findings}


def test_freshness_of_serum() -> None:
    def fresh(days: int, value: float = 95, **facts: object) -> bool:
        return case_of(someone(labs=(egfr(value), serum(0.8, days)), **facts), rules()).serum_is_fresh

    assert fresh(184)
    assert not fresh(185)
    assert fresh(92, 59)
    assert not fresh(93, 59)
    assert fresh(93, 60)
    assert fresh(92, medicines=(drug("ppi"),))
    assert not fresh(93, medicines=(drug("ppi"),))
    assert fresh(184, medicines=(drug("levothyroxine"),))


def test_a_lab_older_than_an_interacting_medicine_or_an_acute_illness_is_stale() -> None:
    def known(since: date | None, name: str = "lithium", days: int = 21) -> tuple[bool, str]:
        case = case_of(someone(labs=(egfr(95, days), serum(0.8, days)), medicines=(drug(name, since=since),)), rules())
        return case.serum_is_fresh, case.kidney.known

    assert known(TODAY - timedelta(days=20)) == (False, "stale")
    assert known(TODAY - timedelta(days=21)) == (True, "fresh")
    assert known(TODAY + timedelta(days=1)) == (True, "fresh")
    assert known(TODAY) == (False, "stale")
    assert known(None) == (True, "fresh")
    assert known(TODAY - timedelta(days=20), "levothyroxine") == (True, "fresh")
    ended = drug("loop-diuretic", since=TODAY - timedelta(days=20), until=TODAY - timedelta(days=5))
    assert not case_of(someone(medicines=(ended,)), rules()).serum_is_fresh
    for symptom in ("vomiting", "diarrhoea", "fever", "dehydration", "acute-illness"):
        assert not case_of(someone(symptoms=(symptom,)), rules()).serum_is_fresh
        assert case_of(someone(symptoms=(symptom,), labs=(egfr(95, 0), serum(0.8, 0))), rules()).kidney.known == "fresh"
    assert case_of(someone(symptoms=("headache",)), rules()).serum_is_fresh


def test_what_disturbed_a_kidney_value_is_told() -> None:
    person = someone(medicines=(drug("arb", name="losartan", since=TODAY - timedelta(days=3)),))
    (sentence,) = (finding.sentence for finding in check(person, None).findings if finding.gate == "kidney-unknown")
    assert "is older than losartan, begun 2026-11-19 and no longer holds" in sentence


def test_a_clinician_is_bound_by_the_kidney_too() -> None:
    for value, word in ((29, "refused"), (30, "with_care"), (45, "with_care"), (60, "with_care")):
        assert check(authorised(labs=(egfr(value), serum(0.8))), None).word == word
