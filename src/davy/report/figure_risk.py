"""The matrix of model risk: influence against consequence, with where this model stands."""

from __future__ import annotations

from davy.report.figure_frame import box, is_wide, text
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html

_LEVELS = ("low", "medium", "high")
_INFLUENCE, _CONSEQUENCES = 1, (0, 1)


def risk_figure() -> Figure:
    """Three levels of each; the cells of a plan are marked."""
    marked = tuple((_LEVELS[one], _LEVELS[_INFLUENCE], _risk(_INFLUENCE, one)) for one in _CONSEQUENCES)
    heads = ("Consequence of a wrong decision", "Model influence", "Model risk")
    return Figure(
        "risk-matrix",
        "Model risk.",
        "A plan stands where influence is medium and the consequence low to medium; the rigour asked for follows.",
        _draw,
        Table("Where a plan stands", heads, marked),
    )


def _risk(influence: int, consequence: int) -> str:
    return ("low", "low to medium", "medium", "medium to high", "high")[influence + consequence]


def _draw(width: int) -> Drawing:
    left, top = (150.0, 30.0) if is_wide(width) else (64.0, 34.0)
    across, down = (width - left - 10) / 3, 46.0
    parts: list[Html] = [text(left, 14, "consequence of a wrong decision", ".tick")]
    for row in (0, 2, _INFLUENCE):  # what is marked comes last, so that its frame lies on top
        y = top + (2 - row) * down
        words = f"{_LEVELS[row]} influence" if is_wide(width) else _LEVELS[row]
        parts.append(text(left - 10, y + down / 2 + 4, words, ".tick", anchor="end"))
        for column in (2, 1, 0):
            here = row == _INFLUENCE and column in _CONSEQUENCES
            x = left + column * across
            parts.append(box(x, y, across, down, ".cell.here" if here else ".cell"))
            style = ".marked" if here else ".tick"
            parts.append(text(x + across / 2, y + down / 2 + 4, _risk(row, column), style, anchor="middle"))
    for column in range(3):
        parts.append(
            text(left + (column + 0.5) * across, top + 3 * down + 17, _LEVELS[column], ".tick", anchor="middle")
        )
    return Drawing(top + 3 * down + 26, tuple(parts))
