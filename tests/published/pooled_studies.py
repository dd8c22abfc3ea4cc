"""Studies of the registry as rows that `davy.pool` takes."""

from __future__ import annotations

from davy.evidence.registry import resolve, studies
from davy.evidence.rows import Study

Rows = list[dict[str, object]]


def group(name: str) -> list[Study]:
    """The studies of a group, in file order."""
    found = [study for study in studies() if study.group == name]
    assert found, name
    return found


def study(name: str) -> Study:
    found = resolve(name)
    assert isinstance(found, Study)
    return found


def counts(chosen: list[Study]) -> Rows:
    """Events and sizes."""
    return [
        {"study": s.study, "ai": s.events_arm, "n1i": s.n_arm, "ci": s.events_control, "n2i": s.n_control}
        for s in chosen
    ]


def means(chosen: list[Study]) -> Rows:
    """Means, SDs and sizes of the studies that print them all."""
    return [
        {
            "study": s.study,
            "m1i": s.mean_arm,
            "sd1i": s.sd_arm,
            "n1i": s.n_arm,
            "m2i": s.mean_control,
            "sd2i": s.sd_control,
            "n2i": s.n_control,
        }
        for s in chosen
    ]


def intervals(chosen: list[Study]) -> Rows:
    """Printed estimates with their intervals."""
    return [{"study": s.study, "estimate": s.estimate, "ci_low": s.low, "ci_high": s.high} for s in chosen]
