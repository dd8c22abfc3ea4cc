"""From a text to a model: Antimony or SBML of any level, checked, brought to core SBML, read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from davy.body.document import model_from_sbml
from davy.body.files import check_brackets, check_xml
from davy.body.model import Model
from davy.body.sbml import normalised, sbml_from_antimony
from davy.body.subset import refuse_before_conversion

_PARAMETER = re.compile(r'<parameter id="(\w+)"')


def bundled_model(text: str, name: str, values: Mapping[str, float]) -> Model:
    """The model of a bundled Antimony text, which declares no values, with those of the parameter tables."""
    sbml = sbml_from_antimony(text, name=f"knowledge/models/{name}.ant")
    ids = _PARAMETER.findall(sbml)
    return model_from_sbml(sbml, name=name, values={key: values[key] for key in ids if key in values})


def model_from_antimony(text: str, name: str) -> Model:
    """The model of a caller's Antimony text, its imports in place."""
    check_brackets(text, name)
    return _model(sbml_from_antimony(text, name=name), name)


def model_from_any_sbml(text: str, name: str) -> Model:
    """The model of a caller's SBML of any level."""
    check_xml(text, name)
    refuse_before_conversion(text, name)
    return _model(text, name)


def _model(sbml: str, name: str) -> Model:
    core = normalised(sbml, name=name)
    check_xml(core, name)
    return model_from_sbml(core, name=name)
