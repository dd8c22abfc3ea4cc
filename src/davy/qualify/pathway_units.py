"""Units of a pathway: those of its rows against those that its model declares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from davy.body.model import Model
from davy.pathways.catalogue import Pathway
from davy.pathways.rows import ParameterSet

_COUNTS = frozenset({"-", "1", "%", "0-10", "SD", "points", "nights", "kb", "V"})
"""What a row may say of a number that the model takes as a plain one."""
_SHORT = {
    "litre": "L",
    "milligram": "mg",
    "gram": "g",
    "day": "d",
    "hour": "h",
    "minute": "min",
    "second": "s",
    "year": "y",
    "newton": "N",
    "metre": "m",
}
_NAMED = {
    "braking": "(dL/mg)^2/d",
    "square": "(mg/dL)^2",
    "growth": "dL/mg/d",
    "secretion": "uU/mL/mg/d",
    "per_uU_per_mL_day": "mL/uU/d",
    "mg_per_dL_day": "mg/dL/d",
    "per_28d": "1/28 d",
}
"""Units of a model whose names are no spelling of them."""
_MOLAR = re.compile(r"\b([mun])mol_per_L\b")


def units_agree(found: Pathway, parameter_set: ParameterSet, model: Model) -> Iterator[str]:
    """What is wrong between the unit of each row and that of its id in the model; the checker reads no model twice."""
    rows = {**found.parameters[parameter_set], **found.inputs, **found.outputs}
    for name in (*model.parameters, *model.states, *model.outputs):
        if name not in rows:
            continue
        declared, unit = model.units.get(name), rows[name].unit
        if declared is None:
            yield f"{name} has no unit in the model"
        elif not same_unit(declared, unit):
            yield f"{name} is {unit!r} in its row and {declared!r} in the model"


def same_unit(declared: str, unit: str) -> bool:
    """Whether the name of a unit in a model spells the unit of a row: ``mmol_per_litre`` and ``mM``."""
    if declared == "one":
        return unit in _COUNTS
    return unit == _NAMED[declared] if declared in _NAMED else _spelt(declared) == _spelt(unit)


def _spelt(unit: str) -> str:
    plain = unit.replace("1/", "per_").replace("/", "_per_").replace(" ", "_")
    words = "_".join(_SHORT.get(word, word) for word in plain.split("_"))
    return _MOLAR.sub(r"\1M", words)
