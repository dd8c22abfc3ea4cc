"""What a pathway explains of a trial: an interval where it can be given, and one of two sentences where it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.rooms.pathways.test_frame_draws import pathway_with

from davy.errors import KnowledgeError
from davy.evidence.effects import benefits
from davy.pathways.catalogue import Pathway
from davy.pathways.explained import NO_EFFECT, NO_MAP, NOT_MOVED, Explained, explained
from davy.pathways.rows import OutcomeRow
from davy.qualify.parts import unexpected
from davy.qualify.pathways import pathways

BEFORE = {"speed": np.full(241, 3.0), "level": np.linspace(9.0, 11.0, 241)}
AFTER = {"speed": np.full(241, 2.7), "level": np.linspace(9.0, 11.0, 241) + 0.5}


def outcome(**changes: Any) -> OutcomeRow:
    return OutcomeRow.model_validate(
        {
            "pathway": "P99_test", "outcome": "attacks", "output": "speed", "estimate": -2.0, "low": -3.0,
            "high": -1.0, "unit": "1/month", "null_value": 0.0, "dose_mg": 600.0, "map": "2 * change",
            "source": "davy-model", "verified": "assumed", "status": "active", **changes,
        }
    )  # fmt: skip


def one(row: OutcomeRow, before: Any = BEFORE, after: Any = AFTER) -> Explained:
    found: Pathway = replace(pathway_with(), outcomes=(row,))
    (made,) = explained(found, before, after)
    return made


def test_the_share_is_the_predicted_change_over_the_trial_effect_as_an_interval() -> None:
    made = one(outcome())
    assert made.predicted == pytest.approx((-0.6, -0.6, -0.6))
    assert made.share is not None
    low, middle, high = made.share
    assert middle == pytest.approx(0.3, abs=0.02)
    assert low == pytest.approx(0.6 / (2.0 + 0.51 * 1.645), rel=0.05)
    assert high == pytest.approx(0.6 / (2.0 - 0.51 * 1.645), rel=0.12)
    assert "30 %" in made.sentence or "29 %" in made.sentence or "31 %" in made.sentence


def test_a_ratio_is_explained_on_its_logarithm() -> None:
    made = one(outcome(estimate=0.5, low=0.25, high=0.9999, null_value=1.0, unit="ratio", map="ratio"))
    assert made.share is not None
    assert made.share[1] == pytest.approx(np.log(0.9) / np.log(0.5), rel=0.1)


def test_a_map_may_read_other_outputs_before_and_after() -> None:
    made = one(outcome(map="after - before + 0 * level_before - (level_after - level_before)"))
    assert made.predicted == pytest.approx((-0.8, -0.8, -0.8))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"high": 0.1}, NO_EFFECT),
        ({"estimate": None, "low": None, "high": None}, NO_EFFECT),
        ({"map": None}, NO_MAP),
        ({"high": 0.1, "map": None}, NO_EFFECT),
    ],
)
def test_where_no_share_can_be_given_it_says_why(changes: dict[str, Any], told: str) -> None:
    made = one(outcome(**changes))
    assert (made.share, made.sentence) == (None, told)


def test_where_magnesium_was_not_moved_nothing_is_explained() -> None:
    assert one(outcome(), None, None).sentence == NOT_MOVED


def test_a_map_that_reads_nothing_is_refused_by_name() -> None:
    with pytest.raises(KnowledgeError, match=r"attacks.*'speeed_after'"):
        one(outcome(map="speeed_after"))


def test_the_effect_of_a_benefit_is_the_pooled_one() -> None:
    pooled = next(row for row in benefits() if row.kind == "effect" and row.ci_low is not None)
    made = one(outcome(benefit=pooled.id, estimate=None, low=None, high=None, map=None))
    assert made.effect is not None
    assert (made.effect.estimate, made.effect.low) == (pooled.estimate, pooled.ci_low)
    with pytest.raises(KnowledgeError, match="no benefit 'nothing'"):
        one(outcome(benefit="nothing"))


def test_the_qualification_lists_every_anchor_with_its_miss() -> None:
    made = pathways()
    rows = made.rows()
    assert not unexpected(made)
    own = [row for row in rows if row["parameter_set"] == "literature"]
    free = [row for row in own if row["use"] == "checked"]
    grades = made.about()["by_grade"]
    assert sum(grade["anchors"] for grade in grades) == len(own) < len(rows)
    assert sum(grade["met"] for grade in grades) == sum(row["status"] == "met" for row in own)
    assert sum(grade["checked"] for grade in grades) == len(free)
    assert f"{sum(row['status'] == 'met' for row in free)} of the {len(free)} that set no parameter" in made.sentence
    assert all((row["miss"] == 0.0) == (row["status"] == "met") for row in rows if row["miss"] is not None)
    assert made.sentence.startswith(f"{sum(row['status'] == 'met' for row in own)} of {len(own)} anchors")
