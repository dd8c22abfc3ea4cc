"""The results of a dossier: each part with a figure, the numbers behind it, and a table where there is no figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from davy.qualify.findings import NINETY, key_rows, quantity_words
from davy.report.figure_ranks import ranks_figure
from davy.report.figure_standing import Held, Missed, held_drawing, missed_drawing
from davy.report.layout import Figure, Table, bullets, figure, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.words import first_up, plain, power, short

Document = Mapping[str, Any]
Rows = Sequence[Mapping[str, Any]]

_MOST_COLUMNS = 12


def results(documents: Mapping[str, Document]) -> list[Html]:
    """Every part that exists, in reading order."""
    return [show(documents[name]) for name, show in _SHOWN.items() if documents.get(name, {}).get("available")]


def _verification(made: Document) -> Html:
    rows = tuple(
        (
            first_up(row["what"]),
            row["factor"],
            "not run" if row["value"] is None else _amount(row["value"], row["unit"]),
            _amount(row["limit"], row["unit"]) if row["limit"] else "none",
            _held(row["held"]),
        )
        for row in made["rows"]
    )
    heads = ("What", "Factor", "Found", "At most", "")
    told = "Whether the equations are solved right: each line was run for this page."
    return section("verification", "Verification", el("p", told), table(Table("Verification", heads, rows, prose=True)))


def _amount(value: float, unit: str) -> str:
    shown = power(value)
    return shown if unit == "1" else f"{shown} {unit}"


def _held(held: bool | None) -> Html:
    if held is None:
        return el("span.word.open", "open")
    return el("span.word.good", "holds") if held else el("span.word.off", "does not hold")


def _sbc(made: Document) -> Html:
    drawn, method = ranks_figure(made), made["method"]
    told = (
        "Persons were drawn from what the fit believes beforehand, measured with the errors that it "
        "believes in, and fitted. "
        "If its arithmetic is right, the rank of the truth among what it then believes is uniform, for every quantity. "
        f"The bands are {method['bands']}; family-wise level {method['family']:.0%} over {method['family_over']}."
    )
    planted: list[Child] = [
        (
            el("strong", first_up(one["says"])),
            f": {'caught' if one['caught'] else 'missed'} by ",
            _listed(one["by"]),
            f" (n {one['n']:,})",
        )
        for one in made["planted"]
    ]
    return section(
        "calibration",
        "Is the fit calibrated?",
        el("p", told),
        figure(drawn) if drawn is not None else None,
        el("h3", "Errors put in on purpose"),
        bullets(planted),
        _contraction(made["contraction"]),
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(quantity_words(name) for name in names) if names else "nothing"


def _contraction(rows: Rows) -> list[Html]:
    """For each design and quantity what the labs took away of the variance, by the fit and by the reference."""
    seen: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        seen.setdefault((row["quantity"], row["design"]), []).append(row)
    designs = tuple(dict.fromkeys(row["design"] for row in rows))
    quantities = tuple(dict.fromkeys(row["quantity"] for row in rows))
    lines: list[tuple[Child, ...]] = []
    for name in quantities:
        cells = [_pair(seen.get((name, design), [])) for design in designs]
        lines.append((first_up(quantity_words(name)), *cells))
    told = (
        "The share of the prior variance that the labs take away, by the fit and, in brackets, by a "
        "reference that draws many "
        "versions from the prior and weighs each by the likelihood alone. Near zero: the labs do not move it."
    )
    heads = ("Quantity", *(first_up(plain(design)) for design in designs))
    made = Table("Contraction: fit (reference)", heads, tuple(lines), tuple(range(1, len(heads))))
    return [el("h3", "Contraction beside a reference"), el("p", told), table(made)]


def _pair(rows: Rows) -> str:
    if not rows:
        return ""
    weight = sum(row["n"] for row in rows)
    fit, reference = (sum(row[side] * row["n"] for row in rows) / weight for side in ("fit", "reference"))
    return f"{fit:.2f} ({reference:.2f})".replace("-", "\N{MINUS SIGN}")


def _coverage(made: Document) -> Html:
    labels: Mapping[str, str] = made["truths"]
    rows = made["rows"]
    right = [row for row in key_rows(rows) if row["truth"] == "as-believed"]
    wrong = [row for row in key_rows(rows) if row["truth"] != "as-believed"]
    plans = [row for row in rows if row["design"].startswith("plan")]
    return section(
        "coverage",
        "Do the intervals hold what they promise?",
        el(
            "p",
            "How often a central 90 % interval held the truth; the thin line is the 90 % interval of the "
            "count. Red: all of it "
            "lies below what is promised. The table of ",
            el("code", "coverage.json"),
            " holds every quantity, and 50, 80 and 95 % as well.",
        ),
        _held_figure("covered", "Where the world is as the fit believes.", right, lambda row: plain(row["design"])),
        _held_figure("uncovered", "Where it is not.", wrong, lambda row: labels[row["truth"]]),
        _held_figure("dated", "The dated prediction of a plan.", plans, lambda row: "By kind of person", of=_whom),
    )


def _whom(row: Mapping[str, Any]) -> str:
    return row["design"].partition(", ")[2] or "all who were given a plan"


def _quantity(row: Mapping[str, Any]) -> str:
    return quantity_words(row["quantity"])


def _held_figure(
    name: str,
    title: str,
    rows: Rows,
    group: Callable[[Mapping[str, Any]], str],
    of: Callable[[Mapping[str, Any]], str] = _quantity,
) -> Html | None:
    if not rows:
        return None
    numbers = sorted({row["n"] for row in rows})
    counted = f"{numbers[0]:,}" if len(numbers) == 1 else f"{numbers[0]:,} to {numbers[-1]:,}"
    lines: dict[str, list[Held]] = {}
    behind: list[tuple[Child, ...]] = []
    for row in rows:
        head = first_up(group(row))
        lines.setdefault(head, []).append(Held(first_up(_brief(of(row))), row["actual"], row["low"], row["high"]))
        between = f"{_share(row['low'])} to {_share(row['high'])}"
        behind.append(
            (head, first_up(of(row)), f"{row['n']:,}", _share(row["nominal"]), _share(row["actual"]), between)
        )
    heads = ("Group", "What", "Persons", "Promised", "Found", "90 % interval")
    table_twin = Table(title, heads, tuple(behind), (2, 3, 4, 5))
    desc = f"{counted} persons a row."
    return figure(Figure(name, title, desc, lambda width: held_drawing(width, lines, NINETY), table_twin))


def _brief(words: str) -> str:
    return {"magnesium from food and water": "intake"}.get(words, words)


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _misfits(made: Document) -> Html:
    rows = [row for row in made["rows"] if row.get("miss_in_tolerances") is not None]
    drawn = [Missed(row["item"], row["miss_in_tolerances"], row.get("before_in_tolerances")) for row in rows]
    heads = ("Figure", "Unit", "Published", "Tolerance", "Model", "Off by", "Before")
    behind = Table(
        "The body against published figures",
        heads,
        tuple(
            (
                first_up(row["item"]),
                row["unit"],
                short(row["target"]),
                short(row["tolerance"]),
                short(row["value"]),
                f"{row['miss_in_tolerances']:+.2f} tolerances",
                "" if row.get("before_in_tolerances") is None else f"{row['before_in_tolerances']:+.2f}",
            )
            for row in rows
        ),
        (2, 3, 4, 5, 6),
    )
    desc = (
        "Each row is a published figure; the band is its tolerance, the dot the model less the figure. A "
        "ring is the model "
        "before its last change. Red dots miss."
    )
    return section(
        "body",
        "The body against published experiments",
        _sentence(made),
        figure(Figure("misfits", "Misses in tolerances.", desc, lambda width: missed_drawing(width, drawn), behind)),
    )


def _trials(made: Document) -> Html:
    return _reported(
        made, "trials", "Published trials run again", "virtual trials of its size", lambda row: _trial(row)
    )


def _trial(row: Mapping[str, Any]) -> str:
    return f"{row['trial']}: {row['what']}"


def _predictive(made: Document) -> Html:
    return _reported(
        made,
        "surveys",
        "Surveys beside simulated surveys",
        "simulated surveys of its size",
        lambda row: str(row["what"]),
    )


def _reported(made: Document, name: str, title: str, beside: str, whose: Callable[[Mapping[str, Any]], str]) -> Html:
    """Reported figures in half widths of the interval of what the model finds."""
    counted = [row for row in made["rows"] if row.get("counted", True) and row.get("miss") is not None]
    drawn = [Missed(whose(row), _in_halves(row)) for row in counted if row["high"] > row["low"]]
    behind = Table(
        title,
        ("Figure", "Unit", "Reported", "Predicted", "90 % of such", "Inside"),
        tuple(_compared(row, whose(row)) for row in made["rows"]),
        (2, 3, 4),
    )
    desc = (
        "The dot is the reported figure less the predicted median, in half widths of the interval that "
        f"holds 90 % of {beside} "
        "(the band). Figures that something was fitted to are in the table and not drawn."
    )
    shown = Figure(name, f"{title}.", desc, lambda width: missed_drawing(width, drawn), behind)
    return section(f"{name}-section", title, _sentence(made), figure(shown) if drawn else table(behind))


def _in_halves(row: Mapping[str, Any]) -> float:
    half = row["high"] - row["median"] if row["miss"] > 0 else row["median"] - row["low"]
    return row["miss"] / half if half > 0 else 0.0


def _compared(row: Mapping[str, Any], label: str) -> tuple[Child, ...]:
    inside = row.get("hit", row.get("inside"))
    said = "not counted" if row.get("counted") is False else {True: "yes", False: "no"}.get(inside, "")
    interval = "" if row["low"] is None else f"{short(row['low'])} to {short(row['high'])}"
    return (
        first_up(label),
        row["unit"],
        "" if row["reported"] is None else short(row["reported"]),
        "" if row["median"] is None else short(row["median"]),
        interval,
        said,
    )


def _sentence(made: Document) -> Html | None:
    return el("p", str(made["sentence"])) if made.get("sentence") else None


def _plain(name: str, title: str) -> Callable[[Document], Html]:
    """A part as its table: every column that holds words or numbers."""

    def show(made: Document) -> Html:
        rows: Rows = made["rows"]
        if not rows:
            return NOTHING
        plain = [key for key, value in rows[0].items() if value is None or isinstance(value, str | int | float)]
        columns = plain[:_MOST_COLUMNS]
        lines = tuple(tuple(_cell(row.get(key)) for key in columns) for row in rows)
        numeric = tuple(
            place
            for place, key in enumerate(columns)
            if all(not isinstance(row.get(key), str) for row in rows) and place
        )
        heads = tuple(first_up(key.replace("_", " ")) for key in columns)
        return section(name, title, _sentence(made), table(Table(title, heads, lines, numeric)))

    return show


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return short(value) if isinstance(value, float) else str(value)


_SHOWN: dict[str, Callable[[Document], Html]] = {
    "verification": _verification,
    "sbc": _sbc,
    "coverage": _coverage,
    "misfits": _misfits,
    "trials": _trials,
    "predictive": _predictive,
    "decisions": _plain("decisions", "Decisions on virtual persons"),
    "adapt": _plain("adapt", "Following a plan: virtual persons"),
    "n_of_1": _plain("n-of-1", "Trials of one person"),
    "pathways": _plain("pathways", "Pathways"),
}
