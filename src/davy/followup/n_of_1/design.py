"""Designs a trial of one person: arms that safety allows, a length that can show something, error rates before day one.

A refusal is an answer: how many weeks it would take, what could be seen in the weeks there are, and what to do instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from davy.errors import Fault, InputError
from davy.followup.before_after import Range, chance_sd, expected
from davy.followup.n_of_1.arms import JudgedArm, arms_of, judged
from davy.followup.n_of_1.baseline import DailyBaseline, baseline_of
from davy.followup.n_of_1.design_file import DesignArm, DesignFile
from davy.followup.n_of_1.outcomes import OutcomeRow, outcome_named
from davy.followup.n_of_1.power import Bench, Layout, Null, Powers, detectable, layout_of
from davy.followup.n_of_1.priors import Lags, lags, number
from davy.followup.n_of_1.schedule import blocks, sealed
from davy.people.person import Person
from davy.safety.check import check

BLOCKS_D = (7, 14, 21, 28, 42)
"""Block lengths that are tried [d]: whole weeks, so that weekdays are balanced."""
GOOD_POWER = 0.8
LEAST_CYCLES, USUAL_CYCLES = 2, 3
SCREEN, POWER_DIARIES, NULL_DIARIES = 120, 400, 2000
"""Simulated diaries: for each lag while looking for a length, for each lag of the chosen design, and without effect."""
LONGER = (1.5, 2.0, 3.0, 4.0, 6.0)
MOST_WEEKS = 156
BEFORE_D, AFTER_D = 28, 84


@dataclass(frozen=True)
class Ask:
    """What is asked for; None = Davy chooses."""

    outcome: str
    smallest: float | None = None
    arms: tuple[str, ...] = ()
    cycles: int | None = None
    block_days: int | None = None
    run_in_days: int | None = None
    weeks_max: int = 24
    lag_days: float | None = None
    diary: Path | None = None
    seed: int = 0


@dataclass(frozen=True)
class Tried:
    """A block length that was tried: the cycles that fit, and its power over the prior on the lag and for each lag."""

    block_days: int
    cycles: int
    power: Powers


@dataclass(frozen=True)
class Instead:
    """The best plan without a comparison within the person, and what it can and cannot say.

    Attributes
    ----------
    chance : an improvement below this comes about by chance in one of forty [unit].
    placebo, regression : what comes without the treatment.
    """

    before_days: int
    after_days: int
    chance: float
    placebo: Range | None
    regression: Range | None


@dataclass(frozen=True)
class Refusal:
    """Why not, and what would change it.

    Attributes
    ----------
    kind : safety or error-rates.
    weeks_needed : until power is enough; `simulated` tells whether so long a trial was simulated, or its length scaled
        up from the weeks there are (the visible difference falls with the root of the weeks).
    visible : the improvement that could be seen in the weeks there are [unit], None = none that is possible.
    instead : None where no magnesium is planned for this person at all.
    """

    kind: str
    sentence: str
    weeks_needed: int | None
    simulated: bool
    visible: float | None
    instead: Instead | None


@dataclass(frozen=True)
class Design:
    """A designed trial, or a refusal: `file` is None where it is refused.

    Attributes
    ----------
    judged : every arm with what safety says.
    power, null : by simulation from this person's baseline, at the threshold of the design.
    tried : block lengths, for the sensitivity table; `lags` their columns.
    code : SHA-256 of the sealed code.
    """

    person: str
    profile: str
    ask: Ask
    row: OutcomeRow
    smallest: float
    baseline: DailyBaseline
    judged: tuple[JudgedArm, ...]
    lags: Lags
    layout: Layout | None
    power: Powers | None
    null: Null | None
    tried: tuple[Tried, ...]
    visible: float | None
    run_in_days: int
    looks: tuple[int, ...]
    file: DesignFile | None
    code: str | None
    refusal: Refusal | None

    @property
    def arms(self) -> tuple[DesignArm, ...]:
        """The arms, the comparator first."""
        return tuple(one.arm for one in self.judged)

    @property
    def blinded(self) -> bool:
        """Whether the comparator is a placebo."""
        return any(arm.id == "0-placebo" for arm in self.arms)


def design(person: Person, ask: Ask) -> Design:
    """The design of a trial of one person.

    Raises
    ------
    InputError : an outcome, arms or a diary that do not read.
    """
    row = outcome_named(ask.outcome)
    arms = judged(person, arms_of(person, ask.arms), seed=ask.seed)
    baseline = baseline_of(person, row, ask.diary)
    smallest = row.smallest if ask.smallest is None else ask.smallest
    _possible(smallest, baseline, row)
    prior = lags("design") if ask.lag_days is None else around(ask.lag_days)
    run_in = ask.run_in_days if ask.run_in_days is not None else (0 if baseline.days >= BEFORE_D else BEFORE_D)
    empty = Design(
        person.id, person.profile, ask, row, smallest, baseline, arms, prior, None, None, None, (), None, run_in, (),
        None, None, None,
    )  # fmt: skip
    if any(one.verdict == "refused" for one in arms):
        return replace(empty, refusal=_unsafe(empty, person))
    bench = Bench(baseline, row, prior, ask.seed)
    tried = _tried(bench, empty)
    if not tried:
        raise InputError(
            [Fault("--weeks-max", f"{ask.weeks_max} weeks hold no two cycles", "more weeks, or shorter blocks")]
        )
    enough = [one for one in tried if one.cycles >= USUAL_CYCLES] or tried
    best = max(enough, key=lambda one: (round(one.power.overall, 2), -one.block_days))
    layout = _shortest(bench, empty, best)
    looks = looks_of(layout)
    null = bench.null(layout, looks, NULL_DIARIES)
    power = bench.power(layout, smallest, null.threshold, POWER_DIARIES)
    made = replace(empty, layout=layout, power=power, null=null, tried=tried, looks=looks)
    if power.overall < number("least-power") or null.kept > number("most-type-one"):
        return _refused(bench, made)
    made = replace(made, visible=detectable(bench, layout, null.threshold, GOOD_POWER, SCREEN))
    file = _file(made)
    return replace(made, file=file, code=sealed(file.blocks))


def around(lag_d: float) -> Lags:
    """A prior around a lag that the person states: half, whole and double."""
    return Lags((lag_d / 2, lag_d, lag_d * 2), (0.25, 0.5, 0.25))


def looks_of(layout: Layout) -> tuple[int, ...]:
    """When benefit may be declared: after two thirds of the cycles where there are three or more, and at the end."""
    early = (2 * layout.cycles + 2) // 3
    if layout.cycles < USUAL_CYCLES or early >= layout.cycles:
        return (layout.days,)
    return (early * layout.arms * layout.block_days, layout.days)


def _possible(smallest: float, baseline: DailyBaseline, row: OutcomeRow) -> None:
    most = baseline.level * row.daily_factor
    if not 0 < smallest:
        raise InputError([Fault("--smallest", f"{smallest:g} is no improvement", f"more than 0 {row.unit}")])
    if row.better == "lower" and smallest >= most:
        what = f"{smallest:g} {row.unit} is not less than the baseline of {most:.3g}"
        raise InputError([Fault("--smallest", what, "a difference that the baseline leaves room for")])


def _purpose(made: Design) -> str:
    return f"nof1:{made.person}:order"


def _tried(bench: Bench, made: Design) -> tuple[Tried, ...]:
    """Every block length that fits, with as many cycles as fit."""
    ask, count = made.ask, len(made.arms)
    found: list[Tried] = []
    for block in (ask.block_days,) if ask.block_days is not None else BLOCKS_D:
        fit = ask.weeks_max * 7 // (count * block)
        cycles = fit if ask.cycles is None else ask.cycles
        if cycles < LEAST_CYCLES or cycles > fit:
            continue
        layout = layout_of(count, cycles, block, ask.seed, _purpose(made))
        found.append(Tried(block, cycles, bench.power(layout, made.smallest, number("rule-threshold"), SCREEN)))
    return tuple(found)


def _shortest(bench: Bench, made: Design, best: Tried) -> Layout:
    """The fewest cycles that keep good power; all of them where none does."""
    count = len(made.arms)
    whole = layout_of(count, best.cycles, best.block_days, made.ask.seed, _purpose(made))
    if made.ask.cycles is not None or best.power.overall < GOOD_POWER:
        return whole
    chosen = whole
    for cycles in range(best.cycles - 1, USUAL_CYCLES - 1, -1):
        fewer = layout_of(count, cycles, best.block_days, made.ask.seed, _purpose(made))
        # A margin for the looks, which ask for a little more.
        if bench.power(fewer, made.smallest, 0.96, SCREEN).overall < GOOD_POWER:
            break
        chosen = fewer
    return chosen


def _file(made: Design) -> DesignFile:
    if made.layout is None or made.null is None:
        raise LookupError("a design without a layout")
    row, layout = made.row, made.layout
    drawn = blocks(made.arms, layout.cycles, layout.block_days, made.ask.seed, made.person)
    return DesignFile(
        schema="davy.nof1-design/1",
        person=made.person,
        outcome=row.id,
        kind=row.kind,
        unit=row.unit,
        daily_factor=row.daily_factor,
        better=row.better,
        smallest=made.smallest,
        arms=made.arms,
        blocks=drawn,
        run_in_days=made.run_in_days,
        lag_d=made.lags.days,
        lag_weight=made.lags.weights,
        threshold=made.null.threshold,
        looks=made.looks,
        blinded=made.blinded,
        seed=made.ask.seed,
    )


def _instead(made: Design) -> Instead:
    level = made.baseline.level * made.row.daily_factor
    placebo, regression = expected(made.row, level, BEFORE_D)
    return Instead(BEFORE_D, AFTER_D, 1.96 * chance_sd(made.row, level, BEFORE_D, AFTER_D), placebo, regression)


def _unsafe(made: Design, person: Person) -> Refusal:
    names = ", ".join(one.arm.words for one in made.judged if one.verdict == "refused")
    instead = None if check(person, None).word == "refused" else _instead(made)
    return Refusal("safety", f"Refused on grounds of safety: {names}.", None, False, None, instead)


def _refused(bench: Bench, made: Design) -> Design:
    """The refusal, with what one look at the end of all the weeks could see."""
    if made.layout is None or made.null is None:
        raise LookupError("a design without a layout")
    least, alone = number("least-power"), number("rule-threshold")
    layout, weeks = made.layout, -(-made.layout.days // 7)
    visible = detectable(bench, layout, alone, least, SCREEN)
    power = bench.power(layout, made.smallest, alone, POWER_DIARIES).overall
    need = _weeks_needed(bench, made)
    scaled = need is None
    if need is None:
        # The size of an effect against its error grows with the root of the weeks.
        from scipy.special import ndtri

        ask, has = ndtri(least) + ndtri(alone), ndtri(min(max(power, 0.055), 0.95)) + ndtri(alone)
        need = max(round(weeks * float(ask / max(has, 0.05)) ** 2), round(weeks * LONGER[-1]))
    word = "fall" if made.row.better == "lower" else "rise"
    unit, how = made.row.unit, " (scaled up)" if scaled else ""
    seen = f"you could see only a {word} of {visible:.3g} {unit} or more" if visible is not None else (
        f"not even a {word} to nothing, from {made.baseline.level * made.row.daily_factor:.3g} {unit}, would be seen"
    )  # fmt: skip
    sentence = (
        f"You would need about {need} weeks{how} to see a {word} of {made.smallest:g} {unit}; in {made.ask.weeks_max} "
        f"weeks {seen} (power {least:g}, error {1 - alone:.2f}, lag of effect not known)."
    )
    if bench.lags.days[0] <= 1 and made.ask.lag_days is None and (soon := _if_soon(made)):
        sentence += soon
    return replace(
        made, visible=visible, refusal=Refusal("error-rates", sentence, need, not scaled, visible, _instead(made))
    )


def _if_soon(made: Design) -> str:
    """What is told where an effect that comes at once could be seen."""
    best = max(made.tried, key=lambda one: one.power.by_lag[0])
    if best.power.by_lag[0] < GOOD_POWER:
        return ""
    return f" An effect that comes within a day would be seen with blocks of {best.block_days} days: say --lag-days 1."


def _weeks_needed(bench: Bench, made: Design) -> int | None:
    """The first of some longer trials that has enough power at one look [weeks]."""
    if made.layout is None:
        return None
    for factor in LONGER:
        weeks = min(int(made.ask.weeks_max * factor), MOST_WEEKS)
        block = made.layout.block_days
        cycles = max(weeks * 7 // (len(made.arms) * block), LEAST_CYCLES)
        longer = layout_of(len(made.arms), cycles, block, made.ask.seed, _purpose(made))
        if bench.power(longer, made.smallest, number("rule-threshold"), SCREEN).overall >= number("least-power"):
            return -(-longer.days // 7)
        if weeks >= MOST_WEEKS:
            return None
    return None
