"""Which measurement would change this plan most: every test by the expected change of the decision, best first.

For each open test (`inquiries`) the possible results are tried, the decision is made again with each (`redecision`)
and the changes are counted in one currency (`decision`). Facts that the gates lack may decide only together: each gets
its Shapley share of what they change. A test that moves only the red-cell set-point or the stores is worth nothing
here, and "no further test" is an answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import factorial, prod

import numpy as np

from davy.forecast.outcome import Floats
from davy.people.person import Person
from davy.planning.decision import PARTS, Decision, Worth, weight_row, worth_of
from davy.planning.inquiries import Inquiry, inquiries
from davy.planning.known import NextTest
from davy.planning.prospects import Prospect
from davy.planning.redecision import Standing, is_low

NO_FURTHER_TEST = "No further test would change this plan."
REPEAT = "Repeat what was set aside all the same: it tells which result holds."
_DECISIONS = {
    "verdict": "the verdict",
    "safety": "what is known of your kidneys",
    "cap": "the most you may take",
    "dose": "the dose",
    "cause": "the named cause",
}
_SEEN = 0.005
_HARDLY = 0.5
"""Below this share of its value a test on its own counts as deciding only together with others."""


def next_tests(standing: Standing) -> tuple[NextTest, ...]:
    """Tests ranked by what they are expected to change, best first; empty where none is worth doing."""
    worth = weight_row("worth").weight
    open_ones = list(inquiries(standing))
    lacking = [one for one in open_ones if one.gate]
    found: list[NextTest] = []
    for one in open_ones:
        alone = worth_of(standing.today, _after(standing, (one,)))
        told = _shared(standing, one, lacking, alone) if one.gate and len(lacking) > 1 else _told(one, alone)
        found.append(told)
    return tuple(sorted((one for one in found if one.value >= worth), key=lambda test: (-test.value, test.test)))


def _shared(standing: Standing, one: Inquiry, lacking: Sequence[Inquiry], alone: Worth) -> NextTest:
    """One missing fact at its Shapley share of what all of them would change."""
    others = [other for other in lacking if other is not one]
    value, count = 0.0, len(lacking)
    for size in range(count):
        share = factorial(size) * factorial(count - size - 1) / factorial(count)
        for known in itertools.combinations(others, size):
            value += share * (_worth(standing, (*known, one)).value - _worth(standing, known).value)
    value = max(0.0, value)
    if alone.value >= _HARDLY * value:
        return _told(one, Worth(value, alone.changes))
    names = " and ".join(other.test.replace("-", " ") for other in others)
    return _told(one, Worth(value, _worth(standing, tuple(lacking)).changes), f", together with {names}")


def _worth(standing: Standing, facts: Sequence[Inquiry]) -> Worth:
    """What several results together are expected to change; asked once for each set of facts."""
    key = frozenset(one.test for one in facts)
    if key not in standing.known:
        standing.known[key] = (
            worth_of(standing.today, _after(standing, facts)) if facts else Worth(0.0, dict.fromkeys(PARTS, 0.0))
        )
    return standing.known[key]


def _told(one: Inquiry, worth: Worth, together: str = "") -> NextTest:
    """A test with its value, and in words which decision it may change and how often."""
    often = [
        f"{_DECISIONS[part]} in about {100 * share:.0f}" for part, share in worth.changes.items() if share >= _SEEN
    ]
    listed = " and ".join((", ".join(often[:-1]), often[-1]) if len(often) > 1 else often) or "nothing"
    said = f"{one.why}. Of 100 possible results{together} it would change {listed}"
    changes = {part: round(share, 3) for part, share in worth.changes.items()}
    return NextTest(one.test, said, round(worth.value, 3), changes)


def _after(standing: Standing, facts: Sequence[Inquiry]) -> list[tuple[float, Decision]]:
    """The decision after each combination of results of these tests, with its probability."""
    combined = list(itertools.product(*(one.prospects for one in facts)))
    if not combined:
        return []
    medians = _medians(standing, facts)
    persons: dict[tuple[int, ...], Person] = {}
    after: list[tuple[float, Decision]] = []
    for place, results in enumerate(combined):
        key = tuple(id(result.person) for result in results)
        person = persons.setdefault(key, _merged(standing.ground.person, results))
        row = None if medians is None else medians[place]
        cause = _cause_after(standing, facts, place, person)
        after.append((prod(result.probability for result in results), standing.decide(person, row, cause)))
    return after


def _medians(standing: Standing, facts: Sequence[Inquiry]) -> Floats | None:
    """(combinations, options + 1) medians of serum, the draws weighed by every result that reads them."""
    if standing.insight is None or all(one.reading is None for one in facts):
        return None
    weights = np.ones((1, len(standing.insight.posterior.choice_draws.values)))
    for one in facts:
        new = np.ones((len(one.prospects), 1)) if one.reading is None else one.reading.weights(one.prospects)
        weights = (weights[:, None, :] * new[None, :, :]).reshape(-1, weights.shape[1])
    return standing.surface.medians(weights)


def _cause_after(standing: Standing, facts: Sequence[Inquiry], place: int, person: Person) -> dict[str, float] | None:
    """Shares of the causes after a result: a urine decides by its rule, a serum that is not low ends the search."""
    insight = standing.insight
    if insight is None or not is_low(person):
        return None
    (first, *_) = facts
    if first.test != "urine-magnesium-24h" or first.reading is None:
        return insight.posterior.cause
    result = first.prospects[place]
    return standing.cause_with_urine(result.value, first.reading.weights((result,), of="shown")[0])


def _merged(person: Person, results: Sequence[Prospect]) -> Person:
    """The person with all these results."""
    if len(results) == 1:
        return results[0].person
    before = len(person.labs)
    labs = [*person.labs, *(lab for result in results for lab in result.person.labs[before:])]
    told = [result.person.pregnant for result in results if result.person.pregnant != person.pregnant]
    return person.model_copy(update={"labs": tuple(labs), "pregnant": told[0] if told else person.pregnant})
