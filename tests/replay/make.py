"""Make the corpus anew: `python -m tests.replay.make` (about five minutes of one core; `--persons 100` for a try).

Virtual persons of the study behind `davy follow` are followed week by week, each decision under the last ones. Every
tenth look is taken once more with something wrong or something worse thrown in: a value of the laboratory, a symptom,
a medicine, a pregnancy, a hole in the diary. Plans of the bundled people stand between them.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from davy.errors import DavyError
from davy.followup.adapt.inputs import Inputs
from davy.followup.adapt.policies import by_davy
from davy.followup.adapt.rule import decide
from davy.followup.adapt.virtual_person import virtual_person
from davy.followup.adapt.virtual_trial import trial_of
from davy.followup.replay.logged import follow_entry, plan_entry, versions
from davy.people.person import Lab, Medicine
from davy.people.read import examples, read_person
from davy.planning.plan import plan
from davy.store.corpus import write_corpus

EXAMPLES = date(2026, 11, 22)
CORPUS = Path(__file__).parent / "corpus.jsonl.xz"
PERSONS, SEED, DISTURBED, PLAN_DRAWS = 1600, 11, 10, 50
PART = 40
WORN = 10
"""Only each tenth person wears a device: its figures decide nothing, and would fill most of the file."""
KEPT = ("action", "regimen", "expires", "autonomy", "pause")
REASON = ("rule", "action", "sources", "most_mg")
Disturb = Callable[[Inputs, random.Random], dict[str, Any]]


def counted(decisions: Iterable[dict[str, Any]], counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    """The same decisions; `counts` is filled with how often which was made."""
    for one in decisions:
        word = one["made"].get("action") or one["made"]["decision"]["action"]
        counts[word] = counts.get(word, 0) + 1
        yield one


def of_the_bundled() -> Iterator[dict[str, Any]]:
    """The plans of the bundled people."""
    for name in examples():
        yield from _plan(name)


def of_virtual(numbers: Sequence[int], seed: int) -> list[dict[str, Any]]:
    """Every decision about these virtual persons."""
    return list(_virtual(numbers, seed))


def _virtual(numbers: Sequence[int], seed: int) -> Iterator[dict[str, Any]]:
    for number in numbers:
        chance = random.Random(f"{seed} {number}")  # noqa: S311  invented people
        person = virtual_person(number, seed)
        for one in by_davy(person, seed, trial_of(person, seed))[1]:
            inputs = one.inputs if number % WORN == 0 else _unworn(one.inputs)
            yield _trimmed(follow_entry(inputs, decide(inputs)))
            if chance.random() < 1 / DISTURBED:
                worse = _worse(inputs, chance)
                try:
                    yield _trimmed(follow_entry(worse, decide(worse)))
                except DavyError:
                    continue


def _plan(name: str) -> Iterator[dict[str, Any]]:
    person = read_person(f"example:{name}", today=EXAMPLES)
    body = plan_entry(plan(person, draws=PLAN_DRAWS), person, draws=PLAN_DRAWS)
    kept = ("action", "autonomy", "plan")
    reasons = [{"rule": one["rule"]} for one in body["reasons"]]
    yield {
        "day": body["day"],
        "inputs": body["inputs"],
        "made": {**{key: body[key] for key in kept}, "reasons": reasons},
    }


def _trimmed(body: dict[str, Any]) -> dict[str, Any]:
    """The entry without the sentences and figures that a replay does not compare."""
    said = body["decision"]
    kept = {key: said[key] for key in KEPT} | {
        "reasons": [{key: one[key] for key in REASON} for one in said["reasons"]]
    }
    return {"day": body["day"], "inputs": body["inputs"], "made": {"decision": kept}}


def _unworn(inputs: Inputs) -> Inputs:
    return replace(inputs, days=tuple(replace(day, hrv_rmssd_ms=None, asleep_min=None) for day in inputs.days))


def _worse(inputs: Inputs, chance: random.Random) -> Inputs:
    """The same look with something else in it."""
    thrown = chance.choice((_lab, _symptom, _medicine, _pregnant, _hole, _older, _stopped, _doubted))
    return replace(inputs, **thrown(inputs, chance))


def _lab(inputs: Inputs, chance: random.Random) -> dict[str, Any]:
    test, unit, low, high = chance.choice(
        (
            ("serum-magnesium", "mmol/L", 0.4, 1.4),
            ("creatinine", "umol/L", 50.0, 260.0),
            ("potassium", "mmol/L", 2.6, 5.8),
            ("egfr", "mL/min/1.73m2", 15.0, 110.0),
        )
    )
    drawn = inputs.today - timedelta(days=chance.randint(0, 40))
    lab = Lab(date=drawn, test=test, value=round(chance.uniform(low, high), 2), unit=unit)
    return {"person": inputs.person.model_copy(update={"labs": (*inputs.person.labs, lab)})}


def _symptom(inputs: Inputs, chance: random.Random) -> dict[str, Any]:
    told = chance.choice(("muscle-weakness", "drowsiness", "vomiting", "tetany", "slow-pulse", "thunderclap-headache"))
    return {"person": inputs.person.model_copy(update={"symptoms": (told,)})}


def _medicine(inputs: Inputs, chance: random.Random) -> dict[str, Any]:
    name, classes = chance.choice(
        (
            ("levothyroxine", ("levothyroxine",)),
            ("digoxin", ("digoxin",)),
            ("hydrochlorothiazide", ("thiazide-like",)),
            ("omeprazole", ("ppi",)),
            ("an unknown tea", ()),
        )
    )
    since = inputs.today - timedelta(days=chance.randint(0, 60))
    medicine = Medicine(name=name, since=since, classes=classes)
    return {"person": inputs.person.model_copy(update={"medicines": (*inputs.person.medicines, medicine)})}


def _pregnant(inputs: Inputs, chance: random.Random) -> dict[str, Any]:
    return {"person": inputs.person.model_copy(update={"pregnant": chance.choice((True, None))})}


def _hole(inputs: Inputs, chance: random.Random) -> dict[str, Any]:
    return {"days": tuple(day for day in inputs.days if chance.random() < 0.4)}


def _older(inputs: Inputs, chance: random.Random) -> dict[str, Any]:
    back = timedelta(days=chance.randint(90, 500))
    labs = tuple(lab.model_copy(update={"date": lab.date - back}) for lab in inputs.person.labs)
    return {"person": inputs.person.model_copy(update={"labs": labs})}


def _stopped(inputs: Inputs, chance: random.Random) -> dict[str, Any]:
    return {"stopped": (inputs.today - timedelta(days=chance.randint(0, 9))).isoformat()}


def _doubted(inputs: Inputs, chance: random.Random) -> dict[str, Any]:
    return {"doubted": chance.randint(1, 60)}


def main() -> None:
    """Write the corpus."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=CORPUS)
    asked = parser.parse_args()
    numbers = range(asked.persons)
    parts = [numbers[first : first + PART] for first in numbers[::PART]]
    counts: dict[str, int] = {}
    about = {"persons": asked.persons, "seed": asked.seed, "by": "tests/replay/make.py", "actions": counts}
    with ProcessPoolExecutor(asked.workers) as pool:
        found = chain.from_iterable(pool.map(of_virtual, parts, [asked.seed] * len(parts)))
        decisions = counted(chain(of_the_bundled(), found), counts)
        many = write_corpus(asked.out, decisions, versions=versions(), made=about)
    print(f"{many:,} decisions, {asked.out.stat().st_size:,} bytes: {asked.out}")
    print(", ".join(f"{word} {count:,}" for word, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
