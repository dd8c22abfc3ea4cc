"""``davy qualify``: whether the fit is calibrated, what the body gets wrong, and the dossier that says it all."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from davy.cli.options import Options, Reply, seed_of, whole
from davy.cli.output import as_json
from davy.cli.progress import progress_bar
from davy.disk import write_whole
from davy.errors import Fault, InputError
from davy.qualify.parts import qualify
from davy.report.dossier_page import dossier_page
from davy.report.dossier_text import dossier_text

WORKERS = 2
MOST_WORKERS = 256


def _workers(text: str) -> int:
    return whole(text, least=1, most=MOST_WORKERS)


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    text = "folder for coverage.json, sbc.json, trials.json and the others, and for dossier.html"
    parser.add_argument("--out", type=Path, metavar="DIR", help=text)
    parser.add_argument("--full", action="store_true", help="the long numbers: hours instead of minutes")
    text = f"processes of this machine to use (default {WORKERS}); the result is the same with any number"
    parser.add_argument("--workers", type=_workers, default=WORKERS, metavar="N", help=text)
    parser.add_argument("--seed", type=seed_of, metavar="N", help="seed of every random stream (default 0)")


def run(options: Options) -> Reply:
    """Every part, the documents and the dossier; status 1 where a misfit is not on record."""
    if options.out is not None:
        _ready(options.out)
    made = qualify(seed=options.seed, full=options.full, workers=options.workers, progress=progress_bar("tasks"))
    written: list[str] = []
    if options.out is not None:
        files = {f"{name}.json": as_json(document) for name, document in made.documents.items()}
        files["dossier.html"] = dossier_page(made.documents)
        for name, content in files.items():
            write_whole(options.out / name, content.encode())
            written.append(name)
    return Reply(dossier_text(made, options.out, written), 1 if made.unexpected else 0)


def _ready(folder: Path) -> None:
    """Make the folder before anything is computed.

    Raises
    ------
    InputError : it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError([Fault(str(folder), f"this folder cannot be written to: {error.strerror}")]) from None
