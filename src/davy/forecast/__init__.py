"""What would happen: a person's draws under a regimen, through time."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.forecast.covariates import Covariates, covariates_of
    from davy.forecast.future import simulate, steady_serum
    from davy.forecast.outcome import UNITS, Draws, Forecast
    from davy.forecast.population import population_draws
    from davy.forecast.present import PresentMagnesium, present_magnesium

_HOME = {
    "Covariates": "davy.forecast.covariates",
    "Draws": "davy.forecast.outcome",
    "Forecast": "davy.forecast.outcome",
    "PresentMagnesium": "davy.forecast.present",
    "UNITS": "davy.forecast.outcome",
    "covariates_of": "davy.forecast.covariates",
    "population_draws": "davy.forecast.population",
    "present_magnesium": "davy.forecast.present",
    "simulate": "davy.forecast.future",
    "steady_serum": "davy.forecast.future",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


__all__ = [
    "UNITS",
    "Covariates",
    "Draws",
    "Forecast",
    "PresentMagnesium",
    "covariates_of",
    "population_draws",
    "present_magnesium",
    "simulate",
    "steady_serum",
]
