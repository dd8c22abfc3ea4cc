"""``davy evidence dose-response FILE.csv``: a two-stage dose-response meta-analysis."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from functools import partial
from pathlib import Path
from typing import get_args

from davy.cli.options import Options, Reply, add_json, add_report, amount
from davy.cli.output import as_json, writable, write
from davy.errors import Fault, InputError
from davy.evidence.meta.dose_covariance import Covariance
from davy.evidence.meta.dose_response import DoseOptions, fit_dose_response
from davy.report.dose_response_page import dose_response_page
from davy.report.dose_response_text import dose_response_text


def arguments(parser: ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "file", metavar="FILE.csv", type=Path, help="one line a category: study,dose,rr,se,cases,n,type"
    )
    dose = partial(amount, least=-1e9, most=1e9)
    parser.add_argument("--per", type=partial(amount, least=1e-9, most=1e9), metavar="STEP", help="dose step of slopes")
    parser.add_argument("--reference", type=dose, metavar="DOSE", help="the dose that curves are against")
    parser.add_argument("--at", type=_doses, metavar="DOSE,...", help="doses at which the curves are told")
    parser.add_argument("--covariance", choices=get_args(Covariance), help="within a study (default gl)")
    add_json(parser)
    add_report(parser)


def run(options: Options) -> Reply:
    """The dose-response relation, as text or JSON."""
    writable(options.report)
    if options.file is None:
        raise InputError([Fault("FILE.csv", "no file was named")])
    asked = DoseOptions(options.per, options.reference, options.at, options.covariance)
    made = fit_dose_response(options.file, asked)
    if options.report is not None:
        write(options.report, dose_response_page(made, options.file.stem))
    return Reply(as_json(made.as_json()) if options.json else dose_response_text(made))


def _doses(text: str) -> tuple[float, ...]:
    parts = tuple(amount(part, least=-1e9, most=1e9) for part in text.split(",") if part.strip())
    if not parts:
        raise ArgumentTypeError(f"{text!r} names no dose")
    return parts
