"""``davy new``: about twelve questions in plain words, Enter = unknown; writes a commented person file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from textwrap import fill

from davy.cli.options import Options, Reply, add_today
from davy.cli.output import writable, write
from davy.errors import Fault, InputError
from davy.people.interview import Question, Units, answers_from_text, applies, questions, topics
from davy.people.interview_file import check_answer, person_file

FILE = Path("me.yaml")
ATTEMPTS = 3
"""How often a question is asked again before it is left unknown."""

WELCOME = """\
About {count} questions. Press Enter where you do not know: unknown is a fair answer, and Davy never guesses one.
Nothing leaves this machine; the answers go into {file}, which you can read and change.
"""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help=f"the file to write (default {FILE})")
    parser.add_argument("--units", choices=("us", "metric"), help="for weight, height and labs (default: asked)")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="answers as `key: answer` lines; asks nothing")
    add_today(parser)


def run(options: Options) -> Reply:
    """The file is written; status 2 when one is there already and may not be replaced."""
    path = options.file or FILE
    writable(path)
    if path.exists() and not _may_replace(path):
        raise InputError([Fault(str(path), "this file is there already and was left as it is", "name another one")])
    units: Units = options.units or ("metric" if options.answers else _units())
    given = _from_file(options.answers) if options.answers else _asked(units, options.today, path)
    write(path, person_file(given, units=units, today=options.today, person_id=_id(path)))
    return Reply(f"\nWrote {path}. Next: davy check {path}, then davy plan {path}\n")


def _id(path: Path) -> str:
    return path.stem[:60] or "me"


def _from_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError([Fault(str(path), f"this file cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise InputError([Fault(str(path), "this is not UTF-8 text", "save it as UTF-8")]) from None
    return answers_from_text(text, name=str(path))


def _line(prompt: str) -> str | None:
    """What was typed; None when the input has ended."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    typed = sys.stdin.readline()
    if not typed:
        sys.stdout.write("\n")
        return None
    if not sys.stdin.isatty():
        sys.stdout.write("\n")  # nobody's Enter moved the cursor
    return typed.strip()


def _may_replace(path: Path) -> bool:
    said = _line(f"{path} is there already. Replace it? [y/N] ")
    return said is not None and said.lower() in ("y", "yes")


def _units() -> Units:
    said = _line("Pounds and feet, or kilograms and centimetres? [us/metric, Enter = metric] ")
    return "us" if said is not None and said.lower() in ("us", "u", "pounds") else "metric"


def _asked(units: Units, today: date, path: Path) -> dict[str, str]:
    """Every answer, asked one after the other; when the input ends, the rest is unknown."""
    sys.stdout.write("\n" + WELCOME.format(count=topics(), file=path))
    answers: dict[str, str] = {}
    topic = 0
    for question in questions(units):
        if not applies(question, answers):
            continue
        if question.topic != topic:
            topic = question.topic
            sys.stdout.write(f"\n{topic} of {topics()}\n")
        said = _answer(question, answers, units, today)
        if said is None:
            sys.stdout.write("The input ended here; everything that was not answered is unknown.\n")
            break
        answers[question.key] = said
    return answers


def _answer(question: Question, answers: dict[str, str], units: Units, today: date) -> str | None:
    """An answer that reads, or nothing for unknown; None when the input has ended."""
    sys.stdout.write(_shown(question))
    for _ in range(ATTEMPTS):
        said = _line("> ")
        if said is None:
            return None
        wrong = check_answer(question.key, said, answers, units=units, today=today)
        if wrong is None:
            return said
        sys.stdout.write(f"  {wrong} Again, or Enter for unknown.\n")
    sys.stdout.write("  Left unknown for now; you can add it to the file.\n")
    return ""


def _shown(question: Question) -> str:
    hint = f" ({question.hint})" if question.hint else ""
    text = fill(f"{question.text}{hint}", 100, subsequent_indent="  ") + "\n"
    if not question.choices:
        return text
    return text + "".join(f"  {number:>2}  {meaning}\n" for number, (_, meaning) in enumerate(question.choices, 1))
