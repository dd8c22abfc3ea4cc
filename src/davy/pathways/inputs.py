"""What a pathway is asked at: inputs by port, checked by name and range, with what feeds those that are left open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from difflib import get_close_matches

from davy.errors import Fault, InputError
from davy.pathways.catalogue import Pathway
from davy.pathways.rows import PortRow

ANY_MAGNESIUM = "mg_mM"
"""What the one magnesium of a pathway that is a concentration answers to, whatever its own name is."""


def checked_inputs(pathway: Pathway, asked: Mapping[str, float]) -> dict[str, float]:
    """The inputs that were asked for, by port.

    Raises
    ------
    InputError
        A port is unknown (near ones are listed), or a value lies outside its range (which is told).
    """
    faults: list[Fault] = []
    found: dict[str, float] = {}
    for name, value in asked.items():
        port = pathway.inputs.get(_port(pathway, name))
        if port is None:
            faults.append(Fault(f"{pathway.id}, {name}", "this pathway has no such input", _near(pathway, name)))
            continue
        wrong = out_of_range(port, value)
        if wrong:
            faults.append(Fault(f"{pathway.id}, {name}", wrong, ""))
        if port.port in found:
            faults.append(Fault(f"{pathway.id}, {name}", f"{port.port} is given twice", "give each input once"))
        found[port.port] = value
    if faults:
        raise InputError(faults)
    return found


def defaults(pathway: Pathway) -> dict[str, float]:
    """Every input at its default.

    Raises
    ------
    InputError
        An input has none.
    """
    missing = [name for name, port in pathway.inputs.items() if port.value is None]
    if missing:
        raise InputError([Fault(f"{pathway.id}, {name}", "has no default and was not given") for name in missing])
    return {name: port.value for name, port in pathway.inputs.items() if port.value is not None}


def out_of_range(port: PortRow, value: float) -> str | None:
    """What is wrong with a value of an input; None where nothing is."""
    low, high = _ends(port)
    if math.isfinite(value) and low <= value <= high:
        return None
    return f"{value:g}{_unit(port)} is outside what the model holds for: {_range(port)}"


def _ends(port: PortRow) -> tuple[float, float]:
    return -math.inf if port.low is None else port.low, math.inf if port.high is None else port.high


def _range(port: PortRow) -> str:
    low, high = _ends(port)
    return f"{low:g} to {high:g}{_unit(port)}"


def _unit(port: PortRow) -> str:
    return "" if port.unit in {"-", "1"} else f" {port.unit}"


def _port(pathway: Pathway, name: str) -> str:
    magnesium = [port for port in pathway.magnesium_inputs() if pathway.inputs[port].unit == "mM"]
    return magnesium[0] if name == ANY_MAGNESIUM and name not in pathway.inputs and len(magnesium) == 1 else name


def _near(pathway: Pathway, name: str) -> str:
    if not pathway.inputs:
        return "it takes none"
    folded = {port.lower(): port for port in pathway.inputs}
    close = [folded[one] for one in get_close_matches(name.lower(), list(folded), n=3, cutoff=0.5)]
    ports = [pathway.inputs[one] for one in dict.fromkeys((*close, *pathway.inputs))]
    return f"it takes {', '.join(f'{port.port} ({_range(port)})' for port in ports)}"
