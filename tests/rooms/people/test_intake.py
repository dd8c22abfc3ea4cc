"""Intake: hidden magnesium is counted, and the unknown is an open end, never a zero."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from davy.people.intake import diet_methods, intake_of, label_amount
from davy.people.person import Diet, Medicine, Person, Supplement, Water
from davy.people.read import person_from_text
from davy.people.vocabulary import forms

TODAY = date(2026, 11, 22)


def person(**facts):
    return Person(id="x", today=TODAY, **facts)


def read(text):
    return person_from_text(text, name="p", today=TODAY)


def test_a_salt_label_counts_its_magnesium():
    (item,) = intake_of(read("supplements: [{form: oxide, label_mg: 400, label_means: salt, per_day: 1}]")).nonfood
    assert (item.low, item.best, item.high, item.worst_mg) == pytest.approx((241.2,) * 4)
    assert item.source == "supplement"


def test_a_buffered_glycinate_is_the_worst_of_a_salt_label():
    (item,) = intake_of(
        read("supplements: [{form: bisglycinate, label_mg: 1000, label_means: salt, per_day: 1}]")
    ).nonfood
    assert item.best == pytest.approx(140, abs=2)
    assert item.worst_mg == pytest.approx(200)


def test_a_label_of_unknown_meaning_counts_whole_at_its_worst():
    (item,) = intake_of(read("supplements: [{form: citrate, label_mg: 500, per_day: 2}]")).nonfood
    assert item.worst_mg == item.high == 1000
    assert item.low < item.best < item.high
    assert item.low == pytest.approx(1000 * 0.1616, rel=0.05)


@pytest.mark.parametrize(
    "entry",
    [
        "{form: citrate}",
        "{form: citrate, label_mg: 300}",
        "{form: citrate, per_day: 1}",
        "{product: prenatal vitamin, per_day: 1}",
        "{form: unobtainium, per_day: 2}",
    ],
)
def test_an_unknown_amount_has_no_upper_end(entry):
    intake = intake_of(read(f"supplements: [{entry}]"))
    assert intake.unquantified == 1
    assert intake.worst_nonfood_mg is None
    assert intake.nonfood_total.high is None
    assert intake.nonfood_total.low == 0


@pytest.mark.parametrize(
    "name", ["Maalox", "milk of magnesia", "Epsom salt", "prenatal vitamin", "Rennie", "multivitamin"]
)
def test_hidden_magnesium_in_medicines_is_counted_as_unquantified(name):
    intake = intake_of(read(f"medicines: [{name}]"))
    assert intake.unquantified == 1
    assert intake.nonfood[0].source == "medicine"


@pytest.mark.parametrize(
    ("dose", "most"),
    [
        ("97 mg three times daily", 291.0),
        ("97 mg once daily", 97.0),
        ("97 mg 2 x a day", 194.0),
        ("97 mg twice a day", 194.0),
        ("97 mg", None),
        ("97 mg for 3 days", None),
        ("one tablet daily", None),
    ],
)
def test_a_medicine_is_quantified_by_its_dose_only_where_it_says_how_often(dose, most):
    intake = intake_of(read(f'medicines: [{{name: magnesium glycerophosphate, dose: "{dose}"}}]'))
    assert [item.worst_mg for item in intake.nonfood] == [most]


def test_a_medicine_with_milligrams_and_times_is_quantified():
    intake = intake_of(read("medicines: [{name: magnesium oxide 400 mg, at: [08:00, 20:00]}]"))
    assert intake.worst_nonfood_mg == 800
    assert intake.nonfood[0].form == "oxide"
    assert intake.nonfood_total.low == pytest.approx(2 * 241.2)


def test_what_ended_is_not_counted():
    ended = date(2026, 11, 21)
    gone = person(
        supplements=(Supplement(form="oxide", label_mg=400, label_means="salt", per_day=1, until=ended),),
        medicines=(Medicine(name="Maalox", until=ended, classes=("magnesium-antacid",)),),
    )
    assert intake_of(gone).nonfood == ()
    assert intake_of(gone).worst_nonfood_mg == 0


def test_a_known_product_brings_its_own_strength():
    (item,) = intake_of(read("supplements: [{product: glycinate-100-tablet, per_day: 2}]")).nonfood
    assert item.worst_mg == 200


def test_food_and_water_stay_apart_from_the_rest():
    intake = intake_of(
        person(diet=Diet(magnesium_mg_per_day=230, method="guess"), water=Water(magnesium_mg_per_L=20, L_per_day=1.5))
    )
    assert intake.food_mg.low < intake.food_mg.best == 230 < intake.food_mg.high
    assert intake.water_native_mg == 30
    assert intake.nonfood == ()
    assert intake_of(person()).food_mg is None
    assert intake_of(person()).water_native_mg is None


def test_rougher_methods_spread_wider():
    spreads = [row.high_factor / row.low_factor for row in diet_methods()]
    assert spreads == sorted(spreads)


known_forms = st.one_of(st.none(), st.sampled_from([row.id for row in forms()]), st.just("moonstone"))
meanings = st.sampled_from(["elemental", "salt", "unknown"])


@given(st.floats(0, 5000), meanings, known_forms)
def test_a_label_is_an_interval_and_unknown_is_never_better(label, means, form):
    amount = label_amount(label, means, form)
    assert 0 <= amount.low <= amount.best <= amount.high <= label
    unknown = label_amount(label, "unknown", form)
    assert unknown.high >= amount.high
    assert unknown.low <= amount.low
    assert label_amount(label, means, None).high >= amount.high or form == "moonstone"


@given(st.lists(st.tuples(st.floats(0, 500), meanings, known_forms), max_size=4))
def test_one_unknown_item_opens_the_total(rows):
    supplements = tuple(Supplement(form=form, label_mg=mg, label_means=means, per_day=1) for mg, means, form in rows)
    closed = intake_of(person(supplements=supplements))
    opened = intake_of(person(supplements=(*supplements, Supplement(form="citrate"))))
    assert closed.unquantified == 0
    assert closed.worst_nonfood_mg is not None
    assert opened.worst_nonfood_mg is None
    assert opened.nonfood_total.low == closed.nonfood_total.low
