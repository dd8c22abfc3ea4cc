"""The only place where units meet: mg, mmol and mEq of magnesium, laboratory units, weight and height.

A conversion multiplies exact fractions and rounds once, so there and back again is the same number to the last bit.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache

from davy.errors import Fault, InputError

MAGNESIUM_G_PER_MOL = 24.305
"""Standard atomic weight of magnesium, conventional value [g/mol]."""

_G_PER_MOL = {
    "magnesium": "24.305",
    "calcium": "40.078",
    "phosphate": "30.974",  # laboratories report phosphate as phosphorus
    "potassium": "39.098",
    "creatinine": "113.12",
    "glucose": "180.156",
    "vitamin-b12": "1355.4",
    "parathyroid-hormone": "9425",
}
_VALENCE = {"magnesium": 2, "calcium": 2, "potassium": 1, "bicarbonate": 1}

# kind of quantity, and how much of the first unit of that kind one of it is
_UNITS: dict[str, tuple[str, str]] = {
    "mmol/L": ("mol/L", "1"),
    "umol/L": ("mol/L", "1/1000"),
    "nmol/L": ("mol/L", "1/1000000"),
    "pmol/L": ("mol/L", "1/1000000000"),
    "mEq/L": ("Eq/L", "1"),
    "mg/L": ("g/L", "1"),
    "mg/dL": ("g/L", "10"),
    "g/L": ("g/L", "1000"),
    "g/dL": ("g/L", "10000"),
    "ug/dL": ("g/L", "1/100"),
    "ug/L": ("g/L", "1/1000"),
    "ng/mL": ("g/L", "1/1000"),
    "ng/L": ("g/L", "1/1000000"),
    "pg/mL": ("g/L", "1/1000000"),
    "mmol/24h": ("mol/d", "1"),
    "umol/24h": ("mol/d", "1/1000"),
    "mEq/24h": ("Eq/d", "1"),
    "mg/24h": ("g/d", "1"),
    "g/24h": ("g/d", "1000"),
    "mg/g": ("albumin/creatinine", "1"),
    "mg/mmol": ("albumin/creatinine", "1000000/113120"),
    "%": ("hba1c-ngsp", "1"),
    "mmol/mol": ("hba1c-ifcc", "1"),
    "mL/min/1.73m2": ("filtration", "1"),
    "mL/min": ("filtration", "1"),
    "mIU/L": ("activity", "1"),
    "uIU/mL": ("activity", "1"),
    "U/L": ("enzyme", "1"),
}
_SPELLINGS = {
    "ml/min/1.73m^2": "mL/min/1.73m2",
    "ml/min/1.73": "mL/min/1.73m2",
    "ml/min/1.73sqm": "mL/min/1.73m2",
    "ml/min/{1.73_m2}": "mL/min/1.73m2",
    "percent": "%",
    "mu/l": "mIU/L",
    "uu/ml": "uIU/mL",
    "iu/l": "U/L",
    "mval/l": "mEq/L",
    "mcg/l": "ug/L",
    "mcg/dl": "ug/dL",
    "mg%": "mg/dL",
}
_HBA1C_SLOPE, _HBA1C_OFFSET = Fraction("0.09148"), Fraction("2.152")  # NGSP % = slope * IFCC + offset

LB_IN_KG, STONE_IN_LB = Fraction("0.45359237"), 14
INCH_IN_CM, FOOT_IN_INCHES = Fraction("2.54"), 12


def mmol_of_mg(mg: float) -> float:
    """Amount of magnesium [mmol] in a mass of elemental magnesium [mg]."""
    return mg / MAGNESIUM_G_PER_MOL


def mg_of_mmol(mmol: float) -> float:
    """Mass of elemental magnesium [mg] in an amount [mmol]."""
    return mmol * MAGNESIUM_G_PER_MOL


def elemental_mg(salt_mg: float, elemental_fraction: float) -> float:
    """Elemental magnesium [mg] in a mass of salt [mg], by the salt's mass fraction."""
    return salt_mg * elemental_fraction


@lru_cache(maxsize=1024)
def known_unit(text: str) -> str | None:
    """The unit as Davy spells it, from the ways people and laboratories write it; None = not known."""
    word = text.strip().lower().replace("µ", "u").replace("μ", "u").replace("²", "2").replace(" ", "")
    word = word.replace("micromol", "umol").replace("mcmol", "umol").replace("**2", "2")
    word = re.sub(r"/(24hr?s?|24hours|day|d)$", "/24h", word)
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    return next((unit for unit in _UNITS if unit.lower() == word), None)


def _to_moles(value: Fraction, kind: str, analyte: str) -> tuple[Fraction, str] | None:
    """Mass and equivalents of an analyte as moles; None where that is impossible."""
    base, _, per = kind.partition("/")
    if base == "mol":
        return value, per
    if base == "g" and analyte in _G_PER_MOL:
        return value / Fraction(_G_PER_MOL[analyte]), per
    if base == "Eq" and analyte in _VALENCE:
        return value / _VALENCE[analyte], per
    return None


def _from_moles(value: Fraction, kind: str, analyte: str) -> Fraction | None:
    base = kind.partition("/")[0]
    if base == "mol":
        return value
    if base == "g" and analyte in _G_PER_MOL:
        return value * Fraction(_G_PER_MOL[analyte])
    if base == "Eq" and analyte in _VALENCE:
        return value * _VALENCE[analyte]
    return None


def _across(value: Fraction, kind: str, to_kind: str, analyte: str) -> Fraction | None:
    if kind == to_kind:
        return value
    if (kind, to_kind) == ("hba1c-ngsp", "hba1c-ifcc"):
        return (value - _HBA1C_OFFSET) / _HBA1C_SLOPE
    if (kind, to_kind) == ("hba1c-ifcc", "hba1c-ngsp"):
        return value * _HBA1C_SLOPE + _HBA1C_OFFSET
    moles = _to_moles(value, kind, analyte)
    if moles is None or moles[1] != to_kind.partition("/")[2]:
        return None
    return _from_moles(moles[0], to_kind, analyte)


def convert(value: float, unit: str, to: str, analyte: str) -> float:
    """The same quantity of an analyte in another unit.

    Parameters
    ----------
    value : a finite number, in `unit`.
    unit, to : units in any spelling that `known_unit` reads.
    analyte : "magnesium", "creatinine", ...; decides molar mass and valence.

    Raises
    ------
    InputError : one of the units is unknown, or they measure different things.
    """
    source, target = known_unit(unit), known_unit(to)
    if source is None or target is None:
        raise InputError([Fault("unit", f"'{unit if source is None else to}' is not a unit that Davy knows")])
    if source == target:
        return value
    kind, scale = _UNITS[source]
    to_kind, to_scale = _UNITS[target]
    result = _across(Fraction(value) * Fraction(scale), kind, to_kind, analyte)
    if result is None:
        raise InputError([Fault("unit", f"{analyte} in {source} cannot be told in {target}")])
    return float(result / Fraction(to_scale))


def magnesium_mmol_per_L(value: float, unit: str) -> float:
    """A magnesium concentration [mmol/L] from mg/dL, mEq/L, mg/L or mmol/L."""
    return convert(value, unit, "mmol/L", "magnesium")


def magnesium_in(mmol_per_L: float, unit: str) -> float:
    """A magnesium concentration of so many mmol/L in the reader's own unit."""
    return convert(mmol_per_L, "mmol/L", unit, "magnesium")


def magnesium_text(mmol_per_L: float, unit: str = "mmol/L") -> str:
    """A magnesium concentration as a person reads it in their own unit, like "1.75 mg/dL"."""
    digits = 1 if known_unit(unit) == "mg/L" else 2
    return f"{magnesium_in(mmol_per_L, unit):.{digits}f} {known_unit(unit)}"


# of what devices and apps measure: the kind, and how much of the first unit of that kind one of it is
_MEASURES: dict[str, tuple[str, str]] = {
    "mg": ("mass", "1"),
    "g": ("mass", "1000"),
    "ug": ("mass", "1/1000"),
    "mcg": ("mass", "1/1000"),
    "kg": ("mass", "1000000"),
    "ms": ("time", "1"),
    "s": ("time", "1000"),
    "min": ("time", "60000"),
    "h": ("time", "3600000"),
    "1/min": ("rate", "1"),
    "count/min": ("rate", "1"),
    "bpm": ("rate", "1"),
    "count/s": ("rate", "60"),
}


def measure(value: float, unit: str, to: str) -> float:
    """A mass, a time or a rate in another unit, as 0.3 g are 300 mg.

    Raises
    ------
    InputError : the unit is not known, or it measures something else.
    """
    known = _MEASURES.get(unit.strip().replace("µ", "u").replace("μ", "u"))
    kind, scale = _MEASURES[to]
    if known is None or known[0] != kind:
        raise InputError([Fault("unit", f"'{unit}' is no unit of {kind}", f"like {to}")])
    if known[1] == scale:
        return value
    times, per = _ratio(known[1], scale)
    found = value * times if per == 1 else value / per if times == 1 else float(Fraction(value) * times / per)
    if not math.isfinite(found):
        raise InputError([Fault("value", f"{value:g} {unit} is no {kind} that can be")])
    return found


@lru_cache(maxsize=64)
def _ratio(scale: str, to_scale: str) -> tuple[int, int]:
    """How much of one unit another is, as a fraction; a product or a quotient with a small integer rounds once."""
    return (Fraction(scale) / Fraction(to_scale)).as_integer_ratio()


_WEIGHT = re.compile(
    r"(?:(?P<st>[\d.]+)\s*(?:st|stones?))?\s*(?:(?P<lb>[\d.]+)\s*(?:lbs?|pounds?))?\s*(?:(?P<kg>[\d.]+)\s*kgs?)?"
)
_HEIGHT = re.compile(
    r"(?:(?P<ft>[\d.]+)\s*(?:ft|feet|foot|'|′))?\s*(?:(?P<inch>[\d.]+)\s*(?:in|inch|inches|\"|″|''))?"
    r"\s*(?:(?P<cm>[\d.]+)\s*cm)?\s*(?:(?P<m>[\d.]+)\s*m)?"
)


def _parts(pattern: re.Pattern[str], text: str) -> dict[str, Fraction] | None:
    match = pattern.fullmatch(text.strip().lower())
    if match is None:
        return None
    try:
        return {name: Fraction(part) for name, part in match.groupdict().items() if part is not None} or None
    except ValueError:
        return None


def weight_kg(text: str) -> float | None:
    """Body weight [kg] from "178 lb", "12 st 10 lb" or "81 kg"; None where it does not read."""
    parts = _parts(_WEIGHT, text)
    if parts is None or ("kg" in parts and len(parts) > 1):
        return None
    pounds = parts.get("st", Fraction(0)) * STONE_IN_LB + parts.get("lb", Fraction(0))
    return float(parts["kg"] if "kg" in parts else pounds * LB_IN_KG)


def height_cm(text: str) -> float | None:
    """Body height [cm] from "5 ft 6 in", 5'6", "66 in", "168 cm" or "1.68 m"; None where it does not read."""
    parts = _parts(_HEIGHT, re.sub(r"(['′]\s*[\d.]+)$", r'\1"', text.strip()))
    if parts is None or (("cm" in parts or "m" in parts) and len(parts) > 1):
        return None
    if "cm" in parts or "m" in parts:
        return float(parts.get("cm", Fraction(0)) + parts.get("m", Fraction(0)) * 100)
    inches = parts.get("ft", Fraction(0)) * FOOT_IN_INCHES + parts.get("inch", Fraction(0))
    return float(inches * INCH_IN_CM)


def weight_text(kg: float, *, us: bool) -> str:
    """Body weight as its owner says it: "178 lb" or "81 kg"."""
    return f"{float(Fraction(kg) / LB_IN_KG):.0f} lb" if us else f"{kg:g} kg"


def height_text(cm: float, *, us: bool) -> str:
    """Body height as its owner says it: "5 ft 6 in" or "168 cm"."""
    feet, inches = divmod(round(Fraction(cm) / INCH_IN_CM), FOOT_IN_INCHES)
    return f"{feet} ft {inches} in" if us else f"{cm:g} cm"
