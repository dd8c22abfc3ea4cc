"""The whole body as SBML Level 3 Version 2: values, units, names, and where each value was read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import import_module
from typing import Any

from davy import __version__
from davy.body.parameters import parameter_values
from davy.body.read import bundled_sbml
from davy.exchange.captions import captions, organ_prefixes
from davy.exchange.described import MAGNESIUM_ION, described_by, remarks

WHOLE_BODY = "magnesium"
_XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
_ABOUT = (
    "Whole-body magnesium kinetics of an adult: gut, extracellular fluid, kidney, soft tissues, bone, red cells, "
    "cerebrospinal fluid and sweat. Amounts are mmol of elemental magnesium, volumes litres, time days.",
    "A dose is an amount added to a state: gut_GS takes what is dissolved, gut_GU a solid (gut_kdis is its rate of "
    "dissolution), ECF what goes into a vein. Over months avg_abs stands in for the gut: what a day of meals absorbs.",
    "A person is described by kid_GFR, kid_fTm, gut_f_act, rbc_R0, kid_fu, sweat and Vecf. The model starts at its "
    "reference with an empty gut, not at a steady state.",
)


def whole_body_sbml(parameter_set: str = "literature", values: Mapping[str, float] | None = None) -> str:
    """The whole body with the values of a parameter set, as SBML text.

    Parameters
    ----------
    parameter_set : ``literature`` or ``articles``.
    values : parameters that take another value than the set's [mmol, L, day].

    Raises
    ------
    KnowledgeError
        There is no such parameter set.
    """
    libsbml: Any = import_module("libsbml")
    document: Any = libsbml.readSBMLFromString(_described(parameter_set))
    _put_values(document.getModel(), {**parameter_values(parameter_set), **(values or {})})
    return str(libsbml.writeSBMLToString(document))


@cache
def _described(parameter_set: str) -> str:
    """The body without values: units of one name each, everything named and described."""
    libsbml: Any = import_module("libsbml")
    document: Any = libsbml.readSBMLFromString(bundled_sbml(WHOLE_BODY, parameter_set))
    model: Any = document.getModel()
    _one_name_a_unit(libsbml, model, organ_prefixes(WHOLE_BODY, parameter_set))
    for key, words in captions(WHOLE_BODY, parameter_set).items():
        element = model.getElementBySId(key)
        if element is not None:
            element.setName(words)
    _describe(libsbml, model, parameter_set)
    return str(libsbml.writeSBMLToString(document))


def _put_values(model: Any, values: Mapping[str, float]) -> None:
    for parameter in model.getListOfParameters():
        if parameter.getConstant() and parameter.getId() in values:
            parameter.setValue(values[parameter.getId()])


def _one_name_a_unit(libsbml: Any, model: Any, prefixes: tuple[str, ...]) -> None:
    """Every organ brings its own copy of each unit: keep one, under its name without the organ."""
    copies: dict[str, list[str]] = {}
    for unit in model.getListOfUnitDefinitions():
        key = str(unit.getId())
        plain = next((key.removeprefix(prefix) for prefix in prefixes if key.startswith(prefix)), key)
        copies.setdefault(plain, []).append(key)
    for plain, keys in copies.items():
        first = model.getUnitDefinition(keys[0])
        if any(not libsbml.UnitDefinition.areIdentical(first, model.getUnitDefinition(key)) for key in keys):
            continue
        if plain not in keys:
            first.setId(plain)
        for key in keys:
            if key != plain:
                _rename_unit(model, key, plain)
                if model.getUnitDefinition(key) is not None:
                    model.removeUnitDefinition(key)


def _rename_unit(model: Any, old: str, new: str) -> None:
    model.renameUnitSIdRefs(old, new)
    elements: Any = model.getListOfAllElements()
    for index in range(int(elements.getSize())):
        elements.get(index).renameUnitSIdRefs(old, new)


def _describe(libsbml: Any, model: Any, parameter_set: str) -> None:
    """Names of things that other tools look up, papers behind the values, and what to know before use."""
    model.setName("Davy, whole-body magnesium")
    _lengths(libsbml, model)
    last = f"Parameter set {parameter_set}. Written by Davy {__version__}; licence Apache-2.0."
    model.setNotes(_notes(*_ABOUT, last))
    for species in model.getListOfSpecies():
        _annotate(libsbml, species, libsbml.BQB_IS, (MAGNESIUM_ION,))
    papers, said = described_by(parameter_set), remarks(parameter_set)
    for parameter in model.getListOfParameters():
        key = str(parameter.getId())
        if key in said and parameter.getConstant():
            parameter.setNotes(_notes(said[key]))
            _annotate(libsbml, parameter, libsbml.BQB_IS_DESCRIBED_BY, papers.get(key, ()))


def _lengths(libsbml: Any, model: Any) -> None:
    """Units that nothing here is measured in, declared since some programs ask for them."""
    model.setLengthUnits("metre")
    area: Any = model.createUnitDefinition()
    area.setId("square_metre")
    unit: Any = area.createUnit()
    unit.setKind(libsbml.UNIT_KIND_METRE)
    unit.setExponent(2)
    unit.setScale(0)
    unit.setMultiplier(1)
    model.setAreaUnits("square_metre")


def _annotate(libsbml: Any, element: Any, qualifier: int, addresses: tuple[str, ...]) -> None:
    if not addresses:
        return
    element.setMetaId(f"meta_{element.getId()}")
    term: Any = libsbml.CVTerm(libsbml.BIOLOGICAL_QUALIFIER)
    term.setBiologicalQualifierType(qualifier)
    for address in addresses:
        term.addResource(address)
    element.addCVTerm(term)


def _notes(*paragraphs: str) -> str:
    return f"<body {_XHTML}>{''.join(f'<p>{escape(text)}</p>' for text in paragraphs)}</body>"
