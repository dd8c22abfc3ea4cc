"""Candidates: real products in real units, in one to four intakes, started low and raised weekly.

Every candidate is the complete non-food magnesium from day 0: what is prescribed stays in it, and what is taken now
goes on through the diary days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from davy.people.regimen import Intake, Regimen, Step
from davy.people.vocabulary import FormRow, ProductRow, form, products

START_MG = 100.0
"""Largest first daily step, and largest weekly rise [mg/d]: f-165, CLINICAL.md section 7."""
SINGLE_MG = 200.0
"""Largest single intake [mg]: CLINICAL.md section 4."""
STEP_MG = 50.0
"""How finely doses are told apart: half of the commonest tablet [mg]."""
WEEK_D = 7
MOST_INTAKES = 4
MOST_UNITS = 6
"""Tablets a day beyond which a product is no candidate."""
_ODDMENT_MG = 1e-6


@dataclass(frozen=True)
class Frame:
    """What every candidate of one person shares.

    Attributes
    ----------
    cap_mg : the binding cap [mg/d].
    slots : clock times for one, two, ... intakes; a number of intakes without times is absent.
    start_d, end_d : first day with the new product, and the day on which the plan is planned again.
    prescribed : intakes that are not Davy's to change.
    kept : intakes that stay for other reasons (prenatals, multivitamins), each day of the plan.
    before : intakes that go on until `start_d` (what is taken now, during the diary).
    stands_mg : what is prescribed or kept, at the worst reading of its labels [mg/d].
    """

    cap_mg: float
    slots: dict[int, tuple[str, ...]]
    start_d: int
    end_d: int
    prescribed: tuple[Intake, ...] = ()
    kept: tuple[Intake, ...] = ()
    before: tuple[Intake, ...] = ()
    stands_mg: float = 0.0

    @property
    def kept_mg(self) -> float:
        """What is prescribed or kept [mg/d]."""
        return sum((intake.elemental_mg for intake in (*self.prescribed, *self.kept)), 0.0)

    @property
    def room_mg(self) -> float:
        """What the cap leaves for a candidate [mg/d]."""
        return self.cap_mg - max(self.kept_mg, self.stands_mg)


@dataclass(frozen=True)
class Candidate:
    """One product at one daily dose in one split; `product` None = nothing is added.

    Attributes
    ----------
    regimen : the complete magnesium besides food.
    own : the regimen without what is prescribed.
    added_mg, total_mg : elemental magnesium from the product, and with what is prescribed and kept [mg/d].
    worst_mg : the total at the worst plausible reading of the label [mg/d].
    """

    product: ProductRow | None
    regimen: Regimen
    own: Regimen
    intakes: int
    added_mg: float
    total_mg: float
    worst_mg: float

    @property
    def form(self) -> str:
        """The form id, or "none"."""
        return "none" if self.product is None else self.product.form

    @property
    def units_per_day(self) -> float:
        """Units a day at the full dose."""
        return 0.0 if self.product is None else self.added_mg / self.product.elemental_mg_per_unit

    def rank(self, preferred: Sequence[str] = ()) -> tuple[float, ...]:
        """Taste among equal doses: form of the trials, soluble, few intakes, whole and few units, low osmotic load."""
        if self.product is None:
            return ()
        row = form_row(self.product)
        place = preferred.index(row.id) if row.id in preferred else len(preferred)
        broken = any((intake.units or 0.0) % 1 > _ODDMENT_MG for step in self.own.steps for intake in step.intakes)
        return (
            float(place),
            float(row.solubility != "soluble"),
            float(self.product.label_means != "elemental"),
            float(self.intakes),
            float(broken),
            self.units_per_day,
            row.osmotic_mosm_per_mmol,
        )


def form_row(product: ProductRow) -> FormRow:
    """The form of a product; every product has one."""
    row = form(product.form)
    if row is None:
        raise LookupError(product.form)
    return row


def potency(product: ProductRow) -> float:
    """How many times its nominal content a unit may hold, read at its worst: 1 where the label states the element."""
    row = form_row(product)
    return 1.0 if product.label_means == "elemental" else row.worst_fraction / row.elemental_fraction


def nothing_added(frame: Frame) -> Candidate:
    """What is kept, and no more."""
    return Candidate(None, *_regimens(frame, ()), 0, 0.0, frame.kept_mg, frame.stands_mg)


def repletion_products() -> tuple[ProductRow, ...]:
    """The products that a plan may name: of a form that may replete, with a label that states the element."""
    return tuple(
        product
        for product in products()
        if product.label_means == "elemental" and form_row(product).repletion_candidate
    )


def doses_of(product: ProductRow, room_mg: float) -> list[float]:
    """The daily doses that whole, or half where the product splits, units make within the room [mg/d]."""
    portion = _portion(product)
    most = min(floor(room_mg / potency(product) / portion + _ODDMENT_MG), MOST_UNITS * (2 if product.splittable else 1))
    return [portion * count for count in range(1, most + 1)]


def candidates_at(frame: Frame, product: ProductRow, dose_mg: float) -> Iterator[Candidate]:
    """The product at that daily dose in every split that keeps each intake within the single limit."""
    portion, worst = _portion(product), potency(product)
    count = round(dose_mg / portion)
    fewest = max(1, ceil(dose_mg * worst / SINGLE_MG - _ODDMENT_MG))
    for split in range(fewest, MOST_INTAKES + 1):
        if split > count or split not in frame.slots or ceil(count / split) * portion * worst > SINGLE_MG + _ODDMENT_MG:
            continue
        steps = tuple(_titration(frame, product, count, split))
        if steps:
            total, most = dose_mg + frame.kept_mg, dose_mg * worst + frame.stands_mg
            yield Candidate(product, *_regimens(frame, steps), split, dose_mg, total, most)


def ladder(frame: Frame) -> list[float]:
    """The doses that a plan may add, in steps of 50 mg within the cap [mg/d]."""
    return [STEP_MG * count for count in range(1, floor(frame.room_mg / STEP_MG + _ODDMENT_MG) + 1)]


def least_dose(frame: Frame, total_mg: float) -> float | None:
    """The least dose that real products make to bring the total to the wanted one; else the largest [mg/d added]."""
    added = total_mg - frame.kept_mg
    possible = sorted(
        {
            dose
            for product in repletion_products()
            for dose in doses_of(product, frame.room_mg)
            if any(True for _ in candidates_at(frame, product, dose))
        }
    )
    return next((dose for dose in possible if dose >= added - _ODDMENT_MG), possible[-1] if possible else None)


def _portion(product: ProductRow) -> float:
    """The least that can be measured out [mg]."""
    return product.elemental_mg_per_unit / (2 if product.splittable else 1)


def _titration(frame: Frame, product: ProductRow, count: int, split: int) -> Iterator[Step]:
    """Weekly steps of at most +100 mg to the final dose; none where the units are too coarse.

    The first day holds at most 100 mg; where what is kept comes to that already, the first step comes a week later.
    """
    portion = _portion(product)
    rise = floor(START_MG / portion + _ODDMENT_MG)
    if rise < 1:
        return
    room = START_MG if frame.start_d > 0 else max(0.0, START_MG - frame.kept_mg)
    first = floor(room / portion + _ODDMENT_MG)
    level = min(first or rise, count)
    day = frame.start_d if first else frame.start_d + WEEK_D
    while level < count:
        yield Step(day, day + WEEK_D, _spread(frame, product, level, min(split, ceil(level / rise))))
        level, day = min(level + rise, count), day + WEEK_D
    yield Step(day, frame.end_d, _spread(frame, product, count, split))


def _spread(frame: Frame, product: ProductRow, count: int, split: int) -> tuple[Intake, ...]:
    """So many portions over so many intakes, as even as they go, the larger ones last in the day."""
    portion = _portion(product)
    low, more = divmod(count, split)
    shares = [low + (place >= split - more) for place in range(split)]
    return tuple(
        Intake(at, product.form, share * portion, product.id, share * portion / product.elemental_mg_per_unit)
        for at, share in zip(frame.slots[split], shares, strict=True)
    )


def _regimens(frame: Frame, steps: Sequence[Step]) -> tuple[Regimen, Regimen]:
    """The complete regimen, and what of it is Davy's: the steps, what is kept, and what goes on until they begin."""
    around: list[Step] = []
    if frame.start_d > 0 and frame.before:
        around.append(Step(0, frame.start_d, frame.before))
    if frame.kept:
        around.append(Step(0, frame.end_d, frame.kept))
    own = Regimen((*around, *steps))
    if not frame.prescribed:
        return own, own
    return Regimen((Step(0, frame.end_d, frame.prescribed), *own.steps)), own
