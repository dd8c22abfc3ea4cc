"""The planning tables parse, every source resolves, and every word that makes a row relevant is one that Davy says."""

from __future__ import annotations

from datetime import date

import pytest

from davy.evidence.composition import foods
from davy.evidence.effects import benefits
from davy.evidence.registry import claims, resolve
from davy.people.read import person_from_text
from davy.people.vocabulary import form
from davy.planning.articles import protocol_rows
from davy.planning.disagreements import disagreement_rows
from davy.planning.food import food_rules
from davy.planning.goals import aim_of, goals
from davy.planning.monitoring import monitoring_rows, stop_rows
from davy.planning.situation import Dosing, words_of
from davy.tables import SourcedRow

TABLES = {
    "goals": goals(),
    "articles_protocol": protocol_rows(),
    "monitoring": monitoring_rows(),
    "stop_rules": stop_rows(),
    "disagreements": disagreement_rows(),
    "food_rules": food_rules(),
}
ANYONE = person_from_text("davy: 1\nid: anyone\n", name="anyone", today=date(2026, 11, 22))


@pytest.mark.parametrize("table", TABLES)
def test_every_source_resolves(table: str) -> None:
    rows: tuple[SourcedRow, ...] = TABLES[table]
    assert rows
    for row in rows:
        assert row.source
        for source in row.source:
            resolve(source)


def test_all_twelve_goals_with_their_kinds() -> None:
    kinds = {row.id: row.kind for row in goals()}
    assert {name for name, kind in kinds.items() if kind == "restore"} == {"repletion", "neuropathy"}
    assert {name for name, kind in kinds.items() if kind == "keep"} == {
        "general",
        "longevity",
        "blood-pressure",
        "glycaemia",
    }
    assert len(kinds) == 12


def test_no_default_or_trial_dose_rests_on_a_recalled_row() -> None:
    for row in goals():
        assert row.verified != "memory"
        assert all(getattr(resolve(source), "verified", "abstract") != "memory" for source in row.source), row.id


def test_every_word_is_known() -> None:
    aim = aim_of(ANYONE)
    everything = words_of(ANYONE, aim, Dosing(True, True, True, "articles"))
    known = everything | _all_words()
    used = {row.when for row in protocol_rows()} | {row.when for row in monitoring_rows()}
    used |= {row.when_key for row in stop_rows()} | {row.when for row in disagreement_rows()}
    assert used <= known, used - known


def _all_words() -> set[str]:
    """Every word that the situation can say, read from the functions that say them."""
    from davy.planning import situation

    aim, dosing = aim_of(ANYONE), Dosing(True, True, True, "articles")
    parts = (
        situation._of_goal(ANYONE, aim),
        situation._of_kidney(ANYONE),
        situation._of_medicines(ANYONE),
        situation._of_status(ANYONE, aim),
        situation._of_plan(ANYONE, aim, dosing),
    )
    return {word for part in parts for word in part}


def test_every_line_of_the_protocol_names_a_claim_and_a_form() -> None:
    ids = {claim.id for claim in claims()}
    for row in protocol_rows():
        assert set(row.source) <= ids
        assert row.form is None or form(row.form) is not None


def test_every_disagreement_names_a_claim_and_a_fact() -> None:
    ids = {claim.id for claim in claims()}
    for row in disagreement_rows():
        assert ids & set(row.source)
        assert set(row.source) - ids
        row.effect.format(dose="x", cap="y")


def test_food_rules_drop_tags_that_foods_carry() -> None:
    tags = {tag for food in foods() for tag in food.tags} | {"all"}
    assert {tag for rule in food_rules() for tag in rule.drop_tags} <= tags


def test_benefits_speak_to_goals() -> None:
    assert {goal for row in benefits() for goal in row.goals} <= {row.id for row in goals()}
