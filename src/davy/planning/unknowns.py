"""What is not known about a person, and what each missing fact costs the plan. `davy check` and the report read it."""

from __future__ import annotations

from collections.abc import Iterator

from davy.people.intake import intake_of
from davy.people.kidney import kidney_function
from davy.people.labs import latest
from davy.people.person import Person
from davy.planning.goals import goal_row, serum_is_low
from davy.planning.result import UnknownFact
from davy.safety.interactions import windows


def unknown_costs(person: Person) -> tuple[UnknownFact, ...]:
    """Every missing fact that would move the plan, dearest first."""
    return tuple(
        UnknownFact(fact, cost) for fact, cost in (*_labs(person), *_body(person), *_taken(person), *_rest(person))
    )


def _labs(person: Person) -> Iterator[tuple[str, str]]:
    if kidney_function(person) is None:
        yield (
            "kidney function (creatinine)",
            "with any risk for the kidney Davy refuses; otherwise the lower upper level holds. "
            "One creatinine test settles this.",
        )
    if latest(person, "serum-magnesium") is None:
        yield (
            "serum magnesium",
            "at most 200 mg a day until it is known, and nothing can be called low or restored.",
        )
    if serum_is_low(person, goal_row("repletion")) and latest(person, "urine-magnesium-24h") is None:
        yield (
            "magnesium in a 24-hour urine",
            "a leaking kidney and a poor diet look alike on serum alone: the band of the forecast stays wide.",
        )


def _body(person: Person) -> Iterator[tuple[str, str]]:
    if person.age_y is None:
        yield "age", "reference intake, age limits and kidney function cannot be read: Davy assumes the careful side."
    if person.sex is None:
        yield "sex", "reference intake and kidney function are read for both and the careful one counts."
    if person.pregnant is None and person.sex != "male" and (person.age_y is None or 12 <= person.age_y <= 55):
        yield "pregnancy", "with care at most, and the lower upper level, until you say."
    if person.weight_kg is None:
        yield "weight", "the body model takes a usual weight and a wider band; undernutrition cannot be excluded."
    if person.height_cm is None:
        yield "height", "body-mass index and kidney clearance for your size are missing from the safety rules."
    if person.jurisdiction is None:
        yield "country (US or EU)", "the lower of the two upper levels holds: 250 mg a day."


def _taken(person: Person) -> Iterator[tuple[str, str]]:
    intake = intake_of(person)
    if intake.food_mg is None:
        yield (
            "magnesium in your diet",
            "whether food falls short cannot be told; the forecast takes a usual diet with its whole spread.",
        )
    if intake.unquantified:
        items = "one product" if intake.unquantified == 1 else f"{intake.unquantified} products"
        yield f"how much magnesium is in {items}", "no magnesium is added until that is known."
    if any(item.label_means == "unknown" and item.label_mg is not None for item in person.supplements):
        yield "whether the label means the element or the salt", "the whole label counts as the element."
    for window in windows(person):
        if not window.at:
            yield (
                f"when you take {window.medicine}",
                f"the clock card is not checked against it: keep it {window.hours_before:g} h before magnesium or "
                f"{window.hours_after:g} h after.",
            )


def _rest(person: Person) -> Iterator[tuple[str, str]]:
    goal = goal_row(person.goal)
    known = (
        person.baseline is not None
        and goal.baseline_key is not None
        and getattr(person.baseline, goal.baseline_key) is not None
    )
    if goal.kind == "try" and not known:
        yield (
            f"how it is now ({goal.outcome})",
            "28 diary days come first: without them nobody can tell whether it works.",
        )
    for word in person.not_understood:
        yield (
            f"what '{word.partition(': ')[2] or word}' means for magnesium",
            "Davy did not understand it, so it cannot make the plan bolder.",
        )
