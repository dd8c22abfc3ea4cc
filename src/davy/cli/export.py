"""``davy export sbml|omex|petab|nmtran``: what Davy holds, in the formats of other programs."""

from __future__ import annotations

from argparse import ArgumentParser
from importlib import import_module

from davy.cli.options import Options, Reply

ACTIONS = {
    "sbml": "the body model, with units, names and the papers behind its values",
    "omex": "a simulation with its results, as a COMBINE archive that other programs run again",
    "petab": "the body's calibration, or the fit of a person's labs, as a PEtab 2.0 problem",
    "nmtran": "a person's products and labs as a data set with the columns of NM-TRAN",
}
"""Each is a file of this room, `export_NAME.py`, with `arguments(parser)` and `run(options)`."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="FORMAT", required=True)
    for name, caption in ACTIONS.items():
        import_module(f"davy.cli.export_{name}").arguments(actions.add_parser(name, help=caption))


def run(options: Options) -> Reply:
    """What the format's own file says."""
    reply: Reply = import_module(f"davy.cli.export_{options.action}").run(options)
    return reply
