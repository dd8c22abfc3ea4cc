"""The SBML Test Suite through Davy: passed, refused by name, wrong.

``python benchmarks/sbml_suite.py FOLDER [--json] [--level l3v2] [--cases 00001 00002]`` where FOLDER is
``cases/semantic`` of https://github.com/sbmlteam/sbml-test-suite. A case passes where every value of ``results.csv``
is met by the suite's own rule, |a - b| <= absolute + relative |b|. The suite stays where it is; nothing of it enters
Davy.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

import davy
from davy.body.expression import Name, apply
from davy.body.model import Model
from davy.engine import Doses, build
from davy.errors import DavyError

RTOL = 1e-9
NAMES = re.compile(r"'[^']*'(?:, '[^']*')*|\b\d+\b")


@dataclass(frozen=True)
class Outcome:
    """What became of one case: passed, refused (why) or wrong (where)."""

    case: str
    kind: str
    why: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Settings:
    """What a case asks for."""

    start: float
    duration: float
    steps: int
    variables: tuple[str, ...]
    absolute: float
    relative: float
    amount: tuple[str, ...]
    concentration: tuple[str, ...]


def settings_of(path: Path) -> Settings:
    """The settings file of a case."""
    pairs = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
    names = {key: tuple(re.findall(r"\w+", pairs.get(key, ""))) for key in ("variables", "amount", "concentration")}
    return Settings(
        float(pairs["start"]),
        float(pairs["duration"]),
        int(pairs["steps"]),
        names["variables"],
        float(pairs["absolute"]),
        float(pairs["relative"]),
        names["amount"],
        names["concentration"],
    )


def model_file(folder: Path, level: str | None) -> Path | None:
    """The file of that level and version, or of the highest."""
    files = sorted(folder.glob(f"*-sbml-{level or 'l*'}.xml"))
    return files[-1] if files else None


def species_of(path: Path) -> dict[str, tuple[str, bool]]:
    """By species (in a document of any level), its compartment and whether its id means an amount."""
    found = {}
    for element in ElementTree.parse(path).iter():  # noqa: S314
        if element.tag.rpartition("}")[2] in ("species", "specie"):
            key = element.get("id") or element.get("name")
            found[key] = (element.get("compartment"), element.get("hasOnlySubstanceUnits") == "true")
    return found


def asked(model: Model, settings: Settings, species: dict[str, tuple[str, bool]]) -> Model:
    """The model with one output a wanted variable, in the meaning that the case wants."""
    formulas = {}
    for name in settings.variables:
        formula = Name(name)
        compartment, amounts = species.get(name, ("", False))
        amounts = amounts or compartment not in {*model.constants, *model.states, *model.outputs}  # a point
        if name in species and name in settings.amount and not amounts:
            formula = apply("mul", formula, Name(compartment))
        if name in species and name in settings.concentration and amounts:
            formula = apply("div", formula, Name(compartment))
        formulas[f"wanted {name}"] = formula
    return model.with_outputs(formulas)


def table_of(path: Path) -> tuple[list[str], np.ndarray]:
    """Header and rows of a results file."""
    header, *lines = [line for line in path.read_text().splitlines() if line.strip()]
    rows = [[float(cell) for cell in line.split(",")] for line in lines]
    return [name.strip().strip('"') for name in header.split(",")], np.array(rows)


def run(folder: Path, level: str | None) -> Outcome | None:
    """One case; None where it is no time course or has no file of that level."""
    case = folder.name
    described = folder / f"{case}-model.m"
    path = model_file(folder, level)
    if path is None or not re.search(r"testType:\s*TimeCourse", described.read_text(errors="replace")):
        return None
    begun = time.perf_counter()
    settings = settings_of(folder / f"{case}-settings.txt")
    header, wanted = table_of(folder / f"{case}-results.csv")
    try:
        model = asked(davy.read_model(path), settings, species_of(path))
        engine = build(model)
        theta = [[model.defaults[name] for name in model.parameters]]
        path_ = engine.solve(theta, Doses.none(), wanted[:, 0], rtol=RTOL)
    except DavyError as error:
        return Outcome(case, "refused", str(error), time.perf_counter() - begun)
    if path_.status[0]:
        return Outcome(case, "refused", path_.sentence(0), time.perf_counter() - begun)
    found = np.array([path_.series(f"wanted {name}")[0] for name in header[1:]]).T
    wrong = mismatch(found, wanted[:, 1:], settings)
    if wrong is None:
        return Outcome(case, "passed", "", time.perf_counter() - begun)
    row, column = wrong
    why = f"{header[column + 1]} at {wanted[row, 0]:g}: {found[row, column]:.10g}, not {wanted[row, column + 1]:.10g}"
    return Outcome(case, "wrong", why, time.perf_counter() - begun)


def mismatch(found: np.ndarray, wanted: np.ndarray, settings: Settings) -> tuple[int, int] | None:
    """Row and column of the first value that the suite's rule does not accept."""
    with np.errstate(invalid="ignore"):
        near = np.abs(found - wanted) <= settings.absolute + settings.relative * np.abs(wanted)
    same = near | (found == wanted) | (np.isnan(found) & np.isnan(wanted))
    if same.all():
        return None
    row, column = np.argwhere(~same)[0]
    return int(row), int(column)


def reason(why: str) -> str:
    """A refusal without the names in it, for counting."""
    return re.sub(r"\s+", " ", NAMES.sub("…", re.sub(r"^\S+: ", "", why))).strip()[:110]


def main() -> int:
    """Run the suite and print the counts; exit 1 where anything is wrong."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--json", action="store_true")
    options.add_argument("--level", help="take this level and version (l2v4) instead of the highest")
    options.add_argument("--cases", nargs="*")
    options.add_argument("--workers", type=int, default=1)
    chosen = options.parse_args()
    folders = sorted(path for path in chosen.folder.iterdir() if re.fullmatch(r"\d{5}", path.name))
    folders = [path for path in folders if not chosen.cases or path.name in chosen.cases]
    begun = time.perf_counter()
    with ProcessPoolExecutor(chosen.workers) as pool:
        outcomes = [done for done in pool.map(run, folders, [chosen.level] * len(folders), chunksize=8) if done]
    counts = Counter(outcome.kind for outcome in outcomes)
    reasons = Counter(reason(outcome.why) for outcome in outcomes if outcome.kind == "refused")
    document = {
        "cases": len(outcomes),
        **{kind: counts[kind] for kind in ("passed", "refused", "wrong")},
        "seconds": round(time.perf_counter() - begun, 1),
        "reasons": dict(reasons.most_common()),
        "wrong_cases": [asdict(outcome) for outcome in outcomes if outcome.kind == "wrong"],
        "outcomes": {outcome.case: outcome.kind for outcome in outcomes},
    }
    if chosen.json:
        json.dump(document, sys.stdout, indent=1)
    else:
        print(
            "{cases} time courses: {passed} passed, {refused} refused, {wrong} wrong ({seconds} s)".format(**document)
        )
        for why, count in reasons.most_common():
            print(f"{count:5}  {why}")
        for outcome in outcomes:
            if outcome.kind == "wrong" or chosen.cases:
                print(f"{outcome.case} {outcome.kind}: {outcome.why}")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
