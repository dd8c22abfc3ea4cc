"""The page of ``davy nof1 design``: its error rates, the blinding sheet, the checklists; or the refusal."""

from __future__ import annotations

from davy.followup.n_of_1.checklist import Filled, checklist
from davy.followup.n_of_1.design import Design
from davy.report.figure_frame import Scale, box, fit_words, is_wide, rule, text, ticks
from davy.report.layout import Drawing, Figure, Table, bullets, figure, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.nof1_design_text import aim_words, instead_words, plainly, plan_words, rate_words, sensitivity
from davy.report.page import contents, document
from davy.report.words import first_up

ROW = 34.0


def design_page(made: Design) -> str:
    """A design or a refusal as one HTML document; the order of the arms is on no page, it would break the blinding."""
    title = "No trial of this kind, and why" if made.refusal else "A trial of one person"
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", f"{title}: {made.row.words}"),
        el("p.made", f"{made.person} \N{MIDDLE DOT} written before day one"),
    )
    sections = [_arms(made), _blocks(made), _rates(made), _instead(made), _baseline(made), *_checklists(made)]
    return document(title, (header, _bottom_line(made), contents(sections)), sections)


def _bottom_line(made: Design) -> Html:
    lines: list[Child] = [made.refusal.sentence] if made.refusal else [aim_words(made), *plan_words(made)]
    word, style = ("Refused", "refused") if made.refusal else ("Designed", "allowed")
    listed = el("ol.plainly", [el("li", line) for line in lines])
    return section("bottom-line", "Bottom line", el(f"p.verdict.{style}", word), listed)


def _arms(made: Design) -> Html:
    rows = tuple((one.arm.id, first_up(one.arm.words), one.arm.regimen, plainly(one.verdict)) for one in made.judged)
    found = [finding.sentence for one in made.judged for finding in one.findings if finding.severity != "info"]
    shown = Table("What is compared", ("Arm", "What", "Regimen", "Safety"), rows)
    return section("arms", "The arms", table(shown), bullets(list(dict.fromkeys(found))))


def _blocks(made: Design) -> Html:
    if made.file is None:
        return NOTHING
    drawn = made.file.blocks

    def draw(width: int) -> Drawing:
        x = Scale(1.0, float(made.file.days if made.file else 1), 4.0, width - 4.0)
        parts: list[Html] = []
        for k, one in enumerate(drawn):
            start, stop = x.at(one.from_day), x.at(one.to_day)
            parts.append(box(start, 8, stop - start, ROW, ".range" if k % 2 else ".bar"))
            label = fit_words(one.label.removeprefix("PACK-"), stop - start)
            parts.append(text((start + stop) / 2, 8 + ROW / 2 + 4, label, ".label", anchor="middle"))
        for look in made.looks:
            parts.append(rule(x.at(look), 4, x.at(look), 8 + ROW + 8, ".goal"))
        for value in ticks(1, drawn[-1].to_day, 7 if is_wide(width) else 3):
            parts.append(text(x.at(value), 8 + ROW + 24, f"{value:.0f}", ".tick", anchor="middle"))
        return Drawing(8 + ROW + 32, tuple(parts))

    rows = tuple((one.label, str(one.cycle), f"{one.from_day} to {one.to_day}", "") for one in drawn)
    sheet = Table("Blinding sheet: who packs keeps the code", ("Pack", "Cycle", "Days", "Opened on"), rows, (1,))
    behind = Table("Packs and days", ("Pack", "Cycle", "Days"), tuple(row[:3] for row in rows), (1,))
    shown = Figure(
        "blocks", "The blocks by day.", "Dashed lines are the looks; labels tell nothing of the arm.", draw, behind
    )
    seal = el("p.small", "SHA-256 of the code: ", el("code.hash", made.code or "")) if made.code else None
    return section("blocks-section", "The packs", figure(shown), table(sheet), seal)


def _rates(made: Design) -> Html:
    if not made.tried:
        return NOTHING
    heads, rows = sensitivity(made)
    caption = f"Power for {made.smallest:g} {made.row.unit}, by length of block and by lag of effect"
    shown = Table(caption, tuple(first_up(head) for head in heads), tuple(rows), tuple(range(1, len(heads))))
    return section("rates", "Error rates before day one", bullets(rate_words(made)), table(shown))


def _instead(made: Design) -> Html:
    if made.refusal is None:
        return NOTHING
    return section("instead", "What to do instead", bullets(instead_words(made, made.refusal.instead)))


def _baseline(made: Design) -> Html:
    return section("baseline", "Where the baseline comes from", bullets(list(made.baseline.told)))


def _checklists(made: Design) -> list[Html]:
    if made.file is None:
        return []
    return [
        section("cent", "CENT 2015", _listed("For the report of the trial", checklist(made, "cent"))),
        section("spent", "SPENT 2019", _listed("For the protocol", checklist(made, "spent"))),
    ]


def _listed(caption: str, items: tuple[Filled, ...]) -> Html:
    rows = tuple((one.item, one.what, one.answer or "\N{EM DASH} to be filled in") for one in items)
    return table(Table(caption, ("Item", "What", "Here"), rows, prose=True))
