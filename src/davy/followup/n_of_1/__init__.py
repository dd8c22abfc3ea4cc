"""Trials of one person: designed with known error rates, analysed so that chance and time are not taken for benefit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.followup.n_of_1.analyse import analyse, analyse_diary
    from davy.followup.n_of_1.design_file import DesignFile, read_design
    from davy.followup.n_of_1.diary import Diary, parse_diary, read_diary
    from davy.followup.n_of_1.result import Analysis

_HOME = {
    "Analysis": "davy.followup.n_of_1.result",
    "DesignFile": "davy.followup.n_of_1.design_file",
    "Diary": "davy.followup.n_of_1.diary",
    "analyse": "davy.followup.n_of_1.analyse",
    "analyse_diary": "davy.followup.n_of_1.analyse",
    "parse_diary": "davy.followup.n_of_1.diary",
    "read_design": "davy.followup.n_of_1.design_file",
    "read_diary": "davy.followup.n_of_1.diary",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'davy.followup.n_of_1' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = ["Analysis", "DesignFile", "Diary", "analyse", "analyse_diary", "parse_diary", "read_design", "read_diary"]
