"""Runs an archive in other programs: what they make of its model and experiment, beside its own results."""

from __future__ import annotations

import csv
import io
import locale
import xml.etree.ElementTree as ET
from pathlib import Path
from zipfile import ZipFile

import numpy as np

SEDML = {"s": "http://sed-ml.org/sed-ml/level1/version3"}


def results(path: Path) -> dict[str, np.ndarray]:
    """The archive's own results by column."""
    rows = list(csv.reader(io.StringIO(ZipFile(path).read("results/course.csv").decode())))
    table = np.array(rows[1:], dtype=float)
    return {name: table[:, at] for at, name in enumerate(rows[0])}


def by_roadrunner(path: Path) -> dict[str, np.ndarray]:
    """What libRoadRunner says, as the SED-ML asks: its model, times, tolerances and report."""
    import roadrunner

    archive = ZipFile(path)
    asked = ET.fromstring(archive.read("course.sedml"))  # noqa: S314
    runner = roadrunner.RoadRunner(archive.read(asked.find(".//s:model", SEDML).get("source")).decode())
    tolerances = {
        one.get("kisaoID"): float(one.get("value")) for one in asked.iterfind(".//s:algorithmParameter", SEDML)
    }
    runner.integrator.relative_tolerance = tolerances["KISAO:0000209"]
    runner.integrator.absolute_tolerance = tolerances["KISAO:0000211"]
    runner.integrator.maximum_num_steps = 1_000_000
    targets = [one.get("target") for one in asked.iterfind(".//s:variable", SEDML)]
    names = ["time", *(target.split("@id='")[1].rstrip("']") for target in targets if target)]
    runner.timeCourseSelections = names
    course = asked.find(".//s:uniformTimeCourse", SEDML)
    found = np.array(runner.simulate(0, float(course.get("outputEndTime")), int(course.get("numberOfPoints")) + 1))
    return {("time_d" if name == "time" else name): found[:, at] for at, name in enumerate(names)}


def by_copasi(path: Path) -> dict[str, np.ndarray]:
    """What COPASI says, which opens the archive and its experiment by itself."""
    spoken = locale.setlocale(locale.LC_ALL)
    import COPASI

    locale.setlocale(locale.LC_ALL, spoken)  # COPASI sets that of the whole process when it is loaded
    data = COPASI.CRootContainer.addDatamodel()
    assert data.openCombineArchive(str(path)), COPASI.CCopasiMessage.getAllMessageText()
    task = data.getTask("Time-Course")
    task.getProblem().setTimeSeriesRequested(True)
    assert task.initializeRaw(COPASI.CCopasiTask.ONLY_TIME_SERIES)
    assert task.processRaw(True)
    series = task.getTimeSeries()
    steps = range(series.getRecordedSteps())
    found = {"time_d": np.array([series.getConcentrationData(step, 0) for step in steps])}
    for at in range(1, series.getNumVariables()):
        found[series.getSBMLId(at, data)] = np.array([series.getConcentrationData(step, at) for step in steps])
    COPASI.CRootContainer.removeDatamodel(data)
    return found
