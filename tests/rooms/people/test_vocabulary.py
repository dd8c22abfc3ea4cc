"""Words: the contract's vocabulary is there, people's spellings are understood, strangers stay strangers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from davy.people.vocabulary import (
    HIDDEN_MAGNESIUM,
    canonical_form,
    canonical_test,
    classes_of,
    conditions,
    conditions_in,
    forms,
    lab_tests,
    medicine_classes,
    plain,
    products,
    symptoms,
    symptoms_in,
)

CONDITIONS = """
type-1-diabetes type-2-diabetes peripheral-neuropathy migraine migraine-with-aura tension-type-headache hypertension
heart-failure vascular-disease chronic-kidney-disease dialysis acute-kidney-injury kidney-transplant one-kidney
nephrotic kidney-stones struvite-stones heart-block first-degree-block sick-sinus bradycardia pacemaker
myasthenia-gravis lambert-eaton bowel-obstruction inflammatory-bowel-disease short-bowel stoma chronic-diarrhoea
gastroparesis bariatric-surgery coeliac cirrhosis osteoporosis insomnia muscle-cramps fibromyalgia
alcohol-use-disorder eating-disorder hyperparathyroidism frailty dementia lactation parenteral-nutrition
planned-anaesthesia cancer immunosuppression constipation glycosuria
""".split()
SYMPTOMS = """
thunderclap-headache new-headache-over-50 neurological-deficit fever positional-headache cough-headache papilloedema
progressive-headache painful-eye head-trauma tetany seizure arrhythmia fainting slow-pulse drowsiness muscle-weakness
loose-stools vomiting diarrhoea dehydration constipation poor-intake-10-days poor-intake-5-days slow-breathing
flushing palpitations acute-illness
""".split()
FORMS = """
oxide hydroxide carbonate citrate glycinate buffered-glycinate malate l-threonate chloride sulfate lactate aspartate
gluconate taurate
""".split()
TESTS = """
serum-magnesium ionised-magnesium rbc-magnesium urine-magnesium-24h urine-magnesium-spot urine-creatinine-spot
urine-creatinine-24h urine-calcium-24h egfr creatinine cystatin-c hba1c glucose albumin potassium calcium phosphate
bicarbonate pth uacr b12 tsh crp
""".split()
CLASSES = """
ppi metformin thiazide-like loop-diuretic potassium-sparing-diuretic mra ace-inhibitor arb sglt2-inhibitor lithium
nsaid aspirin paracetamol triptan ergot opioid combination-analgesic calcineurin-inhibitor mycophenolate platinum
egfr-antibody amphotericin aminoglycoside foscarnet pentamidine patiromer polystyrene-sulfonate potassium-binder
digoxin qt-prolonging antiarrhythmic moxifloxacin quinolone tetracycline bictegravir dolutegravir
dolutegravir-rilpivirine elvitegravir raltegravir eltrombopag levothyroxine iron penicillamine chloroquine
nitrofurantoin oral-bisphosphonate gabapentin calcitriol warfarin statin insulin sulfonylurea chemotherapy
magnesium-laxative magnesium-antacid magnesium-product prenatal-vitamin parenteral-nutrition beta-agonist
antiepileptic ssri cns-depressant calcium-channel-blocker oral-other not-oral antacid-other
""".split()


def test_the_contracts_words_are_all_there():
    assert set(CONDITIONS) <= {row.id for row in conditions()}
    assert set(SYMPTOMS) <= {row.id for row in symptoms()}
    assert set(FORMS) == {row.id for row in forms()}
    assert set(TESTS) <= {row.id for row in lab_tests()}
    assert set(CLASSES) <= {row.id for row in medicine_classes()}


@pytest.mark.parametrize("rows", [conditions(), symptoms(), medicine_classes(), lab_tests(), forms(), products()])
def test_ids_are_unique(rows):
    assert len({row.id for row in rows}) == len(rows)


@pytest.mark.parametrize("rows", [conditions(), symptoms(), lab_tests(), forms()])
def test_no_phrase_stands_for_two_things(rows):
    owner = {}
    for row in rows:
        for phrase in {plain(word) for word in (row.id, row.label, *row.synonyms)}:
            assert owner.setdefault(phrase, row.id) == row.id, phrase


def test_an_id_always_means_itself():
    for row in conditions():
        assert conditions_in(row.id) == (row.id,)
        assert conditions_in(row.label.upper()) == (row.id,)
    for row in symptoms():
        assert symptoms_in(row.id) == (row.id,)
    for row in forms():
        assert canonical_form(row.id) == canonical_form(f"Magnesium {row.id}") == row.id
    for row in lab_tests():
        assert canonical_test(row.id) == row.id


def test_identification_has_neither_empty_names_nor_broken_codes():
    for row in medicine_classes():
        assert row.names, row.id
        assert all(plain(name) for name in row.names)
        assert all(code == code.upper() and 1 <= len(code) <= 7 and code[0].isalpha() for code in row.atc), row.id


def test_lab_bounds_enclose_what_is_usual_and_every_unit_converts():
    for row in lab_tests():
        assert row.unit in row.units
        assert row.impossible_low <= row.usual_low < row.usual_high <= row.impossible_high


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("Type 2 Diabetes Mellitus", ("type-2-diabetes",)),
        ("CKD stage 4", ("chronic-kidney-disease-4-5",)),
        ("Coeliac disease", ("coeliac",)),
        ("ménière", ()),
        ("myasthenia gravis (ocular)", ("myasthenia-gravis",)),
        ("first degree AV block", ("first-degree-block",)),
        ("complete heart block", ("third-degree-block",)),
        ("Crohn's disease and hypertension", ("inflammatory-bowel-disease", "hypertension")),
        ("no kidney disease", ()),
        ("family history of migraine", ()),
        ("hearing aids", ()),
        ("nursing home", ()),
        ("diabetes", ("type-2-diabetes",)),
    ],
)
def test_conditions_in_peoples_words(said, ids):
    assert set(conditions_in(said)) == set(ids)


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("Passing out", ("fainting",)),
        ("weakness", ("muscle-weakness",)),
        ("diarrhea", ("diarrhoea",)),
        ("worst headache of my life", ("thunderclap-headache",)),
        ("fit and well", ()),
        ("no fever", ()),
    ],
)
def test_symptoms_in_peoples_words(said, ids):
    assert symptoms_in(said) == ids


@pytest.mark.parametrize(
    ("name", "atc", "among"),
    [
        ("omeprazole", None, {"ppi"}),
        ("Losec 20 mg", None, {"ppi"}),
        ("OMÉPRAZOLE 20mg gastro-resistant", None, {"ppi"}),
        (None, "A02BC01", {"ppi"}),
        ("something new", "c03ba04", {"thiazide-like"}),
        ("metformin hydrochloride 1000 mg XR", None, {"metformin"}),
        ("Synjardy", None, {"metformin", "sglt2-inhibitor"}),
        ("lisinopril/hydrochlorothiazide", None, {"ace-inhibitor", "thiazide-like"}),
        ("spironolactone", None, {"potassium-sparing-diuretic", "mra"}),
        ("moxifloxacin", None, {"moxifloxacin", "quinolone", "qt-prolonging"}),
        (None, "L04AD02", {"calcineurin-inhibitor"}),
        ("milk of magnesia", None, {"magnesium-laxative", "magnesium-product"}),
        ("Maalox", None, {"magnesium-antacid", "magnesium-product"}),
        ("magnesium oxide 400 mg", "A12CC10", {"magnesium-product"}),
        ("prenatal vitamin", None, {"prenatal-vitamin", "magnesium-product"}),
        ("Epsom salt", None, {"magnesium-product"}),
        ("co-codamol 30/500", None, {"opioid", "paracetamol", "combination-analgesic"}),
        ("insulin glargine", None, {"insulin", "not-oral"}),
        ("water tablet", None, {"loop-diuretic", "thiazide-like"}),
        ("Juluca", None, {"dolutegravir-rilpivirine"}),
        ("xyzzymab", None, set()),
        (None, None, set()),
    ],
)
def test_medicines_by_code_or_by_name(name, atc, among):
    found = set(classes_of(name, atc))
    assert among <= found
    assert bool(among) == bool(found)


def test_everything_that_holds_magnesium_is_a_magnesium_product():
    hidden = [row for row in medicine_classes() if row.id in HIDDEN_MAGNESIUM]
    assert len(hidden) == len(HIDDEN_MAGNESIUM)
    for row in hidden:
        for name in row.names:
            assert "magnesium-product" in classes_of(name, None), name


@given(st.text(max_size=40), st.sampled_from(medicine_classes()), st.data())
def test_words_around_a_name_never_hide_it(around, row, data):
    name = data.draw(st.sampled_from(row.names))
    assert row.id in classes_of(f"{around} {name} {around}", None)
    if row.atc:
        assert row.id in classes_of(around, data.draw(st.sampled_from(row.atc)))


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("Magnesium Bisglycinate", "glycinate"),
        ("diglycinate", "glycinate"),
        ("magnesium L-threonate", "l-threonate"),
        ("sand", None),
        ("", None),
        ("magnesium", None),
    ],
)
def test_forms_in_peoples_words(said, form):
    assert canonical_form(said) == form
