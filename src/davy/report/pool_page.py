"""The page of ``davy evidence pool --report``: the forest, the funnel, what was found and what to mind."""

from __future__ import annotations

from davy.evidence.meta.pooled import PooledEffect
from davy.report.figure_forest import forest_figure, forest_rows
from davy.report.figure_funnel import funnel_figure
from davy.report.layout import Table, bullets, figure, section, table
from davy.report.markup import NOTHING, Html, el
from davy.report.page import contents, document
from davy.report.pool_text import interval_words, p_words, small_study_lesson


def pool_page(made: PooledEffect, name: str) -> str:
    """A pooled effect as one HTML document.

    Parameters
    ----------
    name : what was pooled, as the heading says it.
    """
    studies = f"{made.k} {'study' if made.k == 1 else 'studies'}"
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", f"Pooled: {name}"),
        el("p.made", f"{studies} \N{MIDDLE DOT} {made.measure} \N{MIDDLE DOT} {made.method}, {made.test}"),
    )
    sections = [
        _results(made),
        _forest(made),
        _small_studies(made),
        _moderators(made),
        _influence(made),
        _choices(made),
    ]
    return document(f"Pooled: {name}", (header, contents(sections)), sections)


def _results(made: PooledEffect) -> Html:
    rows = [(row.label, row.words) for row in forest_rows(made) if row.kind != "study"]
    if made.bayesian is not None:
        b = made.bayesian
        ratio = made.estimate_exp is not None
        value, seen = (b.estimate_exp, b.ci_exp) if ratio else (b.estimate, b.ci)
        words = "not estimable" if value is None else f"{value:.2f} ({interval_words(seen)})"
        rows.append((f"Bayesian, half-normal prior {b.prior_scale:g} on tau", words))
    heterogeneity = [("Q", f"{made.q:.2f} on {made.q_df} df, {p_words(made.q_p)}")] if made.q is not None else []
    if made.i2 is not None:
        heterogeneity.append(("I2", f"{made.i2:.0f} % ({interval_words(made.i2_ci, 0)})"))
    if made.tau2 is not None:
        heterogeneity.append(("tau2", f"{made.tau2:.4g} ({interval_words(made.tau2_ci, 4)})"))
    return section(
        "results",
        "What the studies say together",
        table(Table("Results", ("Model", f"{made.measure} (interval)"), tuple((*rows, *heterogeneity)), (1,))),
        bullets(made.warnings),
    )


def _forest(made: PooledEffect) -> Html:
    return section("studies", "Study by study", figure(forest_figure(made)))


def _small_studies(made: PooledEffect) -> Html:
    if made.k < 3:
        return NOTHING
    rows = tuple(
        (f"{one.test} ({one.model})", f"{one.statistic:.2f}", p_words(one.p)) for one in made.small_study_tests
    )
    tests = table(Table("Tests for small-study effects", ("Test", "t", "p"), rows, (1, 2))) if rows else None
    lesson = [el("p", line) for line in small_study_lesson(made)]
    return section("small-studies", "Do small studies say something else?", lesson, figure(funnel_figure(made)), tests)


def _moderators(made: PooledEffect) -> Html:
    fitted = made.meta_regression
    if fitted is None:
        return NOTHING
    rows = tuple((c.term, f"{c.estimate:.4f}", interval_words(c.ci, 4), p_words(c.p)) for c in fitted.coefficients)
    groups = tuple(
        (
            f"{g.moderator}: {g.level}",
            str(g.k),
            interval_words(g.result.ci_exp if made.estimate_exp is not None else g.result.ci),
        )
        for g in made.subgroups
    )
    r2 = "" if fitted.r2 is None else f", and explain {fitted.r2:.0f} % of tau2"
    return section(
        "moderators",
        "By moderator",
        el("p", f"All moderators together: {p_words(fitted.qm_p)}{r2}."),
        table(Table("Meta-regression, analysis scale", ("Term", "Estimate", "Interval", "p"), rows, (1, 2, 3))),
        table(Table("Subgroups", ("Group", "Studies", "Interval"), groups, (1, 2))) if groups else None,
    )


def _influence(made: PooledEffect) -> Html:
    if made.k < 3:
        return NOTHING
    ratio = made.estimate_exp is not None
    left = {one.study: one for one in made.leave_one_out}
    rows: list[tuple[str, ...]] = []
    for one in made.studies:
        without = left.get(one.study)
        if without is None or one.rstudent is None or one.cook is None or one.dffits is None:
            continue
        value, seen = (without.estimate_exp, without.ci_exp) if ratio else (without.estimate, without.ci)
        words = "" if value is None else f"{value:.2f} ({interval_words(seen)})"
        mark = "yes" if one.influential else ""
        rows.append((one.study, words, f"{one.rstudent:.2f}", f"{one.cook:.2f}", f"{one.dffits:.2f}", mark))
    heads = ("Without", f"{made.measure} (interval)", "Residual", "Cook", "DFFITS", "Influential")
    return section(
        "influence",
        "Each study left out",
        table(Table("The result without each study", heads, tuple(rows), (1, 2, 3, 4))),
    )


def _choices(made: PooledEffect) -> Html:
    return section("choices", "What was chosen", bullets(made.choices))
