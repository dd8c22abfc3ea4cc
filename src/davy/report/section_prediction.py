"""The dated prediction that can prove Davy wrong."""

from __future__ import annotations

from davy.report.layout import section
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import OwnUnit, Reading
from davy.report.words import MEASURED_AS, day_date, number, plain

_OUTPUT = {test: output for output, test in MEASURED_AS.items()}


def prediction(reading: Reading) -> Html:
    """The prediction, as one large line with what each outcome would mean."""
    made = reading.plan.prediction_to_check
    if made is None:
        return NOTHING
    output = _OUTPUT.get(made.test)
    own = reading.reader.own_unit(output, made.unit) if output else OwnUnit(made.unit, 1.0, 2)
    low, high = number(own.factor * made.low, own.digits), number(own.factor * made.high, own.digits)
    other = "" if own.unit == made.unit else f" ({number(made.low)} to {number(made.high)} {made.unit})"
    return section(
        "prediction",
        "A prediction to check",
        el(
            "p.prediction",
            f"On {day_date(reading.plan.today, made.day)}: {plain(made.test)} between ",
            el("strong", f"{low} and {high} {own.unit}"),
            other,
            ".",
        ),
        el(
            "p",
            "Nine of ten results should fall in there, the laboratory's own scatter included, if Davy's picture of you "
            "is right and the plan is taken as written. A result outside means that Davy was wrong about you: the "
            "cause, the dose or the model. Bring it to your doctor, and do not take more to reach it.",
        ),
    )
