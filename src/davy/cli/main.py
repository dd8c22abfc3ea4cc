"""``davy``: reads the command line, runs one command, and turns every error into a sentence and a status.

Exit status: 0 done; 1 a fault of Davy's, or a check that failed; 2 bad input or usage; 3 refused on grounds of safety.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper

from davy import __version__
from davy.cli.options import Options, Reply, options_of
from davy.errors import DavyError, InputError

COMMANDS = {
    "new": "asks about twelve questions and writes a person file",
    "check": "what was understood, what is unknown, and what each unknown costs",
    "plan": "a magnesium plan, or a refusal that says why",
    "simulate": "what one regimen would do",
    "fit": "what the labs teach about this person",
    "follow": "what happened since a plan began, what to do next, and a page for the visit",
    "replay": "makes logged decisions again: safer, the same or riskier, and whether the log is what was written",
    "trial": "a virtual trial, from ten persons to millions",
    "evidence": "claims of the articles, facts and sources",
    "pathways": "what magnesium does in a cell, a nerve or a vessel: each mechanism as a small graded model",
    "nof1": "a trial of one person: designed with known error rates, analysed so that chance is not taken for benefit",
    "knowledge": "checks every table and model that Davy rests on",
    "qualify": "how far to believe Davy: calibration, trials, misfits, and a dossier",
    "records": "diaries and devices into a person's folder, and out of it",
    "export": "the model, a simulation or a fit in other programs' formats",
    "schema": "the JSON Schema of a document",
}
"""Each command is a module of this room with `arguments(parser)` and `run(options)`; only the asked one is loaded."""

_IDLE = {"OPENBLAS_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
"""What Davy has no use for is not started: threads for linear algebra, which it never calls, and others' plugins."""

_RARELY = 20_000
"""Objects made between two searches for garbage; the usual 700 search all that is being loaded, again and again."""

WELCOME = f"""\
Davy {__version__} turns what is known about you into a magnesium plan to discuss with your doctor.
It simulates your body's magnesium, shows how unsure it is, and refuses where magnesium could harm.

  davy plan example:migraine    a plan for a bundled person; --report plan.html writes it in full
  davy new                      about twelve questions, Enter = unknown; writes your person file
  davy check me.yaml            what was understood, what is unknown, and what that costs you
  davy plan me.yaml             your own plan, on one page of the terminal
  davy evidence claims          what the articles say about magnesium, each claim checked

All commands: davy --help. No account and no network: nothing leaves this machine.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command line and returns its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for name, value in _IDLE.items():
        os.environ.setdefault(name, value)
    gc.set_threshold(_RARELY)
    _speak_plainly()
    try:
        return _say(_reply(arguments))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _close_quietly()
        return 0


def _reply(arguments: Sequence[str]) -> Reply:
    try:
        options = options_of(_parser(arguments).parse_args(arguments))
        return _run(options) if options.command else Reply(WELCOME)
    except SystemExit as stop:
        return Reply(status=stop.code if isinstance(stop.code, int) else 2)
    except InputError as error:
        return _failed(str(error), 2)
    except DavyError as error:
        return _failed(f"Davy could not answer: {error}", 1)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception:
        return _failed(
            f"This is a fault of Davy's, not yours. Please report it with the lines below.\n{traceback.format_exc()}", 1
        )


def _run(options: Options) -> Reply:
    run: Callable[[Options], Reply] = import_module(f"davy.cli.{options.command}").run
    return run(options)


def _parser(arguments: Sequence[str]) -> ArgumentParser:
    parser = ArgumentParser(prog="davy", description=WELCOME, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"davy {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    asked = next((argument for argument in arguments if not argument.startswith("-")), "")
    for name, caption in COMMANDS.items():
        command = commands.add_parser(name, help=caption, description=caption[:1].upper() + caption[1:] + ".")
        if name == asked:
            import_module(f"davy.cli.{name}").arguments(command)
    return parser


def _say(reply: Reply) -> int:
    try:
        sys.stdout.write(reply.text)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly()
    return reply.status


def _failed(text: str, status: int) -> Reply:
    sys.stderr.write(f"davy: {text.rstrip()}\n")
    return Reply(status=status)


def _speak_plainly() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _close_quietly() -> None:
    """The reader has gone: nothing more may be written, also not while Python shuts down."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
