"""What magnesium would change in this person, by pathway: mechanisms beside the trials, never blended with them."""

from __future__ import annotations

import numpy as np

from davy.forecast.outcome import Floats, Forecast
from davy.pathways.draws import DRAWS
from davy.pathways.rows import Compartment, ParameterSet
from davy.pathways.touched import Band, Reached, Touch, Touched, touched
from davy.report.layout import Table, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.pathway_words import shown
from davy.report.reading import Reading
from davy.report.words import number

PLACES = {
    "plasma-ionised": "ionised, in plasma",
    "serum-total": "total, in serum",
    "csf": "fluid round brain and cord",
    "interstitial": "fluid between cells",
    "muscle-free": "free, inside muscle",
    "neuron-free": "free, inside nerve cells",
    "cell-free": "free, inside cells",
    "matrix-free": "free, inside mitochondria",
    "lumen": "in the gut",
}
_PLASMA: tuple[tuple[Compartment, str], ...] = (
    ("plasma-ionised", "ionised_mmol_per_L"),
    ("serum-total", "serum_mmol_per_L"),
)
_WEAK = "C: animals, cells or in part"


def touched_by(forecast: Forecast, *, parameter_set: ParameterSet = "literature", seed: int = 0) -> Touched | None:
    """What the last day of a forecast means for each pathway, against its start; None where it has too few draws."""
    before, after = (_plasma(forecast, at) for at in (0, -1))
    return touched(before, after, parameter_set=parameter_set, seed=seed)


def _plasma(forecast: Forecast, at: int) -> dict[Compartment, Floats]:
    """Magnesium of plasma at one place of a forecast: the median person, then the draws."""
    found: dict[Compartment, Floats] = {}
    for place, output in _PLASMA:
        values = forecast.series(output)[:, at]
        found[place] = np.concatenate(([np.median(values)], values[:DRAWS]))
    return found


def pathways(reading: Reading) -> Html:
    """Where this plan's magnesium arrives, and what that moves; nothing where nothing was simulated."""
    made = reading.touched
    if made is None or not (made.touches or made.still):
        return NOTHING
    return section(
        "pathways",
        "What magnesium would change in you, by pathway",
        el(
            "p",
            "Mechanisms, computed from your own forecast. They are no promise of a benefit, and no dose rests on them: "
            "what trials measured stands in its own section.",
        ),
        _places(made, reading),
        _touches(made, reading),
        _still(made),
    )


def _places(made: Touched, reading: Reading) -> Html:
    rows = tuple(_place(one) for one in made.reached)
    last = max((one.day[-1] for one in reading.plan.expected), default=0.0)
    caption = f"Magnesium today and on day {last:.0f} [mmol/L], median (5 to 95 %)"
    return table(Table(caption, ("Where", "Today", "Then"), rows, (1, 2)))


def _place(one: Reached) -> tuple[Child, ...]:
    return (PLACES.get(one.compartment, one.compartment), _level(one.before), _level(one.after))


def _level(band: Band) -> str:
    return f"{band.p50:.3f} ({band.p05:.3f} to {band.p95:.3f})"


def _touches(made: Touched, reading: Reading) -> Html | None:
    if not made.touches:
        return el("p", "None of the pathways that Davy can compute would move by 1 % or more.")
    rows = tuple(_touch(one, reading) for one in made.touches)
    heads = ("What", "Today", "Then", "Change (5 to 95 %)", "Grade")
    told = [el("p", one.title, ": ", said.sentence, ".") for one in made.touches for said in one.explained]
    return el("div", table(Table("Observables that would move", heads, rows, (1, 2, 3), prose=True)), told)


def _touch(one: Touch, reading: Reading) -> tuple[Child, ...]:
    name = (
        one.title,
        ": ",
        one.observable[:1].lower() + one.observable[1:],
        reading.reader.references.cite(one.sources),
    )
    return (
        name,
        shown(one.before.p50, one.unit),
        shown(one.after.p50, one.unit),
        f"{_percent(one.change.p50)} ({_percent(one.change.p05)} to {_percent(one.change.p95)}; {one.band})",
        _WEAK if one.grade == "C" else one.grade,
    )


def _percent(share: float) -> str:
    return f"{'+' if share > 0 else ''}{number(100.0 * share, 1)} %"


def _still(made: Touched) -> Html | None:
    return el("p.small", f"These would move by less than 1 %: {'; '.join(made.still)}.") if made.still else None
