"""The shape of a spec: which keys, which kinds of values. Strict, and also printed as JSON Schema (`json_schema.py`).

The models hold scalars with their places; what their text says is found out by `bind.py` and its parts. No field is
required by the models, so that a file with a fault is still read on; `REQUIRED` says which keys must be there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag, WithJsonSchema

from actgen.activation import Combine, Monotone, Shape, Smoothness, Via
from actgen.spec.limits import MAX_NAME
from actgen.spec.reserved import BUILTIN_NAMES, FOLDERS, MODULE_NAMES, PYTHON_NAMES
from actgen.spec.scalars import boolean, expression, integer, scalar, word
from actgen.spec.tree import Scalar
from actgen.spec.vocabulary import CALLABLE, DECLARABLE_FUNCTIONS, WORDS

FORMAT_VERSION = 1
NAME_PATTERN = "^[A-Za-z]([A-Za-z0-9_]*[A-Za-z0-9])?$"
ACTIVATION_PATTERN = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
CLASS_PATTERN = "^[A-Z][A-Za-z0-9]*$"

_ONE_VALUE: dict[str, Any] = {"type": ["string", "number"]}
_NAME: dict[str, Any] = {"type": "string", "pattern": NAME_PATTERN, "maxLength": MAX_NAME}
_TAKEN = {*PYTHON_NAMES, *BUILTIN_NAMES, *MODULE_NAMES, *FOLDERS}
_ACTIVATION: dict[str, Any] = {
    "type": "string",
    "pattern": ACTIVATION_PATTERN,
    "maxLength": MAX_NAME,
    "not": {"enum": sorted(name for name in _TAKEN if name.islower())},
}
_CLASS: dict[str, Any] = {"type": "string", "pattern": CLASS_PATTERN, "maxLength": MAX_NAME}
DECLARED: dict[str, Any] = {**_NAME, "not": {"enum": sorted({*WORDS, "pi", *CALLABLE} - DECLARABLE_FUNCTIONS)}}


def kind(value: object) -> str:
    """The label by which a union is decided: what the value is in YAML."""
    return "<mapping>" if isinstance(value, dict) else "<list>" if isinstance(value, list) else "<value>"


Text: TypeAlias = Annotated[Scalar, PlainValidator(scalar), WithJsonSchema(_ONE_VALUE)]
Address: TypeAlias = Annotated[
    Scalar, PlainValidator(scalar), WithJsonSchema({"type": "string", "pattern": "^https?://"})
]
Expression: TypeAlias = Annotated[Scalar, PlainValidator(expression), WithJsonSchema(_ONE_VALUE)]
NameText: TypeAlias = Annotated[Scalar, PlainValidator(scalar), WithJsonSchema(DECLARED)]
Flag: TypeAlias = Annotated[bool, PlainValidator(boolean), WithJsonSchema({"type": "boolean"})]
Whole: TypeAlias = Annotated[int, PlainValidator(integer), WithJsonSchema({"type": "integer"})]


def _words(kind: type[Combine | Monotone | Shape | Smoothness | Via]) -> WithJsonSchema:
    return WithJsonSchema({"enum": [option.value for option in kind]})


ViaWord: TypeAlias = Annotated[Via, PlainValidator(word(Via)), _words(Via)]
ShapeWord: TypeAlias = Annotated[Shape, PlainValidator(word(Shape)), _words(Shape)]
CombineWord: TypeAlias = Annotated[Combine, PlainValidator(word(Combine)), _words(Combine)]
SmoothnessWord: TypeAlias = Annotated[Smoothness, PlainValidator(word(Smoothness)), _words(Smoothness)]
MonotoneWord: TypeAlias = Annotated[Monotone, PlainValidator(word(Monotone)), _words(Monotone)]
Pair: TypeAlias = Annotated[list[Expression], Field(json_schema_extra={"minItems": 2, "maxItems": 2})]


TextOrList: TypeAlias = Annotated[
    Annotated[Text, Tag("<value>")] | Annotated[list[Text], Tag("<list>")], Discriminator(kind)
]


class Model(BaseModel):
    """A mapping of a spec: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class PieceModel(Model):
    """One entry of a list of pieces."""

    when: Expression | None = Field(None, description="the condition; the first piece whose condition holds wins")
    value: Expression | None = Field(None, description="the value where the condition holds")
    otherwise: Expression | None = Field(None, description="the value everywhere else; the last entry")


Formula: TypeAlias = Annotated[
    Annotated[Expression, Tag("<value>")]
    | Annotated[list[PieceModel], Tag("<list>"), Field(json_schema_extra={"minItems": 1})],
    Discriminator(kind),
]


class ConstantModel(Model):
    """A constant by requirement."""

    solve: Text | None = Field(None, description="requirements that it is solved from: 'mean = 0, variance = 1'")
    bounds: Pair | None = Field(None, description="[low, high]: which of several solutions; `.inf`, `-.inf` if open")


LetEntry: TypeAlias = Annotated[
    Annotated[Expression, Tag("<value>")]
    | Annotated[list[PieceModel], Tag("<list>"), Field(json_schema_extra={"minItems": 1})]
    | Annotated[ConstantModel, Tag("<mapping>")],
    Discriminator(kind),
]


class DistributionModel(Model):
    """A distribution that initial values are drawn from, or requirements for one value; exactly one key."""

    uniform: Pair | None = Field(None, description="[low, high]")
    normal: Pair | None = Field(None, description="[mean, standard deviation]")
    exponential: Expression | None = Field(None, description="the rate; the mean is 1/rate")
    solve: Text | None = Field(None, description="requirements that the value is solved from: 'mean = 0, variance = 1'")


Init: TypeAlias = Annotated[
    Annotated[Expression, Tag("<value>")] | Annotated[DistributionModel, Tag("<mapping>")], Discriminator(kind)
]


class RegularizerModel(Model):
    """l1·Σ abs + l2·Σ squares of the constrained value."""

    l1: Expression | None = Field(None, description="factor of the sum of absolute values")
    l2: Expression | None = Field(None, description="factor of the sum of squares")


class ParameterModel(Model):
    """A parameter in full."""

    init: Init | None = Field(None, description="initial value: a constant expression, a distribution, or requirements")
    nominal: Expression | None = Field(None, description="the function's default, and the value in plots and checks")
    learnable: Flag | None = Field(None, description="false: stored, but not trained")
    shape: ShapeWord | None = Field(None, description="one value for the layer, or one for each channel")
    bounds: Pair | None = Field(None, description="[low, high]; `.inf` and `-.inf` where there is none")
    via: ViaWord | None = Field(None, description="how training stays inside the bounds")
    regularizer: RegularizerModel | None = Field(None, description="a penalty that is added to the loss")
    latex: Text | None = Field(None, description="the symbol in formulas, in single quotes")
    description: Text | None = Field(None, description="what the parameter does")


ParameterEntry: TypeAlias = Annotated[
    Annotated[Expression, Tag("<value>")] | Annotated[ParameterModel, Tag("<mapping>")], Discriminator(kind)
]


class ReferenceModel(Model):
    """A source."""

    title: Text | None = None
    authors: TextOrList | None = None
    year: Text | None = None
    url: Address | None = Field(None, description="begins with http:// or https://")
    bibtex: Text | None = Field(None, description="a BibTeX entry, offered as a citation")


ReferenceEntry: TypeAlias = Annotated[
    Annotated[Text, Tag("<value>")] | Annotated[ReferenceModel, Tag("<mapping>")], Discriminator(kind)
]


class PointModel(Model):
    """A claimed value; beside `at` stand `y` and `d<name>` for partials."""

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)

    if not TYPE_CHECKING:  # pydantic reads the type of further keys here; to pyright it clashes with the base class
        __pydantic_extra__: dict[str, Expression]

    at: dict[str, Expression] | None = Field(None, description="every input, and parameters that are not nominal")
    y: Expression | None = Field(None, description="the output's value")


class OutputChecksModel(Model):
    """Claims about one output."""

    smoothness: dict[str, SmoothnessWord] | None = Field(None, description="by input")
    monotone: dict[str, MonotoneWord] | None = Field(None, description="by input")
    range: Pair | None = Field(None, description="[low, high], closed")
    points: list[PointModel] | None = Field(None, description="values at single points")


_DOMAIN = Field(None, description="where plots and sampling concentrate, by input or parameter")


class ChecksModel(OutputChecksModel):
    """Claims that a build verifies, for a spec with one output."""

    domain: dict[str, Pair] | None = _DOMAIN


class NamedChecksModel(Model):
    """The same for a spec with `outputs`: all but `domain` by output first."""

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)

    if not TYPE_CHECKING:
        __pydantic_extra__: dict[str, OutputChecksModel]

    domain: dict[str, Pair] | None = _DOMAIN


class SpecModel(Model):
    """One activation."""

    actgen: Annotated[Whole, WithJsonSchema({"const": FORMAT_VERSION})] | None = Field(
        None, description="format version"
    )
    name: Annotated[Text, WithJsonSchema(_ACTIVATION)] | None = Field(
        None, description="names the files and the function; snake_case"
    )
    class_: Annotated[Text, WithJsonSchema(_CLASS)] | None = Field(
        None, alias="class", description="names the layers; CamelCase of the name if left out"
    )
    title: Text | None = Field(None, description="a heading; the name in words if left out")
    summary: Text | None = Field(None, description="what the activation is, in a sentence or two")
    tags: TextOrList | None = Field(None, description="words to find it by: a list, or a text with commas")
    references: list[ReferenceEntry] | None = Field(None, description="where it comes from")
    inputs: list[NameText] | None = Field(None, description="tensors that it reads; [x] if left out")
    parameters: dict[str, ParameterEntry] | None = Field(None, description="in the order of the arguments")
    let: dict[str, LetEntry] | None = Field(
        None, description="named parts of the formula, each may use those above it, and constants by requirement"
    )
    expression: Formula | None = Field(None, description="the one output, y")
    combine: CombineWord | None = Field(None, description="how a layer returns its outputs")
    dim: Whole | None = Field(None, description="axis of split, concat and stack; -1 if left out")
    channel_dim: Whole | None = Field(None, description="axis of channel parameters; 1 if left out")


class OneOutputModel(SpecModel):
    """A spec with `expression`."""

    checks: ChecksModel | None = Field(None, description="claims that a build verifies")


class OutputsModel(SpecModel):
    """A spec with `outputs`."""

    outputs: dict[str, Formula] | None = Field(None, description="two or more outputs, by name")
    checks: NamedChecksModel | None = Field(None, description="claims that a build verifies, by output")


REQUIRED: dict[str, tuple[str, ...]] = {
    "SpecModel": ("actgen", "name"),
    "ParameterModel": ("init",),
    "ConstantModel": ("solve",),
    "PointModel": ("at",),
}
"""Keys that must be there; beside them a spec has either `expression` or `outputs`."""
