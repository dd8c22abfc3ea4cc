"""What the labs should do: serum, red cell and urine, with bands, past labs and the range they are read against."""

from __future__ import annotations

from davy.people.person import Lab
from davy.planning.known import PersonStatus
from davy.planning.result import Expected, Plan, Target
from davy.report.figure_band import Band, Measured, draw_band
from davy.report.layout import Drawing, Figure, Table, bullets, figure, section
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.reading import OwnUnit, Reader, Reading
from davy.report.words import CAUSES, OUTPUTS, day_date, first_up, number, percent, written

SHOWN = ("serum_mmol_per_L", "rbc_mmol_per_L", "urine_mmol_per_d")
BAND_WORDS = (
    "Nine in ten plausible versions of you stay inside the band; the line is the one in the middle. "
    "It shows your true average over the day. A laboratory adds its own scatter."
)
OPEN = 0.6
"""Up to this share a cause stays open (CLINICAL.md, section 8)."""

STANDING = {
    "population": "No lab of yours shaped this forecast: it is that of people like you.",
    "a_priori": "No magnesium lab of yours shaped this forecast: it rests on what is known about people like you.",
    "a_posteriori": "Your own labs shaped this forecast. What they could not tell is still that of people like you.",
}


def forecasts(reading: Reading) -> Html:
    """The forecasts; empty when nothing was simulated."""
    plan = reading.plan
    there = [one for name in SHOWN for one in plan.expected if one.output == name]
    if not there:
        return NOTHING
    return section(
        "forecasts",
        "What your labs should do",
        el("p", STANDING[plan.status.prediction], " ", BAND_WORDS),
        cause_told(plan.status, reading) if plan.status.cause is not None else None,
        bullets([(_chance(one, reading), reading.reader.references.cite(one.sources)) for one in plan.targets]),
        [figure(forecast_figure(one, reading.reader, _target(one, plan))) for one in there],
    )


def cause_words(status: PersonStatus) -> str:
    """The likely cause of a low serum, in one sentence."""
    if status.cause is None:
        return "No cause is sought: serum is not known to be below the laboratory's lower limit."
    name, share = max(status.cause.items(), key=lambda item: item[1])
    prior = (status.cause_prior or {}).get(name)
    before = "" if prior is None else f" ({percent(prior)} before your labs)"
    if share <= OPEN:
        return f"Why serum is low stays open; the likeliest is {CAUSES[name]}, at {percent(share)}{before}."
    return f"The likeliest reason for the low serum is {CAUSES[name]}, at {percent(share)}{before}."


def cause_told(status: PersonStatus, reading: Reading) -> Child:
    """The cause, and what known labs and medicines point to if it is the kidney."""
    if not status.work_up:
        return el("p", cause_words(status))
    renal = (status.cause or {}).get("renal", 0.0) > OPEN
    lead = "Known labs and medicines point to this:" if renal else "If the kidney should lose it, look here first:"
    told = [
        (f"{first_up(one.sentence)} ({', '.join(one.because)}).", reading.reader.references.cite(one.sources))
        for one in status.work_up
    ]
    return (
        el("p", cause_words(status)),
        el("p", lead),
        bullets(told),
        el("p", "A kidney specialist (nephrologist) sorts this out."),
    )


def _chance(target: Target, reading: Reading) -> str:
    own = reading.reader.own_unit(target.output, target.unit)
    low, high = number(own.factor * target.low, own.digits), number(own.factor * target.high, own.digits)
    return (
        f"Target: {OUTPUTS[target.output].lower()} from {low} to {high} {own.unit} by "
        f"{day_date(reading.plan.today, target.by_day)}. The chance to be inside it is {percent(target.probability)}. "
        "A larger dose is not used to buy a larger chance."
    )


def range_of(labs: tuple[Lab, ...], own: OwnUnit) -> tuple[float, float, str] | None:
    """The reference range of the newest lab that printed one, in the reader's unit."""
    for lab in labs[::-1]:
        if lab.reference_low is not None and lab.reference_high is not None:
            return own.factor * lab.reference_low, own.factor * lab.reference_high, "your laboratory's range"
    return None


def _target(one: Expected, plan: Plan) -> Target | None:
    return next((target for target in plan.targets if target.output == one.output), None)


def forecast_figure(one: Expected, reader: Reader, target: Target | None = None) -> Figure:
    """A forecast in the reader's own unit, with their past labs, their laboratory's range and the target."""
    scaled, own = reader.in_own_unit(one)
    labs = reader.labs_of(one.output)
    goal = own.factor * target.low if target is not None else None
    measured = tuple(Measured(_month(lab), own.factor * lab.value) for lab in labs)
    band = Band(
        day=scaled.day,
        p05=scaled.p05,
        p50=scaled.p50,
        p95=scaled.p95,
        unit=own.unit,
        digits=own.digits,
        measured=measured,
        within=range_of(labs, own),
        goal=None if goal is None else (goal, f"target: {number(goal, own.digits)}"),
    )

    def draw(width: int) -> Drawing:
        return draw_band(band, width)

    name = OUTPUTS[one.output]
    start, end = number(scaled.p50[0], own.digits), number(scaled.p50[-1], own.digits)
    low, high = number(scaled.p05[-1], own.digits), number(scaled.p95[-1], own.digits)
    desc = f"From {start} to {end} {own.unit} in {one.day[-1] / 7:.0f} weeks (band at the end: {low} to {high})."
    if measured:
        desc += " Dots are your past labs."
    if band.within is not None:
        desc += " The shaded strip is your laboratory's range."
    key = one.output.partition("_mmol")[0].replace("_", "-")
    return Figure(f"forecast-{key}", f"{name}.", desc, draw, _behind(scaled, own, labs, reader.today))


def _month(lab: Lab) -> str:
    return written(lab.date)[-8:]


def _behind(scaled: Expected, own: OwnUnit, labs: tuple[Lab, ...], today: str) -> Table:
    rows = [(f"{written(lab.date)} (measured)", "", number(own.factor * lab.value, own.digits), "") for lab in labs]
    stride = max(len(scaled.day) // 13, 1)
    kept = sorted({*range(0, len(scaled.day), stride), len(scaled.day) - 1})
    for k in kept:
        low, middle, high = (number(series[k], own.digits) for series in (scaled.p05, scaled.p50, scaled.p95))
        rows.append((day_date(today, scaled.day[k]), low, middle, high))
    heads = ("Date", "5 % below", "Middle", "95 % below")
    return Table(f"{OUTPUTS[scaled.output]}, {own.unit}", heads, tuple(rows), (1, 2, 3))
