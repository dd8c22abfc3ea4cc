"""One pathway at given inputs over lanes of parameters: lane 0 the set's own values, every other lane one draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from davy.pathways.catalogue import BODY, Pathway, pathway
from davy.pathways.curves import stored_curve
from davy.pathways.draws import DRAWS, parameter_lanes
from davy.pathways.evaluation import Floats
from davy.pathways.homes import experiment, solved
from davy.pathways.inputs import defaults
from davy.pathways.measure import Asked
from davy.pathways.rows import ParameterSet, PortRow

DAY = "at_d"
"""The word of a condition that names the day at which a slow pathway is read."""

_YES_OR_NO = "Whether"
"""How the label of an output that is 0 or 1 begins."""


@dataclass(frozen=True)
class Setting:
    """How the lanes are made.

    Attributes
    ----------
    hypotheses : whether an input may be fed by a pathway of grade D.
    between : whether a response curve may be read between the points of its grid.
    """

    parameter_set: ParameterSet = "literature"
    draws: int = DRAWS
    seed: int = 0
    hypotheses: bool = False
    between: bool = True


Given = Mapping[str, "float | Floats"]


def outputs_at(found: Pathway, setting: Setting, given: Given, at_d: float | None = None) -> dict[str, Floats]:
    """Every output, each (1 + draws,).

    Parameters
    ----------
    given : inputs, or parameters, that are not at their values; what feeds an open input is run for it.

    Raises
    ------
    SolveError
        A lane could not be integrated, or an experiment did not converge.
    """
    values = input_lanes(found, setting, given)
    if found.experiment and all(name in found.inputs for name in given):
        kept = _on_curve(found, setting, values)
        if kept is not None:
            return kept
    values |= parameter_lanes(found, setting.parameter_set, setting.draws, setting.seed)
    values |= {name: _lanes(value, setting) for name, value in given.items()}
    return solved(found, setting.parameter_set, values, at_d)


def is_kept(found: Pathway, setting: Setting, given: Given) -> bool:
    """Whether an answer costs no run of an experiment: a model file, or a stored response curve that covers it."""
    if not found.experiment:
        return True
    asked = all(name in found.inputs for name in given)
    return asked and _on_curve(found, setting, input_lanes(found, setting, given)) is not None


def input_lanes(found: Pathway, setting: Setting, given: Given) -> dict[str, Floats]:
    """Every input, each (1 + draws,): given, or fed, or its default."""
    open_ = {name: feed for name, feed in found.feeds.items() if name not in given and feed.when == "always"}
    values: dict[str, float | Floats] = {**defaults(found), **{k: v for k, v in given.items() if k in found.inputs}}
    for name, feed in open_.items():
        source, _, output = feed.feed.partition(".")
        if source == BODY:  # the body is there only where the two run coupled
            continue
        upstream = pathway(source)
        if upstream.hypothesis and not (setting.hypotheses or found.hypothesis):
            continue
        shared = {port: value for port, value in values.items() if port in upstream.inputs}
        values[name] = outputs_at(upstream, setting, shared)[output]
    return {name: _lanes(value, setting) for name, value in values.items()}


def _on_curve(found: Pathway, setting: Setting, inputs: Mapping[str, Floats]) -> dict[str, Floats] | None:
    """The outputs from the stored response curve; None where there is none for what is asked."""
    if setting.seed != 0 or setting.draws > DRAWS:
        return None
    curve = stored_curve(found, setting.parameter_set)
    if curve is None or not curve.covers(inputs) or not (setting.between or curve.exact(inputs)):
        return None
    usual = defaults(found)
    if any(np.any(values != usual[name]) for name, values in inputs.items() if name not in curve.ports):
        return None
    return {name: _settled(found.outputs[name], values) for name, values in curve.at(inputs).items()}


def _settled(port: PortRow, values: Floats) -> Floats:
    """A yes or no between two points of a curve that differ is neither: not there."""
    return np.where((values == 0.0) | (values == 1.0), values, np.nan) if port.label.startswith(_YES_OR_NO) else values


def answer(found: Pathway, setting: Setting, asked: Asked) -> Floats:
    """What a measure asks for, (1 + draws,)."""
    if asked.own:
        value = experiment(found.home_of(setting.parameter_set)).anchors[asked.output]()
        return np.full(1 + setting.draws, value)
    about = pathway(asked.pathway) if asked.pathway else found
    at = dict(asked.at)
    day = at.pop(DAY, None)
    return outputs_at(about, setting, at, day)[asked.output]


def _lanes(value: float | Floats, setting: Setting) -> Floats:
    return np.ascontiguousarray(np.broadcast_to(np.asarray(value, dtype=np.float64), (1 + setting.draws,)))
