"""From finished chunks to what the trial says, person by person in order of enrolment, at constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from davy.forecast.outcome import Floats
from davy.trials.chunk import CHARACTERISTICS, Chunk
from davy.trials.cohort import in_test_unit, unit_of
from davy.trials.design import Endpoint, Method, Trial
from davy.trials.endpoints import Outcome, on_arm, outcome_of, samples
from davy.trials.estimate import effects, spread
from davy.trials.reported import unit_shown
from davy.trials.result import ArmSummary, Characteristic, EndpointResult, Estimate, GroupFlow
from davy.trials.sums import Histogram, Sums, blocks, nothing, sums_of
from davy.trials.timetable import timetable

KEPT = 20_000
"""How many persons, the first enrolled, virtual trials of other sizes are drawn from."""


@dataclass
class _Arm:
    sums: Sums = field(default_factory=lambda: nothing(1))
    counts: Histogram = field(default_factory=Histogram)
    missing: int = 0
    shares: bool = False

    def add(self, values: Floats) -> None:
        self.sums = self.sums + sums_of(values[:, None])
        if not self.shares:
            self.counts.add(values)
        self.missing += int((~np.isfinite(values)).sum())

    def summary(self, name: str) -> ArmSummary:
        mean, sd = _told(self.sums.mean[..., 0]), _told(spread(self.sums))
        low, middle, high = (self.counts.quantile(share) for share in (0.05, 0.5, 0.95))
        return ArmSummary(name, int(self.sums.count), self.missing, mean, sd, low, middle, high)


class Reckoning:
    """Everything that is counted while the persons go by."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._groups = timetable(trial).groups
        self._arms = {
            (e.name, arm): _Arm(shares=e.measure in ("below", "above"))
            for e in trial.endpoints
            for arm in trial.arm_names
        }
        self._samples: dict[tuple[str, Method, str], list[Sums]] = {}
        self._flow = np.zeros((len(self._groups), 3), dtype=np.int64)
        self._start = [nothing(len(CHARACTERISTICS)) for _ in self._groups]
        self._last_d = max(slot.since_randomisation_d for slot in timetable(trial).slots)
        self._kept: dict[str, list[Outcome]] = {one.name: [] for one in trial.endpoints}
        self._seen = 0

    def take(self, chunks: Iterable[Chunk], also: Sequence[object] = ()) -> None:
        """Count the persons of these chunks; `also` are tables that each block is added to."""
        for block in blocks(chunks):
            self._add(block)
            for table in also:
                table.add(block)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

    def _add(self, block: Chunk) -> None:
        for number in range(len(self._groups)):
            mine = block.group == number
            left = (block.left_d < self._last_d) & mine
            self._flow[number] += (int(mine.sum()), int(left.sum()), int(block.failed[mine].sum()))
            self._start[number] = self._start[number] + sums_of(block.at_start[mine])
        for endpoint in self._trial.endpoints:
            outcome = outcome_of(self._trial, endpoint, block)
            for arm in self._trial.arm_names:
                self._arms[endpoint.name, arm].add(on_arm(self._trial, arm, outcome))
            self._compare(endpoint, outcome)
            if self._seen < KEPT:
                self._kept[endpoint.name].append(outcome)
        self._seen += len(block.number)

    def _compare(self, endpoint: Endpoint, outcome: Outcome) -> None:
        for method in self._trial.analyses(endpoint):
            for treatment in self._trial.treatments:
                new = [sums_of(rows) for rows in samples(self._trial, method, treatment, outcome)]
                old = self._samples.get((endpoint.name, method, treatment))
                both = new if old is None else [one + two for one, two in zip(old, new, strict=True)]
                self._samples[endpoint.name, method, treatment] = both

    def outcome(self, endpoint: str) -> Outcome:
        """The outcome of the first `KEPT` persons, to draw virtual trials from."""
        parts = self._kept[endpoint]
        return Outcome(
            *(np.concatenate([getattr(one, f) for one in parts])[:KEPT] for f in ("group", "value", "start", "gain"))
        )

    def groups(self) -> tuple[GroupFlow, ...]:
        """Who was randomised, left, or could not be simulated, by group."""
        return tuple(
            GroupFlow(group.name, *(int(count) for count in row))
            for group, row in zip(self._groups, self._flow, strict=True)
        )

    def characteristics(self) -> tuple[Characteristic, ...]:
        """What the persons were like at the start, by group; a group without persons is left out."""
        found: list[Characteristic] = []
        for place, name in enumerate(CHARACTERISTICS):
            for group, sums in zip(self._groups, self._start, strict=True):
                if sums.count > 1:
                    mean, sd = float(sums.mean[place]), float(spread(sums, place))
                    found.append(Characteristic(name, group.name, mean, sd))
        return tuple(found)

    def endpoints(self) -> tuple[EndpointResult, ...]:
        """Every endpoint, arm by arm and method by method."""
        return tuple(self._endpoint(one) for one in self._trial.endpoints)

    def _endpoint(self, one: Endpoint) -> EndpointResult:
        bound = None if one.threshold is None else in_test_unit(one.test, one.threshold, one.unit)
        estimates = [
            self._estimate(one, method, treatment)
            for treatment in self._trial.treatments
            for method in self._trial.analyses(one)
        ]
        return EndpointResult(
            name=one.name,
            test=one.test,
            unit=unit_shown(one) if one.measure not in ("value", "change") else unit_of(one.test),
            measure=one.measure,
            day=one.day,
            threshold=bound,
            arms=tuple(self._arms[one.name, arm].summary(arm) for arm in self._trial.arm_names),
            estimates=tuple(estimates),
        )

    def _estimate(self, endpoint: Endpoint, method: Method, treatment: str) -> Estimate:
        found = effects(method, self._samples[endpoint.name, method, treatment])
        half = found.half_width()
        return Estimate(
            method=method,
            treatment=treatment,
            control=self._trial.control_arm,
            estimate=_told(found.estimate),
            low=_told(found.estimate - half),
            high=_told(found.estimate + half),
            se=_told(found.se),
            df=_told(found.df),
            p_value=_told(found.p_value()),
        )


def _told(value: Floats) -> float | None:
    """A number of a document; null where there is none."""
    return float(value) if np.isfinite(value) else None
