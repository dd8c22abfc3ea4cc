"""One pathway at given inputs over lanes of parameters: lane 0 the set's own values, every other lane one draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from davy.pathways.catalogue import BODY, Pathway, pathway
from davy.pathways.curves import Curve, stored_curve
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
    straight : whether that is always by a straight line; else an experiment may know better.
    watch : told (done, in all) of the lanes of an experiment that has to be run, if anybody wants to know.
    """

    parameter_set: ParameterSet = "literature"
    draws: int = DRAWS
    seed: int = 0
    hypotheses: bool = False
    between: bool = True
    straight: bool = False
    watch: Callable[[int, int], None] | None = None


Given = Mapping[str, "float | Floats"]
Reading = Callable[[Mapping[str, Floats]], dict[str, Floats]]
Near = Callable[[Mapping[str, Floats], Mapping[str, Floats]], dict[str, Floats]]


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
    inputs = input_lanes(found, setting, given)
    values = inputs | parameter_lanes(found, setting.parameter_set, setting.draws, setting.seed)
    values |= {name: _lanes(value, setting) for name, value in given.items()}
    if not found.home_of(setting.parameter_set).endswith(".ant"):
        kept = _kept(found, setting, inputs) if all(name in found.inputs for name in given) else None
        return kept(values) if kept is not None else _run(found, setting, values)
    return solved(found, setting.parameter_set, values, at_d)


def outputs_along(found: Pathway, setting: Setting, given: Given, port: str, places: Floats) -> dict[str, Floats]:
    """Every output at the set's own values along one input, each (places,), in one run of an experiment."""
    alone = replace(setting, draws=0, watch=None)
    inputs = [input_lanes(found, alone, {**given, port: float(place)}) for place in places]
    values = {name: np.concatenate([one[name] for one in inputs]) for name in found.inputs}
    own = parameter_lanes(found, setting.parameter_set, 0)
    values |= {name: np.repeat(value, len(places)) for name, value in own.items()}
    kept = [_kept(found, alone, one) for one in inputs]
    if all(one is not None for one in kept):
        read = [one(_lane(values, k)) for k, one in enumerate(kept) if one is not None]
        return {name: np.concatenate([one[name] for one in read]) for name in found.outputs}
    return solved(found, setting.parameter_set, values)


def _lane(values: Mapping[str, Floats], lane: int) -> dict[str, Floats]:
    return {name: value[lane : lane + 1] for name, value in values.items()}


def is_kept(found: Pathway, setting: Setting, given: Given) -> bool:
    """Whether an answer costs no run of an experiment: a model file, or a stored response curve that covers it."""
    if not found.experiment:
        return True
    asked = all(name in found.inputs for name in given)
    return asked and _kept(found, setting, input_lanes(found, setting, given)) is not None


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


def _kept(found: Pathway, setting: Setting, inputs: Mapping[str, Floats]) -> Reading | None:
    """What reads the outputs off the stored response curves; None where none of them holds what is asked."""
    if setting.seed != 0 or setting.draws > DRAWS:
        return None
    usual = defaults(found)
    moved = {name for name, values in inputs.items() if np.any(values != usual[name])}
    home = experiment(found.home_of(setting.parameter_set))
    along = (name for name, grid in home.grids.items() if moved <= set(grid))
    curves = [stored_curve(found, setting.parameter_set, name) for name in along]
    curve = next((one for one in curves if one is not None and one.covers(inputs)), None)
    if curve is not None and (setting.straight or curve.exact(inputs)):
        return partial(_straight, found, curve)
    if not setting.between or setting.straight or home.quick:
        return None
    if home.near is not None and moved <= home.near_ports:
        known = _of_its_lanes(found, setting.parameter_set)
        return partial(_near, found, home.near, known) if known else None
    return partial(_straight, found, curve) if curve is not None else None


def _straight(found: Pathway, curve: Curve, values: Mapping[str, Floats]) -> dict[str, Floats]:
    read = curve.at(values)
    return {name: _settled(port, read[name]) for name, port in found.outputs.items()}


def _of_its_lanes(found: Pathway, parameter_set: ParameterSet) -> list[Curve]:
    """The first curves that were made with the values of its lanes: its own, and that of what it is a check of."""
    parent = pathway(found.row.parent) if found.row.parent is not None else found
    alike = dict.fromkeys((found, parent) if parent.parameters == found.parameters else (found,))
    curves = (stored_curve(one, parameter_set) for one in alike)
    return [one for one in curves if one is not None]


def _near(found: Pathway, near: Near, known: list[Curve], values: Mapping[str, Floats]) -> dict[str, Floats]:
    names = known[0].outputs
    read = near(values, {name: np.concatenate([one.outputs[name] for one in known], axis=1) for name in names})
    return {name: read[name] for name in found.outputs}


def _run(found: Pathway, setting: Setting, values: Mapping[str, Floats]) -> dict[str, Floats]:
    """The experiment itself, some lanes at a time where anybody wants to know how far it is."""
    home = experiment(found.home_of(setting.parameter_set))
    lanes = 1 + setting.draws
    watch = None if home.quick else setting.watch
    block = lanes if watch is None else home.at_once
    parts: list[dict[str, Floats]] = []
    for start in range(0, lanes, block):
        if watch is not None:
            watch(start, lanes)
        some = {name: value[start : start + block] for name, value in values.items()}
        parts.append(solved(found, setting.parameter_set, some))
    if watch is not None:
        watch(lanes, lanes)
    return {name: np.concatenate([one[name] for one in parts]) for name in found.outputs}


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
