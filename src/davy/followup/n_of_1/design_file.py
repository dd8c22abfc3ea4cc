"""The design of an n-of-1 trial as a file: what was fixed before day one, and what the analysis reads again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from davy.errors import Fault, InputError
from davy.followup.n_of_1.families import Kind
from davy.followup.n_of_1.priors import Lags
from davy.people.person import Frozen

SCHEMA = "davy.nof1-design/1"


class DesignArm(Frozen):
    """One arm: its id in the diary, the complete magnesium besides food, and whether it is the comparator."""

    id: str
    regimen: str
    comparator: bool
    words: str


class DesignBlock(Frozen):
    """One block: days `from_day` to `to_day` inclusive, counted from 1, and the label on its pack."""

    block: int
    cycle: int
    label: str
    arm: str
    from_day: int
    to_day: int


class DesignFile(Frozen):
    """Everything that the analysis takes from the design.

    Attributes
    ----------
    unit : of `smallest` and of effects; a daily outcome times `daily_factor` is in it.
    lag_d, lag_weight : the stated prior on the lag of effect.
    threshold : benefit is declared where P(benefit) is above it, at the days of `looks`.
    """

    schema_: Literal["davy.nof1-design/1"] = Field(SCHEMA, alias="schema")
    person: str
    outcome: str
    kind: Kind
    unit: str
    daily_factor: float
    better: Literal["lower", "higher"]
    smallest: float | None
    arms: tuple[DesignArm, ...]
    blocks: tuple[DesignBlock, ...]
    run_in_days: int = 0
    lag_d: tuple[float, ...]
    lag_weight: tuple[float, ...]
    threshold: float
    looks: tuple[int, ...]
    blinded: bool
    seed: int

    @property
    def lags(self) -> Lags:
        """The stated prior on the lag."""
        total = sum(self.lag_weight)
        return Lags(self.lag_d, tuple(one / total for one in self.lag_weight))

    @property
    def days(self) -> int:
        """The last day."""
        return max(block.to_day for block in self.blocks)

    @property
    def reference(self) -> str:
        """The arm that the others are compared with."""
        return next((arm.id for arm in self.arms if arm.comparator), min(arm.id for arm in self.arms))


def read_design(path: Path) -> DesignFile:
    """The design in a YAML or JSON file; further keys of the full document are passed over.

    Raises
    ------
    InputError : every fault of the file.
    """
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            [Fault(str(path), f"this file cannot be read: {error}", "a design of `davy nof1 design`")]
        ) from None
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(
            [Fault(str(path), f"this is neither YAML nor JSON: {error}", "a design of `davy nof1 design`")]
        ) from None
    if isinstance(tree, dict) and isinstance(tree.get("design"), dict):  # pyright: ignore[reportUnknownMemberType]
        tree = tree["design"]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(tree, dict):
        raise InputError([Fault(str(path), "this is no design", "what `davy nof1 design --out` wrote")])
    try:
        made = DesignFile.model_validate(tree)
    except ValidationError as error:
        faults = [Fault(f"{path}, {'.'.join(map(str, one['loc'])) or 'top'}", one["msg"]) for one in error.errors()]
        raise InputError(faults) from None
    unknown = {block.arm for block in made.blocks} - {arm.id for arm in made.arms}
    if unknown or len(made.arms) < 2 or not made.blocks or not made.lag_d or len(made.lag_d) != len(made.lag_weight):
        what = f"blocks name arms that are not there: {', '.join(sorted(unknown))}" if unknown else "it is not complete"
        raise InputError([Fault(str(path), what, "a design of `davy nof1 design`")])
    return made


def design_schema() -> dict[str, Any]:
    """The JSON Schema of a design file."""
    made = DesignFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **made}
