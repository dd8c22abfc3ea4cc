"""What another dose would do, what missed doses cost, and from when a laboratory can see it."""

from __future__ import annotations

from davy.planning.stools import THIN
from davy.report.figure_by_dose import by_dose_figure
from davy.report.layout import Table, figure, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.reading import Reading
from davy.report.words import dated, number, percent


def doses(reading: Reading) -> Html:
    """Chances by dose and by share taken; empty where nothing is taken."""
    plan = reading.plan
    if not plan.by_dose:
        return NOTHING
    own = reading.reader.own_unit("serum_mmol_per_L", "mmol/L")
    sources = tuple(dict.fromkeys(source for one in plan.by_dose for source in one.sources))
    return section(
        "doses",
        "If the dose were another, or doses were missed",
        el(
            "p",
            "What each dose would do on the day that counts. A larger chance is never bought with a larger dose: the "
            "least dose whose middle forecast reaches the target is taken.",
        )
        if any(one.probability is not None for one in plan.by_dose)
        else None,
        figure(by_dose_figure(plan.by_dose, own.unit, own.factor, own.digits)),
        el("p.small", THIN, reading.reader.references.cite(sources)),
        _missed(reading),
        el("p", dated(plan.follow_up_lab.sentence)) if plan.follow_up_lab is not None else None,
    )


def _missed(reading: Reading) -> Child:
    adherence = reading.plan.adherence
    if adherence is None:
        return None
    own = reading.reader.own_unit("serum_mmol_per_L", "mmol/L")
    aimed = any(one.probability is not None for one in adherence.at)
    rows: list[tuple[Child, ...]] = []
    for one in adherence.at:
        low, middle, high = (
            number(own.factor * value, own.digits + 1)
            for value in (one.serum_mmol_per_L.p05, one.serum_mmol_per_L.p50, one.serum_mmol_per_L.p95)
        )
        chance = ("" if one.probability is None else percent(one.probability),) if aimed else ()
        rows.append(
            (f"{10 * one.share:.0f} of 10".replace(" ", "\N{NO-BREAK SPACE}"), f"{middle} ({low} to {high})", *chance)
        )
    heads = ("Doses taken", f"Serum, {own.unit} (5 to 95 %)", *(("In the target",) if aimed else ()))
    assumed = f"{percent(adherence.assumed.p05)} to {percent(adherence.assumed.p95)}"
    return (
        el("h3", "If doses are missed"),
        el("p", adherence.sentence),
        table(Table("By share of the doses that is taken", heads, tuple(rows), (1, 2) if aimed else (1,))),
        el(
            "p.small",
            f"The forecast itself assumes that {assumed} of what the labels say is swallowed (nine in ten plausible "
            "versions of you): tablets differ in content, and most people miss some.",
        ),
    )
