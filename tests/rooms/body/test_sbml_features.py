"""What of SBML is integrated: one tiny model a feature, each with its answer in closed form."""

from math import acos, asin, atan, cos, cosh, exp, factorial, floor, log, sin, sinh, sqrt, tan, tanh

import numpy as np
import pytest
from tests.rooms.body.sbml_text import (
    compartment,
    document,
    initial,
    listed,
    math,
    parameter,
    reaction,
    reference,
    rule,
    species,
)

from davy.body import read_model
from davy.body.expression import Name, apply
from davy.engine import Doses, build

TIMES = np.array([0.0, 0.5, 1.0, 2.0, 3.0, 4.5])
AVOGADRO_OF_SBML = 6.02214179e23


def decay(*, start="", law="k*S*C", amounts="false", size="2", more="", **options):
    """S leaves compartment C by first order."""
    return document(
        listed("Compartments", compartment(size=size))
        + listed("Species", species("S", start or 'initialConcentration="3"', amounts=amounts))
        + listed("Parameters", parameter("k", "0.7"))
        + more
        + listed("Reactions", reaction(law, reactants=reference("S"))),
        **options,
    )


def quantities(*entries, states="", parameters="", **options):
    """Parameters alone, with rules and initial assignments."""
    return document(listed("Parameters", parameters, *states) + "".join(entries), **options)


def ruled(*rules):
    return listed("Rules", *rules)


def growing(kind, formula, *, more_species="", reactions="", more=""):
    """A compartment that starts at 2 and grows, with S in it."""
    assignment = ruled(rule(kind, "C", formula))
    return document(
        listed("Compartments", compartment(constant="false"))
        + listed("Species", more_species or species("S"))
        + listed("Parameters", parameter("k", "0.7"))
        + more
        + assignment
        + reactions
    )


def level_1():
    return document(
        '<listOfCompartments><compartment name="C" volume="2"/></listOfCompartments>'
        '<listOfSpecies><species name="S" compartment="C" initialAmount="6"/></listOfSpecies>'
        '<listOfParameters><parameter name="k" value="0.7"/></listOfParameters>'
        '<listOfReactions><reaction name="J" reversible="false"><listOfReactants><speciesReference species="S"/>'
        '</listOfReactants><kineticLaw formula="k*S*C"/></reaction></listOfReactions>',
        level=1,
    )


def level_2_stoichiometry():
    changing = f'<speciesReference species="S"><stoichiometryMath>{math("2*k")}</stoichiometryMath></speciesReference>'
    return document(
        '<listOfCompartments><compartment id="C" size="2"/></listOfCompartments>'
        '<listOfSpecies><species id="S" compartment="C" initialConcentration="3"/></listOfSpecies>'
        '<listOfParameters><parameter id="k" value="0.7"/></listOfParameters>'
        '<listOfReactions><reaction id="J" reversible="false"><listOfReactants>'
        + changing
        + f"</listOfReactants><kineticLaw>{math('S*C')}</kineticLaw></reaction></listOfReactions>",
        level=2,
    )


def functions(*named):
    return listed(
        "FunctionDefinitions", *(f'<functionDefinition id="{k}">{math(f)}</functionDefinition>' for k, f in named)
    )


def flow(law, *, reactants="", products="", **options):
    return listed("Reactions", reaction(law, reactants=reactants, products=products, **options))


LOCAL = '<listOfLocalParameters><localParameter id="k" value="1.4"/></listOfLocalParameters>'
K = parameter("k", "0.7")
X = parameter("x", "3", constant="false")
Y = parameter("y", None, constant="false")
TWO_SPECIES = listed("Compartments", compartment()) + listed("Species", species("S"), species("P", 'initialAmount="1"'))

# By feature: the document, and what each id is at time t.
CASES = {
    "concentration and amount": (decay(), {"S": lambda t: 3 * exp(-0.7 * t)}),
    "initial amount of a concentration": (
        decay(start='initialAmount="5"'),
        {"S": lambda t: 2.5 * exp(-0.7 * t), "J": lambda t: 3.5 * exp(-0.7 * t)},
    ),
    "only substance units": (decay(amounts="true", law="k*S"), {"S": lambda t: 6 * exp(-0.7 * t)}),
    "level 1": (level_1(), {"S": lambda t: 3 * exp(-0.7 * t)}),
    "level 2 stoichiometry by formula": (level_2_stoichiometry(), {"S": lambda t: 3 * exp(-1.4 * t)}),
    "local parameter hides a global one": (
        document(
            TWO_SPECIES
            + listed("Parameters", K)
            + flow("k*S*C", reactants=reference("S"), products=reference("P"), local=LOCAL)
        ),
        {"S": lambda t: 3 * exp(-1.4 * t), "P": lambda t: 3.5 - 3 * exp(-1.4 * t), "k": lambda t: 0.7},
    ),
    "stoichiometry other than one": (
        document(TWO_SPECIES + flow("S*C", reactants=reference("S"), products=reference("P", "2.5"))),
        {"P": lambda t: 0.5 + 7.5 * (1 - exp(-t))},
    ),
    "stoichiometry by initial assignment": (
        document(
            TWO_SPECIES
            + listed("Parameters", K)
            + listed("InitialAssignments", initial("n", "2*k"))
            + flow("S*C", reactants=reference("S"), products=reference("P", key="n"))
        ),
        {"P": lambda t: 0.5 + 4.2 * (1 - exp(-t)), "n": lambda t: 1.4},
    ),
    "stoichiometry by assignment rule": (
        document(
            TWO_SPECIES
            + ruled(rule("assignment", "n", "time"))
            + flow("C", reactants="", products=reference("P", None, key="n", constant="false"))
        ),
        {"P": lambda t: 0.5 + t * t / 2, "n": lambda t: t},
    ),
    "stoichiometry by rate rule": (
        document(
            TWO_SPECIES
            + ruled(rule("rate", "n", "2"))
            + flow("C", reactants="", products=reference("P", "1", key="n", constant="false"))
        ),
        {"P": lambda t: 0.5 + t + t * t, "n": lambda t: 1 + 2 * t},
    ),
    "stoichiometry read in a formula": (
        document(
            TWO_SPECIES
            + listed("Parameters", Y)
            + ruled(rule("assignment", "y", "10*n"))
            + flow("C", products=reference("P", "3", key="n"))
        ),
        {"y": lambda t: 30.0},
    ),
    "boundary species feeds and stays": (
        document(
            listed("Compartments", compartment())
            + listed("Species", species("S", boundary="true"), species("P", 'initialAmount="0"'))
            + flow("S*C", reactants=reference("S"), products=reference("P"))
        ),
        {"S": lambda t: 3.0, "P": lambda t: 3 * t},
    ),
    "constant species": (
        document(
            listed("Compartments", compartment())
            + listed("Species", species("S", boundary="true", constant="true"), species("P", 'initialAmount="0"'))
            + flow("S*C", reactants=reference("S"), products=reference("P"))
        ),
        {"S": lambda t: 3.0, "P": lambda t: 3 * t},
    ),
    "boundary species under a rate rule": (
        document(
            listed("Compartments", compartment())
            + listed("Species", species("S", boundary="true"), species("P", 'initialAmount="0"'))
            + ruled(rule("rate", "S", "1"))
            + flow("S*C", reactants=reference("S"), products=reference("P"))
        ),
        {"S": lambda t: 3 + t, "P": lambda t: 3 * t + t * t / 2},
    ),
    "conversion factor of the model": (
        decay(attributes='conversionFactor="k"'),
        {"S": lambda t: 3 * exp(-0.49 * t)},
    ),
    "conversion factor of a species": (
        document(
            listed("Compartments", compartment())
            + listed("Species", species("S"), species("P", 'initialAmount="0"', more='conversionFactor="k"'))
            + listed("Parameters", K)
            + flow("S*C", reactants=reference("S"), products=reference("P"))
        ),
        {"S": lambda t: 3 * exp(-t), "P": lambda t: 2.1 * (1 - exp(-t))},
    ),
    "assignment rules in any order": (
        quantities(
            ruled(rule("assignment", "a", "b + 1"), rule("assignment", "b", "2*x"), rule("rate", "x", "-k*x")),
            parameters=K + X + parameter("a", None, constant="false") + parameter("b", None, constant="false"),
        ),
        {"a": lambda t: 1 + 6 * exp(-0.7 * t), "b": lambda t: 6 * exp(-0.7 * t)},
    ),
    "initial assignments in any order": (
        quantities(
            listed("InitialAssignments", initial("x", "2*y"), initial("y", "k + z")),
            ruled(rule("rate", "x", "-x"), rule("assignment", "z", "time + 1")),
            parameters=K + X + parameter("y", "9") + parameter("z", None, constant="false"),
        ),
        {"x": lambda t: 3.4 * exp(-t), "y": lambda t: 1.7},
    ),
    "function definitions that call each other": (
        quantities(
            ruled(rule("rate", "x", "-g(x, k)")),
            parameters=K + X,
            states=(),
        ).replace(
            '<model id="m" >',
            '<model id="m" >' + functions(("f", "lambda(a, b, a*b)"), ("g", "lambda(b, a, f(b, a) + 0)")),
        ),
        {"x": lambda t: 3 * exp(-0.7 * t)},
    ),
    "compartment under a rate rule dilutes": (growing("rate", "1"), {"C": lambda t: 2 + t, "S": lambda t: 6 / (2 + t)}),
    "compartment under an assignment rule dilutes": (
        growing("assignment", "2*exp(0.3*time)"),
        {"C": lambda t: 2 * exp(0.3 * t), "S": lambda t: 3 * exp(-0.3 * t)},
    ),
    "reaction in a compartment that grows": (
        growing("rate", "1", reactions=flow("k*S*C", reactants=reference("S"))),
        {"S": lambda t: 6 * exp(-0.7 * t) / (2 + t)},
    ),
    "amount in a compartment that grows": (
        growing("rate", "1", more_species=species("S", amounts="true")),
        {"S": lambda t: 6.0},
    ),
    "rate rule of a concentration in a compartment that grows": (
        growing("rate", "1", more_species=species("S"), more="").replace(
            "<rateRule", rule("rate", "S", "-S") + "<rateRule", 1
        ),
        {"S": lambda t: 3 * exp(-t)},
    ),
    "compartment by initial assignment": (
        decay(more=listed("InitialAssignments", initial("C", "10*k")), start='initialAmount="14"'),
        {"C": lambda t: 7.0, "S": lambda t: 2 * exp(-0.7 * t)},
    ),
    "compartment without dimensions": (
        document(
            listed("Compartments", compartment(size=None, more='spatialDimensions="0"'))
            + listed("Species", species("S", 'initialAmount="3"'))
            + flow("S", reactants=reference("S"))
        ),
        {"S": lambda t: 3 * exp(-t)},
    ),
    "compartment of two dimensions": (
        decay().replace('spatialDimensions="3"', 'spatialDimensions="2"'),
        {"S": lambda t: 3 * exp(-0.7 * t)},
    ),
    "reaction read in a rule": (
        decay(more="")
        .replace(
            "<listOfReactions>",
            ruled(rule("assignment", "y", "2*J")) + "<listOfReactions>",
        )
        .replace("</listOfParameters>", Y + "</listOfParameters>"),
        {"y": lambda t: 8.4 * exp(-0.7 * t)},
    ),
    "rate of change of a state": (
        quantities(ruled(rule("rate", "x", "-k*x"), rule("assignment", "y", "rateOf(x)")), parameters=K + X + Y),
        {"y": lambda t: -2.1 * exp(-0.7 * t)},
    ),
    "time, and a model without states": (
        quantities(ruled(rule("assignment", "y", "3*time + k")), parameters=K + Y),
        {"y": lambda t: 3 * t + 0.7, "k": lambda t: 0.7},
    ),
    "avogadro": (
        quantities(ruled(rule("assignment", "y", "time*avogadro")), parameters=Y),
        {"y": lambda t: t * AVOGADRO_OF_SBML},
    ),
    "a short pulse at a literal time is not skipped": (
        quantities(ruled(rule("rate", "x", "piecewise(1000, (time >= 2.7) && (time < 2.701), 0)")), parameters=X),
        {"x": lambda t: 3.0 + (t > 2.7)},
    ),
    "a switch at a wanted time shows its new side": (
        quantities(ruled(rule("assignment", "y", "piecewise(1, 2*time - 1 >= 3, 0)")), parameters=Y),
        {"y": lambda t: float(t >= 2)},
    ),
    "a switch by state": (
        quantities(ruled(rule("rate", "x", "piecewise(-1, x > 1.8, -0.5)")), parameters=X),
        {"x": lambda t: 3 - t if t < 1.2 else 1.8 - 0.5 * (t - 1.2)},
    ),
    "trigonometry": (
        quantities(ruled(rule("assignment", "y", "sin(time) + cos(time) + tan(time/3)")), parameters=Y),
        {"y": lambda t: sin(t) + cos(t) + tan(t / 3)},
    ),
    "inverse trigonometry": (
        quantities(
            ruled(rule("assignment", "y", "arcsin(time/5) + arccos(time/5) + arctan(time) + arccot(time + 1)")),
            parameters=Y,
        ),
        {"y": lambda t: asin(t / 5) + acos(t / 5) + atan(t) + atan(1 / (t + 1))},
    ),
    "inverse trigonometry in a rate": (
        quantities(ruled(rule("rate", "x", "-tan(arctan(x))*sin(arcsin(x/4))/cos(arccos(x/4))")), parameters=X),
        {"x": lambda t: 3 * exp(-t)},
    ),
    "hyperbolic functions": (
        quantities(
            ruled(rule("assignment", "y", "sinh(time) - cosh(time) + tanh(time) + arcsinh(time)")), parameters=Y
        ),
        {"y": lambda t: sinh(t) - cosh(t) + tanh(t) + log(t + sqrt(t * t + 1))},
    ),
    "roots, logarithms and powers": (
        quantities(
            ruled(
                rule(
                    "assignment",
                    "y",
                    "sqrt(time) + root(3, time + 1) + log(2, time + 1) + log10(time + 1) + ln(time + 1)",
                )
            ),
            parameters=Y,
        ),
        {"y": lambda t: sqrt(t) + (t + 1) ** (1 / 3) + log(t + 1) * (1 / log(2) + 1 / log(10) + 1)},
    ),
    "whole numbers": (
        quantities(
            ruled(rule("assignment", "y", "floor(time) + 10*ceil(time) + 100*factorial(floor(time))")), parameters=Y
        ),
        {"y": lambda t: floor(t) - 10 * floor(-t) + 100 * factorial(floor(t))},
    ),
    "quotient, remainder, least and most": (
        quantities(
            ruled(rule("assignment", "y", "quotient(7*time, 2) + 10*rem(-7*time, 2) + min(time, 2, 3) + max(time, 1)")),
            parameters=Y,
        ),
        {"y": lambda t: floor(3.5 * t) - 10 * (7 * t - 2 * floor(3.5 * t)) + min(t, 2) + max(t, 1)},
    ),
    "truths as numbers": (
        quantities(
            ruled(
                rule("assignment", "y", "(time > 1) + 2*xor(time > 1, time > 2) + 4*implies(time > 1, time > 2) + true")
            ),
            parameters=Y,
        ),
        {"y": lambda t: (t > 1) + 2 * (1 < t <= 2) + 4 * (t <= 1 or t > 2) + 1},
    ),
    "a chain of three hundred rules": (
        quantities(
            ruled(*(rule("assignment", f"a{i}", f"a{i - 1} + 1") for i in range(299, 0, -1)), rule("rate", "a0", "1")),
            parameters="".join(parameter(f"a{i}", "0", constant="false") for i in range(300)),
        ),
        {"a299": lambda t: t + 299},
    ),
}


@pytest.mark.parametrize("feature", CASES)
def test_the_model_says_what_the_formula_says(feature, tmp_path):
    text, answers = CASES[feature]
    file = tmp_path / "own.xml"
    file.write_text(text)
    model = read_model(file).with_outputs({f"wanted {key}": Name(key) for key in answers})
    theta = [[model.defaults[key] for key in model.parameters]]
    path = build(model).solve(theta, Doses.none(), TIMES, rtol=1e-9)
    assert path.sentence(0).startswith("integrated")
    for key, formula in answers.items():
        wanted = np.array([formula(t) for t in TIMES])
        found = path.series(f"wanted {key}")[0]
        assert found == pytest.approx(wanted, rel=1e-7, abs=1e-7 * np.abs(wanted).max()), key


def test_a_stoichiometry_without_name_is_no_output(tmp_path):
    file = tmp_path / "own.xml"
    file.write_text(level_2_stoichiometry())
    assert read_model(file).outputs == ()


def test_a_submodel_is_put_in_where_it_stands(tmp_path):
    space = 'xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"'
    inner = (
        '<comp:listOfModelDefinitions><comp:modelDefinition id="leak">'
        + listed("Parameters", X, K)
        + ruled(rule("rate", "x", "-k*x"))
        + "</comp:modelDefinition></comp:listOfModelDefinitions>"
    )
    outer = '<comp:listOfSubmodels><comp:submodel comp:id="A" comp:modelRef="leak"/></comp:listOfSubmodels>'
    file = tmp_path / "own.xml"
    file.write_text(document(outer, version=1, root=space).replace("</model>", "</model>" + inner))
    model = read_model(file)
    assert (model.states, model.parameters) == (("A__x",), ("A__k",))
    path = build(model).solve([[0.7]], Doses.none(), TIMES, rtol=1e-9)
    assert path.series("A__x")[0] == pytest.approx(3 * np.exp(-0.7 * TIMES))


def test_amounts_and_concentrations_are_both_to_be_had(tmp_path):
    file = tmp_path / "own.xml"
    file.write_text(decay())
    model = read_model(file).with_outputs({"amount": apply("mul", Name("S"), Name("C"))})
    path = build(model).solve([[0.7]], Doses.none(), TIMES, rtol=1e-9)
    assert path.series("amount")[0] == pytest.approx(6 * np.exp(-0.7 * TIMES))


def test_a_short_pulse_at_a_lanes_own_time_is_not_skipped(tmp_path):
    file = tmp_path / "own.xml"
    inside = "(time - begin >= 0) && (time < begin + length)"
    file.write_text(
        quantities(
            ruled(rule("rate", "x", f"piecewise(1/length, {inside}, 0)")),
            parameters=parameter("begin", "2.7") + parameter("length", "0.001") + X,
        )
    )
    engine = build(read_model(file))
    theta = np.array([[begin, length] for begin in (0.4, 2.7, 4.0) for length in (1e-5, 1e-3, 0.2)])
    path = engine.solve(theta, Doses.none(), TIMES, rtol=1e-6)
    given = np.clip((TIMES - theta[:, :1]) / theta[:, 1:], 0.0, 1.0)
    assert path.series("x") == pytest.approx(3 + given, rel=1e-5)
    for lane in range(len(theta)):
        alone = engine.solve(theta[lane : lane + 1], Doses.none(), TIMES, rtol=1e-6)
        assert alone.values.tobytes() == path.values[lane].tobytes()
