"""A COMBINE archive: the body, an experiment on it and the results, in one file that other programs run again.

A zip file with a manifest is all that the format asks, so no library for it is needed at run time.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from davy import __version__
from davy.exchange.course import SHOWN, Course
from davy.exchange.events import course_sbml
from davy.exchange.sbml import whole_body_sbml
from davy.exchange.sedml import time_course
from davy.people.regimen_text import regimen_text

_SPECIFICATIONS = "http://identifiers.org/combine.specifications"
_FORMATS = {
    ".xml": f"{_SPECIFICATIONS}/sbml.level-3.version-2",
    ".sedml": f"{_SPECIFICATIONS}/sed-ml.level-1.version-3",
    ".rdf": f"{_SPECIFICATIONS}/omex-metadata",
    ".csv": "http://purl.org/NET/mediatypes/text/csv",
    ".txt": "http://purl.org/NET/mediatypes/text/plain",
}
_MASTER = "course.sedml"
_SAME_TIME = (1980, 1, 1, 0, 0, 0)  # the same archive has the same bytes, whenever it is made


def archive(course: Course) -> bytes:
    """The archive of a course: its SBML, SED-ML and results, the plain body beside it, and what it is."""
    text = course_sbml(course)
    files = {
        "course.xml": text,
        _MASTER: time_course(course, text, source="course.xml"),
        "results/course.csv": _csv(course),
        "magnesium.xml": whole_body_sbml(course.parameter_set, course.values),
        "about.txt": _about(course),
        "metadata.rdf": _metadata(course),
    }
    held = io.BytesIO()
    with ZipFile(held, "w") as made:
        for name, content in {"manifest.xml": _manifest(files), **files}.items():
            entry = ZipInfo(name, _SAME_TIME)
            entry.compress_type = ZIP_DEFLATED
            made.writestr(entry, content)
    return held.getvalue()


def _manifest(files: Mapping[str, str]) -> str:
    rows = [(".", f"{_SPECIFICATIONS}/omex"), ("./manifest.xml", f"{_SPECIFICATIONS}/omex-manifest")]
    rows += [(f"./{name}", _FORMATS[name[name.rindex(".") :]]) for name in files]
    lines = "".join(f'\n  <content location="{where}" format="{kind}"{_master(where)}/>' for where, kind in rows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<omexManifest xmlns="{_SPECIFICATIONS}/omex-manifest">{lines}\n</omexManifest>\n'
    )


def _master(where: str) -> str:
    return ' master="true"' if where == f"./{_MASTER}" else ""


def _csv(course: Course) -> str:
    found = course.results()
    rows = zip(course.times_d, *(found[name] for name in SHOWN), strict=True)
    lines = [",".join(("time_d", *SHOWN)), *(",".join(repr(float(value)) for value in row) for row in rows)]
    return "\n".join(lines) + "\n"


def _title(course: Course) -> str:
    return (
        f"{course.days} days of {regimen_text(course.regimen)} on {course.diet_mmol_per_d:.4g} mmol of magnesium a day"
    )


def _about(course: Course) -> str:
    before = regimen_text(course.before)
    return f"""{_title(course)}

course.xml           the body at its start, each meal and dose an event (SBML Level 3 Version 2)
course.sedml         integrate it to day {course.days} and report {course.points + 1} times (SED-ML Level 1 Version 3)
results/course.csv   what Davy's own engine says at these times
magnesium.xml        the same body without meals and doses, at its reference

Time is days from midnight, amounts are mmol of elemental magnesium, concentrations mmol/L.
The course starts at the periodic steady state of the same diet and of what was taken before: {before}.
What is reported does not jump at a dose, so that a value at the time of one is the same in every program.
Columns: C serum, ECF extracellular fluid, kid_Uri passed in urine and gut_Abs absorbed since the start, tis_ST fast
and tis_MU slow soft tissue, bone_BS bone surface, rbc_RBC red cells, csf_Csf cerebrospinal fluid.
Parameter set {course.parameter_set}{_changed(course)}. Written by Davy {__version__}; licence Apache-2.0.
"""


def _changed(course: Course) -> str:
    if not course.values:
        return ""
    told = ", ".join(f"{name} {value:.6g}" for name, value in course.values.items())
    return f", with {told}; {course.taken_share:.3g} of each labelled dose is swallowed"


def _metadata(course: Course) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcterms="http://purl.org/dc/terms/">
  <rdf:Description rdf:about=".">
    <dcterms:title>{escape(_title(course))}</dcterms:title>
    <dcterms:description>Whole-body magnesium kinetics, one regimen simulated.</dcterms:description>
    <dcterms:creator>Davy {__version__}</dcterms:creator>
    <dcterms:license rdf:resource="https://spdx.org/licenses/Apache-2.0"/>
  </rdf:Description>
</rdf:RDF>
"""
