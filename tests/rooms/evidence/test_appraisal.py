"""From studies to a result, its certainty and its words."""

import csv
import io
import math
import re

import pytest

from davy.errors import KnowledgeError
from davy.evidence.appraisal.analysis import run_analysis
from davy.evidence.appraisal.build import computed
from davy.evidence.appraisal.certainty import appraise, imprecision, inconsistency
from davy.evidence.appraisal.result import Result
from davy.evidence.appraisal.rows import AnalysisRow, GradeRow
from davy.evidence.appraisal.shelf import people_in, shelf_of, trials_in
from davy.evidence.appraisal.wording import doubt_of, of_log
from davy.evidence.ledger import table_texts


def shelf_with(**tables):
    """Give the shelf with rows added: the name of a table, then rows as mappings."""
    texts = dict(table_texts())
    for name, rows in tables.items():
        file = f"{name}.csv"
        fields = csv.DictReader(io.StringIO(texts[file])).fieldnames
        out = io.StringIO()
        csv.DictWriter(out, fields, restval="", lineterminator="\n").writerows(rows)
        texts[file] += out.getvalue()
    return shelf_of(texts)


def trial(name, **cells):
    made = {"id": name, "kind": "trial", "group": "made", "outcome": "made", "study": name, "source": "f-216"}
    return {**made, "population": "adults", "verified": "abstract", "status": "active", **cells}


def analysis(name, source, how="pool", **cells):
    made = {"id": name, "how": how, "design": "trials", "measure": "MD", "better": "lower", "source": source}
    return {**made, "verified": "computed", "status": "active", **cells}


def arms(name, mean, control, n=50, sd=10, **cells):
    both = {"n_arm": n, "n_control": n, "sd_arm": sd, "sd_control": sd}
    return trial(name, mean_arm=mean, mean_control=control, unit="mmHg", **both, **cells)


def made_row(**cells):
    given = {"id": "made", "how": "carry", "design": "trials", "measure": "MD", "better": "lower", "source": "t-x"}
    return AnalysisRow.model_validate({**given, "verified": "computed", "status": "active", **cells})


class TestPooling:
    ROWS = tuple(arms(f"t-made-{i}", 100 - i, 100, exposure="supplement", dose_unit="mg/d",
                      dose_low=100 * i, dose_high=100 * i, form="oxide" if i < 3 else "citrate")
                 for i in (1, 2, 3, 4))  # fmt: skip

    def result(self):
        names = ";".join(row["id"] for row in self.ROWS)
        return run_analysis("made", shelf_with(studies=self.ROWS, analyses=[analysis("made", names)]))

    def test_the_numbers_are_those_of_the_pool(self):
        made = self.result()
        assert made.estimate == pytest.approx(-2.5)
        assert made.common == pytest.approx(-2.5)
        assert (made.k, made.n) == (4, 400)
        assert made.pi is not None
        assert made.individual == ("prediction", made.pi)

    def test_doses_forms_and_people_come_from_the_rows(self):
        made = self.result()
        assert made.doses == (100, 400)
        assert made.forms == ("oxide", "citrate")
        assert made.people == ("adults",)

    def test_two_trials_leave_the_confidence_interval(self):
        names = "t-made-1;t-made-2"
        made = run_analysis("made", shelf_with(studies=self.ROWS, analyses=[analysis("made", names)]))
        assert made.individual == ("confidence", made.ci)
        assert made.pi is None

    @pytest.mark.parametrize(
        ("second", "why"),
        [
            (arms("t-made-2", 97, 100) | {"same_people": "t-made-1"}, "hold the same people"),
            (arms("t-made-2", 97, 100) | {"unit": "kPa"}, "mixed units"),
            (arms("t-made-2", 97, 100) | {"sd_arm": ""}, "neither arms nor an interval"),
            (trial("t-made-2", estimate=-3, low=-5, high=-1, unit="mmHg"), "same kind of numbers"),
            (arms("t-made-2", 97, 100) | {"population": "people of the moon"}, "nobody says who"),
        ],
    )
    def test_what_cannot_be_pooled_is_named(self, second, why):
        rows = [arms("t-made-1", 99, 100), second]
        shelf = shelf_with(studies=rows, analyses=[analysis("made", "t-made-1;t-made-2")])
        with pytest.raises(KnowledgeError, match=why):
            run_analysis("made", shelf)


class TestBinary:
    def test_a_baseline_is_carried_through_the_ratio(self):
        row = trial("t-made", n_arm=100, n_control=100, events_arm=30, events_control=20, unit="ratio")
        shelf = shelf_with(studies=[row], analyses=[analysis("made", "t-made", measure="RR", better="higher")])
        made = run_analysis("made", shelf)
        assert made.estimate == pytest.approx(1.5)
        assert (made.without, made.with_per_100) == (pytest.approx(20), pytest.approx(30))
        assert made.baseline == "the placebo arm of t-made: 20 of 100"
        se = math.sqrt(1 / 30 - 1 / 100 + 1 / 20 - 1 / 100)
        assert made.ci == pytest.approx((1.5 * math.exp(-1.959964 * se), 1.5 * math.exp(1.959964 * se)))

    def test_odds_are_turned_back_into_people(self):
        made = Result(made_row(measure="OR"), estimate=2.0, without=50.0)
        assert made.with_per_100 == pytest.approx(100 * 2 / 3)

    def test_a_mean_has_no_people_in_a_hundred(self):
        assert Result(made_row(), estimate=2.0, without=50.0).with_per_100 is None


class TestCarriedOver:
    def test_a_printed_i2_gives_a_prediction_interval(self):
        made = run_analysis("okoli-severity", shelf_of(table_texts()))
        se = 0.38 / 2 / 1.959964
        half = 4.302653 * math.sqrt(se**2 + 0.48 * 3 * se**2)
        assert made.pi == pytest.approx((-0.17 - half, -0.17 + half), rel=1e-5)
        assert "equally large" in made.method

    def test_the_logarithm_of_a_ratio_is_told_as_a_share_and_named(self):
        shelf = shelf_of(table_texts())
        question = next(one for one in shelf.questions if one.id == "migraine-severity")
        said = computed(question, shelf)["sentence"]
        assert "16 % less (95 % confidence interval 30 % less to 2 % more; log ratio of means -0.17)" in said
        assert "56 % less to 62 % more is expected" in said
        assert of_log(0.004) == "as much"

    def test_people_in_thousands_have_their_mark(self):
        shelf = shelf_of(table_texts())
        said = " ".join(str(computed(one, shelf)["sentence"]) for one in shelf.questions)
        assert "2,028 people" in said
        assert re.search(r"(?<![,\d])\d{4,} people", said) is None

    def test_without_one_it_says_so(self):
        made = run_analysis("zhang-sbp", shelf_of(table_texts()))
        assert made.pi is None
        assert made.individual == ("confidence", (-3.58, -0.43))
        assert "no prediction interval" in made.method

    def test_one_result_is_carried_and_not_two(self):
        rows = [analysis("made", "p-zhang-2016-sbp;p-dickinson-2006-sbp", how="carry")]
        with pytest.raises(KnowledgeError, match="one published result"):
            run_analysis("made", shelf_with(analyses=rows))


def test_people_and_trials_are_read_from_the_study_row():
    studies = shelf_of(table_texts()).studies
    assert (people_in(studies["p-zhang-2016-sbp"]), trials_in(studies["p-zhang-2016-sbp"])) == (2028, 34)
    assert (people_in(studies["p-mah-2021-latency"]), trials_in(studies["p-mah-2021-latency"])) == (55, 2)
    assert people_in(studies["t-facchinetti-1991"]) == 20
    assert trials_in(studies["t-facchinetti-1991"]) == 1


def result(ci, *, smallest=None, better="lower", **more):
    middle = sum(ci) / 2
    se = (ci[1] - ci[0]) / 3.92
    cells = {"smallest": smallest} if smallest is not None else {}
    return Result(made_row(better=better, **cells), estimate=middle, ci=ci, se=se, **{"k": 5, "n": 400, **more})


class TestSuggestions:
    @pytest.mark.parametrize(
        ("made", "levels"),
        [
            (result((-3.0, -1.0)), 0),
            (result((-3.0, 1.0)), -1),
            (result((-0.4, 0.4), smallest=-1), 0),
            (result((-3.0, 1.0), smallest=-1), -2),
            (result((-3.0, -0.5), smallest=-2), -1),
            (result((-3.0, -2.5), smallest=-1), 0),
            (result((-6.0, -2.5), smallest=-1), -1),
        ],
    )
    def test_imprecision(self, made, levels):
        assert imprecision(made).levels == levels

    def test_no_interval_tells_nothing(self):
        assert imprecision(Result(made_row(), estimate=-1.6, k=1)).levels is None

    @pytest.mark.parametrize(
        ("i2", "pi", "levels"),
        [(10.0, (-2.9, -0.9), 0), (60.0, (-2.9, -0.9), -1), (10.0, (-4.0, 1.0), -1), (80.0, (-4.0, 1.0), -2)],
    )
    def test_inconsistency(self, i2, pi, levels):
        assert inconsistency(result((-3.0, -1.0), i2=i2, pi=pi)).levels == levels

    def test_one_trial_shows_no_inconsistency(self):
        assert inconsistency(result((-3.0, -1.0), k=1, i2=0.0)).levels is None


class TestCertainty:
    DOMAINS = ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias")

    def judged(self, levels, data="today"):
        rows = zip(self.DOMAINS, levels, strict=False)
        return [
            GradeRow(id=name, analysis="made", domain=name, levels=level, reason="r", role="x", date="d", data=data)
            for name, level in rows
        ]

    @pytest.mark.parametrize(
        ("levels", "certainty"),
        [
            ((0, 0, 0, 0, 0), "high"),
            ((-1, 0, 0, 0, 0), "moderate"),
            ((-1, 0, -1, 0, 0), "low"),
            ((-2, -1, 0, 0, 0), "very low"),
            ((-2, -2, -1, -2, -1), "very low"),
        ],
    )
    def test_levels_add_up(self, levels, certainty):
        assert appraise(result((-3.0, -1.0)), self.judged(levels), "today").certainty == certainty

    def test_what_nobody_judged_lowers(self):
        made = appraise(result((-3.0, -1.0)), self.judged((0, 0, 0)), "today")
        assert made.missing == ("imprecision", "publication bias")
        assert made.certainty == "low"

    def test_cohorts_start_at_low(self):
        made = Result(made_row(design="cohorts"), estimate=0.7, ci=(0.5, 0.9), k=5)
        assert appraise(made, self.judged((0, 0, 0, 0, 0)), "today").certainty == "low"

    def test_a_difference_and_other_data_are_told(self):
        made = appraise(result((-3.0, 1.0)), self.judged((0, 0, 0, 0, 0), data="then"), "today")
        assert made.differs[0].startswith("imprecision: the numbers suggest -1")
        assert made.to_review == self.DOMAINS


class TestWords:
    @pytest.mark.parametrize(
        ("made", "doubt"),
        [
            (result((-3.0, 1.0)), "It is unknown whether this helps"),
            (result((-0.4, 0.4), smallest=-1), "No benefit"),
            (result((-0.9, -0.1), smallest=-1), "Too small to matter"),
            (result((1.0, 3.0)), "Worse than the comparison"),
            (result((1.0, 3.0), better="higher"), "Better on average, by how much is unsure"),
            (result((-3.0, -1.0), pi=(-5.0, 1.0)), "Better on average, yet the next trial could show nothing"),
            (result((-3.0, -1.5), smallest=-1), "Better on average by an amount that matters"),
            (Result(made_row(smallest=-6), estimate=-1.6, k=1), "Too small to matter, and with no interval"),
            (Result(made_row(), estimate=-1.6, k=1), "It cannot be told from chance"),
        ],
    )
    def test_the_doubt_comes_first(self, made, doubt):
        assert doubt_of(made).startswith(doubt)

    def test_an_association_says_so_before_its_number(self):
        shelf = shelf_of(table_texts())
        question = next(one for one in shelf.questions if one.kind == "association")
        said = computed(question, shelf)["sentence"]
        assert str(said).startswith("An association only, never an effect of a supplement")
        assert "0.70 and 0.95 mmol/L" in str(said)
