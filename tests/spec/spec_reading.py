"""How the tests of this folder read specs and formulas."""

from actgen.formula import Branches, Call, Compare, Constant, Logic, Name, Number
from actgen.spec.expression import Scope, read_condition, read_value
from actgen.spec.findings import Findings
from actgen.spec.reader import read_text
from actgen.spec.tree import Scalar, SourceText

HEADER = "actgen: 1\nname: example\n"
NAMES = frozenset({"x", "g", "alpha", "beta", "lambda"})


def read(body, header=HEADER):
    """The activation of a spec that must be good."""
    activation, diagnostics = read_text(header + body, "example.yaml")
    assert activation is not None, diagnostics
    assert diagnostics == ()
    return activation


def codes(body, header=HEADER):
    """The codes of a spec's findings, in order."""
    return [diagnostic.code for diagnostic in read_text(header + body, "example.yaml")[1]]


def expression(text, scope=None):
    """An expression's tree (None after findings) and its findings."""
    findings = Findings()
    source = SourceText("example.yaml", text)
    scalar = Scalar(text, "plain", source, 0, len(text))
    return read_value(scalar, scope or Scope(NAMES), findings), findings.in_order()


def condition(text):
    """A condition's tree and its findings."""
    findings = Findings()
    source = SourceText("example.yaml", text)
    return read_condition(Scalar(text, "plain", source, 0, len(text)), Scope(NAMES), findings), findings.in_order()


def shown(node):
    """A formula in prefix form, to compare at a glance."""
    match node:
        case Number(value=value):
            return str(value)
        case Constant(name=name) | Name(name=name):
            return name
        case Call(function=function, args=args):
            return f"{function}({', '.join(map(shown, args))})"
        case Compare(op=op, left=left, right=right):
            return f"[{shown(left)} {op} {shown(right)}]"
        case Logic(op=op, args=args):
            return f"{op}({', '.join(map(shown, args))})" if args else op
        case Branches(pieces=pieces):
            return "{" + "; ".join(f"{shown(p.value)} if {shown(p.condition)}" for p in pieces) + "}"
    raise AssertionError(node)
