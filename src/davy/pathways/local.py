"""Local magnesium: what reaches each place in the body, from plasma through the adapters (P00) and no other way."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from davy.errors import Fault, InputError
from davy.pathways.catalogue import Pathway, catalogue
from davy.pathways.coupled import ADAPTER
from davy.pathways.evaluation import Floats
from davy.pathways.lanes import Setting, outputs_at
from davy.pathways.rows import Compartment, PortRow

Local = Mapping[Compartment, Floats]


def adapters() -> tuple[Pathway, ...]:
    """The pathways that bring magnesium to a place, hypotheses and checks of others left out."""
    found = (one for one in catalogue() if one.id.startswith(ADAPTER) and one.row.parent is None)
    return tuple(one for one in found if not one.hypothesis)


def local_magnesium(setting: Setting, plasma: Local, others: Mapping[str, Floats] | None = None) -> Local:
    """Magnesium in every compartment that an adapter reaches, each (1 + draws,) [mmol/L].

    Parameters
    ----------
    plasma : ``plasma-ionised`` and ``serum-total``, each (1 + draws,), at a state that has lasted.
    others : what else adapters read by port, as ``muscle_store_fraction``.
    """
    found: dict[Compartment, Floats] = dict(plasma)
    for adapter in adapters():
        given = given_of(adapter, plasma) | {
            port: _within(adapter.inputs[port], values)
            for port, values in (others or {}).items()
            if port in adapter.inputs
        }
        if not given:
            continue
        lanes = outputs_at(adapter, setting, given)
        for name, port in adapter.outputs.items():
            if port.compartment is not None:
                found.setdefault(port.compartment, lanes[name])
    return found


def given_of(one: Pathway, local: Local) -> dict[str, Floats]:
    """The magnesium inputs of a pathway for which this says something, kept within what the model holds for."""
    given: dict[str, Floats] = {}
    for name in one.magnesium_inputs():
        port = one.inputs[name]
        if port.compartment is not None and port.compartment in local:
            given[name] = _within(port, local[port.compartment])
    return given


def _within(port: PortRow, values: Floats) -> Floats:
    low = -np.inf if port.low is None else port.low
    high = np.inf if port.high is None else port.high
    return np.clip(values, low, high)


def observed(one: Pathway, setting: Setting, local: Local, at_d: float | None = None) -> dict[str, Floats] | None:
    """The outputs of a pathway at this magnesium, each (1 + draws,); None where none of it reaches the pathway.

    Raises
    ------
    InputError
        The pathway is a hypothesis and the setting asks for none: what it says of a person is nothing to tell them.
    """
    if one.hypothesis and not setting.hypotheses:
        raise InputError([Fault(one.id, "is a hypothesis (grade D)", "it runs only where hypotheses are asked for")])
    given = given_of(one, local)
    return outputs_at(one, setting, given, at_d) if given else None
