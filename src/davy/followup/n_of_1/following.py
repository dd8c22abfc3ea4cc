"""Holds a diary against its design: labels become arms, and every departure is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from davy.errors import Fault, InputError
from davy.followup.n_of_1.blocks import Blocks
from davy.followup.n_of_1.design_file import DesignFile
from davy.followup.n_of_1.diary import PAUSES, Diary

LEAST_AGREEMENT = 0.8
"""Share of days on the arm that the design drew, below which the order was another one."""


def followed(diary: Diary, design: DesignFile) -> Diary:
    """The diary with pack labels turned into arms and departures from the design among its warnings.

    Raises
    ------
    InputError : arms that the design does not hold.
    """
    arm_of = {block.label.casefold(): block.arm for block in design.blocks}
    names = {arm.id.casefold(): arm.id for arm in design.arms}
    found = [None if one is None else names.get(one.casefold()) or arm_of.get(one.casefold()) for one in diary.arm]
    strange = sorted({one for one, is_in in zip(diary.arm, found, strict=True) if one is not None and is_in is None})
    if strange:
        known = ", ".join(
            [*names.values(), f"or the labels of the packs; days before and between: {', '.join(sorted(PAUSES)[:2])}"]
        )
        raise InputError([Fault(diary.name, f"arms that the design does not hold: {', '.join(strange)}", known)])
    told = list(diary.warnings)
    day_one = day_one_of(diary, design, found)
    late = int(diary.day[0]) - day_one
    if late > 0:
        told.append(f"The diary starts {late} days after the trial did; what was before cannot be compared.")
    planned = planned_arms(design, [int(day) - day_one + 1 for day in diary.day])
    other = sum(1 for is_in, plan in zip(found, planned, strict=True) if is_in and plan and is_in != plan)
    beyond = sum(1 for is_in, plan in zip(found, planned, strict=True) if is_in and plan is None)
    if other:
        told.append(f"On {other} days another arm was taken than the design had drawn; analysed as taken.")
    if beyond:
        told.append(f"{beyond} days with an arm lie outside the days of the design.")
    return replace(diary, arm=tuple(found), warnings=tuple(told))


def planned_arms(design: DesignFile, days: list[int]) -> list[str | None]:
    """The arm that the design drew for each of those days of the trial."""
    plan = {day: block.arm for block in design.blocks for day in range(block.from_day, block.to_day + 1)}
    return [plan.get(day) for day in days]


def drawn_blocks(diary: Diary, design: DesignFile) -> Blocks | None:
    """The blocks as the design drew them, with the diary's days; None where the diary followed another order."""
    day_one = day_one_of(diary, design, diary.arm)
    if _agreement(diary.arm, planned_arms(design, [int(day) - day_one + 1 for day in diary.day])) < LEAST_AGREEMENT:
        return None
    place = {day: block.block for block in design.blocks for day in range(block.from_day, block.to_day + 1)}
    on = [place.get(int(day) - day_one + 1) for day in diary.day]
    reached = sorted({one for one in on if one is not None})
    order = {block: k for k, block in enumerate(reached)}
    held = {block.block: block for block in design.blocks}
    days = tuple(-1 if one is None else order[one] for one in on)
    return Blocks(tuple(held[one].arm for one in reached), days, tuple(held[one].cycle for one in reached), known=True)


def day_one_of(diary: Diary, design: DesignFile, arms: Sequence[str | None]) -> int:
    """The number that the diary gives to the first day of the first block.

    A diary may count from the first block, from its run-in, or by date; the reading that agrees best with the order
    that was drawn is taken.
    """
    first = int(diary.day[0])
    numbers = [first] if diary.first is not None else [1, 1 + design.run_in_days, first]
    starts = [first - block.from_day + 1 for block in design.blocks] if diary.first is not None else []
    candidates = dict.fromkeys([*numbers, *starts])
    agreement = {
        one: _agreement(arms, planned_arms(design, [int(day) - one + 1 for day in diary.day])) for one in candidates
    }
    return max(candidates, key=lambda one: agreement[one])


def _agreement(arms: Sequence[str | None], planned: Sequence[str | None]) -> float:
    on = [(taken, plan) for taken, plan in zip(arms, planned, strict=True) if taken is not None]
    return sum(taken == plan for taken, plan in on) / len(on) if on else 0.0
