"""``davy replay``: a log of decisions made again by this version; what is riskier, or not as it was written, fails."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from davy.cli.options import Options, Reply, add_json, whole
from davy.cli.output import as_json
from davy.cli.progress import progress_bar
from davy.errors import Fault, InputError
from davy.followup.replay.comparing import Logged, Tally, replayed
from davy.followup.replay.rests_on import RestsOn
from davy.report.replay_document import replay_document
from davy.report.replay_text import replay_text
from davy.store.chain import Chain, ChainFault, opened
from davy.store.corpus import Corpus, is_corpus
from davy.store.layout import logs_of

SCHEMA = "davy.decisions-log/1"
KINDS = ("decision", "stop", "resume", "healed")


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    text = "a decisions.jsonl, a person's folder, or a corpus (.jsonl.xz, .jsonl.gz)"
    parser.add_argument("file", type=Path, metavar="LOG", help=text)
    every = "only each N-th decision is made again; the whole file is read all the same"
    parser.add_argument("--every", dest="each_nth", type=_nth, metavar="N", help=every)
    add_json(parser)


def run(options: Options) -> Reply:
    """Every decision again; status 1 where one is riskier, cannot be made again, or the chain does not hold."""
    path = _log(options.file or Path())
    chain = Corpus(path) if is_corpus(path) else Chain(path, SCHEMA)
    counts = {"decision": 0, "stop": 0, "resume": 0, "healed": 0}
    tally, show = Tally(), progress_bar("decisions")
    for tally in replayed(_decisions(chain, counts, options.each_nth)):
        if show is not None:
            show(tally.replayed + len(tally.not_replayed), _total(chain, path) // options.each_nth)
    made = replay_document(path.as_posix(), chain, counts, tally)
    status = 1 if chain.faults or tally.failed else 0
    return Reply(as_json(made.as_json()) if options.json else replay_text(made), status)


def _decisions(chain: Chain | Corpus, counts: dict[str, int], nth: int) -> Iterator[Logged]:
    before = RestsOn()
    for found in chain.entries():
        if found.entry.type in counts:
            counts[found.entry.type] += 1
        if isinstance(chain, Chain) and found.entry.type == "decision":
            told = list(before.missing(found.entry.body))
            if not chain.faults:  # where the chain is broken, that says what is missing
                chain.faults += [ChainFault(found.line, None, "missing", one) for one in told]
        if found.entry.type == "decision" and counts["decision"] % nth == 0:
            yield Logged(found.line, found.entry.number, found.entry.body, found.proved)


def _log(path: Path) -> Path:
    """The file of a folder or a file; raises InputError where there is none."""
    if path.is_dir():
        log = logs_of(path).decisions
        if not log.path.exists() and not log.head_path.exists():
            what = "no decision is logged here"
            raise InputError([Fault(str(path), what, "`davy follow FOLDER` logs one; or name a decisions.jsonl")])
        return log.path
    if not path.exists():
        raise InputError([Fault(str(path), "there is no such file or folder", "a person's folder, or a log")])
    return path


def _total(chain: Chain | Corpus, path: Path) -> int:
    """How many decisions there are; of a log at most, which also holds other entries."""
    return chain.decisions if isinstance(chain, Corpus) else _lines(path)


@cache
def _lines(path: Path) -> int:
    with opened(path) as handle:
        return max(1, sum(1 for _ in handle) - 1)


def _nth(text: str) -> int:
    return whole(text, least=1, most=1_000_000)
