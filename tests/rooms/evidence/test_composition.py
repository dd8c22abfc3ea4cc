"""Foods and groups: enough of them, sourced, and of a plausible size."""

from davy.evidence.composition import food_groups, foods


def test_there_are_enough_foods_and_waters():
    assert len(foods()) >= 60
    assert sum("water" in food.tags for food in foods()) >= 3


def test_every_food_holds_what_its_portion_can_hold():
    for food in foods():
        assert 0 < food.low <= food.mg <= food.high
        assert 1000 * food.mg / food.portion_g < 7000, food.id  # wheat bran, the richest, holds 6110 mg/kg


def test_no_food_value_was_recalled():
    assert {food.verified for food in foods()} <= {"fulltext", "secondary"}
    assert all("NDB" in food.where for food in foods() if "s-usda-sr" in food.source)


def test_tags_that_keep_people_safe_are_there():
    tagged = {tag: {food.id for food in foods() if tag in food.tags} for food in foods() for tag in food.tags}
    assert {"almonds", "peanut-butter", "hummus"} <= tagged["nuts"]
    assert {"spinach-cooked", "chard", "almonds", "dark-chocolate"} <= tagged["oxalate"]
    assert {"baked-potato", "banana", "spinach-cooked", "kidney-beans"} <= tagged["potassium-rich"]
    assert {"spinach-cooked", "kale", "broccoli"} <= tagged["greens"]
    assert {"wheat-bran", "lentils"} <= tagged["fibre"]


def test_there_are_eight_groups_and_the_rest():
    ids = [group.id for group in food_groups()]
    assert len(ids) == 9
    assert ids[-1] == "rest-of-diet"
    assert all(group.question and group.question.endswith("?") for group in food_groups()[:-1])
    assert {food.group for food in foods()} == {*ids[:-1], "water"}


def test_a_usual_day_of_portions_lies_in_the_range_of_usual_intakes():
    portions = {"wholegrain": 2, "milk-yoghurt": 1.5, "fish-meat-eggs": 1.5, "fruit-potatoes": 2, "chocolate-coffee": 2}
    day = sum(portions.get(group.id, 0) * group.mg_per_portion for group in food_groups())
    day += food_groups()[-1].mg_per_portion
    assert 177 <= day <= 400
