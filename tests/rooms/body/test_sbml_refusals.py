"""What of SBML is not integrated, and files that are broken or hostile: each refused by name and place."""

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
from davy.engine import Doses, build
from davy.errors import ModelError, SolveError

PLACE = listed("Compartments", compartment()) + listed("Species", species("S"))
X = parameter("x", "3", constant="false")
COMP = 'xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"'
ARRAYS = 'xmlns:arrays="http://www.sbml.org/sbml/level3/version1/arrays/version1" arrays:required="true"'
FBC = 'xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2" fbc:required="false"'


def event(trigger, *, delay=""):
    delay = f"<delay>{math(delay)}</delay>" if delay else ""
    return listed(
        "Events",
        '<event id="bang" useValuesFromTriggerTime="true"><trigger initialValue="true" persistent="true">'
        f"{math(trigger)}</trigger>{delay}<listOfEventAssignments>"
        f'<eventAssignment variable="S">{math("1")}</eventAssignment>'
        "</listOfEventAssignments></event>",
    )


def changing(rule_of_c, of_s="S", **options):
    """S, a concentration, in a compartment under a rule."""
    return document(
        listed("Compartments", compartment(constant="false"))
        + listed("Species", species("S"))
        + listed("Rules", rule_of_c),
        **options,
    )


# By what it is: the document, and what its refusal names.
OUTSIDE = {
    "event by state": (
        document(PLACE + event("S < 1")),
        "event 'bang' makes 'S' jump: events are outside what the engine can do",
    ),
    "event by time": (document(PLACE + event("time > 1")), r"event 'bang'"),
    "event with delay": (document(PLACE + event("time > 1", delay="2")), r"event 'bang'"),
    "algebraic rule": (
        document(PLACE + listed("Rules", f"<algebraicRule>{math('S - 1')}</algebraicRule>")),
        "algebraic rule",
    ),
    "fast reaction": (
        document(
            PLACE + listed("Reactions", reaction("S", reactants=reference("S"), key="quick", fast='fast="true"')),
            version=1,
        ),
        "reaction 'quick' is fast, which is outside what the engine can do",
    ),
    "delay": (
        document(PLACE + listed("Reactions", reaction("delay(S, 1)", reactants=reference("S"), key="late"))),
        "reaction 'late' reads the past through a delay",
    ),
    "delay in a rule": (
        document(listed("Parameters", X) + listed("Rules", rule("assignment", "x", "delay(time, 1)"))),
        "rule of 'x' reads the past",
    ),
    "required package": (document(PLACE, root=ARRAYS), "needs the SBML package 'arrays'"),
    "model in another file": (
        document(PLACE, root=COMP).replace(
            "</model>",
            '</model><comp:listOfExternalModelDefinitions><comp:externalModelDefinition comp:id="e" '
            'comp:source="file:///etc/hosts"/></comp:listOfExternalModelDefinitions>',
        ),
        "a model definition in another file",
    ),
    "submodel of nothing": (
        document(
            '<comp:listOfSubmodels><comp:submodel comp:id="A" comp:modelRef="nobody"/></comp:listOfSubmodels>',
            version=1,
            root=COMP,
        ),
        "own.xml: line [0-9]+: |sub-models",
    ),
    "reaction with its own units": (
        document(
            '<listOfCompartments><compartment name="C"/></listOfCompartments>'
            '<listOfSpecies><species name="S" compartment="C" initialAmount="6"/></listOfSpecies>'
            '<listOfReactions><reaction name="J" reversible="false"><listOfReactants><speciesReference species="S"/>'
            '</listOfReactants><kineticLaw formula="S" timeUnits="second"/></reaction></listOfReactions>',
            level=1,
        ),
        "reaction 'J' has units of its own",
    ),
    "no kinetic law": (
        document(
            PLACE
            + listed(
                "Reactions", f'<reaction id="J" reversible="false">{listed("Reactants", reference("S"))}</reaction>'
            )
        ),
        "reaction 'J' has no kinetic law",
    ),
    "stoichiometry without value": (
        document(PLACE + listed("Reactions", reaction("S", reactants=reference("S", None)))),
        "reaction 'J': a stoichiometry has no value",
    ),
    "jump of a compartment": (
        changing(rule("assignment", "C", "piecewise(1, time < 1, 2)")),
        "'C' follows a formula with 'piecewise'",
    ),
    "parameter without value": (
        document(
            listed("Parameters", X, parameter("k", None)) + listed("Rules", rule("rate", "x", "k")),
        ),
        "'k' has neither a value nor a rule",
    ),
    "species without start": (
        document(listed("Compartments", compartment()) + listed("Species", species("S", ""))),
        "'S' has no value at the start",
    ),
    "rules in a circle": (
        document(
            listed("Parameters", X, parameter("y", "1", constant="false"))
            + listed("Rules", rule("assignment", "x", "y"), rule("assignment", "y", "x"))
        ),
        "the rules define .x. -> .y. -> .x. in a circle|.y. -> .x. -> .y. in a circle",
    ),
    "rule of a constant": (
        document(listed("Parameters", parameter("x")) + listed("Rules", rule("rate", "x", "1"))),
        "rule of 'x': 'x' is declared constant",
    ),
    "rule of nothing": (document(listed("Rules", rule("rate", "x", "1"))), "'x' is not declared"),
    "rule and reaction": (
        document(
            PLACE
            + listed("Rules", rule("rate", "S", "1"))
            + listed("Reactions", reaction("S", reactants=reference("S"))),
        ),
        "species 'S' follows both a rule and the reaction 'J'",
    ),
    "rule and initial assignment": (
        document(
            listed("Parameters", X)
            + listed("InitialAssignments", initial("x", "2"))
            + listed("Rules", rule("assignment", "x", "1"))
        ),
        "'x' follows an assignment rule and another formula",
    ),
    "species nowhere": (document(listed("Species", species("S"))), "compartment 'C' is not declared"),
    "reaction of nothing": (
        document(PLACE + listed("Reactions", reaction("S", reactants=reference("T")))),
        "reaction 'J': 'T' is not a species",
    ),
    "one id twice": (document(listed("Parameters", X, X)), "'x' is declared 2 times"),
    "unknown name": (document(listed("Parameters", X) + listed("Rules", rule("rate", "x", "-q*x"))), "'q'"),
    "two rules of one": (
        document(listed("Parameters", X) + listed("Rules", rule("rate", "x", "1"), rule("rate", "x", "2"))),
        "'x' has 2 rules",
    ),
    "unknown function": (document(listed("Parameters", X) + listed("Rules", rule("rate", "x", "f(x)"))), "'f'"),
    "no model": (
        '<?xml version="1.0"?><sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"/>',
        "no model|must contain",
    ),
}

BILLION = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)
)
BILLION += "]>"
DEEP = "<apply><minus/>" * 50_000 + "<cn>1</cn>" + "</apply>" * 50_000
GROWING = "".join(
    f'<functionDefinition id="f{i}">{math(f"lambda(a, f{i - 1}(a) + f{i - 1}(a))" if i else "lambda(a, a + a)")}'
    "</functionDefinition>"
    for i in range(60)
)
CHAINED = "".join(rule("assignment", f"a{i}", f"a{i - 1} * a{i - 1}") for i in range(1, 80))

HOSTILE = {
    "entities": (document(PLACE).replace("<sbml", BILLION + "<sbml", 1), "line 2: a document type"),
    "outer entity": (
        document(PLACE).replace("<sbml", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]><sbml', 1),
        "a document type",
    ),
    "deep nesting": (
        document(
            listed("Parameters", X)
            + listed(
                "Rules",
                f'<rateRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML">{DEEP}</math></rateRule>',
            )
        ),
        "line [0-9]+: <[a-z]+> stands inside more than",
    ),
    "functions that double": (
        document(
            GROWING
            and listed("FunctionDefinitions", GROWING)
            + listed("Parameters", X)
            + listed("Rules", rule("rate", "x", "f59(x)"))
        ),
        "too large|nests too deeply",
    ),
    "starts that square": (
        document(
            listed("Parameters", parameter("a0", "1"), parameter("b", "1", constant="false"))
            + listed("Parameters").replace("<listOfParameters></listOfParameters>\n", "")
            + listed("Rules", rule("rate", "b", "1")),
        )
        .replace(
            "</listOfParameters>",
            "".join(parameter(f"a{i}", "0", constant="false") for i in range(1, 80)) + "</listOfParameters>",
        )
        .replace(
            "<listOfRules>",
            f'<listOfInitialAssignments><initialAssignment symbol="b">{math("a79")}</initialAssignment>'
            f"</listOfInitialAssignments><listOfRules>{CHAINED}",
        ),
        "too large",
    ),
    "cut short": (document(PLACE)[:300], "line [0-9]+: not well-formed XML"),
    "not closed": (document(PLACE).replace("</model>", ""), "line [0-9]+: not well-formed XML: mismatched tag"),
    "nothing": ("", "line 1: not well-formed XML: no element found"),
    "no XML": ("model of magnesium", "line 1: not well-formed XML"),
    "another XML": ("<html><body/></html>", "line [12]: "),
    "unknown encoding": (document(PLACE).replace("UTF-8", "EBCDIC-7"), "encoding 'EBCDIC-7' is not known"),
    "deep brackets at level 1": (
        document(
            '<listOfCompartments><compartment name="C"/></listOfCompartments><listOfParameters>'
            '<parameter name="x" value="1"/></listOfParameters><listOfRules><parameterRule name="x" formula="'
            + "(" * 90_000
            + "1"
            + ")" * 90_000
            + '"/></listOfRules>',
            level=1,
        ),
        "line [0-9]+: |more than",
    ),
}


def refused(text, message, tmp_path, name="own.xml"):
    file = tmp_path / name
    file.write_text(text) if isinstance(text, str) else file.write_bytes(text)
    with pytest.raises(ModelError, match=message) as caught:
        read_model(file)
    assert str(caught.value).startswith((name, str(file)))


@pytest.mark.parametrize("kind", OUTSIDE)
def test_what_lies_outside_is_refused_by_name_and_place(kind, tmp_path):
    refused(*OUTSIDE[kind], tmp_path)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_broken_or_hostile_file_does_no_harm(kind, tmp_path):
    refused(*HOSTILE[kind], tmp_path)


@pytest.mark.parametrize("operators", ["+1" * 60_000, "^1" * 5_000])
def test_hostile_antimony_does_no_harm(operators, tmp_path):
    refused(
        f"model m()\n x = 1; x' = 1{operators}; end\n", "line 2: a statement of more|more than", tmp_path, "own.ant"
    )


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path):
    refused(document(PLACE).encode().replace(b'"S"', b'"\xff"'), "line 5: not utf-8 text", tmp_path)


def test_a_device_is_not_a_file(tmp_path):
    link = tmp_path / "own.xml"
    link.symlink_to("/dev/zero")
    with pytest.raises(ModelError, match="is not a file"):
        read_model(link)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_known_encodings_are_read(encoding, tmp_path):
    declared = encoding.removesuffix("-sig")
    file = tmp_path / "own.xml"
    file.write_bytes(document(PLACE).replace("UTF-8", declared).encode(encoding))
    assert read_model(file).states == ("S",)


def test_a_package_that_changes_no_meaning_is_passed_over(tmp_path):
    file = tmp_path / "own.xml"
    file.write_text(document(PLACE, root=FBC, attributes='fbc:strict="false"'))
    assert read_model(file).states == ("S",)


def test_a_parameter_without_value_that_nothing_reads_is_left_out(tmp_path):
    file = tmp_path / "own.xml"
    file.write_text(document(listed("Parameters", parameter("k", None), X) + listed("Rules", rule("rate", "x", "1"))))
    assert read_model(file).parameters == ()


def test_a_dose_into_a_changing_compartment_is_refused(tmp_path):
    file = tmp_path / "own.xml"
    file.write_text(changing(rule("rate", "C", "1")))
    with pytest.raises(SolveError, match="'S' is a concentration in a compartment whose size"):
        build(read_model(file)).solve([[]], Doses([1.0], "S", [1.0]), [2.0])


def test_an_output_of_an_unknown_name_is_refused(tmp_path):
    from davy.body.expression import Name

    with pytest.raises(ModelError, match="'nobody'"):
        read_model("gut").with_outputs({"wanted": Name("nobody")})
