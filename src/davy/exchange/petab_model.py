"""The body as PEtab's simulators need it: it can come to rest, and remembers what it was before a change.

What only adds up (urine, stool, sweat, absorbed) never comes to rest, so it is counted only while `collecting` is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from davy.body.parameters import ParameterSet
from davy.body.read import read_model
from davy.exchange.sbml import whole_body_sbml
from davy.forecast.lanes import Layout

COLLECTING = "collecting"
SERUM_BEFORE, CELLS_BEFORE = "serum_before", "cells_before"
_ADDED = (
    (COLLECTING, "1 while what leaves the body is collected, 0 before", "one", 0.0),
    (SERUM_BEFORE, "serum magnesium before the change", "mmol_per_litre", 1.0),
    (CELLS_BEFORE, "red-cell magnesium before the change", "mmol_per_litre", 1.0),
)


def resting_sbml(parameter_set: ParameterSet, values: Mapping[str, float] | None = None) -> str:
    """SBML text of the whole body with `collecting` and the two memories as parameters."""
    libsbml: Any = import_module("libsbml")
    document: Any = libsbml.readSBMLFromString(whole_body_sbml(parameter_set, values))
    model: Any = document.getModel()
    for name, caption, unit, value in _ADDED:
        parameter: Any = model.createParameter()
        parameter.setId(name)
        parameter.setName(caption)
        parameter.setUnits(unit)
        parameter.setValue(value)
        parameter.setConstant(True)
    body = read_model("magnesium", parameter_set=parameter_set)
    for place in Layout(body).sinks:
        _collect(libsbml, model, body.states[place])
    return str(libsbml.writeSBMLToString(document))


def _collect(libsbml: Any, model: Any, name: str) -> None:
    """Let a quantity that only adds up do so only while something is collected."""
    rule: Any = model.getRateRuleByVariable(name)
    if rule is not None:
        filling = str(libsbml.formulaToL3String(rule.getMath()))
    else:
        model.getSpecies(name).setBoundaryCondition(True)
        reactions = [one for one in model.getListOfReactions() if one.getProduct(name) is not None]
        filling = " + ".join(str(one.getId()) for one in reactions)
        rule = model.createRateRule()
        rule.setVariable(name)
    rule.setMath(libsbml.parseL3Formula(f"{COLLECTING} * ({filling})"))
