"""Other people's formats, one file each: SBML, COMBINE archives, PEtab, NM-TRAN, diaries."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.exchange.course import Course
    from davy.exchange.events import course_sbml
    from davy.exchange.nmtran import Subject, read_nmtran
    from davy.exchange.nmtran_person import dataset_of, person_with, regimen_of
    from davy.exchange.omex import archive
    from davy.exchange.petab_calibration import calibration_problem
    from davy.exchange.petab_person import person_problem
    from davy.exchange.sbml import whole_body_sbml

_HOME = {
    "Course": "davy.exchange.course",
    "Subject": "davy.exchange.nmtran",
    "archive": "davy.exchange.omex",
    "calibration_problem": "davy.exchange.petab_calibration",
    "course_sbml": "davy.exchange.events",
    "dataset_of": "davy.exchange.nmtran_person",
    "person_problem": "davy.exchange.petab_person",
    "person_with": "davy.exchange.nmtran_person",
    "read_nmtran": "davy.exchange.nmtran",
    "regimen_of": "davy.exchange.nmtran_person",
    "whole_body_sbml": "davy.exchange.sbml",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'davy.exchange' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = [
    "Course",
    "Subject",
    "archive",
    "calibration_problem",
    "course_sbml",
    "dataset_of",
    "person_problem",
    "person_with",
    "read_nmtran",
    "regimen_of",
    "whole_body_sbml",
]
