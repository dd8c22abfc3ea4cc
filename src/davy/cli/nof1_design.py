"""``davy nof1 design PERSON``: a trial of one person with error rates simulated before day one, or why not."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from davy.cli.options import Options, Reply, add_json, add_person, add_random, add_report, amount, whole
from davy.cli.output import as_json, writable, write
from davy.followup.n_of_1.design import Ask, Design, design
from davy.people.read import read_person
from davy.report.nof1_design_text import design_document, design_text


def arguments(parser: ArgumentParser) -> None:
    """What the action takes."""
    add_person(parser)
    text = "headache-days, acute-medicine-days, pain, sleep-onset or cramps"
    parser.add_argument("--outcome", required=True, metavar="NAME", help=text)
    text = "the smallest improvement that matters to this person, in the unit of the outcome"
    parser.add_argument("--smallest", type=partial(amount, least=0, most=1e6), metavar="N", help=text)
    text = 'none or placebo, and regimens as "citrate 100mg @ 08:00,21:00" (default: none and that, within the cap)'
    parser.add_argument("--arms", nargs="+", metavar="ARM", help=text)
    parser.add_argument("--cycles", type=partial(whole, least=2, most=60), metavar="N", help="default: what is needed")
    parser.add_argument("--block-days", type=partial(whole, least=2, most=120), metavar="N", help="default: the best")
    parser.add_argument(
        "--run-in-days", type=partial(whole, least=0, most=120), metavar="N", help="default: 28, or 0 with a diary"
    )
    parser.add_argument("--weeks-max", type=partial(whole, least=2, most=104), metavar="N", help="default: 24")
    text = "the lag you expect until 63 %% of the effect is there (default: a prior of 1 to 60 days)"
    parser.add_argument("--lag-days", type=partial(amount, least=0.5, most=60), metavar="N", help=text)
    parser.add_argument("--diary", type=Path, metavar="FILE.csv", help="day,outcome before anything changed")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the design that the analysis reads (YAML, or .json)"
    )
    add_random(parser, draws=False)
    add_json(parser)
    add_report(parser)


def run(options: Options) -> Reply:
    """The design or the refusal; a refusal is an answer, with status 0."""
    writable(options.out)
    writable(options.report)
    person = read_person(options.person, today=options.today)
    made = design(
        person,
        Ask(
            outcome=options.outcome,
            smallest=options.smallest,
            arms=tuple(options.arms),
            cycles=options.cycles,
            block_days=options.block_days,
            run_in_days=options.run_in_days,
            weeks_max=options.weeks_max,
            lag_days=options.lag_days,
            diary=options.diary,
            seed=options.seed,
        ),
    )
    if options.out is not None and made.file is not None:
        write(options.out, _written(made, options.out))
    if options.report is not None:
        from davy.report.nof1_design_page import design_page

        write(options.report, design_page(made))
    written = str(options.out) if options.out is not None and made.file is not None else None
    return Reply(as_json(design_document(made)) if options.json else design_text(made, written=written))


def _written(made: Design, path: Path) -> str:
    """The design file: what the analysis reads, alone."""
    document: dict[str, Any] = {} if made.file is None else made.file.model_dump(mode="json", by_alias=True)
    if path.suffix == ".json":
        return as_json(document)
    import yaml

    head = "# The design of a trial of one person. It holds the code: whoever keeps the diary should not read it.\n"
    return head + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
