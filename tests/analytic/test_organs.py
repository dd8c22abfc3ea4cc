"""Organs alone: they balance and come to rest; a planted leak or a second resting place is found."""

import pytest

from davy.body import read_model
from davy.body.read import ORGANS
from davy.qualify.organs import ALONE, Alone, check_organ, check_organs


def test_all_is_well():
    assert set(ALONE) == set(ORGANS)
    assert check_organs() == ()


def planted(tmp_path, text):
    file = tmp_path / "planted.ant"
    file.write_text(f"model planted()\n  compartment v = 1; substanceOnly species ECF in v; ECF = 12;\n{text}\nend\n")
    return read_model(file)


SINK = "  substanceOnly species Out in v; Out = 0; J: ECF => Out; 0.1*ECF;"


def test_a_sound_organ_passes(tmp_path):
    assert check_organ(planted(tmp_path, SINK), Alone("ECF")) == []


def test_a_leak_is_found(tmp_path):
    leak = planted(tmp_path, SINK + " L: ECF => ; 1e-6*ECF;")
    (problem,) = check_organ(leak, Alone("ECF"))
    assert "appear or vanish" in problem


def test_two_resting_places_are_found(tmp_path):
    bistable = "  rbc_S = 0.4; rbc_S' = -rbc_S*(rbc_S - 0.5)*(rbc_S - 1);"
    (problem,) = check_organ(planted(tmp_path, SINK + bistable), Alone("ECF"))
    assert "ends elsewhere" in problem


def test_an_organ_that_never_rests_is_found(tmp_path):
    problems = check_organ(
        planted(tmp_path, "  substanceOnly species T in v; T = 0; J: ECF -> T; 1e-7*ECF;"), Alone("ECF")
    )
    assert problems


@pytest.mark.parametrize("name", ORGANS)
def test_an_organ_alone_is_smaller_than_the_body(name):
    model = read_model(name, parameter_set="articles" if "fixed" in name else "literature")
    assert "ECF" in model.states
    assert len(model.states) < len(read_model().states)
