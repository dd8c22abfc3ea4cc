"""A course as SBML of its own: the body at its start, and each meal and dose as an event that sets its next time."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from davy.errors import ModelError
from davy.exchange.course import Course
from davy.exchange.sbml import whole_body_sbml

_RATE = "gut_kdis"


def course_sbml(course: Course) -> str:
    """The course as SBML text: whoever integrates it from 0 does what `Course.results` does."""
    libsbml: Any = import_module("libsbml")
    document: Any = libsbml.readSBMLFromString(whole_body_sbml(course.parameter_set, course.values))
    model: Any = document.getModel()
    _start(model, course)
    _parameter(model, "one_day", "a day, until the same meal or dose comes again", 1.0, "day")
    for number, (at, state, amount) in enumerate(course.meals, start=1):
        _repeated(libsbml, model, (f"meal_{number}", "meal"), (at, state, amount), (0, course.days))
    count = 0
    ends = [*(day for day, _ in course.patterns[1:]), course.days]
    for (first, pattern), end in zip(course.patterns, ends, strict=True):
        last = min(end, course.days)
        if first >= last:
            continue
        if pattern.kdis is not None and model.getParameter(_RATE) is not None:
            _dissolve(libsbml, model, float(first), pattern.kdis)
        for at, state, amount in pattern.doses:
            count += 1
            given = amount * course.taken_share
            _repeated(libsbml, model, (f"dose_{count}", "dose"), (at, state, given), (first, last))
    return str(libsbml.writeSBMLToString(document))


def _start(model: Any, course: Course) -> None:
    """Numbers in place of formulas for what the body holds at the start."""
    for name, value in course.start.items():
        model.removeInitialAssignment(name)
        species = model.getSpecies(name)
        if species is None:
            model.getParameter(name).setValue(value)
        else:
            species.setInitialAmount(value)


def _parameter(model: Any, name: str, caption: str, value: float, unit: str, *, constant: bool = True) -> None:
    parameter: Any = model.createParameter()
    parameter.setId(name)
    parameter.setName(caption)
    parameter.setValue(value)
    parameter.setUnits(unit)
    parameter.setConstant(constant)


def _repeated(
    libsbml: Any, model: Any, named: tuple[str, str], dose: tuple[float, str, float], window: tuple[int, int]
) -> None:
    """The same amount at the same time of each day of a window."""
    name, caption = named
    at, state, amount = dose
    first, end = window
    _parameter(model, f"{name}_mmol", f"elemental magnesium of this {caption}", amount, "mmol")
    _parameter(model, f"{name}_next", f"when this {caption} comes next", first + at, "day", constant=False)
    _parameter(model, f"{name}_end", f"from when on this {caption} comes no more", float(end), "day")
    _event(
        libsbml,
        model,
        name,
        f"time >= {name}_next && time < {name}_end",
        {state: f"{state} + {name}_mmol", f"{name}_next": f"{name}_next + one_day"},
    )


def _dissolve(libsbml: Any, model: Any, first: float, kdis: float) -> None:
    """From that day on solids dissolve at this rate."""
    parameter: Any = model.getParameter(_RATE)
    if first == 0:
        parameter.setValue(kdis)
        return
    parameter.setConstant(False)
    name = f"solid_from_day_{first:g}"
    _parameter(model, f"{name}_rate", "how fast the solid taken from then on dissolves", kdis, "per_day")
    _parameter(model, f"{name}_start", "the first day of it", first, "day")
    _event(libsbml, model, name, f"time >= {name}_start", {_RATE: f"{name}_rate"})


def _event(libsbml: Any, model: Any, name: str, when: str, assigned: dict[str, str]) -> None:
    event: Any = model.createEvent()
    event.setId(name)
    event.setUseValuesFromTriggerTime(False)  # a meal and a dose of one moment add up
    trigger: Any = event.createTrigger()
    trigger.setPersistent(True)
    trigger.setInitialValue(False)
    trigger.setMath(_formula(libsbml, when))
    for variable, formula in assigned.items():
        assignment: Any = event.createEventAssignment()
        assignment.setVariable(variable)
        assignment.setMath(_formula(libsbml, formula))


def _formula(libsbml: Any, text: str) -> Any:
    found: Any = libsbml.parseL3Formula(text)
    if found is None:
        raise ModelError(f"{text!r} is no formula: {libsbml.getLastParseL3Error()}")
    return found
