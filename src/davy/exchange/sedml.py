"""The experiment beside a model: SED-ML Level 1 Version 3, one uniform time course with a report and a plot."""

from __future__ import annotations

import re
from html import escape

from davy.errors import ModelError
from davy.exchange.course import ATOL, RTOL, SHOWN, Course

CVODE, RELATIVE, ABSOLUTE = "KISAO:0000019", "KISAO:0000209", "KISAO:0000211"
"""The integrator and its two tolerances in the ontology of simulation algorithms."""

_PLOTTED = "C"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<sedML xmlns="http://sed-ml.org/sed-ml/level1/version3" \
xmlns:sbml="http://www.sbml.org/sbml/level3/version2/core" level="1" version="3">"""


def time_course(course: Course, text: str, *, source: str) -> str:
    """SED-ML text: integrate the SBML `text`, which lies at `source`, and report what `Course.results` holds."""
    generators = [_generator("time", "time [d]", 'symbol="urn:sedml:symbol:time"')]
    for name in SHOWN:
        caption = f"{name} [{_unit(course, name)}]"
        generators.append(_generator(name, caption, f'target="{_target(text, name)}"'))
    columns = "".join(
        f'\n        <dataSet id="column_{name}" label="{_label(name)}" dataReference="shown_{name}"/>'
        for name in ("time", *SHOWN)
    )
    return f"""{_HEAD}
  <listOfSimulations>
    <uniformTimeCourse id="course" initialTime="0" outputStartTime="0" \
outputEndTime="{course.days}" numberOfPoints="{course.points}">
      <algorithm kisaoID="{CVODE}">
        <listOfAlgorithmParameters>
          <algorithmParameter kisaoID="{RELATIVE}" value="{RTOL:g}"/>
          <algorithmParameter kisaoID="{ABSOLUTE}" value="{ATOL:g}"/>
        </listOfAlgorithmParameters>
      </algorithm>
    </uniformTimeCourse>
  </listOfSimulations>
  <listOfModels>
    <model id="body" language="urn:sedml:language:sbml.level-3.version-2" source="{escape(source)}"/>
  </listOfModels>
  <listOfTasks>
    <task id="run" modelReference="body" simulationReference="course"/>
  </listOfTasks>
  <listOfDataGenerators>{"".join(generators)}
  </listOfDataGenerators>
  <listOfOutputs>
    <report id="results" name="what results/course.csv holds">
      <listOfDataSets>{columns}
      </listOfDataSets>
    </report>
    <plot2D id="serum" name="serum magnesium">
      <listOfCurves>
        <curve id="curve_serum" logX="false" logY="false" \
xDataReference="shown_time" yDataReference="shown_{_PLOTTED}"/>
      </listOfCurves>
    </plot2D>
  </listOfOutputs>
</sedML>
"""


def _label(name: str) -> str:
    return "time_d" if name == "time" else name


def _unit(course: Course, name: str) -> str:
    return "mmol/L" if course.model.units[name].endswith("mmol_per_litre") else "mmol"


def _target(text: str, name: str) -> str:
    """Where the value stands in an SBML text."""
    for kind in ("species", "parameter"):
        if re.search(rf'<{kind}\b[^>]* id="{name}"', text):
            group = "Species" if kind == "species" else "Parameters"
            return f"/sbml:sbml/sbml:model/sbml:listOf{group}/sbml:{kind}[@id='{name}']"
    raise ModelError(f"the model has no quantity {name}")


def _generator(name: str, caption: str, reads: str) -> str:
    return f"""
    <dataGenerator id="shown_{name}" name="{caption}">
      <listOfVariables>
        <variable id="read_{name}" taskReference="run" {reads}/>
      </listOfVariables>
      <math xmlns="http://www.w3.org/1998/Math/MathML">
        <ci>read_{name}</ci>
      </math>
    </dataGenerator>"""
