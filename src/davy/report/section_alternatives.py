"""What else was considered, and why it was not chosen."""

from __future__ import annotations

from davy.planning.result import PlannedRegimen
from davy.report.layout import Table, section, table
from davy.report.markup import NOTHING, Html
from davy.report.reading import Reading
from davy.report.words import VERDICTS, first_up, magnesium, mg, percent


def regimen_words(regimen: PlannedRegimen) -> str:
    """A regimen in a few words: "magnesium citrate, 100 mg + 100 mg a day"."""
    last = regimen.steps[-1].intakes if regimen.steps else ()
    if not last:
        return "no supplement"
    return f"{magnesium(regimen.form)}, {' + '.join(mg(intake.elemental_mg) for intake in last)} a day"


def alternatives(reading: Reading) -> Html:
    """The rejected candidates in one table."""
    considered = reading.plan.alternatives
    if not considered:
        return NOTHING
    aimed = any(one.probability is not None for one in considered)
    rows: list[tuple[str, ...]] = []
    for one in considered:
        chance = ("" if one.probability is None else percent(one.probability),) if aimed else ()
        verdict = VERDICTS.get(one.verdict, one.verdict)
        rows.append((first_up(regimen_words(one.regimen)), verdict, *chance, one.why_not))
    heads = ("What", "Safety", *(("Chance to reach the target",) if aimed else ()), "Why not")
    made = Table("Not chosen, and why", heads, tuple(rows), (2,) if aimed else (), prose=True)
    return section("alternatives", "What else was considered", table(made))
