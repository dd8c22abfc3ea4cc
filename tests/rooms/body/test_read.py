"""Models read whole, valued and without a warning, or are refused by name."""

import re

import pytest

from davy.body import read_model
from davy.body.parameters import parameter_values
from davy.body.read import ORGANS, bundled_sbml
from davy.body.sbml import warnings_of, with_values
from davy.errors import ModelError
from davy.tables import knowledge_file

SETS = ("literature", "articles")


def sbml(body: str, attributes: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">'
        f'<model id="m" {attributes}><listOfCompartments><compartment id="v" size="2" constant="true"/>'
        f"</listOfCompartments>{body}</model></sbml>"
    )


def species(name: str, amounts: str = "false", start: str = 'initialConcentration="3"') -> str:
    return (
        f'<species id="{name}" compartment="v" {start} hasOnlySubstanceUnits="{amounts}" '
        'boundaryCondition="false" constant="false"/>'
    )


def law(formula: str) -> str:
    return f'<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">{formula}</math></kineticLaw>'


@pytest.mark.parametrize("parameter_set", SETS)
def test_the_whole_body_has_a_value_or_a_rule_for_everything(parameter_set):
    model = read_model(parameter_set=parameter_set)
    values = parameter_values(parameter_set)
    assert model.defaults == {name: values[name] for name in model.parameters}
    declared = set(re.findall(r'<parameter id="(\w+)"', bundled_sbml(parameter_set=parameter_set)))
    assert declared <= {*model.parameters, *model.states, *model.outputs}


@pytest.mark.parametrize("parameter_set", SETS)
def test_libsbml_finds_nothing_to_warn_of(parameter_set):
    model = read_model(parameter_set=parameter_set)
    assert warnings_of(with_values(bundled_sbml(parameter_set=parameter_set), model.defaults)) == ()


def test_libsbml_does_warn_of_a_wrong_unit():
    text = bundled_sbml().replace('units="gut_mmol_per_day"', 'units="gut_mmol"')
    assert warnings_of(with_values(text, read_model().defaults))


@pytest.mark.parametrize("name", [*ORGANS, "magnesium"])
def test_models_hold_structure_and_no_values(name):
    text = re.sub(r"//.*", "", knowledge_file(f"models/{name}.ant").read_text())
    given = re.findall(r"(\w+)(?: in \w+;\s*\w+)?\s*=\s*([0-9][^;]*);", text)
    assert {value for _, value in given} <= {"0", "1", "1e-3 mole", "86400 second", "1 / time_unit"}


@pytest.mark.parametrize("name", [*ORGANS, "magnesium"])
def test_each_line_of_a_model_says_what_it_means(name):
    for line in knowledge_file(f"models/{name}.ant").read_text().splitlines():
        if " has " in line or "species" in line or re.match(r"  (var|const) ", line):
            assert "//" in line, line
        assert len(line) <= 120


def test_the_names_that_the_other_rooms_use():
    model = read_model()
    assert {"ECF", "gut_GS", "gut_GU", "gut_Abs", "kid_Uri", "gut_Fae", "Skin", "csf_Csf"} <= set(model.states)
    assert {"C", "kid_E", "rbc_RBC", "tis_Total"} <= set(model.outputs)
    assert {"gut_Vmax", "gut_f_act", "kid_GFR", "kid_fTm", "avg_abs", "sweat", "Vecf"} <= set(model.parameters)


def test_the_articles_swap_the_gut():
    model = read_model(parameter_set="articles")
    assert "gut_Vmax" not in model.parameters
    assert "gut_fraction" in model.parameters
    assert "gut_G2" not in model.states


def test_the_fingerprint_tells_structure_and_values_apart():
    prints = {read_model(name).fingerprint for name in ("magnesium", "gut", "kidney")}
    prints.add(read_model(parameter_set="articles").fingerprint)
    assert len(prints) == 4
    assert read_model() is read_model()


def test_a_callers_antimony_needs_neither_units_nor_sources(tmp_path):
    file = tmp_path / "own.ant"
    file.write_text("function f(a)\n  2*a\nend\nmodel own()\n  k = 0.5; S = 4; d := f(S); S' = -k*S; end\n")
    model = read_model(file)
    assert (model.states, model.parameters, model.outputs) == (("S",), ("k",), ("d",))
    assert model.defaults == {"k": 0.5}


def test_derived_constants_follow_what_they_derive_from(tmp_path):
    file = tmp_path / "own.ant"
    file.write_text("model own()\n  k = 0.5; twice = 2*k; S = twice; S' = -twice*S; end\n")
    model = read_model(file)
    assert model.parameters == ("k",)


def test_sbml_concentrations_are_kept_as_concentrations(tmp_path):
    file = tmp_path / "own.xml"
    reaction = (
        '<listOfReactions><reaction id="r" reversible="false" fast="false"><listOfReactants>'
        '<speciesReference species="S" stoichiometry="2" constant="true"/></listOfReactants>'
        f"{law('<ci> S </ci>')}</reaction></listOfReactions>"
    )
    file.write_text(sbml(f"<listOfSpecies>{species('S')}</listOfSpecies>{reaction}"))
    model = read_model(file)
    assert model.states == ("S",)
    assert model.dose_per_unit == (0.5,)


REFUSED = {
    "event": (
        '<listOfEvents><event id="bang" useValuesFromTriggerTime="true"><trigger initialValue="true" persistent="true">'
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><true/></math></trigger></event></listOfEvents>',
        "bang.*events",
    ),
    "algebraic rule": (
        '<listOfRules><algebraicRule><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/><ci> S </ci>'
        "<cn> 1 </cn></apply></math></algebraicRule></listOfRules>",
        "algebraic rule",
    ),
    "fast reaction": (
        f'<listOfReactions><reaction id="quick" reversible="false" fast="true">{law("<ci> S </ci>")}'
        "</reaction></listOfReactions>",
        "quick.*fast",
    ),
    "delay": (
        '<listOfReactions><reaction id="late" reversible="false" fast="false">'
        + law(
            '<apply><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/delay"> delay </csymbol>'
            "<ci> S </ci><cn> 1 </cn></apply>"
        )
        + "</reaction></listOfReactions>",
        "late.*delay",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_the_engine_cannot_do_is_refused_by_name_and_place(kind, tmp_path):
    body, message = REFUSED[kind]
    file = tmp_path / "own.xml"
    before, after = (body, "") if "listOfRules" in body else ("", body)
    file.write_text(sbml(f"<listOfSpecies>{species('S')}</listOfSpecies>{before}{after}"))
    with pytest.raises(ModelError, match=message):
        read_model(file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model m()\n  S = 1; S' = -k*S; end", "'k' has neither a value nor a rule"),
        ("model m()\n  k = 1; S' = -k*S; end", "'S' has no value at the start"),
        ("model m()\n  S = 1; S' = -k*; end", "own.ant"),
    ],
)
def test_a_fault_in_a_callers_model_is_told(text, message, tmp_path):
    file = tmp_path / "own.ant"
    file.write_text(text)
    with pytest.raises(ModelError, match=message):
        read_model(file)


def test_a_missing_file_names_the_bundled_models(tmp_path):
    with pytest.raises(ModelError, match=r"not a bundled model .magnesium"):
        read_model(tmp_path / "nothing.ant")
