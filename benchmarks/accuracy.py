"""Asked for against achieved: random lanes and regimens through the engine, libRoadRunner and, for some, COPASI.

``python benchmarks/accuracy.py --lanes 10000`` prints, for each model and tolerance, the share of lanes in which every
state is within the request at every time; the rest must be flagged by their status. The references run at a relative
tolerance of 1e-10 and an absolute one of 1e-14.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from davy.body import read_model
from davy.engine import Doses, build

HERE = Path(__file__).parent
MODELS = {
    "body": (None, ("gut_GS", "gut_GU", "ECF")),
    "m12": (HERE / "models" / "m12.ant", ("Sol", "Sol", "P")),
    "m40": (HERE / "models" / "m40.ant", ("Sol", "Sol", "P")),
}
SPREAD = float(np.sqrt(np.log(1.25)))  # of the logarithm, for a coefficient of variation of 50 %
DAYS, SLOTS, LOOKS = 3.0, 6, 13
REQUESTS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)


def model_of(name: str) -> Any:
    """The model of that name."""
    path = MODELS[name][0]
    return read_model() if path is None else read_model(path)


def case(name: str, lanes: int, seed: int) -> dict[str, Any]:
    """Parameters log-normal with a CV of 50 %, and doses at each lane's own times; lane i is the same in any number."""
    model = model_of(name)
    middle = np.array([model.defaults[parameter] for parameter in model.parameters])
    theta, times, amounts = [], [], []
    for lane in range(lanes):
        rng = np.random.default_rng([seed, lane])
        theta.append(middle * np.exp(SPREAD * rng.standard_normal(len(middle))))
        times.append(np.sort(rng.uniform(0, DAYS, SLOTS)))
        amounts.append(rng.uniform(0, 12, SLOTS) * (rng.uniform(size=SLOTS) < 0.8))
    states = [MODELS[name][1][slot % 3] for slot in range(SLOTS)]
    looks = np.linspace(0, DAYS, LOOKS)[1:]
    return {
        "model": model,
        "theta": np.array(theta),
        "doses": Doses(np.array(times), states, np.array(amounts)),
        "looks": looks,
    }


def sbml_of(name: str, values: dict[str, float]) -> str:
    """The model as SBML, with these values of its parameters."""
    if name == "body":
        from davy.body.read import bundled_sbml
        from davy.body.sbml import with_values

        return with_values(bundled_sbml(), values)
    import antimony

    path = MODELS[name][0]
    antimony.clearPreviousLoads()
    antimony.loadAntimonyString(Path(str(path)).read_text())
    return antimony.getSBMLString(antimony.getMainModuleName())


def roadrunner_values(name: str, given: dict[str, Any], lanes: range) -> np.ndarray:
    """(lanes, looks, states) by CVODE, started anew at each dose."""
    import roadrunner

    model, doses, looks = given["model"], given["doses"], given["looks"]
    runner = roadrunner.RoadRunner(sbml_of(name, dict(model.defaults)))
    runner.integrator.absolute_tolerance, runner.integrator.relative_tolerance = 1e-14, 1e-10
    runner.integrator.maximum_num_steps = 10_000_000
    runner.timeCourseSelections = list(model.states)
    begin = build(model).initial(given["theta"][lanes.start : lanes.stop])
    found = np.full((len(lanes), len(looks), len(model.states)), np.nan)
    for place, lane in enumerate(lanes):
        runner.resetAll()
        for parameter, value in zip(model.parameters, given["theta"][lane], strict=True):
            runner[parameter] = float(value)
        for state, value in zip(model.states, begin[place], strict=True):
            runner[state] = float(value)
        stops = sorted({*doses.time_d[lane][doses.amount_mmol[lane] > 0], DAYS})
        now = 0.0
        for stop in stops:
            inside = [t for t in looks if now < t < stop]
            rows = np.array(runner.simulate(times=[now, *inside, stop]))
            for row, t in zip(rows[1:], [*inside, stop], strict=True):
                found[place, looks == t] = row
            now = float(stop)
            for slot in np.flatnonzero(doses.time_d[lane] == now):
                runner[doses.state[slot]] = runner[doses.state[slot]] + float(doses.amount_mmol[lane][slot])
    return found


def copasi_values(name: str, given: dict[str, Any], lanes: range) -> np.ndarray:
    """(lanes, looks, states) by LSODA, started anew at each dose."""
    import basico

    model, doses, looks = given["model"], given["doses"], given["looks"]
    begin = build(model).initial(given["theta"][lanes.start : lanes.stop])
    found = np.full((len(lanes), len(looks), len(model.states)), np.nan)
    for place, lane in enumerate(lanes):
        values = dict(zip(model.parameters, given["theta"][lane], strict=True))
        state = dict(zip(model.states, begin[place], strict=True))
        now = 0.0
        for stop in sorted({*doses.time_d[lane][doses.amount_mmol[lane] > 0], DAYS}):
            basico.load_model_from_string(sbml_of(name, dict(model.defaults)))
            unit = _set_copasi(basico, model, values, state)
            inside = [t - now for t in looks if now < t < stop]
            table = basico.run_time_course(
                values=[0.0, *inside, stop - now], r_tol=1e-10, a_tol=1e-14, max_steps=10_000_000, use_sbml_id=True
            )
            for t, (_, row) in zip([now, *[now + t for t in inside], stop], table.iterrows(), strict=True):
                found[place, np.isclose(looks, t)] = [row[_column(table, key)] * unit[key] for key in model.states]
            state = {key: float(table.iloc[-1][_column(table, key)]) * unit[key] for key in model.states}
            now = float(stop)
            for slot in np.flatnonzero(doses.time_d[lane] == now):
                state[doses.state[slot]] += float(doses.amount_mmol[lane][slot])
            basico.remove_datamodel(basico.get_current_model())
    return found


def _column(table: Any, name: str) -> str:
    return next(column for column in (name, f"Values[{name}]", f"[{name}]") if column in table.columns)


def _set_copasi(basico: Any, model: Any, values: dict[str, float], state: dict[str, float]) -> dict[str, float]:
    """What one unit of each state's column stands for, once parameters and states are set; species are shown as
    concentrations, whatever their SBML says.
    """  # noqa: D205
    for name, value in values.items():
        basico.set_parameters(exact=True, sbml_id=name, name=name, initial_value=float(value))
    species, sizes = basico.get_species(), basico.get_compartments()
    found = dict.fromkeys(model.states, 1.0)
    for name, value in state.items():
        if species is not None and name in species.index:
            found[name] = float(sizes.loc[species.loc[name, "compartment"], "initial_size"])
            basico.set_species(name, exact=True, initial_expression="")
            basico.set_species(name, exact=True, initial_concentration=float(value) / found[name])
        else:
            basico.set_parameters(name, exact=True, initial_expression="")
            basico.set_parameters(name, exact=True, initial_value=float(value))
    return found


def compare(name: str, given: dict[str, Any], exact: np.ndarray) -> list[dict[str, Any]]:
    """For each tolerance, how many lanes are within it, how many are flagged, and how far the rest is off."""
    model, lanes = given["model"], len(exact)
    doses = given["doses"]
    few = Doses(doses.time_d[:lanes], doses.state, doses.amount_mmol[:lanes])
    fine = build(model).solve(given["theta"][:lanes], few, np.linspace(0, DAYS, 400), rtol=1e-4, threads=2)
    states = len(model.states)
    size = np.maximum(np.nanmax(np.abs(fine.values[:, :, :states]), axis=1), 1e-9)[:, None]
    rows = []
    for request in REQUESTS:
        path = build(model).solve(given["theta"][:lanes], few, given["looks"], rtol=request, threads=2)
        wrong = (np.abs(path.values[:, :, :states] - exact) / size).max(axis=(1, 2))
        good = path.status == 0
        rows.append(
            {
                "model": name,
                "asked": request,
                "lanes": lanes,
                "within": int((wrong[good] <= request).sum()),
                "flagged": int((~good).sum()),
                "beyond": int((wrong[good] > request).sum()),
                "median": float(np.median(wrong[good])),
                "worst": float(wrong[good].max()),
            }
        )
    return rows


def thinned(values: np.ndarray) -> list[Any]:
    """Every third time, to 12 digits."""
    return [[[float(f"{value:.12g}") for value in row] for row in lane[::3]] for lane in values]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lanes", type=int, default=10_000)
    parser.add_argument("--models", nargs="+", default=list(MODELS), choices=list(MODELS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--copasi", type=int, default=0, help="so many lanes through COPASI too")
    parser.add_argument("--store", type=Path, help="write the reference values for the agreement test")
    options = parser.parse_args()
    stored: dict[str, Any] = {"lanes": options.lanes, "seed": options.seed, "models": {}}
    for name in options.models:
        given = case(name, options.lanes, options.seed)
        begin = time.process_time()
        exact = roadrunner_values(name, given, range(options.lanes))
        print(f"{name}: libRoadRunner took {time.process_time() - begin:.0f} s", flush=True)
        if options.copasi:
            other = copasi_values(name, given, range(options.copasi))
            size = np.maximum(np.abs(exact[: options.copasi]).max(axis=1, keepdims=True), 1e-9)
            print(f"{name}: COPASI differs by at most {np.max(np.abs(other - exact[: options.copasi]) / size):.1e}")
        stored["models"][name] = {"fingerprint": given["model"].fingerprint, "values": thinned(exact)}
        for row in compare(name, given, exact):
            print(json.dumps(row), flush=True)
    if options.store:
        import roadrunner

        stored["made_with"] = f"libroadrunner {roadrunner.__version__}, CVODE, relative 1e-10, absolute 1e-14"
        options.store.write_text(json.dumps(stored) + "\n")


if __name__ == "__main__":
    main()
