"""``davy simulate PERSON --regimen TEXT --days N``: what one regimen would do, and how safety judges it."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

import numpy as np

from davy import __version__
from davy.cli.dataset import subject_of
from davy.cli.options import (
    Options,
    Reply,
    add_data,
    add_person,
    add_random,
    add_set,
    add_writing,
    days_of,
    diet_of,
    hours_of,
)
from davy.cli.output import as_json, writable, write
from davy.errors import SolveError
from davy.exchange.nmtran_person import regimen_of
from davy.forecast.future import simulate, steady_serum
from davy.forecast.outcome import UNITS, Draws, Floats, Forecast
from davy.people.intake import intake_of
from davy.people.person import Person
from davy.people.read import read_person
from davy.people.regimen import Regimen
from davy.people.regimen_text import parse_regimen, regimen_text
from davy.planning.answer import fingerprints
from davy.planning.ground import Ask
from davy.planning.insight import Insight, learn
from davy.planning.known import Quantiles
from davy.planning.outlook import BAND, expected
from davy.report.documents import SimulateDocument
from davy.report.simulate_text import simulate_csv, simulate_text
from davy.safety.check import check
from davy.units import mmol_of_mg


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    add_person(parser)
    taken = parser.add_mutually_exclusive_group(required=True)
    taken.add_argument("--regimen", metavar="TEXT", help="as 'glycinate 100mg @ 08:00,21:00 from 0 to 90', or none")
    taken.add_argument("--data", type=Path, metavar="FILE.csv", help="the doses of a data set with NM-TRAN's columns")
    add_data(parser)
    parser.add_argument("--days", type=days_of, required=True, metavar="N", help="how many days")
    parser.add_argument("--diet-mg", type=diet_of, metavar="N", help="magnesium from food during these days [mg/d]")
    parser.add_argument("--every", type=hours_of, metavar="H", help="length of a reporting interval [h] (default 24)")
    add_random(parser)
    add_set(parser)
    add_writing(parser)


def run(options: Options) -> Reply:
    """What would happen; status 0 also where safety refuses the regimen."""
    for path in (options.report, options.csv):
        writable(path)
    regimen = parse_regimen(options.regimen) if options.data is None else regimen_of(subject_of(options))
    person = read_person(options.person, today=options.today)
    made = simulated(person, regimen, options)
    if options.report is not None:
        from davy.report.simulate_page import simulate_page  # drawn only where it is asked for

        write(options.report, simulate_page(made, person))
    if options.csv is not None:
        write(options.csv, simulate_csv(made))
    return Reply(as_json(made.as_json()) if options.json else simulate_text(made, person))


def simulated(person: Person, regimen: Regimen, options: Options) -> SimulateDocument:
    """One regimen in the person's own draws."""
    ask = Ask(options.parameter_set, options.seed, options.draws)
    insight = learn(person, options.parameter_set, draws=options.draws, seed=options.seed)
    diet = _diet_mmol_per_d(person, options)
    (forecast,) = simulate(
        insight.model,
        insight.posterior.draws,
        [regimen],
        days=_ends(options.days, options.every),
        diet_mmol_per_d=diet,
        start=insight.start,
    )
    if forecast.failed.all():
        raise SolveError("the engine found no trustworthy answer for any version of this person")
    lasting = insight if diet is None else _on_diet(insight, diet)
    (steady,) = steady_serum(lasting.model, lasting.posterior.draws, [regimen])
    (worst,) = lasting.worst([regimen])
    return SimulateDocument(
        davy=__version__,
        person=person.id,
        profile=person.profile,
        parameter_set=options.parameter_set,
        seed=options.seed,
        draws=options.draws,
        failed_draws=int(forecast.failed.sum()),
        today=person.today.isoformat(),
        regimen=regimen_text(regimen),
        days=options.days,
        diet_mg_per_day=options.diet_mg,
        outputs=expected(forecast),
        steady_state=_settled(steady),
        mass_balance_mmol=forecast.mass_balance_mmol,
        verdict=check(person, regimen, worst),
        fingerprints=fingerprints(person, ask, insight.model),
    )


def _ends(days: int, every_h: float) -> Floats:
    """Interval ends [d]; the last interval is cut at the last day."""
    step = every_h / 24
    count = int(np.ceil(days / step - 1e-9))
    return np.minimum(np.arange(1, count + 1) * step, float(days))


def _diet_mmol_per_d(person: Person, options: Options) -> float | None:
    """Food as asked for, with the water's own magnesium; None = as the person eats now."""
    if options.diet_mg is None:
        return None
    return mmol_of_mg(options.diet_mg + (intake_of(person).water_native_mg or 0.0))


def _on_diet(insight: Insight, mmol_per_d: float) -> Insight:
    def eating(draws: Draws) -> Draws:
        return replace(draws, intake_mmol_per_d=np.full_like(draws.intake_mmol_per_d, mmol_per_d))

    posterior = replace(insight.posterior, draws=eating(insight.posterior.draws))
    gates = tuple((model, eating(draws)) for model, draws in insight.gates)
    return replace(insight, posterior=posterior, gates=gates)


def _settled(steady: Forecast) -> dict[str, Quantiles]:
    """Every output where the largest daily dose of the regimen would lead, if it went on."""
    if steady.failed.all():
        return {}
    bands = {name: steady.quantiles(name, BAND)[:, -1] for name in UNITS}
    return {name: Quantiles(*(round(float(value), 4) for value in band)) for name, band in bands.items()}
