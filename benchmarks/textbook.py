"""A formula as PyTorch code that follows it word for word, with no care for overflow or cancellation."""

from __future__ import annotations

from actgen.formula import Branches, Call, Compare, Condition, Constant, Formula, Logic, Name, Number

_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}
_EXTREMES = {"Max": "larger", "Min": "lesser"}
_CALLS = {
    "neg": "(-{0})",
    "Abs": "torch.abs({0})",
    "loggamma": "torch.lgamma({0})",
    "gamma": "torch.exp(torch.lgamma({0}))",
    "cbrt": "torch.sign({0}) * torch.abs({0}) ** (1 / 3)",
    "sinc": "torch.where({0} == 0, 1, torch.sin({0}) / {0})",
    "softplus": "torch.nn.functional.softplus({0})",
    "logsigmoid": "torch.nn.functional.logsigmoid({0})",
    "clip": "torch.clamp({0}, {1}, {2})",
}


def torch_text(formula: Formula) -> str:
    """An expression over tensors that are named as the formula names them.

    Numbers stay Python numbers, so that it computes in the dtype of the tensors.
    """
    match formula:
        case Number(value=value):
            return f"({value.numerator} / {value.denominator})" if value.denominator != 1 else f"({value.numerator})"
        case Constant(name=name):
            return {"pi": "math.pi", "E": "math.e"}[name]
        case Name(name=name):
            return f"{name}_"
        case Branches(pieces=pieces):
            text = torch_text(pieces[-1].value)
            for piece in reversed(pieces[:-1]):
                text = f"select({_condition(piece.condition)}, {torch_text(piece.value)}, {text})"
            return text
        case Call(function=function, args=args):
            return _call(function, [torch_text(a) for a in args])


def _call(function: str, texts: list[str]) -> str:
    if function in _INFIX:
        return f"({texts[0]} {_INFIX[function]} {texts[1]})"
    if function in _EXTREMES:
        total = texts[0]
        for text in texts[1:]:
            total = f"{_EXTREMES[function]}({total}, {text})"
        return total
    if function in _CALLS:
        return _CALLS[function].format(*texts)
    return f"call(torch.{function}, {', '.join(texts)})"


def _condition(condition: Condition) -> str:
    if isinstance(condition, Compare):
        return f"({torch_text(condition.left)} {condition.op} {torch_text(condition.right)})"
    assert isinstance(condition, Logic)
    parts = [_condition(part) for part in condition.args]
    match condition.op:
        case "and":
            return f"({' & '.join(parts)})"
        case "or":
            return f"({' | '.join(parts)})"
        case "not":
            return f"(~{parts[0]})"
        case literal:
            return literal.capitalize()
