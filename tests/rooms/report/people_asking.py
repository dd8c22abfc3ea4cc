"""The person behind the hand-made plans."""

from __future__ import annotations

from datetime import date

from davy.people.person import Lab, Medicine, Person

MG_DL = 2.4305


def serum(day: date, mg_per_dL: float) -> Lab:
    """A serum magnesium that the laboratory reported in mg/dL."""
    return Lab(
        date=day,
        test="serum-magnesium",
        value=mg_per_dL / MG_DL,
        unit="mmol/L",
        reported_value=mg_per_dL,
        reported_unit="mg/dL",
        reference_low=1.82 / MG_DL,
        reference_high=2.6 / MG_DL,
    )


ADA = Person(
    id="neuropathy",
    today=date(2026, 11, 22),
    age_y=58,
    sex="female",
    goals=("neuropathy",),
    conditions=("type-2-diabetes", "peripheral-neuropathy"),
    medicines=(Medicine(name="levothyroxine", at=("07:00",)), Medicine(name="omeprazole", until=date(2025, 1, 1))),
    labs=(serum(date(2026, 9, 2), 1.75), serum(date(2026, 3, 2), 1.82)),
)
