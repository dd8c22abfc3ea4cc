"""The proofs of CLINICAL.md section 11, on whole plans."""

from __future__ import annotations

import pytest
from tests.scenarios.audit.checks import permitted
from tests.scenarios.audit.pairs import PAIRS, Pair
from tests.scenarios.audit.people import adult, drug, low, signed, woman
from tests.scenarios.audit.runner import Outcome, plan

ORDER = ("allowed", "with_care", "refused")


def standing(o: Outcome) -> tuple[int, float, float]:
    """Rank of the verdict, what is permitted, what is planned; bad input counts as a refusal."""
    if o.code == 2:
        return 2, 0.0, 0.0
    return ORDER.index(o.doc["verdict"]), permitted(o.doc), 0.0 if o.code == 3 else o.doc["total_nonfood_mg_per_day"]


@pytest.mark.parametrize(
    "pair", [pytest.param(p, id=p.name, marks=[pytest.mark.night] if p.night else []) for p in PAIRS]
)
def test_the_worse_person_is_never_given_more(pair: Pair) -> None:
    base, worse = standing(plan(pair.base)), standing(plan(pair.worse))
    assert worse[0] >= base[0], f"verdict {ORDER[base[0]]} became {ORDER[worse[0]]}"
    assert worse[1] <= base[1] + 1e-9, f"permitted {base[1]} became {worse[1]} mg"
    # The starting dose of someone who takes magnesium already is theirs, not the plan's choice; and another kidney
    # value is another fitted person, whose dose may differ under a cap that never rises.
    if "magnesium" not in pair.name and not pair.name.startswith("clinician-egfr"):
        assert worse[2] <= base[2] + 1e-9, f"total {base[2]} became {worse[2]} mg"


SETS = {
    "migraine": adult(),
    "kidney": adult({"egfr": 20}),
    "restore": low(0.72),
    "care": adult({"egfr": 52}),
    "neuropathy": adult({"serum": 0.78}, goals=["neuropathy"], conditions=["peripheral-neuropathy"]),
    "signed": signed(),
    "old": adult(age_y=76),
    "diuretic": low(0.66, medicines=[drug("hydrochlorothiazide", "C03AA03")]),
    "pregnant": woman(age_y=30, pregnant=True),
}


@pytest.mark.parametrize(
    "who", [w if w in {"kidney", "pregnant"} else pytest.param(w, marks=pytest.mark.night) for w in SETS]
)
def test_both_parameter_sets_give_the_same_caps_and_verdict(who: str) -> None:
    ours, theirs = plan(SETS[who]), plan(SETS[who], "--parameter-set", "articles")
    assert (ours.code, ours.doc["verdict"]) == (theirs.code, theirs.doc["verdict"])
    assert [(c["name"], c["elemental_mg_per_day"]) for c in ours.doc["caps"]] == [
        (c["name"], c["elemental_mg_per_day"]) for c in theirs.doc["caps"]
    ]
    assert theirs.doc["parameter_set"] == "articles"


@pytest.mark.night
def test_a_diuretic_earns_no_top_up() -> None:
    for medicine in (drug("furosemide", "C03CA01"), drug("hydrochlorothiazide", "C03AA03")):
        plain, treated = plan(adult()), plan(adult(medicines=[medicine]))
        assert treated.doc["total_nonfood_mg_per_day"] <= plain.doc["total_nonfood_mg_per_day"]


@pytest.mark.night
def test_probability_is_never_bought_with_dose() -> None:
    """The least dose whose median reaches the target: a known intake and a guessed one ask for the same or less."""
    doses = [plan(low(s)).doc["total_nonfood_mg_per_day"] for s in (0.74, 0.72)]
    assert doses[0] <= doses[1]
