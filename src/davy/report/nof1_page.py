"""The page of ``davy nof1 analyse``: the verdict, the diary drawn, the numbers and what to mind."""

from __future__ import annotations

from davy.followup.n_of_1.result import Analysis
from davy.report.figure_nof1 import diary_figure
from davy.report.layout import Table, bullets, figure, section, table
from davy.report.markup import NOTHING, Html, el
from davy.report.nof1_text import chance, details, headline
from davy.report.page import contents, document
from davy.report.words import first_up, number, short

STYLES = {"benefit": "allowed", "harm": "refused", "no_association": "with_care", "undecided": "with_care"}


def analysis_page(made: Analysis, name: str) -> str:
    """An analysis as one HTML document."""
    decided = made.verdict in ("benefit", "harm")
    title = headline(made) if decided else f"{headline(made)}: {made.main.second} against {made.main.first}"
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", title),
        el("p.made", f"{name} \N{MIDDLE DOT} a trial of one person"),
    )
    sections = [_diary(made), _effects(made), _days(made), _missing(made), _how(made), _mind(made)]
    return document(title, (header, _bottom_line(made), contents(sections)), sections)


def _bottom_line(made: Analysis) -> Html:
    return section(
        "bottom-line",
        "Bottom line",
        el(f"p.verdict.{STYLES[made.verdict]}", headline(made)),
        el("ol.plainly", el("li", first_up(made.sentence))),
    )


def _diary(made: Analysis) -> Html:
    return section("course", "The diary", figure(diary_figure(made)))


def _effects(made: Analysis) -> Html:
    contrasts = made.contrasts or (made.main,)
    beyond = made.smallest is not None
    heads = ("Contrast", f"Effect ({made.unit})", "95 % interval", "P(benefit)")
    rows = tuple(
        (
            f"{one.second} minus {one.first}",
            short(one.effect),
            f"{short(one.low)} to {short(one.high)}",
            chance(one.p_benefit),
            *(() if one.p_beyond_mcid is None else (chance(one.p_beyond_mcid),)),
        )
        for one in contrasts
    )
    heads += (f"P(better by more than {made.smallest:g})",) if beyond else ()
    made_table = Table("At steady state", heads, rows, tuple(range(1, len(heads))))
    return section("effect", "The effect", table(made_table), el("p", f"The rule: {first_up(made.rule)}."))


def _days(made: Analysis) -> Html:
    rows = tuple(
        (one.arm, str(one.days), str(one.missing), "" if one.mean is None else number(one.mean)) for one in made.arms
    )
    return section(
        "days", "The days", table(Table("Days of each arm", ("Arm", "Days", "Missing", "Mean"), rows, (1, 2, 3)))
    )


def _missing(made: Analysis) -> Html:
    if not made.missing:
        return NOTHING
    rows = tuple((one.what, short(one.effect), chance(one.p_benefit)) for one in made.missing)
    shown = Table("If the missing days had been otherwise", ("If", f"Effect ({made.unit})", "P(benefit)"), rows, (1, 2))
    return section("missing", "Missing days", table(shown))


def _how(made: Analysis) -> Html:
    return section("how", "How it was found", bullets(details(made)))


def _mind(made: Analysis) -> Html:
    return section("mind", "Mind", bullets(list(made.warnings))) if made.warnings else NOTHING
