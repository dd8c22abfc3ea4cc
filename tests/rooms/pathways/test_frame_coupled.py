"""Slow pathways: against another simulator, and coupled to the body without disturbing it, or closing a loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from davy.body import read_model
from davy.body.expression import Name, Number, apply
from davy.body.model import Model
from davy.body.sbml import sbml_from_antimony, with_values
from davy.engine import Doses, build
from davy.errors import InputError, ModelError
from davy.pathways.catalogue import Pathway, catalogue
from davy.pathways.coupled import coupled
from davy.pathways.course import course
from davy.pathways.draws import parameter_lanes
from davy.pathways.homes import module
from davy.pathways.joining import Part, joined
from davy.pathways.lanes import Setting, input_lanes
from davy.tables import knowledge_file

SLOW = [one for one in catalogue() if not one.experiment and module(one, "literature").states and not one.row.parent]
LANES = 3


@pytest.mark.parametrize("one", SLOW, ids=lambda one: one.id)
def test_a_slow_pathway_agrees_with_roadrunner(one: Pathway) -> None:
    roadrunner: Any = pytest.importorskip("roadrunner")
    model = module(one, "literature")
    setting = Setting(draws=LANES, hypotheses=one.hypothesis)
    given = input_lanes(one, setting, {}) | parameter_lanes(one, "literature", LANES)
    horizon = one.row.horizon_d or 0.0
    times = [0.25 * horizon, horizon]
    ours = course(model, given, times)
    text = knowledge_file(f"models/pathways/{one.home}").read_text(encoding="utf-8")
    sbml = sbml_from_antimony(text, name=one.home)
    for lane in range(1 + LANES):
        values = {name: float(given[name][lane]) for name in model.parameters}
        runner = roadrunner.RoadRunner(with_values(sbml, values))
        runner.integrator.absolute_tolerance, runner.integrator.relative_tolerance = 1e-14, 1e-10
        runner.integrator.maximum_num_steps = 500_000
        now = 0.0
        for k, time in enumerate(times):
            runner.simulate(now, time, 2)
            now = time
            for port in one.outputs:
                theirs = float(runner[port])
                assert ours[port][lane, k] == pytest.approx(theirs, rel=2e-4, abs=1e-9), (port, lane, time)


def test_pathways_that_only_read_the_body_leave_it_as_it_was() -> None:
    body = read_model()
    whole = coupled()
    assert len(whole.pathways) >= 8
    assert not any(one.hypothesis for one in whole.pathways)
    times = [30.0, 365.0]
    given = {"avg_abs": 4.0}
    theta = np.array([[{**body.defaults, **given}[name] for name in body.parameters]])
    alone = build(body, names=("C", "tis_MU")).solve(theta, Doses.none(), times, rtol=1e-8)
    fed_back = {"kid_glu"} - set(whole.model.parameters)
    both = build(whole.model, names=("C", "tis_MU")).solve(whole.theta(0, body=given), Doses.none(), times, rtol=1e-8)
    assert not both.status.any()
    assert both.values[0] == pytest.approx(alone.values[0], rel=0.02 if fed_back else 1e-6)


def test_magnesium_reaches_a_pathway_through_its_adapter() -> None:
    whole = coupled(["P00a"])
    low, high = (
        build(whole.model, names=("C", whole.name("P00a", "mg_csf_mM"))).solve(
            whole.theta(0, body={"avg_abs": absorbed}), Doses.none(), [365.0], rtol=1e-8
        ).values[0, 0]
        for absorbed in (2.0, 5.0)
    )  # fmt: skip
    assert high[0] > low[0]
    assert 0.0 < (high[1] - low[1]) < 0.2 * (high[0] - low[0])


def test_every_draw_runs_a_person_year() -> None:
    whole = coupled(hypotheses=True)
    path = build(whole.model).solve(whole.theta(40, body={"avg_abs": 4.0}), Doses.none(), [365.0])
    assert not path.status.any()
    assert np.isfinite(path.values).all()


def test_a_hypothesis_is_coupled_only_when_it_is_asked_for() -> None:
    doubtful = next(one for one in catalogue() if one.hypothesis and not one.experiment)
    with pytest.raises(InputError, match="hypothesis"):
        coupled([doubtful.id])
    assert doubtful in coupled([doubtful.id], hypotheses=True).pathways


def level(name: str) -> Part:
    inner = Model(name, ("x",), ("k", "port"), ("out",), {"k": 1.0, "port": 2.0},
                  (apply("sub", Name("port"), apply("mul", Name("k"), Name("x"))),), (Name("port"),),
                  (apply("mul", Name("x"), Number(2.0)),))  # fmt: skip
    return Part(f"{name}_", inner)


def test_a_loop_through_a_state_closes_and_one_without_is_refused() -> None:
    a, b = level("a"), level("b")
    closed = joined("loop", (Part("a_", a.model, {"port": Name("b_x")}), Part("b_", b.model, {})))
    assert closed.parameters == ("a_k", "b_k", "b_port")
    theta = np.array([[0.5, 0.25, 2.0]])
    values = build(closed).solve(theta, Doses.none(), [200.0], rtol=1e-9).values[0, 0]
    assert dict(zip((*closed.states, *closed.outputs), values, strict=True)) == pytest.approx(
        {"a_x": 16.0, "b_x": 8.0, "a_out": 32.0, "b_out": 16.0}, rel=1e-5
    )
    back = {"port": Name("b_out")}
    assert joined("loop", (Part("a_", a.model, back), Part("b_", b.model, {}))).initial == (
        apply("mul", Name("b_port"), Number(2.0)),
        Name("b_port"),
    )
    only = Part("c_", read_only(), {"seen": Name("d_told")})
    other = Part("d_", read_only(), {"seen": Name("c_told")})
    with pytest.raises(ModelError, match="in a circle"):
        joined("circle", (only, other))


def read_only() -> Model:
    return Model("r", (), ("seen",), ("told",), {"seen": 1.0}, (), (), (apply("mul", Name("seen"), Number(3.0)),))
