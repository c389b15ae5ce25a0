"""What pages show of the analysis, and property tags."""

from spec_units import UNSEEN, catalogue, derived, hostile

from actgen.analysis.analyse import analyse
from actgen.docs.proved import analysis_rows
from actgen.docs.tags import TAGS, tags


def shown(name):
    unit = catalogue(name)
    return {row.label: row.value for row in analysis_rows(analyse(unit.derivation))}


def test_rows_have_exact_forms_and_decimals():
    rows = shown("relu")
    assert rows["Zeros"] == r"all of ($-\infty$, $0$]"
    assert r"\approx 0.39894228" in rows[r"Mean and variance of the output, $z \sim N(0, 1)$"]
    assert rows["Lipschitz constant"] == "$1$"


def test_rows_stay_in_their_cells():
    for row in analysis_rows(analyse(hostile().derivation)):
        assert "|" not in row.label + row.value and "\n" not in row.label + row.value


def found(name):
    derivation = catalogue(name).derivation
    return set(tags(analyse(derivation), derivation.activation))


def test_tags_of_known_functions():
    assert {"monotone", "bounded", "odd", "saturating", "zero-mean", "1-Lipschitz"} <= found("tanh")
    assert {"dead region", "convex", "unbounded", "bounded below"} <= found("relu")
    assert {"C1", "odd", "even", "dead region", "zero-mean", "bounded"} & found("relu") == {"dead region"}
    assert {"periodic", "learnable"} <= found("sine") | found("prelu")
    assert found("geglu") == {"gate"}


def test_a_hard_gate_has_its_tags_too():
    derivation = derived(UNSEEN / "min_gate.yaml")
    assert "gate" in tags(analyse(derivation), derivation.activation)


def test_every_tag_has_a_definition():
    assert all(tag.definition and not tag.definition.endswith(".") for tag in TAGS.values())
