"""Each rule of the knowledge check: a copy of the tables with one fault, and the fault named with its place."""

import csv
import io

import pytest

from davy.evidence.ledger import table_texts
from davy.qualify.knowledge import check_tables
from davy.qualify.library import Knowledge


def with_cell(file, row_id, column, value):
    """Change one cell of one table; give the tables and the line that it stands in."""
    texts = dict(table_texts())
    reader = csv.DictReader(io.StringIO(texts[file]))
    out = io.StringIO()
    writer = csv.DictWriter(out, reader.fieldnames, lineterminator="\n")
    writer.writeheader()
    place = None
    for record in reader:
        if record["id"] == row_id:
            record[column] = value
            place = reader.line_num
        writer.writerow(record)
    assert place is not None, f"no row {row_id} in {file}"
    texts[file] = out.getvalue()
    return Knowledge(texts), place


@pytest.fixture(scope="module")
def standing():
    """Run the check on the folder as it is."""
    return set(check_tables())


def found(knowledge, standing):
    return [problem for problem in check_tables(knowledge) if problem not in standing]


CASES = [
    # rows that do not fit their type
    ("forms.csv", "oxide", "solubility", "very", "'soluble', 'slow' or 'poor'"),
    ("facts.csv", "f-055", "low", "many", "number"),
    ("claims.csv", "c-000-003", "verdict", "perhaps", "supported"),
    ("foods.csv", "almonds", "source", "", "required"),
    ("limits.csv", "kidney-refuse-below", "verified", "hearsay", "fulltext"),
    # ids
    ("foods.csv", "almonds", "id", "cashews", "also the id of line"),
    # sources
    ("foods.csv", "almonds", "source", "s-nowhere", "'s-nowhere'"),
    ("facts.csv", "f-216", "source", "s-wenz-2009", "notice (retracted)"),
    ("parameters/literature.csv", "C0", "source", "s-wenz-2009", "retracted"),
    ("facts.csv", "f-216", "source", "s-palomer-2011", "notice (concern)"),
    ("facts.csv", "K076", "status", "active", "unused"),
    ("foods.csv", "almonds", "verified", "memory", "recalled row backs nothing"),
    # what may stand behind a default, a limit, a benefit
    ("parameters/literature.csv", "C0", "source", "c-002-051", "cannot back a default"),
    ("parameters/literature.csv", "C0", "source", "K076", "recalled"),
    ("parameters/literature.csv", "C0", "source", "davy-rule", "judgement"),
    ("limits.csv", "kidney-refuse-below", "source", "f-112;K076", "cannot back a limit: K076"),
    ("limits.csv", "kidney-refuse-below", "source", "davy-model", "assumption"),
    ("limits.csv", "kidney-refuse-below", "source", "f-154;c-002-105", "unsafe advice"),
    ("benefits.csv", "systolic-pressure", "source", "f-249", "never a promised benefit"),
    ("benefits.csv", "systolic-pressure", "source", "davy-model", "cannot back a benefit"),
    ("benefits.csv", "general-health", "source", "f-186", "recalled"),
    ("benefits.csv", "general-health", "source", "c-002-064", "should not be shown as known"),
    ("parameters/articles.csv", "form.glycinate.fraction", "source", "f-087", "cites the claim"),
    ("products.csv", "malate-100-tablet", "note", "often sold", "its date"),
    ("products.csv", "malate-100-tablet", "verified", "secondary", "davy-rule"),
    ("products.csv", "malate-100-tablet", "status", "active", "davy-rule"),
    ("limits.csv", "kidney-refuse-below", "source", "f-154;m-002-155", "m-002-155 is unverified"),
    ("benefits.csv", "systolic-pressure", "source", "f-216;m-002-051", "m-002-051 is contradicted"),
    ("parameters/literature.csv", "kid_fTm", "source", "K080;m-002-050", "m-002-050 is contradicted"),
    ("facts.csv", "K080", "source", "s-costello-2016;m-002-050", "rests on m-002-050, a claim of an article"),
    ("facts.csv", "f-154", "source", "f-184", "rests on f-184, which is set aside"),
    ("studies.csv", "p-zhang-2016-sbp", "source", "c-002-030", "rests on c-002-030, a claim of an article"),
    ("targets.csv", "serum", "source", "m-002-050", "should not be shown as known: m-002-050 is contradicted"),
    # claims and links
    ("claims.csv", "m-002-051", "error_class", "", "says what kind of error it is"),
    ("claims.csv", "m-002-051", "error_class", "typo", "'arithmetic'"),
    ("claims.csv", "c-000-003", "error_class", "unit", "makes no error"),
    ("claims.csv", "m-002-030", "source", "", "supported on no source and no arithmetic"),
    ("claims.csv", "m-002-030", "source", "s-nowhere", "'s-nowhere'"),
    ("facts.csv", "f-216", "source", "f-216", "rests on itself: f-216 -> f-216"),
    ("facts.csv", "f-216", "source", "p-zhang-2016-sbp", "rests on itself"),
    # units and intervals
    ("limits.csv", "kidney-refuse-below", "unit", "furlongs", "'furlongs' is not known"),
    ("labs.csv", "serum-magnesium", "units", "mmol/L;drams", "'drams' is not known"),
    ("parameters/literature.csv", "C0", "unit", "grains", "'grains'"),
    ("parameters/literature.csv", "C0", "value", "1.2", "above its own upper end"),
    ("foods.csv", "almonds", "low", "200", "above its own upper end"),
    ("studies.csv", "p-zhang-2016-sbp", "estimate", "-9", "below its own lower end"),
    # benefits are computed
    ("benefits.csv", "systolic-pressure", "status", "typed", "computed from its studies, never typed"),
    ("benefits.csv", "systolic-pressure", "analysis", "zhang-spb", "no analysis 'zhang-spb'"),
    ("benefits.csv", "systolic-pressure", "analysis", "sbp-arms", "sbp-arms is not judged for risk of bias"),
    ("benefits.csv", "circulating-magnesium", "kind", "effect", "never an effect of a supplement"),
    ("benefits.csv", "circulating-magnesium", "within_low", "", "within which serum"),
    ("analyses.csv", "zhang-sbp", "source", "p-zhang-2015-sbp", "no study 'p-zhang-2015-sbp'"),
    ("analyses.csv", "zhang-sbp", "doses_from", "p-nobody", "no study 'p-nobody'"),
    ("grade.csv", "zhang-sbp.imprecision", "analysis", "zhang-spb", "no analysis 'zhang-spb'"),
    ("grade.csv", "zhang-sbp.imprecision", "levels", "much", "integer"),
    ("risk_of_bias.csv", "t-pickering-2011.D1", "study", "t-nobody", "no study 't-nobody'"),
    ("computed/benefits.csv", "systolic-pressure", "stamp", "0123456789ab", "systolic-pressure is stale"),
    ("computed/benefits.csv", "systolic-pressure", "estimate", "-3", "'-3' was typed, its rows give '-2'"),
    ("computed/benefits.csv", "systolic-pressure", "certainty", "high", "'high' was typed, its rows give 'low'"),
    ("computed/benefits.csv", "systolic-pressure", "id", "pressure", "benefits.csv has no row 'pressure'"),
    # the arithmetic of salts, labels and groups
    ("forms.csv", "glycinate", "elemental_fraction", "0.18", "is 0.1410, not 0.18"),
    ("forms.csv", "glycinate", "molar_mass_g_per_mol", "162.4", "172.423"),
    ("forms.csv", "citrate", "mg_atoms", "1", "holds 3 magnesium"),
    ("forms.csv", "oxide", "formula", "MgXx", "Xx"),
    ("forms.csv", "chloride", "worst_fraction", "0.05", "below the salt's own"),
    ("products.csv", "oxide-241-tablet", "elemental_mg_per_unit", "400", "not 400"),
    ("products.csv", "citrate-100-tablet", "label_reads", "Magnesium citrate", "milligrams"),
    ("foods.csv", "almonds", "group", "sweets", "no food group 'sweets'"),
    ("food_groups.csv", "pulses", "mg_per_portion", "60", "not 60"),
    # names that other tables hold
    ("products.csv", "malate-100-tablet", "form", "maleate", "'maleate' is not in forms.csv"),
    ("benefits.csv", "sleep-latency", "goals", "slumber", "'slumber' is not in goals.csv"),
    ("monitoring.csv", "baseline-serum", "test", "serum-mg", "'serum-mg' is not in labs.csv"),
    ("condition_rules.csv", "type-1-diabetes", "id", "sugar", "'sugar' is not in conditions"),
    ("interactions.csv", "moxifloxacin", "id", "moxi", "'moxi' is not in medicines.csv"),
    ("covariates.csv", "ppi", "key", "acid-blocker", "'acid-blocker' is not in medicines.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "column", "value", "says"), CASES)
def test_a_planted_fault_is_named_with_its_place(standing, file, row, column, value, says):
    knowledge, line = with_cell(file, row, column, value)
    problems = found(knowledge, standing)
    named = [
        problem for problem in problems if says in problem.what and (problem.file, problem.column) == (file, column)
    ]
    assert named, problems
    assert column == "id" or line in {problem.line for problem in named}
    assert f"knowledge/{file}, line " in str(named[0])


@pytest.mark.parametrize(
    ("row", "behind", "file", "says"),
    [
        ("K080", "m-002-050", "parameters/literature.csv", "cannot back a default: K080 rests on m-002-050 is contra"),
        ("K080", "m-002-155", "parameters/literature.csv", "cannot back a default: K080 rests on m-002-155 is unver"),
        ("f-154", "c-002-105", "limits.csv", "cannot back a limit: f-154 rests on c-002-105 is unsafe"),
        ("f-216", "c-002-030", "benefits.csv", "cannot back a benefit: f-216 rests on c-002-030 is unsupported"),
        ("f-216", "f-184", "benefits.csv", "cannot back a benefit: f-216 rests on f-184 was recalled"),
    ],
)
def test_a_link_is_followed_to_its_end(standing, row, behind, file, says):
    knowledge, _ = with_cell("facts.csv", row, "source", behind)
    assert any(says in problem.what and problem.file == file for problem in found(knowledge, standing))


def test_one_id_for_two_rows_of_the_registry_is_told(standing):
    knowledge, _ = with_cell("claims.csv", "c-000-003", "id", "f-001")
    assert any("also the id of line 4 of claims.csv" in problem.what for problem in found(knowledge, standing))


def test_a_table_that_nobody_describes_is_told(standing):
    problems = found(Knowledge({**table_texts(), "tea_leaves.csv": "id,future\na,bright\n"}), standing)
    assert [str(problem) for problem in problems] == [
        "knowledge/tea_leaves.csv: nothing here says what a row of this table is"
    ]


def test_a_missing_table_is_told(standing):
    texts = {file: text for file, text in table_texts().items() if file != "food_rules.csv"}
    assert "knowledge/food_rules.csv: the table is missing" in {str(one) for one in found(Knowledge(texts), standing)}


def test_a_line_of_the_wrong_length_is_told(standing):
    texts = dict(table_texts())
    texts["food_groups.csv"] += "spare,\n"
    problems = [problem for problem in found(Knowledge(texts), standing) if problem.file == "food_groups.csv"]
    assert any("number of cells" in problem.what for problem in problems)


def test_every_problem_of_a_run_is_told_at_once(standing):
    knowledge, _ = with_cell("forms.csv", "glycinate", "elemental_fraction", "0.18")
    texts = dict(knowledge.texts)
    texts["foods.csv"] = texts["foods.csv"].replace("s-usda-sr", "s-nowhere", 1)
    assert {problem.file for problem in found(Knowledge(texts), standing)} >= {"forms.csv", "foods.csv"}
