"""Who else should look, how soon, and in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.rooms.safety.persons import TODAY, authorised, drug, egfr, lab, product, serum, someone

from davy.people.person import Person
from davy.safety.check import check, referrals

LABS = (egfr(95), serum(0.82))


def urgencies(person: Person) -> dict[str, str]:
    return {entry.reason: entry.urgency for entry in referrals(person)}


def said(person: Person, gate: str) -> str:
    return " ".join(finding.sentence for finding in check(person, None).findings if finding.gate == gate)


REFERRED: tuple[tuple[Person, str, str], ...] = (
    (someone(labs=(egfr(20), serum(0.8))), "Kidney team", "soon"),
    (someone(labs=(egfr(40), serum(0.8))), "whether any magnesium is needed", "soon"),
    (someone(labs=(egfr(50),)), "one blood test for serum magnesium", "routine"),
    (someone(labs=(serum(0.8),), age_y=70.0), "one creatinine test", "routine"),
    (someone(labs=(serum(0.8), lab("creatinine", 60, 22), lab("creatinine", 95, 20))), "rising fast", "same-day"),
    (someone(labs=(egfr(95), serum(1.1))), "hidden magnesium", "soon"),
    (someone(conditions=("hypermagnesaemia",), labs=(egfr(95),)), "hidden magnesium", "soon"),
    (someone(labs=(egfr(95), serum(0.4))), "very low magnesium", "same-day"),
    (
        someone(labs=(egfr(95), serum(0.6)), medicines=(drug("antiarrhythmic", name="amiodarone"),)),
        "amiodarone; ECG",
        "same-day",
    ),
    (someone(labs=(egfr(95), serum(0.6))), "the cause of a low magnesium", "soon"),
    (someone(conditions=("hypomagnesaemia",), labs=(egfr(95),)), "serum magnesium, potassium and calcium", "soon"),
    (someone(symptoms=("drowsiness",), supplements=(product(50),)), "with every product", "same-day"),
    (someone(symptoms=("slow-breathing",), supplements=(product(50),)), "with every product", "emergency"),
    (someone(conditions=("first-degree-block",), symptoms=("slow-pulse",)), "conduction of the heart", "same-day"),
    (someone(conditions=("heart-failure",)), "due in heart failure", "routine"),
    (someone(age_y=12.0), "child's doctor", "routine"),
    (someone(age_y=80.0, labs=()), "at this age", "routine"),
    (someone(sex="female", pregnant=True), "Midwife", "routine"),
    (someone(weight_kg=45.0), "refeeding risk", "same-day"),
    (someone(conditions=("inflammatory-bowel-disease",), symptoms=("diarrhoea",)), "flare", "soon"),
    (someone(supplements=(product(400),)), "products taken now suit", "soon"),
    (someone(medicines=(drug("lithium"),)), "lithium goes on as prescribed", "soon"),
    (someone(medicines=(drug("ppi", name="omeprazole"),)), "Question for the prescriber of omeprazole", "routine"),
    (someone(medicines=(drug("triptan", name="sumatriptan", days_per_month=12),)), "never a swap", "soon"),
    (someone(conditions=("migraine",), symptoms=("fever",)), "headache with fever", "same-day"),
    (someone(conditions=("migraine", "cancer")), "headache with cancer", "soon"),
    (someone(age_y=55.0, symptoms=("headache",)), "has no name yet", "soon"),
    (someone(goals=("neuropathy",)), "a foot check", "routine"),
    (someone(conditions=("muscle-cramps",)), "potassium, calcium and TSH.", "routine"),
    (someone(goals=("muscle-cramps",), medicines=(drug("statin"),)), "CK because of the statin", "routine"),
    (someone(goals=("sleep",)), "restless legs with a ferritin", "routine"),
    (someone(symptoms=("snoring",)), "sleep apnoea", "routine"),
    (someone(symptoms=("restless-legs-symptoms",)), "restless legs", "routine"),
    (someone(conditions=("insomnia",)), "sleep apnoea", "routine"),
    (
        someone(medicines=(drug("levothyroxine", name="T4", at=("06:00", "12:00", "18:00", "00:00")),)),
        "times of day for T4",
        "routine",
    ),
    (someone(symptoms=("thunderclap-headache",)), "a sudden, severest headache", "emergency"),
)


@pytest.mark.parametrize(("person", "words", "urgency"), REFERRED)
def test_who_looks_and_how_soon(person: Person, words: str, urgency: str) -> None:
    assert [when for reason, when in urgencies(person).items() if words in reason] == [urgency]


def test_a_healthy_person_is_referred_to_nobody() -> None:
    assert referrals(someone()) == ()
    assert check(someone(), None).word == "allowed"
    assert check(someone(), None).findings == ()


def test_the_most_urgent_comes_first_and_nothing_is_told_twice() -> None:
    person = someone(
        symptoms=("fainting", "palpitations"), conditions=("migraine", "insomnia"), medicines=(drug("ppi"), drug("ppi"))
    )
    order = [entry.urgency for entry in referrals(person)]
    assert order == sorted(order, key=("emergency", "same-day", "soon", "routine").index)
    assert len({entry.reason for entry in referrals(person)}) == len(order)
    severities = [finding.severity for finding in check(person, None).findings]
    assert severities == sorted(severities, key=("refuse", "care", "info").index)
    assert len({finding.sentence for finding in check(person, None).findings}) == len(severities)


def test_medication_overuse_headache_is_named_only_by_its_definition() -> None:
    def sentence(headache_days: float | None, since_days: int | None) -> str:
        since = None if since_days is None else TODAY - timedelta(days=since_days)
        pill = drug("triptan", name="sumatriptan", days_per_month=12, since=since)
        return said(someone(medicines=(pill,), headache_days_per_month=headache_days), "painkiller-overuse")

    name = "medication-overuse headache"
    assert name in sentence(15, 93)
    assert name not in sentence(15, 92)
    assert name not in sentence(14.9, 300)
    assert name not in sentence(None, 300)
    assert name not in sentence(20, None)
    assert "sumatriptan on about 12 days a month" in sentence(5, 10)


def test_a_mix_is_named_with_all_its_days() -> None:
    pills = (drug("paracetamol", days_per_month=6), drug("triptan", days_per_month=5), drug("opioid"))
    assert said(someone(medicines=pills), "painkiller-overuse").startswith(
        "paracetamol, triptan and opioid on about 11 days a month."
    )
    pills = (drug("paracetamol", days_per_month=1), drug("triptan", days_per_month=10))
    assert said(someone(medicines=pills), "painkiller-overuse").startswith("triptan on about 11 days a month.")
    assert said(someone(medicines=(drug("nsaid", days_per_month=12),)), "painkiller-overuse") == ""


def test_neuropathy_names_what_is_known_and_what_is_not() -> None:
    first = said(someone(goals=("neuropathy",), medicines=(drug("metformin"),)), "neuropathy-first")
    assert "B12 (not known), HbA1c (not known) and TSH (not known) (B12 all the more with metformin); alcohol" in first
    on_ppi = said(someone(goals=("neuropathy",), medicines=(drug("ppi", name="omeprazole"),)), "neuropathy-first")
    assert "(B12 all the more with omeprazole)" in on_ppi
    known = (*LABS, lab("b12", 148), lab("tsh", 2))
    assert "B12 148 pmol/L, HbA1c (not known) and TSH 2 mIU/L;" in said(
        someone(goals=("neuropathy",), labs=known), "neuropathy-first"
    )
    known = (*LABS, lab("b12", 147), lab("b12", 300, 40), lab("hba1c", 40), lab("tsh", 2))
    person = someone(goals=("neuropathy",), labs=known)
    assert "B12 147 pmol/L, HbA1c 40 mmol/mol" in said(person, "neuropathy-first")
    assert [when for reason, when in urgencies(person).items() if "a low B12 is treated first" in reason] == ["soon"]


def test_pregnancy_sends_to_the_midwife_and_keeps_the_prenatal() -> None:
    sentence = said(someone(sex="female", pregnant=True), "pregnancy")
    assert "midwife" in sentence
    assert "food" in sentence
    assert "Go on with a prenatal" in sentence


def test_a_team_is_asked_in_personal_and_labs_are_asked_of_a_clinician() -> None:
    full = (*LABS, lab("potassium", 4.2), lab("calcium", 2.3))
    for name in (
        "lithium",
        "digoxin",
        "calcineurin-inhibitor",
        "mycophenolate",
        "platinum",
        "egfr-antibody",
        "amphotericin",
        "aminoglycoside",
        "foscarnet",
        "pentamidine",
        "patiromer",
    ):
        assert check(someone(medicines=(drug(name),), labs=full), None).word == "refused"
        assert check(someone(medicines=(drug(name),), labs=full, profile="research"), None).word == "refused"
        assert check(authorised(medicines=(drug(name),), labs=full), None).word == "with_care"
        for missing in ("serum-magnesium", "calcium", "potassium", "egfr"):
            some = tuple(entry for entry in full if entry.test != missing)
            person = authorised(medicines=(drug(name),), labs=some)
            assert check(person, None).word == "refused", (name, missing)
            shown = "eGFR" if missing == "egfr" else missing.replace("-", " ")
            assert f"missing or stale: {shown}." in said(person, "medicine-labs")


def test_severe_signs_call_for_emergency_care() -> None:
    mild = said(someone(symptoms=("flushing",), supplements=(product(50),)), "signs-of-too-much-magnesium")
    severe = said(someone(symptoms=("flushing", "fainting"), supplements=(product(50),)), "signs-of-too-much-magnesium")
    assert mild.startswith("Flushing while a product")
    assert "Doctor or urgent care today: serum magnesium today." in mild
    assert "Flushing and fainting" in severe
    assert "Emergency care now: serum magnesium today." in severe
