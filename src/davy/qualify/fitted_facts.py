"""Which facts something was fitted to or set by: what the model says of them is no test of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from davy.body.targets import read_targets
from davy.evidence.rows import Fact
from davy.qualify.tables import TABLES
from davy.tables import read_table

EARLIER = frozenset({"K090", "K091", "f-167", "K098"})
"""Facts that a value which still stands was first fitted to, though its row cites others now: the pooled rise of serum
and urine (the splay of the kidney; f-167 pools trials of the same kind) and muscle on supplements."""


@cache
def fitted_facts() -> frozenset[str]:
    """Ids that a default, a base rate or a target of calibration cites, and facts whose use is to calibrate.

    No forecast rests on a pathway, so what a pathway was set by still tests the body.
    """
    cited = frozenset[str]()
    for one in TABLES:
        if one.carries == "default" and not one.home.startswith("davy.pathways"):
            cited |= {name for row in read_table(one.file, one.row_type()) for name in getattr(row, "source", ())}
    cited |= {name for row in read_targets() if row.kind == "calibrate" for name in row.source}
    facts = read_table("facts.csv", Fact)
    return (cited | EARLIER | {fact.id for fact in facts if fact.use == "calibrate"}) & {fact.id for fact in facts}


def was_fitted(sources: Iterable[str]) -> bool:
    """Whether something rests on any of these facts."""
    return not fitted_facts().isdisjoint(sources)
