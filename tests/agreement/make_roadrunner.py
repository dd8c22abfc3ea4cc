"""Writes `roadrunner.json`: the bundled body through libRoadRunner (CVODE), for the agreement test.

Run by hand where libroadrunner is installed: ``python tests/agreement/make_roadrunner.py``.
"""

import json
from pathlib import Path

import numpy as np
import roadrunner

from davy.body import read_model
from davy.body.read import bundled_sbml
from davy.body.sbml import with_values
from davy.engine import build

CASES = {
    "typical": {},
    "kidney disease": {"kid_GFR": 40.0, "gut_f_act": 0.8},
    "renal leak": {"kid_fTm": 0.8},
    "small and quick": {"Vecf": 9.0, "tis_k_st": 12.0, "rbc_life": 90.0, "gut_kge": 40.0},
}
DOSES = [
    (day + hour / 24, state, amount)
    for day in range(4)
    for hour, state, amount in ((7, "gut_GS", 4.1), (8, "gut_GU", 8.2), (12.5, "gut_GS", 4.1), (19, "gut_GS", 4.1))
]
TIMES = [1.0, 2.5, 4.0, 30.0]


def run(changes):
    model = read_model()
    values = {**model.defaults, **changes}
    runner = roadrunner.RoadRunner(with_values(bundled_sbml(), values))
    runner.integrator.absolute_tolerance, runner.integrator.relative_tolerance = 1e-14, 1e-11
    runner.integrator.maximum_num_steps = 1_000_000
    start = build(model).initial(np.array([[values[name] for name in model.parameters]]))[0]
    for name, value in zip(model.states, start, strict=True):
        runner[name] = value
    now, rows = 0.0, []
    for time, state, amount in sorted([*DOSES, *((time, "", 0.0) for time in TIMES)]):
        if time > now:
            runner.simulate(now, time, 2)
            now = time
        if state:
            runner[state] = runner[state] + amount
        else:
            rows.append([float(runner[name]) for name in (*model.states, *model.outputs)])
    return {"changes": changes, "values": rows}


def main():
    model = read_model()
    document = {
        "made_with": f"libroadrunner {roadrunner.__version__}, CVODE, relative 1e-11, absolute 1e-14",
        "model": model.fingerprint,
        "names": [*model.states, *model.outputs],
        "doses": DOSES,
        "times": TIMES,
        "cases": {name: run(changes) for name, changes in CASES.items()},
    }
    Path(__file__).with_name("roadrunner.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
