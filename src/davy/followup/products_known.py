"""Which magnesium products a person file names, and how much of each: what a later file is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from davy.people.intake import intake_of
from davy.people.person import Person, Supplement

Products = tuple[tuple[str, float | None], ...]
"""Each product, else its form, with the most that it may hold a day [mg]; None = nobody knows how much."""


def products_of(person: Person) -> Products:
    """The products that are taken on the day of the person."""
    rows: defaultdict[str, list[Supplement]] = defaultdict(list)
    for row in person.supplements:
        if row.taken_on(person.today):
            rows[row.product or row.form or ""].append(row)
    return tuple(sorted((name, worst_mg(person, held)) for name, held in rows.items()))


def worst_mg(person: Person, rows: Sequence[Supplement]) -> float | None:
    """The most magnesium that products may hold together [mg/d]; None = nobody knows how much."""
    only = {"supplements": tuple(rows), "medicines": ()}
    return intake_of(person.model_copy(update=only)).worst_nonfood_mg


def added(person: Person, known: Products) -> frozenset[str]:
    """The products of the person that were not known then, or of which there is more now."""
    then = dict(known)
    return frozenset(name for name, mg in products_of(person) if name not in then or _more(mg, then[name]))


def _more(now: float | None, then: float | None) -> bool:
    return then is not None and (now is None or round(now - then, 6) > 0)
