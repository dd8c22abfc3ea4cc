"""Small SBML documents for tests: any level, formulas written in infix."""

import libsbml

SPACES = {1: "http://www.sbml.org/sbml/level1", 2: "http://www.sbml.org/sbml/level2/version4"}


def math(formula):
    node = libsbml.parseL3Formula(formula)
    assert node is not None, libsbml.getLastParseL3Error()
    return libsbml.writeMathMLToString(node).partition("?>")[2]


def document(body, *, level=3, version=2, attributes="", root=""):
    space = SPACES.get(level, f"http://www.sbml.org/sbml/level3/version{version}/core")
    version = {1: 2, 2: 4}.get(level, version)
    name = "name" if level == 1 else "id"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<sbml xmlns="{space}" level="{level}" version="{version}" {root}>\n'
        f'<model {name}="m" {attributes}>\n{body}\n</model></sbml>\n'
    )


def listed(kind, *entries):
    return f"<listOf{kind}>{''.join(entries)}</listOf{kind}>\n"


def compartment(key="C", size="2", *, constant="true", more='spatialDimensions="3"'):
    size = "" if size is None else f'size="{size}"'
    return f'<compartment id="{key}" {size} constant="{constant}" {more}/>'


def species(key, start='initialConcentration="3"', *, amounts="false", boundary="false", constant="false", more=""):
    return (
        f'<species id="{key}" compartment="C" {start} hasOnlySubstanceUnits="{amounts}" boundaryCondition="{boundary}" '
        f'constant="{constant}" {more}/>'
    )


def parameter(key, value="1", *, constant="true"):
    value = "" if value is None else f'value="{value}"'
    return f'<parameter id="{key}" {value} constant="{constant}"/>'


def rule(kind, variable, formula):
    return f'<{kind}Rule variable="{variable}">{math(formula)}</{kind}Rule>'


def initial(symbol, formula):
    return f'<initialAssignment symbol="{symbol}">{math(formula)}</initialAssignment>'


def reaction(law, *, reactants="", products="", key="J", local="", fast="", modifiers=""):
    """A reaction; reactants and products are entries of `reference`."""
    sides = ""
    for kind, entries in (("Reactants", reactants), ("Products", products), ("Modifiers", modifiers)):
        sides += listed(kind, entries) if entries else ""
    return (
        f'<reaction id="{key}" reversible="false" {fast}>{sides}<kineticLaw>{math(law)}{local}</kineticLaw></reaction>'
    )


def reference(of, stoichiometry="1", *, key="", constant="true"):
    key = f'id="{key}"' if key else ""
    value = "" if stoichiometry is None else f'stoichiometry="{stoichiometry}"'
    return f'<speciesReference {key} species="{of}" {value} constant="{constant}"/>'
