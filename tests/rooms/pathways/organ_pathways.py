"""The pathways of organs, vessels and nutrients, for the tests of them."""

from __future__ import annotations

from davy.pathways.catalogue import Pathway, catalogue, pathway
from davy.pathways.lanes import Setting, outputs_at

_FAMILIES = ("P11", "P12", "P14", "P15", "P16", "P18", "P19", "P20", "P22")
ORGANS: tuple[Pathway, ...] = tuple(
    one for one in catalogue() if one.id.startswith(_FAMILIES) or "P23" <= one.id.partition("_")[0] <= "P31"
)


def says(of: str, output: str, parameter_set: str = "literature", day: float | None = None, **at: float) -> float:
    """One output at the set's own values."""
    setting = Setting("articles" if parameter_set == "articles" else "literature", draws=0)
    return float(outputs_at(pathway(of), setting, at, day)[output][0])
