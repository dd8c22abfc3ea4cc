"""Every gate: a person that trips it, and one that just does not. A gate without such a pair fails the last test."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.rooms.safety.persons import (
    GOOD,
    TODAY,
    authorised,
    drug,
    egfr,
    forecast,
    lab,
    product,
    regimen,
    serum,
    someone,
)

import davy.safety.check as module
from davy.forecast.outcome import Forecast
from davy.people.person import Baseline, Clinician, Person
from davy.people.regimen import Intake, Regimen, Step
from davy.safety.check import check
from davy.safety.verdict import Severity

GATES = Path(module.__file__).parent


@dataclass(frozen=True)
class Pair:
    """A gate, how severe it is, a person that trips it and one that just does not."""

    gate: str
    severity: Severity
    trips: Person
    passes: Person
    plan: Regimen | None = None
    passing_plan: Regimen | None = None
    given: Forecast | None = GOOD
    passing_given: Forecast | None = GOOD


def of_plan(gate: str, severity: Severity, trips: Regimen, passes: Regimen, person: Person | None = None) -> Pair:
    who = person or someone(jurisdiction="US")
    return Pair(gate, severity, who, who, trips, passes)


WEEK, OLD = timedelta(days=7), timedelta(days=400)
BLANK = Baseline()
SAME = someone()
SUMATRIPTAN = drug("triptan", name="sumatriptan", days_per_month=10)
LABS = SAME.labs
OLD_WOMAN = someone(age_y=75.0, sex="female")
CIPRO = drug("quinolone", name="ciprofloxacin", at=("08:00",))
FULL_DAY = (drug("levothyroxine", at=("06:00", "12:00", "18:00", "00:00")),)
FULL_COURSE = (
    drug("quinolone", at=("06:00", "12:00", "18:00", "00:00"), since=TODAY, until=TODAY + timedelta(days=13)),
)
LONG_COURSE = (
    drug("quinolone", at=("06:00", "12:00", "18:00", "00:00"), since=TODAY, until=TODAY + timedelta(days=14)),
)
KEPT = someone(
    jurisdiction="US",
    supplements=(product(100, product="Magnesium from the pharmacy", prescribed=True),),
    medicines=(drug("levothyroxine", at=("07:00",)),),
)


def kept(at: str, product_name: str | None = "Magnesium from the pharmacy") -> Regimen:
    return Regimen((Step(0, 84, (Intake(at, "citrate", 100, product_name),)),))


PAIRS = (
    # laboratory
    Pair("lab-in-future", "refuse", someone(labs=(*LABS, serum(0.8, -1))), someone(labs=(*LABS, serum(0.8, 0)))),
    Pair(
        "labs-contradict",
        "refuse",
        someone(labs=(egfr(95), serum(0.7), serum(0.841))),
        someone(labs=(egfr(95), serum(0.7), serum(0.84))),
    ),
    Pair(
        "egfr-contradicts-creatinine",
        "refuse",
        someone(labs=(*LABS, egfr(112.7, 0), lab("creatinine", 110, 0))),
        someone(labs=(*LABS, egfr(112.5, 0), lab("creatinine", 110, 0))),
    ),
    Pair(
        "egfr-contradicts-creatinine",
        "refuse",
        someone(sex=None, labs=(*LABS, egfr(112.7, 0), lab("creatinine", 110, 0))),
        someone(sex=None, labs=(*LABS, egfr(112.5, 0), lab("creatinine", 110, 0))),
    ),
    Pair(
        "acute-kidney-injury-by-creatinine",
        "refuse",
        someone(labs=(serum(0.8), lab("creatinine", 200), lab("creatinine", 226.5))),
        someone(labs=(serum(0.8), lab("creatinine", 200), lab("creatinine", 226.4))),
    ),
    Pair(
        "labs-contradict",
        "refuse",
        someone(labs=(egfr(95), serum(0.7), serum(0.9))),
        someone(labs=(egfr(95), serum(0.7), serum(0.9, comparator="<"))),
    ),
    Pair(
        "egfr-contradicts-creatinine",
        "refuse",
        someone(sex="female", pregnant=False, labs=(*LABS, egfr(95, 0), lab("creatinine", 110, 0))),
        someone(sex="female", pregnant=False, labs=(*LABS, egfr(83, 0), lab("creatinine", 110, 0))),
    ),
    Pair("labs-contradict", "refuse", someone(labs=(egfr(95), serum(0.61234), serum(0.81234))), SAME),
    # kidney
    Pair("kidney-below-30", "refuse", someone(labs=(egfr(29.9), serum(0.8))), someone(labs=(egfr(30), serum(0.8)))),
    Pair(
        "kidney-below-30", "refuse", authorised(labs=(egfr(29.9), serum(0.8))), authorised(labs=(egfr(30), serum(0.8)))
    ),
    Pair("kidney-30-to-44", "refuse", someone(labs=(egfr(44.9), serum(0.8))), someone(labs=(egfr(45), serum(0.8)))),
    Pair("kidney-30-to-44", "care", authorised(labs=(egfr(44.9), serum(0.8))), authorised(labs=(egfr(45), serum(0.8)))),
    Pair(
        "kidney-30-to-44-serum",
        "refuse",
        authorised(labs=(egfr(40), serum(0.95))),
        authorised(labs=(egfr(40), serum(0.949))),
    ),
    Pair("kidney-45-to-59", "care", someone(labs=(egfr(59.9), serum(0.8))), someone(labs=(egfr(60), serum(0.8)))),
    Pair(
        "kidney-45-to-59-serum", "refuse", someone(labs=(egfr(50), serum(0.95))), someone(labs=(egfr(50), serum(0.949)))
    ),
    Pair("kidney-45-to-59-serum", "refuse", someone(labs=(egfr(50),)), someone(labs=(egfr(50), serum(0.8)))),
    Pair(
        "kidney-45-to-59-serum",
        "refuse",
        someone(labs=(egfr(50), serum(0.8, 93))),
        someone(labs=(egfr(50), serum(0.8, 92))),
    ),
    Pair(
        "kidney-below-30",
        "refuse",
        someone(labs=(egfr(44.9), serum(0.8)), conditions=("limb-loss",)),
        someone(labs=(egfr(45), serum(0.8)), conditions=("limb-loss",)),
    ),
    Pair(
        "kidney-45-to-59",
        "care",
        someone(labs=(serum(0.8),), conditions=("limb-loss",)),
        someone(labs=(serum(0.8), lab("cystatin-c", 0.8)), conditions=("limb-loss",)),
    ),
    Pair("kidney-unknown", "care", someone(labs=(serum(0.8),)), someone()),
    Pair("kidney-unknown", "refuse", someone(labs=(serum(0.8),), age_y=65.0), someone(labs=(serum(0.8),), age_y=64.9)),
    Pair(
        "kidney-unknown", "care", someone(labs=(egfr(95, 366), serum(0.8))), someone(labs=(egfr(95, 365), serum(0.8)))
    ),
    Pair(
        "kidney-unknown",
        "refuse",
        someone(labs=(egfr(95, 185), serum(0.8)), conditions=("hypertension",)),
        someone(labs=(egfr(95, 184), serum(0.8)), conditions=("hypertension",)),
    ),
    Pair(
        "kidney-unknown",
        "refuse",
        someone(labs=(egfr(59.9, 93), serum(0.8))),
        someone(labs=(egfr(59.9, 92), serum(0.8))),
    ),
    Pair(
        "acute-kidney-injury-by-creatinine",
        "refuse",
        someone(labs=(serum(0.8), lab("creatinine", 40, 27), lab("creatinine", 60, 20))),
        someone(labs=(serum(0.8), lab("creatinine", 40, 28), lab("creatinine", 60, 20))),
    ),
    Pair(
        "acute-kidney-injury-by-creatinine",
        "refuse",
        someone(labs=(serum(0.8), lab("creatinine", 60, 22), lab("creatinine", 86.5, 20))),
        someone(labs=(serum(0.8), lab("creatinine", 60, 23), lab("creatinine", 86.5, 20))),
    ),
    # serum
    Pair("serum-high", "refuse", someone(labs=(egfr(95), serum(1.051))), someone(labs=(egfr(95), serum(1.05)))),
    Pair(
        "serum-high",
        "refuse",
        someone(labs=(egfr(95), serum(0.931, reference_high=0.93))),
        someone(labs=(egfr(95), serum(0.93, reference_high=0.93))),
    ),
    Pair(
        "ionised-high",
        "refuse",
        someone(labs=(*LABS, lab("ionised-magnesium", 0.66, reference_high=0.65))),
        someone(labs=(*LABS, lab("ionised-magnesium", 0.65, reference_high=0.65))),
    ),
    Pair("serum-full", "care", someone(labs=(egfr(95), serum(0.95))), someone(labs=(egfr(95), serum(0.949)))),
    Pair(
        "serum-high-before",
        "refuse",
        someone(conditions=("hypermagnesaemia",), labs=(egfr(95),)),
        someone(conditions=("hypermagnesaemia",)),
    ),
    Pair(
        "signs-of-too-much-magnesium",
        "refuse",
        someone(symptoms=("drowsiness",), supplements=(product(100),)),
        someone(symptoms=("drowsiness",)),
    ),
    Pair(
        "signs-of-too-much-magnesium",
        "refuse",
        someone(symptoms=("flushing",), medicines=(drug("magnesium-antacid"),)),
        someone(symptoms=("palpitations",), medicines=(drug("magnesium-antacid"),)),
    ),
    Pair("serum-very-low", "refuse", someone(labs=(egfr(95), serum(0.499))), someone(labs=(egfr(95), serum(0.5)))),
    Pair("serum-low", "care", someone(labs=(egfr(95), serum(0.699))), someone(labs=(egfr(95), serum(0.7)))),
    Pair("serum-low", "care", someone(labs=(egfr(95), serum(0.5))), someone(labs=(egfr(95), serum(0.499)))),
    Pair(
        "serum-low-before",
        "care",
        someone(conditions=("hypomagnesaemia",), labs=(egfr(95), serum(0.8, 185))),
        someone(conditions=("hypomagnesaemia",), labs=(egfr(95), serum(0.8, 184))),
    ),
    *(
        Pair(
            "serum-low-and-heart",
            "refuse",
            someone(labs=(egfr(95), serum(0.699)), medicines=(drug(danger),)),
            someone(labs=(egfr(95), serum(0.7)), medicines=(drug(danger),)),
        )
        for danger in ("qt-prolonging", "antiarrhythmic", "digoxin", "moxifloxacin")
    ),
    Pair(
        "serum-low-and-heart",
        "refuse",
        someone(labs=(egfr(95), serum(0.6), lab("potassium", 2.99))),
        someone(labs=(egfr(95), serum(0.6), lab("potassium", 3.0))),
    ),
    Pair(
        "serum-low-and-heart",
        "refuse",
        someone(labs=(egfr(95), serum(0.6), lab("calcium", 1.89))),
        someone(labs=(egfr(95), serum(0.6), lab("calcium", 1.9))),
    ),
    Pair(
        "serum-low-and-heart",
        "refuse",
        someone(labs=(egfr(95), serum(0.6), lab("calcium", 2.0), lab("albumin", 46))),
        someone(labs=(egfr(95), serum(0.6), lab("calcium", 1.85), lab("albumin", 36))),
    ),
    Pair(
        "serum-low-and-heart",
        "refuse",
        someone(labs=(egfr(95), serum(0.6)), conditions=("hypokalaemia",)),
        someone(labs=(egfr(95), serum(0.6), lab("potassium", 3.6)), conditions=("hypokalaemia",)),
    ),
    Pair(
        "serum-low-and-heart",
        "refuse",
        someone(labs=(egfr(95), lab("potassium", 2.99))),
        someone(labs=(egfr(95), serum(0.82), lab("potassium", 2.99))),
    ),
    Pair(
        "serum-low-and-heart",
        "refuse",
        someone(labs=(egfr(95),), conditions=("hypomagnesaemia",), medicines=(drug("digoxin"),)),
        someone(labs=(egfr(95),), medicines=(drug("digoxin"),)),
    ),
    Pair(
        "serum-low-and-heart",
        "refuse",
        someone(labs=(egfr(95), serum(0.69)), conditions=("long-qt",)),
        someone(conditions=("long-qt",)),
    ),
    Pair(
        "potassium-low",
        "care",
        someone(labs=(*LABS, lab("potassium", 2.99))),
        someone(labs=(*LABS, lab("potassium", 3.0))),
    ),
    Pair("serum-low", "care", someone(labs=(egfr(95), serum(0.61234))), SAME),
    Pair("serum-very-low", "refuse", someone(labs=(egfr(95), serum(0.41234))), SAME),
    Pair("serum-high", "refuse", someone(labs=(egfr(95), serum(1.11234))), SAME),
    Pair("serum-full", "care", someone(labs=(egfr(95), serum(1.01234))), SAME),
    Pair("serum-low-and-heart", "refuse", someone(labs=(egfr(95), serum(0.61234)), medicines=(drug("digoxin"),)), SAME),
    Pair(
        "serum-low-and-heart",
        "refuse",
        someone(labs=(egfr(95), serum(0.6), lab("calcium", 1.81234), lab("potassium", 2.81234))),
        SAME,
    ),
    Pair("potassium-low", "care", someone(labs=(*LABS, lab("potassium", 2.81234))), SAME),
    Pair(
        "serum-low-and-heart",
        "refuse",
        someone(labs=(egfr(95), serum(0.6), lab("calcium", 2.1, comparator="<"))),
        someone(labs=(egfr(95), serum(0.6), lab("calcium", 2.1, comparator=">"))),
    ),
    Pair("kidney-45-to-59-serum", "refuse", someone(labs=(egfr(50), serum(0.96234))), SAME),
    # heart
    Pair(
        "conduction-with-symptoms",
        "refuse",
        someone(conditions=("first-degree-block",), symptoms=("palpitations",)),
        someone(conditions=("first-degree-block",)),
    ),
    Pair(
        "conduction-with-symptoms",
        "refuse",
        someone(conditions=("athletic-bradycardia",), symptoms=("slow-pulse",)),
        someone(symptoms=("palpitations",)),
    ),
    Pair(
        "heart-failure-labs",
        "refuse",
        someone(conditions=("heart-failure",)),
        someone(conditions=("heart-failure",), labs=(*LABS, lab("potassium", 4.2))),
    ),
    Pair(
        "heart-failure-labs",
        "refuse",
        someone(conditions=("heart-failure",), labs=(egfr(95), lab("potassium", 4.2), serum(0.8, 93))),
        someone(conditions=("heart-failure",), labs=(egfr(95, 92), lab("potassium", 4.2, 92), serum(0.8, 92))),
    ),
    # life stages
    Pair("age-unknown", "refuse", someone(age_y=None), someone()),
    Pair("age-below-18", "refuse", someone(age_y=17.99), someone(age_y=18.0)),
    Pair("age-75", "care", OLD_WOMAN, someone(age_y=74.99)),
    Pair("age-75-labs", "refuse", someone(age_y=75.0, labs=(egfr(80),)), OLD_WOMAN),
    Pair(
        "age-75-labs",
        "refuse",
        someone(age_y=75.0, labs=(egfr(80, 93), serum(0.8))),
        someone(age_y=75.0, labs=(egfr(80, 92), serum(0.8, 92))),
    ),
    Pair("pregnancy", "refuse", someone(sex="female", pregnant=True), someone(sex="female", pregnant=False)),
    Pair("pregnancy", "care", authorised(sex="female", pregnant=True), authorised(sex="female", pregnant=False)),
    Pair(
        "pregnancy",
        "refuse",
        someone(sex="female", not_understood=("condition: Pregnant, 12 weeks",)),
        someone(sex="female", pregnant=False, not_understood=("condition: Pregnant last year",)),
    ),
    Pair(
        "pregnancy-unknown",
        "care",
        someone(sex="female"),
        someone(sex="female", not_understood=("condition: pregnant",)),
    ),
    Pair(
        "pregnancy", "refuse", someone(sex="female", pregnant=False, conditions=("pregnancy",)), someone(sex="female")
    ),
    Pair("pregnancy-unknown", "care", someone(sex="female"), someone(sex="female", conditions=("pregnancy",))),
    Pair("pregnancy-unknown", "care", someone(sex="female", age_y=55.99), someone(sex="female", age_y=56.0)),
    Pair("pregnancy-unknown", "care", someone(sex="female", age_y=12.0), someone(sex="female", age_y=11.99)),
    Pair("pregnancy-unknown", "care", someone(sex=None), someone(sex=None, pregnant=False)),
    Pair("pregnancy-unknown", "care", someone(sex="female"), someone(sex="male")),
    Pair(
        "constipation-serum",
        "care",
        someone(age_y=65.0, conditions=("constipation",)),
        someone(age_y=64.9, conditions=("constipation",)),
    ),
    Pair(
        "constipation-serum",
        "care",
        someone(labs=(egfr(59), serum(0.8)), symptoms=("constipation",)),
        someone(labs=(egfr(60), serum(0.8)), symptoms=("constipation",)),
    ),
    # refeeding
    Pair(
        "refeeding-risk", "refuse", someone(weight_kg=50.0, height_cm=177.0), someone(weight_kg=50.2, height_cm=177.0)
    ),
    Pair("refeeding-risk", "refuse", someone(weight_change_6mo_pct=-15.1), someone(weight_change_6mo_pct=-15.0)),
    Pair(
        "refeeding-risk",
        "refuse",
        someone(symptoms=("poor-intake-10-days",)),
        someone(symptoms=("poor-intake-5-days",)),
    ),
    *(
        Pair(
            "refeeding-risk",
            "refuse",
            someone(symptoms=("poor-intake-5-days",), labs=(*LABS, lab(test, low))),
            someone(symptoms=("poor-intake-5-days",), labs=(*LABS, lab(test, fine))),
        )
        for test, low, fine in (("potassium", 3.49, 3.5), ("phosphate", 0.79, 0.8))
    ),
    Pair(
        "refeeding-risk",
        "refuse",
        someone(symptoms=("poor-intake-5-days",), labs=(egfr(95), serum(0.749))),
        someone(symptoms=("poor-intake-5-days",), labs=(egfr(95), serum(0.75))),
    ),
    Pair(
        "refeeding-risk",
        "refuse",
        someone(symptoms=("poor-intake-5-days",), labs=(*LABS, lab("potassium", 3.6, reference_low=3.7))),
        someone(labs=(*LABS, lab("potassium", 3.6, reference_low=3.7))),
    ),
    Pair(
        "refeeding-risk",
        "refuse",
        someone(conditions=("eating-disorder",), weight_kg=None),
        someone(conditions=("eating-disorder",)),
    ),
    *(
        Pair(
            "refeeding-risk",
            "refuse",
            someone(weight_change_6mo_pct=-10.1, **second),
            someone(weight_change_6mo_pct=-10.0, **second),
        )
        for second in (
            {"weight_kg": 58.0},
            {"symptoms": ("poor-intake-5-days",)},
            {"conditions": ("malnutrition",)},
            {"alcohol_g_per_day": 40.0},
            {"conditions": ("alcohol-use-disorder",)},
            {"medicines": (drug("insulin"),)},
            {"medicines": (drug("chemotherapy"),)},
            {"medicines": (drug("thiazide-like"),)},
            {"medicines": (drug("loop-diuretic"),)},
            {"medicines": (drug("mra"),)},
            {"medicines": (drug("antacid-other"),)},
            {"medicines": (drug("magnesium-antacid"),)},
            {"supplements": (product(100, classes=("magnesium-antacid",)),)},
        )
    ),
    Pair(
        "refeeding-risk",
        "refuse",
        someone(weight_kg=58.6, medicines=(drug("insulin"),)),
        someone(weight_kg=58.7, medicines=(drug("insulin"),)),
    ),
    Pair(
        "refeeding-risk",
        "refuse",
        someone(alcohol_g_per_day=40.0, medicines=(drug("insulin"),)),
        someone(alcohol_g_per_day=39.9, medicines=(drug("insulin"),)),
    ),
    Pair(
        "refeeding-risk",
        "refuse",
        someone(symptoms=("weight-loss",), medicines=(drug("insulin"),)),
        someone(symptoms=("weight-loss",)),
    ),
    # declared
    Pair(
        "bowel-flare",
        "refuse",
        someone(conditions=("inflammatory-bowel-disease",), symptoms=("loose-stools",)),
        someone(conditions=("inflammatory-bowel-disease",)),
    ),
    Pair(
        "bowel-flare",
        "refuse",
        someone(conditions=("inflammatory-bowel-disease",), symptoms=("fever",)),
        someone(symptoms=("fever",)),
    ),
    Pair("not-understood", "care", someone(not_understood=("condition: xyz",)), SAME),
    Pair("doubtful-entry", "care", someone(doubts=("A magnesium of 2 mmol/L would be usual in mg/dL.",)), SAME),
    # ceilings
    Pair("above-upper-level", "care", authorised(), authorised(profile="personal")),
    Pair("not-above-upper-level", "care", authorised(age_y=75.0), authorised(age_y=74.99)),
    Pair("not-above-upper-level", "care", authorised(age_y=75.0), authorised(age_y=75.0, profile="personal")),
    Pair("not-above-upper-level", "care", authorised(age_y=75.0), someone(age_y=75.0, profile="clinician")),
    Pair("amount-unknown", "care", someone(supplements=(product(None),)), someone(supplements=(product(100),))),
    Pair(
        "amount-unknown",
        "care",
        someone(supplements=(product(100, per_day=None),)),
        someone(supplements=(product(100),)),
    ),
    Pair("no-lab", "care", someone(labs=()), someone(labs=(egfr(95),))),
    Pair(
        "no-lab", "care", someone(labs=(egfr(95, 366), serum(0.8, 185))), someone(labs=(egfr(95, 366), serum(0.8, 184)))
    ),
    Pair(
        "no-lab",
        "care",
        someone(labs=(egfr(95),), goals=("neuropathy",)),
        someone(labs=(egfr(95),), goals=("sleep", "neuropathy")),
    ),
    Pair("no-lab", "care", someone(labs=(egfr(95),), goals=("repletion",)), someone(goals=("repletion",))),
    Pair(
        "present-intake-above-cap", "refuse", someone(supplements=(product(251),)), someone(supplements=(product(250),))
    ),
    # medicines
    Pair("medicine-labs", "refuse", authorised(medicines=(drug("lithium"),)), someone(medicines=(drug("lithium"),))),
    Pair(
        "medicine-labs",
        "refuse",
        authorised(medicines=(drug("digoxin"),), labs=(*LABS, lab("calcium", 2.3), lab("potassium", 4.0, 93))),
        authorised(medicines=(drug("digoxin"),), labs=(*LABS, lab("calcium", 2.3, 92), lab("potassium", 4.0, 92))),
    ),
    Pair(
        "serum-watch",
        "care",
        someone(medicines=(drug("potassium-sparing-diuretic"),)),
        someone(medicines=(drug("thiazide-like"),)),
    ),
    Pair("serum-watch", "care", someone(medicines=(drug("calcitriol"),)), someone(medicines=(drug("statin"),))),
    Pair(
        "serum-watch",
        "care",
        someone(
            medicines=(drug("sglt2-inhibitor", since=TODAY - timedelta(days=92)),), labs=(egfr(95, 0), serum(0.8, 0))
        ),
        someone(
            medicines=(drug("sglt2-inhibitor", since=TODAY - timedelta(days=93)),), labs=(egfr(95, 0), serum(0.8, 0))
        ),
    ),
    Pair("serum-watch", "care", someone(medicines=(drug("sglt2-inhibitor"),)), SAME),
    Pair("spacing", "care", someone(medicines=(drug("levothyroxine"),)), someone(medicines=(drug("oral-other"),))),
    Pair(
        "spacing",
        "info",
        someone(medicines=(drug("levothyroxine", at=("07:00",)),)),
        someone(medicines=(drug("levothyroxine"),)),
    ),
    Pair(
        "spacing-general",
        "info",
        someone(medicines=(drug("oral-other"),)),
        someone(medicines=(drug("insulin", "not-oral"),)),
    ),
    Pair(
        "no-clock-time",
        "refuse",
        someone(medicines=FULL_DAY),
        someone(medicines=(drug("levothyroxine", at=("08:00", "16:00", "00:00")),)),
    ),
    Pair("no-clock-time", "refuse", someone(medicines=LONG_COURSE), someone(medicines=FULL_COURSE)),
    Pair("pause-for-course", "care", someone(medicines=FULL_COURSE), someone(medicines=LONG_COURSE)),
    # referral
    Pair(
        "painkiller-overuse",
        "care",
        someone(medicines=(SUMATRIPTAN,)),
        someone(medicines=(drug("triptan", days_per_month=9),)),
    ),
    *(
        Pair(
            "painkiller-overuse",
            "care",
            someone(medicines=(drug(pill, days_per_month=10),)),
            someone(medicines=(drug(pill, days_per_month=9),)),
        )
        for pill in ("ergot", "opioid", "combination-analgesic")
    ),
    *(
        Pair(
            "painkiller-overuse",
            "care",
            someone(medicines=(drug(pill, days_per_month=15),)),
            someone(medicines=(drug(pill, days_per_month=14),)),
        )
        for pill in ("paracetamol", "aspirin", "nsaid")
    ),
    Pair(
        "painkiller-overuse",
        "care",
        someone(medicines=(drug("paracetamol", days_per_month=6), drug("triptan", days_per_month=4))),
        someone(medicines=(drug("paracetamol", days_per_month=6), drug("triptan", days_per_month=3))),
    ),
    Pair(
        "painkiller-overuse",
        "care",
        someone(baseline=BLANK.model_copy(update={"acute_medicine_days_per_28": 10.0})),
        someone(baseline=BLANK.model_copy(update={"acute_medicine_days_per_28": 9.0})),
    ),
    Pair(
        "painkiller-overuse",
        "care",
        someone(medicines=(drug("aspirin", days_per_month=30),)),
        someone(medicines=(drug("aspirin", "aspirin-low-dose", days_per_month=30),)),
    ),
    Pair("headache-red-flag", "care", someone(conditions=("cancer", "migraine")), someone(conditions=("cancer",))),
    Pair(
        "headache-red-flag",
        "care",
        someone(conditions=("immunosuppression",), goals=("migraine-prevention",)),
        someone(conditions=("migraine",)),
    ),
    Pair(
        "headache-red-flag",
        "care",
        authorised(sex="female", pregnant=True, headache_days_per_month=3.0),
        authorised(sex="female", pregnant=True),
    ),
    Pair(
        "headache-red-flag",
        "care",
        someone(conditions=("cancer",), symptoms=("headache",)),
        someone(symptoms=("headache",)),
    ),
    Pair(
        "headache-red-flag",
        "care",
        someone(conditions=("cancer",), baseline=BLANK.model_copy(update={"headache_days_per_28": 4.0})),
        someone(conditions=("cancer",), baseline=BLANK.model_copy(update={"headache_days_per_28": 0.0})),
    ),
    Pair(
        "headache-from-50",
        "info",
        someone(age_y=50.0, symptoms=("headache",)),
        someone(age_y=49.9, symptoms=("headache",)),
    ),
    Pair(
        "headache-from-50",
        "info",
        someone(age_y=60.0, goals=("tension-type-headache",)),
        someone(age_y=60.0, goals=("tension-type-headache",), conditions=("tension-type-headache",)),
    ),
    Pair("neuropathy-first", "care", someone(conditions=("peripheral-neuropathy",)), SAME),
    Pair("neuropathy-first", "care", someone(goals=("neuropathy",)), SAME),
    Pair(
        "neuropathy-first",
        "info",
        someone(goals=("neuropathy",), labs=(*LABS, lab("b12", 300), lab("hba1c", 38), lab("tsh", 2, 365))),
        someone(goals=("neuropathy",), labs=(*LABS, lab("b12", 300), lab("hba1c", 38), lab("tsh", 2, 366))),
    ),
    Pair(
        "neuropathy-first",
        "care",
        someone(goals=("neuropathy",), labs=(*LABS, lab("b12", 147.9), lab("hba1c", 38), lab("tsh", 2))),
        someone(goals=("neuropathy",), labs=(*LABS, lab("b12", 148), lab("hba1c", 38), lab("tsh", 2))),
    ),
    Pair(
        "headache-red-flag",
        "care",
        someone(conditions=("cancer",), symptoms=("papilloedema",)),
        someone(conditions=("cancer",), symptoms=("palpitations",)),
    ),
    Pair(
        "bowel-flare",
        "refuse",
        someone(conditions=("inflammatory-bowel-disease", "chronic-abdominal-pain")),
        someone(conditions=("chronic-abdominal-pain",)),
    ),
    Pair(
        "refeeding-risk", "refuse", someone(weight_kg=63.9, height_cm=200.0), someone(weight_kg=64.0, height_cm=200.0)
    ),
    Pair(
        "refeeding-risk",
        "refuse",
        someone(weight_kg=73.9, height_cm=200.0, medicines=(drug("insulin"),)),
        someone(weight_kg=74.0, height_cm=200.0, medicines=(drug("insulin"),)),
    ),
    Pair(
        "kidney-below-30",
        "refuse",
        someone(labs=(egfr(30), serum(0.8)), conditions=("limb-loss",)),
        someone(labs=(egfr(30), serum(0.8))),
    ),
    Pair(
        "present-intake-above-cap",
        "refuse",
        someone(supplements=(product(50),), conditions=("dialysis",)),
        someone(supplements=(product(50),)),
    ),
    Pair(
        "spacing",
        "care",
        someone(medicines=(drug("raltegravir"), drug("levothyroxine"))),
        someone(medicines=(drug("raltegravir"),)),
    ),
    Pair(
        "refeeding-risk",
        "refuse",
        someone(conditions=("eating-disorder",), labs=(*LABS, lab("potassium", 3.4))),
        someone(conditions=("eating-disorder",), labs=(*LABS, lab("potassium", 3.5))),
    ),
    Pair(
        "painkiller-overuse",
        "care",
        someone(headache_days_per_month=20.0, medicines=(drug("triptan", days_per_month=12, since=TODAY - OLD),)),
        SAME,
    ),
    # regimen
    of_plan("regimen-days", "refuse", Regimen((Step(-1, 7, ()),)), Regimen((Step(0, 7, ()),))),
    of_plan("regimen-days", "refuse", Regimen((Step(7, 7, ()),)), Regimen((Step(7, 8, ()),))),
    of_plan("regimen-amount", "refuse", regimen(-0.1), regimen(0.0)),
    of_plan("regimen-amount", "refuse", regimen(2000.1), regimen(2000.0)),
    of_plan("regimen-amount", "refuse", regimen(float("nan")), regimen(100)),
    of_plan("regimen-amount", "refuse", regimen(float("inf")), regimen(100)),
    of_plan("regimen-time", "refuse", regimen(100, at=("24:00",)), regimen(100, at=("23:59",))),
    of_plan("regimen-time", "refuse", regimen(100, at=("noon",)), regimen(100, at=("9:05",))),
    of_plan("regimen-above-cap", "refuse", regimen(200, 151), regimen(200, 150)),
    of_plan("single-intake", "refuse", regimen(201), regimen(200)),
    of_plan(
        "single-intake", "refuse", regimen(100, 101, at=("08:00", "08:00")), regimen(100, 100, at=("08:00", "08:00"))
    ),
    of_plan(
        "single-intake", "refuse", regimen(101), regimen(100, 100), someone(conditions=("inflammatory-bowel-disease",))
    ),
    of_plan("form-unknown", "refuse", regimen(100, form="moonstone"), regimen(100)),
    of_plan("form-laxative", "refuse", regimen(100, form="sulfate"), regimen(100, form="chloride")),
    of_plan("form-laxative", "refuse", regimen(100, form="hydroxide"), regimen(100, form="oxide")),
    of_plan(
        "form-not-soluble",
        "refuse",
        regimen(100, form="oxide"),
        regimen(100, form="citrate"),
        someone(conditions=("inflammatory-bowel-disease",)),
    ),
    of_plan("step-too-fast", "care", regimen(151), regimen(150)),
    of_plan(
        "step-too-fast",
        "care",
        Regimen(
            (
                Step(0, 6, (Intake("08:00", "citrate", 100),)),
                Step(6, 84, (Intake("08:00", "citrate", 100), Intake("20:00", "citrate", 100))),
            )
        ),
        Regimen(
            (
                Step(0, 7, (Intake("08:00", "citrate", 100),)),
                Step(7, 84, (Intake("08:00", "citrate", 100), Intake("20:00", "citrate", 100))),
            )
        ),
    ),
    of_plan(
        "intakes-above-upper-level",
        "refuse",
        regimen(100, 100, 100, 100, at=("06:00", "11:00", "16:00", "21:00")),
        regimen(134, 133, 133),
        authorised(jurisdiction="US"),
    ),
    of_plan("intakes-above-upper-level", "refuse", regimen(260), regimen(250), authorised()),
    of_plan(
        "expiry-above-upper-level",
        "refuse",
        Regimen((Step(0, 85, regimen(200, 200).steps[0].intakes),)),
        Regimen((Step(0, 84, regimen(200, 200).steps[0].intakes),)),
        authorised(),
    ),
    of_plan(
        "expiry-above-upper-level",
        "refuse",
        Regimen((Step(90, 100, regimen(200, 200).steps[0].intakes),)),
        Regimen((Step(0, None, regimen(125, 125).steps[0].intakes),)),
        authorised(),
    ),
    of_plan(
        "too-near-to-medicine",
        "refuse",
        regimen(100, at=("09:59",)),
        regimen(100, at=("10:00",)),
        someone(medicines=(CIPRO,)),
    ),
    of_plan(
        "too-near-to-medicine",
        "refuse",
        regimen(100, at=("02:01",)),
        regimen(100, at=("02:00",)),
        someone(medicines=(CIPRO,)),
    ),
    of_plan("too-near-to-medicine", "care", kept("08:00"), kept("11:00"), KEPT),
    of_plan("too-near-to-medicine", "refuse", kept("08:00", None), kept("11:00", None), KEPT),
    Pair(
        "predicted-serum",
        "refuse",
        SAME,
        SAME,
        regimen(100),
        regimen(100),
        forecast(np.full((9, 2), 1.051)),
        forecast(np.full((9, 2), 1.05)),
    ),
    Pair("predicted-serum", "refuse", SAME, SAME, regimen(100), regimen(100), forecast([[0.9]], [True]), GOOD),
    Pair(
        "failed-draws",
        "care",
        SAME,
        SAME,
        regimen(100),
        regimen(100),
        forecast(np.full((100, 2), 0.9), np.arange(100) < 2),
        GOOD,
    ),
    Pair("not-simulated", "care", SAME, SAME, regimen(100), Regimen(()), None, None),
)


def findings(person: Person, plan: Regimen | None, given: Forecast | None) -> set[tuple[str, str]]:
    verdict = check(person, plan, given if plan is not None else None)
    return {(finding.gate, finding.severity) for finding in verdict.findings}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.gate)
def test_gate_trips_and_just_does_not(pair: Pair) -> None:
    assert (pair.gate, pair.severity) in findings(pair.trips, pair.plan, pair.given)
    assert (pair.gate, pair.severity) not in findings(pair.passes, pair.passing_plan, pair.passing_given)


def named_gates() -> set[str]:
    """Every gate name that the room writes down."""
    found: set[str] = set()
    for path in GATES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                speaks = {"refuse": 0, "care": 0, "inform": 0, "say": 0, "missing_labs": 0, "_serum_has_to_be_known": 1}
                place = speaks.get(node.func.id)
                if place is not None and len(node.args) > place:
                    found |= {
                        leaf.value
                        for leaf in ast.walk(node.args[place])
                        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                    }
    return {name for name in found if not name.endswith("-") and name != "serum-magnesium"}


@pytest.mark.skipif("MUTANT_UNDER_TEST" in os.environ, reason="reads the source, which mutation testing changes")
def test_no_gate_is_without_such_a_pair() -> None:
    without = named_gates() - {pair.gate for pair in PAIRS}
    assert not without, without


def test_clinician_block_is_needed_whole() -> None:
    unsigned = authorised(clinician=Clinician(role="", indication="low", date=TODAY))
    assert any(
        "is missing: a clinician's role, date and indication." in one.sentence for one in check(unsigned, None).findings
    )
    for role, indication, days in (("", "low", 7), ("doctor", " ", 7), ("doctor", "low", 84), ("doctor", "low", -1)):
        signed = Clinician(role=role, indication=indication, date=TODAY - timedelta(days=days))
        assert ("not-above-upper-level", "care") in findings(authorised(clinician=signed), None, None)
    signed = Clinician(role="doctor", indication="low", date=TODAY - timedelta(days=83))
    assert ("above-upper-level", "care") in findings(authorised(clinician=signed), None, None)
