"""Published trials run again as virtual ones: what is hit, what is missed, by how much. None is fitted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from davy.forecast.structures import structures
from davy.qualify.fitted_facts import was_fitted
from davy.qualify.mixed_interval import averaged
from davy.trials.design import MOST_PEOPLE, USUAL
from davy.trials.read import example_trials, read_trial
from davy.trials.reported import LEVEL
from davy.trials.result import Comparison
from davy.trials.run import run_trial

REDUCED = 1000
"""The most people of a trial in the reduced form; the full form takes as many as the file says."""

AVERAGED = "averaged"
"""What `structure` says of a result that is averaged over the structural alternatives."""

Kind = Literal["estimate", "significance"]


@dataclass(frozen=True)
class Resimulation:
    """One published result beside what virtual trials of its size find.

    Attributes
    ----------
    trial : name of the example that ships; structure : the structural alternative of the body, or `AVERAGED`.
    persons : of the published trial; simulated : drawn for its virtual repeats.
    result : the comparison.
    """

    trial: str
    structure: str
    persons: int
    simulated: int
    result: Comparison

    @property
    def kind(self) -> Kind:
        """Whether a number was reported, or only whether it was significant."""
        return "significance" if self.result.reported is None else "estimate"

    @property
    def fitted(self) -> bool:
        """Whether something was fitted to a fact behind it, so that a hit is no test."""
        return was_fitted(self.result.sources)

    @property
    def counted(self) -> bool:
        """Whether it is a test of the model."""
        return not self.fitted

    @property
    def in_widths(self) -> float | None:
        """The interval score over the width of the interval: 1 for a hit."""
        return _ratio(self.result.score, self.result)

    @property
    def no_change_in_widths(self) -> float | None:
        """The same of an interval as wide about no change."""
        return _ratio(self.result.score_no_change, self.result)

    def row(self) -> dict[str, Any]:
        """The row of ``trials.json``."""
        told = asdict(self.result)
        significant = told.pop("reported_significant")
        told.pop("n")
        return {
            "trial": self.trial,
            "structure": self.structure,
            "kind": self.kind,
            "persons": self.persons,
            "simulated": self.simulated,
            "level": LEVEL,
            "reported_p_below_0.05": significant,
            "used_for_calibration": self.fitted,
            "counted": self.counted,
            **told,
            "score_in_widths": self.in_widths,
            "score_no_change_in_widths": self.no_change_in_widths,
            "sources": list(self.result.sources),
        }


@dataclass(frozen=True)
class Resimulated:
    """All of them.

    Attributes
    ----------
    results : in the order of the trials' names and of their files, averaged over the structural alternatives by their
        prior weights, or of the usual body alone.
    alternatives : by structural alternative, the same of a body in which it holds.
    """

    results: tuple[Resimulation, ...]
    alternatives: Mapping[str, Resimulated] = field(default_factory=dict[str, "Resimulated"])

    def rows(self) -> list[dict[str, Any]]:
        """The rows of ``trials.json``."""
        return [one.row() for one in self.results]

    def about(self) -> dict[str, Any]:
        """What ``trials.json`` says of all of them together, and of each alternative alone with its rows."""
        alone = {name: made.summary | {"rows": made.rows()} for name, made in self.alternatives.items()}
        return {"level": LEVEL, **self.summary, "alternatives": alone}

    @property
    def summary(self) -> dict[str, Any]:
        """Hits and scores."""
        return {
            "trials": len(self.trials),
            "estimates": len(self.counted("estimate")),
            "estimates_hit": self.hits("estimate"),
            "reports_of_significance": len(self.counted("significance")),
            "reports_of_significance_hit": self.hits("significance"),
            "score_in_widths": self.score,
            "score_no_change_in_widths": self.score_no_change,
        }

    @property
    def trials(self) -> tuple[str, ...]:
        """Names of the trials."""
        return tuple(dict.fromkeys(one.trial for one in self.results))

    def of(self, kind: Kind) -> tuple[Resimulation, ...]:
        """The results of one kind."""
        return tuple(one for one in self.results if one.kind == kind)

    def counted(self, kind: Kind) -> tuple[Resimulation, ...]:
        """Those of one kind that test the model."""
        return tuple(one for one in self.of(kind) if one.counted)

    def hits(self, kind: Kind) -> int:
        """How many of those are hit."""
        return sum(one.result.hit for one in self.counted(kind))

    @property
    def score(self) -> float:
        """Sum of the interval scores in widths, over the counted results that no change has a score for as well."""
        return sum(one.in_widths or 0.0 for one in _scored(self.results))

    @property
    def score_no_change(self) -> float:
        """The same sum for no change."""
        return sum(one.no_change_in_widths or 0.0 for one in _scored(self.results))

    @property
    def sentence(self) -> str:
        """Hits and scores in words."""
        scored = _scored(self.results)
        better = sum((one.in_widths or 0.0) < (one.no_change_in_widths or 0.0) for one in scored)
        left_out = sum(one.fitted for one in self.results)
        estimates, reports = self.counted("estimate"), self.counted("significance")
        return (
            f"{len(self.trials)} published trials: {self.hits('estimate')} of {len(estimates)} reported estimates lie "
            f"in the predicted {LEVEL:.0%} interval, and {self.hits('significance')} of {len(reports)} reports of "
            f"significance are what most virtual trials find; {left_out} results that something was fitted to are not "
            f"counted. Sum of the interval scores {self.score:.1f} widths, of no change {self.score_no_change:.1f}; "
            f"the model is nearer in {better} of {len(scored)}."
        )


def resimulated(
    seed: int = 0,
    full: bool = False,
    *,
    names: Sequence[str] | None = None,
    people: int | None = None,
    alternatives: bool = True,
) -> Resimulated:
    """Run every trial that ships with a published result.

    Parameters
    ----------
    seed : of the people, their measurements and the virtual repeats.
    full : as many people as the files say, else at most `REDUCED`.
    names : some of the trials; by default all. people : at most so many, in place of that.
    alternatives : average over the structural alternatives; else only the usual body is run.
    """
    trials = tuple(names or published_trials())
    most = people or (MOST_PEOPLE if full else REDUCED)
    if not alternatives:
        return Resimulated(_run(trials, seed, most, USUAL))
    known = structures()
    alone = {one.id: Resimulated(_run(trials, seed, most, one.id)) for one in known}
    weights = [one.prior_weight for one in known]
    together = [
        replace(same[0], structure=AVERAGED, result=averaged([one.result for one in same], weights))
        for same in zip(*(made.results for made in alone.values()), strict=True)
    ]
    return Resimulated(tuple(together), alone)


def _run(names: Sequence[str], seed: int, most: int, structure: str) -> tuple[Resimulation, ...]:
    found: list[Resimulation] = []
    for name in names:
        trial = read_trial(f"example:{name}").model_copy(update={"structure": structure})
        people = min(trial.people, most)
        made = run_trial(trial, people=people, seed=seed)
        found += [Resimulation(name, structure, one.n, people, one) for one in made.reported]
    return tuple(found)


def published_trials() -> tuple[str, ...]:
    """The examples that carry a published result."""
    return tuple(name for name in example_trials() if read_trial(f"example:{name}").reported)


def _ratio(score: float | None, result: Comparison) -> float | None:
    if score is None or result.low is None or result.high is None or result.high <= result.low:
        return None
    return score / (result.high - result.low)


def _scored(results: Sequence[Resimulation]) -> tuple[Resimulation, ...]:
    known = (one for one in results if one.in_widths is not None and one.no_change_in_widths is not None)
    return tuple(one for one in known if one.counted)
