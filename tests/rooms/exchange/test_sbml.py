"""The body model as SBML: nothing for libSBML to remark on, and nothing lost on the way back."""

from pathlib import Path

import libsbml
import numpy as np
import pytest

import davy
from davy.cli.main import main
from davy.engine import Doses, build

CATEGORIES = (
    "GENERAL_CONSISTENCY",
    "IDENTIFIER_CONSISTENCY",
    "UNITS_CONSISTENCY",
    "MATHML_CONSISTENCY",
    "SBO_CONSISTENCY",
    "OVERDETERMINED_MODEL",
    "MODELING_PRACTICE",
)


def remarks_on(text: str) -> list[str]:
    """Every remark of libSBML, of whatever weight, with every check switched on."""
    document = libsbml.readSBMLFromString(text)
    for category in CATEGORIES:
        document.setConsistencyChecks(getattr(libsbml, f"LIBSBML_CAT_{category}"), True)
    document.checkConsistency()
    return [document.getError(at).getMessage() for at in range(document.getNumErrors())]


def exported(folder: Path, *arguments: str) -> Path:
    path = folder / "body.xml"
    assert main(["export", "sbml", *arguments, "--out", str(path)]) == 0
    return path


@pytest.mark.parametrize("name", ["literature", "articles"])
def test_libsbml_remarks_on_nothing_and_the_model_read_back_is_the_same(tmp_path: Path, name: str) -> None:
    path = exported(tmp_path, "--parameter-set", name)
    assert remarks_on(path.read_text()) == []
    own, again = davy.read_model("magnesium", parameter_set=name), davy.read_model(path)
    assert again.fingerprint == own.fingerprint
    assert dict(again.defaults) == dict(own.defaults)
    doses = Doses([0.3, 0.6], ["gut_GS", "gut_GS"], [4.0, 8.0])
    theta = [[own.defaults[key] for key in own.parameters]]
    first, second = (build(model).solve(theta, doses, [0.5, 1.0, 5.0]).values for model in (own, again))
    assert np.array_equal(first, second)


def test_the_check_sees_a_unit_that_is_wrong(tmp_path: Path) -> None:
    document = libsbml.readSBMLFromString(exported(tmp_path).read_text())
    document.getModel().getParameter("kid_Tm").setUnits("day")
    assert any("units" in remark for remark in remarks_on(libsbml.writeSBMLToString(document)))


def test_names_papers_and_the_substance_come_along(tmp_path: Path) -> None:
    model = libsbml.readSBMLFromFile(str(exported(tmp_path))).getModel()
    assert model.getParameter("kid_GFR").getName().startswith("kidney: glomerular filtration rate")
    assert all(one.getName() for one in (*model.getListOfParameters(), *model.getListOfSpecies()))
    assert "CHEBI:18420" in model.getSpecies("ECF").getAnnotationString()
    papers = [one.getAnnotationString() for one in model.getListOfParameters() if one.isSetAnnotation()]
    assert any("identifiers.org/doi:10." in paper for paper in papers)
    assert "K079" in model.getParameter("gut_CLend").getNotesString()


def test_one_unit_has_one_name(tmp_path: Path) -> None:
    model = libsbml.readSBMLFromFile(str(exported(tmp_path))).getModel()
    units = [unit.getId() for unit in model.getListOfUnitDefinitions()]
    assert "mmol" in units
    assert not [unit for unit in units if unit.startswith(("gut_", "kid_", "rbc_"))]
    assert model.getTimeUnits() == "day"


def test_a_person_is_the_body_with_their_own_values(tmp_path: Path) -> None:
    person = davy.read_model(exported(tmp_path, "example:neuropathy", "--today", "2026-11-22"))
    typical = davy.read_model("magnesium")
    assert person.parameters == typical.parameters
    assert person.defaults["kid_GFR"] != typical.defaults["kid_GFR"]
    assert person.defaults["gut_Km"] == typical.defaults["gut_Km"]


def test_without_a_file_the_text_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "sbml"]) == 0
    assert remarks_on(capsys.readouterr().out) == []
