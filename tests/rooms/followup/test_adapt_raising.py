"""A laboratory value may carry a step up: new, low, after four weeks, with the cause known; else it asks or refers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.rooms.followup.folders import START as FOLLOWED
from tests.rooms.followup.test_adapt_proofs import decided, known, never_more, with_day, with_person

from davy.cli.main import main
from davy.followup.adapt import Inputs, Past
from davy.followup.adapt.facts import facts_of
from davy.followup.adapt.virtual_person import START
from davy.followup.records import Record
from davy.followup.visit_plan import daily_mg
from davy.people.person import Lab
from davy.store.folder import Folder


@cache
def asking(serum: float = 0.71, *, urine: float | None = 0.7, drawn: int = 42, day: int = 45) -> Inputs:
    """Somebody with a low serum before, and one under the plan that is not there yet."""
    base = known("restore", day)
    value = Lab(
        date=START + timedelta(days=drawn), test="serum-magnesium", value=serum, unit="mmol/L", reference_low=0.75
    )
    labs = [*base.person.labs, value]
    if urine is not None:
        when = START - timedelta(days=18)
        labs.append(Lab(date=when, test="urine-magnesium-24h", value=urine, unit="mmol/24h", complete=True))
    return replace(with_person(base, labs=tuple(labs)), draws=50)


def rules_of(inputs: Inputs) -> tuple[str, ...]:
    return tuple(one.rule for one in decided(inputs).reasons)


@pytest.fixture(scope="module")
def raised() -> Inputs:
    return asking()


def test_one_step_up_by_a_new_low_serum_whose_cause_is_known(raised: Inputs) -> None:
    made = decided(raised)
    now = daily_mg(facts_of(raised).in_force)
    assert (made.action, made.reasons[0].rule) == ("step_up", "lab-says-more")
    assert made.total_mg is not None
    assert now < made.total_mg <= now + 100
    assert made.regimen is not None
    assert all(one.product and one.elemental_mg <= 200 for one in made.regimen)
    told = Past(raised.today, "step_up", made.regimen, rules=("lab-says-more",))
    less = replace(with_person(raised, diet=None), begun={**(raised.begun or {}), "facts": ["sex", "diet"]})
    assert (decided(less).action, rules_of(less)) == ("keep", ("held",))
    later = replace(asking(drawn=80, day=82), past=(told,))
    assert "held" in rules_of(later)
    assert decided(later).total_mg == made.total_mg


@pytest.mark.parametrize(
    ("inputs", "action", "rule"),
    [
        (lambda: asking(urine=None), "test_first", "cause-first"),
        (lambda: asking(urine=3.0), "refer", "leak"),
        (lambda: asking(0.80), "keep", "nothing"),
        (lambda: asking(drawn=20), "keep", "nothing"),
        (lambda: asking(drawn=42, day=75), "keep", "nothing"),
    ],
)
def test_without_that_it_asks_refers_or_goes_on(inputs: Any, action: str, rule: str) -> None:
    made = decided(inputs())
    assert (made.action, made.reasons[0].rule) == (action, rule)
    assert made.total_mg == daily_mg(facts_of(inputs()).in_force)


def test_a_value_is_looked_at_once(raised: Inputs) -> None:
    looked = Past(raised.today - timedelta(days=1), "keep", None, rules=("no-more",))
    assert rules_of(replace(raised, past=(looked,))) == ("nothing",)


def test_a_bound_a_gap_or_half_the_tablets_take_it_away(raised: Inputs) -> None:
    bound = tuple(lab.model_copy(update={"comparator": "<"}) if lab.date > START else lab for lab in raised.person.labs)
    never_more(raised, with_person(raised, labs=bound))
    second = [lab.model_copy(update={"value": 0.80}) for lab in raised.person.labs if lab.date > START]
    assert rules_of(with_person(raised, labs=(*raised.person.labs, *second))) == ("nothing",)
    half = replace(raised, days=tuple(replace(day, taken_share=0.5) for day in raised.days))
    assert "held" in rules_of(half)
    never_more(raised, half)
    never_more(raised, replace(raised, days=raised.days[:40]))
    never_more(raised, with_day(raised, 30, loose_stools=1.0))


def test_the_end_of_a_plan_for_a_low_serum_is_told_by_the_laboratory() -> None:
    assert rules_of(asking(0.80, drawn=80, day=85)) == ("plan-end",)
    assert decided(asking(0.70, drawn=80, day=85)).action == "refer"
    assert decided(known("restore", 85)).action == "test_first"


LOW = """\
davy: 1
id: low-serum
age_y: 38
sex: male
weight_kg: 72
height_cm: 172
jurisdiction: US
goals: [repletion]
diet: {magnesium_mg_per_day: 150, method: food-frequency}
labs:
  - {date: 2026-08-10, test: serum-magnesium, value: 0.66, unit: mmol/L, reference_low: 0.75, reference_high: 1.0}
  - {date: 2026-08-10, test: creatinine, value: 70, unit: umol/L}
  - {date: 2026-08-10, test: potassium, value: 4.2, unit: mmol/L}
  - {date: 2026-08-10, test: calcium, value: 2.35, unit: mmol/L}
  - {date: 2026-08-10, test: albumin, value: 42, unit: g/L}
  - {date: 2026-08-12, test: urine-magnesium-24h, value: 0.7, unit: mmol/24h, complete: true}
"""
STILL = "  - {date: 2026-10-11, test: serum-magnesium, value: 0.68, unit: mmol/L, reference_low: 0.75}\n"


def test_who_plainly_qualifies_goes_up_one_step_by_the_command(tmp_path: Path) -> None:
    """All of it clear, all of it taken, room below the cap, and a serum that stays low: no bound is in the way."""
    path, today = tmp_path / "low", FOLLOWED + timedelta(days=45)
    path.mkdir()
    (path / "person.yaml").write_text(LOW)
    assert main(["follow", str(path), "--begin", "--today", str(FOLLOWED)]) == 0
    Folder(path).append(Record("intake", FOLLOWED + timedelta(days=day), value=1.0) for day in range(45))
    (path / "person.yaml").write_text(LOW + STILL)
    assert main(["follow", str(path), "--today", str(today)]) == 0
    *_, last = (entry.body for entry in Folder(path).decisions())
    plan, made = next(entry.body for entry in Folder(path).decisions())["plan"], last["decision"]
    began, now = plan["regimen"]["elemental_mg_per_day"], sum(one["elemental_mg"] for one in made["regimen"])
    assert (last["action"], last["reasons"][0]["rule"]) == ("step_up", "lab-says-more")
    assert began < now <= began + 100
    assert now <= min(cap["elemental_mg_per_day"] for cap in made["caps"])
