"""What is simulated in a contest: a model, a daily schedule of doses, and the values that count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import antimony
import libsbml
import numpy as np
from numpy.typing import NDArray

from davy import read_model
from davy.body.model import Model
from davy.body.read import bundled_sbml
from davy.engine import Doses

Floats = NDArray[np.float64]
MODELS = Path(__file__).parent / "models"
DAYS = 365
PER_DAY = 4
"""Values are wanted four times a day."""


@dataclass(frozen=True)
class Scenario:
    """One contest.

    Attributes
    ----------
    name : a file of `models/`, or ``body`` for the bundled one.
    daily : (day fraction, state, mmol) of every dose and meal of a day.
    fast, slow : the quantity that doses move within hours, judged at every wanted time; the one judged on the last day.
    """

    name: str
    daily: tuple[tuple[float, str, float], ...]
    fast: str
    slow: str

    @cached_property
    def model(self) -> Model:
        """As Davy reads it."""
        return read_model() if self.name == "body" else read_model(str(MODELS / f"{self.name}.ant"))

    @cached_property
    def times(self) -> Floats:
        """(times,) wanted [d], from the first quarter of day 0 on."""
        return np.arange(1, DAYS * PER_DAY + 1) / PER_DAY

    @cached_property
    def doses(self) -> Doses:
        """Every dose of the year."""
        rows = sorted((day + at, state, amount) for day in range(DAYS) for at, state, amount in self.daily)
        times, states, amounts = zip(*rows, strict=True)
        return Doses(times, states, amounts)

    def theta(self, lanes: int, spread: float = 0.2) -> Floats:
        """(lanes, parameters): the first lane as written, the others log-normal around it."""
        center = np.array([self.model.defaults[name] for name in self.model.parameters])
        noise = np.random.default_rng(20261122).standard_normal((lanes, center.size))
        noise[0] = 0.0
        return center * np.exp(spread * noise * (center > 0))

    @cached_property
    def plain_sbml(self) -> str:
        """The model alone, as SBML."""
        if self.name == "body":
            values = self.model.defaults
            document: Any = libsbml.readSBMLFromString(bundled_sbml())
            for key, value in values.items():
                document.getModel().getParameter(key).setValue(value)
            return str(libsbml.writeSBMLToString(document))
        antimony.clearPreviousLoads()
        antimony.loadAntimonyFile(str(MODELS / f"{self.name}.ant"))
        return str(antimony.getSBMLString(antimony.getMainModuleName()))

    @cached_property
    def sbml(self) -> str:
        """The model with its doses as events that come back every day: the peers' fastest way to dose."""
        document: Any = libsbml.readSBMLFromString(self.plain_sbml)
        model: Any = document.getModel()
        for number, (at, state, amount) in enumerate(self.daily):
            clock = model.createParameter()
            clock.setId(f"due_{number}")
            clock.setConstant(False)
            clock.setValue(at)
            event = model.createEvent()
            event.setId(f"dose_{number}")
            event.setUseValuesFromTriggerTime(True)
            trigger = event.createTrigger()
            trigger.setInitialValue(False)
            trigger.setPersistent(True)
            trigger.setMath(libsbml.parseL3Formula(f"time >= due_{number}"))
            for key, formula in ((state, f"{state} + {amount!r}"), (f"due_{number}", f"due_{number} + 1")):
                assignment = event.createEventAssignment()
                assignment.setVariable(key)
                assignment.setMath(libsbml.parseL3Formula(formula))
        return str(libsbml.writeSBMLToString(document))


SCENARIOS = {
    "m12": Scenario("m12", ((0.0, "Sol", 8.0), (0.5, "Sol", 6.0)), "P", "R"),
    "m40": Scenario("m40", ((0.0, "Sol", 8.0), (0.5, "Sol", 6.0)), "P", "R"),
    "body": Scenario(
        "body",
        (
            (7 / 24, "gut_GS", 4.1),
            (8 / 24, "gut_GU", 4.1),
            (12.5 / 24, "gut_GS", 4.1),
            (19 / 24, "gut_GS", 4.1),
            (21 / 24, "gut_GU", 4.1),
        ),
        "C",
        "rbc_RBC",
    ),
}
"""Two invented whole-body models of 12 and 40 states, two doses a day; Davy's own with two doses and three meals."""
