"""Which of the structural alternatives the labs speak for, if for any."""

from __future__ import annotations

from davy.forecast.outcome import Floats
from davy.forecast.structures import structures
from davy.inference.coordinates import Coordinates
from davy.inference.posterior import StructureShown

OPEN = 3.0
"""A Bayes factor between a third and this says that the data do not choose."""


def structures_shown(
    coordinates: Coordinates, by_kind: Floats, measured: bool
) -> tuple[tuple[StructureShown, ...], str | None]:
    """The alternatives with their weights before and after the labs, and what to say; nothing where there is one."""
    labels = {one.id: one.label for one in structures()}
    before: dict[str, float] = {}
    after: dict[str, float] = {}
    for kind, weight in zip(coordinates.kinds, by_kind, strict=True):
        before[kind.structure] = before.get(kind.structure, 0.0) + kind.weight
        after[kind.structure] = after.get(kind.structure, 0.0) + float(weight)
    if len(before) < 2:
        return (), None
    shown = tuple(StructureShown(name, labels[name], before[name], after[name]) for name in before)
    return shown, sentence_of(shown, measured=measured)


def sentence_of(shown: tuple[StructureShown, ...], *, measured: bool) -> str:
    """What the weights say."""
    names = f"{', '.join(one.label for one in shown[:-1])} and {shown[-1].label}"
    if not measured:
        return f"The forecast averages over {names}, each as likely as it is beforehand."
    support = {one: one.posterior / one.prior for one in shown}
    best, worst = max(shown, key=lambda one: support[one]), min(shown, key=lambda one: support[one])
    if support[best] <= OPEN * support[worst]:
        return f"Your labs do not choose between {names}, so the forecast averages over them."
    others = [one for one in shown if one is not best and support[best] > OPEN * support[one]]
    factor = min(support[best] / max(support[one], 1e-9) for one in others)
    against = " and ".join(one.label for one in others)
    return f"Your labs speak for {best.label} against {against} ({min(factor, 999):.0f} to 1 or more)."
