"""Trial files: what reads, and every design that cannot be, refused by name with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.rooms.trials.files import CROSSOVER, N_OF_1, PARALLEL, edited

from davy.errors import InputError
from davy.report.schemas import schema_of
from davy.trials.read import changed, example_trials, read_trial, trial_from_text
from davy.trials.timetable import timetable

POWER = ("drop_out_per_year: 1.0", "power: {target: 0.8}")
RANDOM = "drop_out_per_year: 1.0"
SCREEN = ("  recipe: us-adults\n", "  recipe: us-adults\n  screening: [%s]\n")

PUBLISHED = [name for name in example_trials() if read_trial(f"example:{name}").reported]

IMPOSSIBLE = {
    "arm of the ratio": (PARALLEL, [(RANDOM, "randomisation: {ratio: {placebo: 1, magnesum: 1}}")], "'magnesum'"),
    "ratio leaves out": (PARALLEL, [(RANDOM, "randomisation: {ratio: {placebo: 1}}")], "leaves out 'magnesium'"),
    "ratio 0": (PARALLEL, [(RANDOM, "randomisation: {ratio: {placebo: 0, magnesium: 1}}")], "puts nobody in 'placebo'"),
    "ratio 1.5": (PARALLEL, [(RANDOM, "randomisation: {ratio: {placebo: 1.5, magnesium: 1}}")], "not a whole number"),
    "control": (PARALLEL, [(RANDOM, "control: dummy")], "there is no arm 'dummy'"),
    "one arm": (PARALLEL, [("  - {name: placebo, regimen: none}\n", "")], "compares nothing"),
    "same name": (PARALLEL, [("name: magnesium", "name: placebo")], "two arms are called 'placebo'"),
    "regimen": (PARALLEL, [("citrate 180mg", "kryptonite 180mg")], "'kryptonite' is not a form"),
    "recipe": (PARALLEL, [("us-adults", "martians")], "martians"),
    "column": (PARALLEL, [("age_y:", "age:")], "'age' is not a column"),
    "empty range": (PARALLEL, [("[18, 75]", "[75, 18]")], "nobody lies between 75 and 18"),
    "half a range": (PARALLEL, [("[18, 75]", "[18]")], "two numbers"),
    "block": (PARALLEL, [(RANDOM, "randomisation: {block_sizes: [3]}")], "a block of 3 does not hold the ratio"),
    "simple blocks": (PARALLEL, [(RANDOM, "randomisation: {kind: simple, block_sizes: [4]}")], "has no blocks"),
    "no strata": (PARALLEL, [(RANDOM, "randomisation: {kind: stratified}")], "needs its strata"),
    "stray strata": (PARALLEL, [(RANDOM, "randomisation: {strata: [{column: female}]}")], "has no strata"),
    "unknown stratum": (PARALLEL, [(RANDOM, "randomisation: {kind: stratified, strata: [{column: sex}]}")], "'sex'"),
    "parallel period": (PARALLEL, [(RANDOM, "randomisation: {washout_d: 7}")], "has one period"),
    "one period": (CROSSOVER, [("[[none, citrate], [citrate, none]]", "[[none], [citrate]]")], "with one period"),
    "no sequences": (CROSSOVER, [("  sequences: [[none, citrate], [citrate, none]]\n", "")], "needs its sequences"),
    "one sequence": (CROSSOVER, [("[[none, citrate], [citrate, none]]", "[[none, citrate]]")], "cannot be told apart"),
    "arm of a sequence": (CROSSOVER, [("[citrate, none]]", "[citrat, none]]")], "there is no arm 'citrat'"),
    "uneven": (CROSSOVER, [("[citrate, none]]", "[citrate, none, none]]")], "differ in their number of periods"),
    "washout": (CROSSOVER, [("washout_d: 14", "washout_d: 15")], "a washout of 15 days is longer than a period of 14"),
    "no length": (CROSSOVER, [("  period_d: 14\n", "")], "needs the length of a period"),
    "after the end": (CROSSOVER, [("{day: 14,", "{day: 15,"), ("24h, day: 14", "24h, day: 15")], "after the end"),
    "diets": (CROSSOVER, [("name: citrate, ", "name: citrate, diet_mg_per_day: 100, ")], "food that differs"),
    "drop-out within": (CROSSOVER, [("name: citrate, ", "name: citrate, drop_out_per_year: 1, ")], "in turn"),
    "flag as range": (PARALLEL, [("[18, 75]", "true")], "'age_y' is an amount"),
    "range as flag": (PARALLEL, [("age_y:", "hypertension:")], "'hypertension' is a yes or no"),
    "cycles": (N_OF_1, [("  cycles: 3\n", "")], "needs its number of cycles"),
    "ratio within": (CROSSOVER, [("  period_d", "  ratio: {none: 1, citrate: 1}\n  period_d")], "every treatment"),
    "run-in and food": (
        PARALLEL,
        [(RANDOM, "run_in: {days: 7}"), ("name: magnesium,", "name: magnesium, diet_change_mg_per_day: 50,")],
        "before anyone is randomised",
    ),
    "before the run-in": (PARALLEL, [("{day: 0,", "{day: -3,")], "lies before the run-in of 0 days"),
    "test": (PARALLEL, [("tests: [serum-magnesium,", "tests: [potassium,")], "'potassium' is not a test"),
    "two visits": (PARALLEL, [("{day: 28,", "{day: 0,")], "two visits on day 0"),
    "endpoint day": (PARALLEL, [("magnesium, day: 28}", "magnesium, day: 84}")], "no visit measures serum-magnesium"),
    "day 0": (PARALLEL, [("magnesium, day: 28}", "magnesium, day: 0}")], "nothing has been taken yet"),
    "threshold": (PARALLEL, [("magnesium, day: 28}", "magnesium, day: 28, measure: below}")], "needs a threshold"),
    "stray threshold": (PARALLEL, [("magnesium, day: 28}", "magnesium, day: 28, threshold: 1}")], "has no threshold"),
    "unit": (
        PARALLEL,
        [("magnesium, day: 28}", "magnesium, day: 28, measure: below, threshold: 2, unit: stone}")],
        "'stone' is not a unit",
    ),
    "paired": (PARALLEL, [("magnesium, day: 28}", "magnesium, day: 28, analysis: paired}")], "needs a crossover"),
    "ancova": (CROSSOVER, [("24h, day: 14}", "24h, day: 14, analysis: ancova}")], "needs a trial with parallel arms"),
    "lab that decides nothing": (PARALLEL, [(SCREEN[0], SCREEN[1] % "{test: serum-magnesium}")], "decides nothing"),
    "lab unknown": (PARALLEL, [(SCREEN[0], SCREEN[1] % "{test: hba1c, at_most: 60}")], "'hba1c' is not a test"),
    "power without effect": (
        PARALLEL,
        [POWER, ('"citrate 180mg @ 08:00,21:00"', "none")],
        "the same treatment: no size has the power",
    ),
    "power of nothing": (PARALLEL, [(RANDOM, "power: {alpha: 0.05}")], "neither sizes nor a target"),
    "power of a few": (PARALLEL, [POWER, ("people: 300", "people: 50")], "too few to draw trials from"),
    "power endpoint": (PARALLEL, [(RANDOM, "power: {target: 0.8, endpoint: pain}")], "no endpoint 'pain'"),
    "report of nothing": (
        PARALLEL,
        [(RANDOM, "reported: [{endpoint: serum, n: 20, sources: K090}]")],
        "give the value that was reported",
    ),
    "source": (
        PARALLEL,
        [(RANDOM, "reported: [{endpoint: serum, value: 1, n: 20, sources: K999}]")],
        "'K999' is not a source",
    ),
    "unknown key": (PARALLEL, [(RANDOM, "dropout: 3")], "'dropout' is not a key"),
    "few people": (PARALLEL, [("people: 300", "people: 3")], "at least 4"),
    "no number": (PARALLEL, [("people: 300", "people: many")], "'many' is not a whole number"),
    "kind": (PARALLEL, [(RANDOM, "randomisation: {kind: blokked}")], "did you mean blocked"),
    "twice": (PARALLEL, [(RANDOM, "people: 200")], "was already given on line 2"),
}  # fmt: skip


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_design_is_refused_by_name(name):
    text, changes, words = IMPOSSIBLE[name]
    with pytest.raises(InputError) as caught:
        trial_from_text(edited(text, *changes), name="mine.yaml")
    assert words in str(caught.value)
    assert all(fault.where.startswith("mine.yaml, line ") for fault in caught.value.faults)


def test_every_fault_is_told_at_once_with_its_line():
    text = edited(PARALLEL, ("us-adults", "martians"), ("citrate 180mg", "kryptonite 180mg"), ("{day: 28,", "{day: 0,"))
    with pytest.raises(InputError) as caught:
        trial_from_text(text, name="mine.yaml")
    lines = [fault.where.split(",")[1].strip() for fault in caught.value.faults]
    assert lines == ["line 4", "line 8", "line 11"]


def test_the_files_of_these_tests_read():
    for text in (PARALLEL, CROSSOVER, N_OF_1):
        assert trial_from_text(text, name="trial").people > 0


@pytest.mark.parametrize("name", example_trials())
def test_examples_read_and_conform_to_the_schema(name):
    trial = read_trial(f"example:{name}")
    assert trial.trial == name
    import yaml

    from davy.tables import knowledge_file

    written = yaml.safe_load(knowledge_file(f"examples/trials/{name}.yaml").read_text(encoding="utf-8"))
    assert not list(Draft202012Validator(schema_of("trial-design")).iter_errors(written))


def test_the_file_in_the_guide_reads():
    guide = (Path(__file__).resolve().parents[3] / "docs/trials.md").read_text(encoding="utf-8")
    text = re.search(r"^```yaml\n(.*?)^```", guide, re.S | re.M)[1]
    assert trial_from_text(text, name="docs/trials.md").randomisation.kind == "stratified"
    assert not [word for word in PUBLISHED if word not in guide]


def test_there_are_eight_published_trials():
    assert len(PUBLISHED) >= 8


def test_an_unknown_example_names_the_others():
    with pytest.raises(InputError, match="zhang-2016"):
        read_trial("example:nothing")


def test_people_and_seed_of_the_command_line():
    trial = trial_from_text(PARALLEL, name="trial")
    other = changed(trial, 50, 7)
    assert (other.people, other.seed) == (50, 7)
    with pytest.raises(InputError, match="people"):
        changed(trial, 1, None)


def test_a_crossover_is_laid_out_in_time():
    plan = timetable(trial_from_text(edited(CROSSOVER, ("people: 60", "people: 60\nrun_in: {days: 5}")), name="trial"))
    assert [(one.period, one.day, one.time_d) for one in plan.slots] == [
        (0, 0, 5),
        (0, 14, 19),
        (1, 0, 33),
        (1, 14, 47),
    ]
    (first, second) = plan.groups
    assert [(step.from_day, step.to_day) for step in second.regimen.steps] == [(5, 19)]
    assert [(step.from_day, step.to_day) for step in first.regimen.steps] == [(33, 47)]
    assert plan.ends.tolist() == [4, 5, 18, 19, 32, 33, 46, 47]


def test_titration_within_a_period_moves_with_it():
    text = edited(
        CROSSOVER, ("citrate 150mg @ 08:00,21:00", "citrate 100mg @ 08:00 from 0 to 7; citrate 200mg @ 08:00 from 7")
    )
    plan = timetable(trial_from_text(text, name="trial"))
    assert [(step.from_day, step.to_day) for step in plan.groups[0].regimen.steps] == [(28, 35), (35, 42)]
