"""What stands before anything is simulated: safety's screen, the caps, food, the clock, the products of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from davy.people.person import Person
from davy.people.regimen import Intake, Regimen
from davy.planning.candidates import Frame
from davy.planning.clock import slots
from davy.planning.food import FoodAdvice, advise
from davy.planning.goals import Aim
from davy.planning.present import Present, intakes_of, may_go_on, present
from davy.planning.proposal import end_day
from davy.planning.result import CapShown, ParameterSet
from davy.safety.caps import binding, upper_level
from davy.safety.check import screen
from davy.safety.clock import paused_for
from davy.safety.interactions import MedicineWindow, windows
from davy.safety.verdict import Cap, LabDue, Referral, Refused, Verdict

EARLY_D = 35
"""A serum that is due by this day counts as early [d]."""


@dataclass(frozen=True)
class Ask:
    """How the plan was asked for."""

    parameter_set: ParameterSet
    seed: int
    draws: int


@dataclass(frozen=True)
class Ground:
    """One person as they stand today.

    Attributes
    ----------
    screened : the verdict on the person alone.
    cap : the cap that binds.
    upper_mg : the upper level where they live [mg/d].
    times : clock times by number of intakes.
    standing : intakes of what stays whatever the plan, by product label.
    """

    person: Person
    ask: Ask
    screened: Verdict
    caps: tuple[Cap, ...]
    cap: Cap
    upper_mg: float
    advice: FoodAdvice
    apart: tuple[MedicineWindow, ...]
    times: dict[int, tuple[str, ...]]
    standing: tuple[Intake, ...]
    products: tuple[Present, ...]
    refer: tuple[Referral, ...]
    due: tuple[LabDue, ...]

    @property
    def refused(self) -> bool:
        """Whether safety refuses the person, whatever the regimen."""
        return isinstance(self.screened, Refused)

    @property
    def pause_d(self) -> int:
        """Days until the last short course ends for which magnesium is paused; 0 where none is."""
        ends = [window.until for window in paused_for(self.apart) if window.until is not None]
        return max(((end - self.person.today).days + 1 for end in ends), default=0)

    @property
    def serum_early(self) -> bool:
        """Whether safety asks for a serum within five weeks."""
        return any(due.test == "serum-magnesium" and due.by_day <= EARLY_D for due in self.due)

    def caps_shown(self) -> tuple[CapShown, ...]:
        """Every cap, the binding one marked."""
        return tuple(
            CapShown(cap.name, cap.elemental_mg_per_day, cap == self.cap, cap.sources, cap.sentence)
            for cap in self.caps
        )

    def _intakes(self, products: Sequence[Present]) -> tuple[Intake, ...]:
        names = {product.item.label for product in products}
        return tuple(intake for intake in self.standing if intake.product in names)

    def frame(self, aim: Aim, start: Regimen) -> Frame:
        """What every candidate shares; during the diary days what is taken now goes on."""
        prescribed = tuple(product for product in self.products if product.prescribed)
        kept = tuple(product for product in self.products if product.mixed and not product.prescribed)
        stands = (*prescribed, *kept)
        names = {product.item.label for product in stands}
        now = tuple(intake for step in start.steps for intake in step.intakes if intake.product not in names)
        return Frame(
            cap_mg=self.cap.elemental_mg_per_day,
            slots=self.times,
            start_d=aim.lead_d,
            end_d=end_day(aim, above_upper_level=self.cap.elemental_mg_per_day > self.upper_mg),
            prescribed=self._intakes(prescribed),
            kept=self._intakes(kept),
            before=now if aim.lead_d and not aim.pause_d and may_go_on(now) else (),
            stands_mg=sum(product.item.worst_mg or 0.0 for product in stands),
        )


def survey(person: Person, ask: Ask) -> Ground:
    """Everything that is known without a model; a refusal ends here."""
    found, products, at_night = screen(person), present(person), ask.parameter_set == "articles"
    free = slots(person, at_night=at_night)
    standing = intakes_of([product for product in products if product.stands], free)
    beside = [intake.at for intake in standing]
    return Ground(
        person=person,
        ask=ask,
        screened=found.verdict,
        caps=found.caps,
        cap=binding(found.caps),
        upper_mg=upper_level(person),
        advice=advise(person, kidney_refused=_refused_for_kidney(found.verdict)),
        apart=windows(person),
        times=slots(person, at_night=at_night, beside=beside) if beside else free,
        standing=standing,
        products=products,
        refer=found.referrals,
        due=found.due,
    )


def _refused_for_kidney(verdict: Verdict) -> bool:
    """Whether a gate of the kidney refuses, be it known to be poor or unknown."""
    return any("kidney" in finding.gate and finding.severity == "refuse" for finding in verdict.findings)
