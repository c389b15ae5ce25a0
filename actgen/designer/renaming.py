"""Another name for something that a spec declares: there, and wherever it is used. All else stays as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from actgen.designer.editing import Edit, EditError, edited
from actgen.designer.uses import Use, Uses, declared_names, formulas, words
from actgen.designer.written import parsed
from actgen.spec.alignment import align
from actgen.spec.declarations import declare
from actgen.spec.findings import Findings, TooManyFaultsError
from actgen.spec.naming import check_name
from actgen.spec.tree import Keyed, Path
from actgen.spec.vocabulary import CALLABLE, CONSTANTS

_NOT_SO = "the form cannot change how this is written; the text can"
_NULL = ("null", "Null", "NULL")


def renamed(text: str, path: Path, new: str) -> str:
    """The text with another name for what is declared at a path.

    Args:
        text: a spec.
        path: `("parameters", "alpha")`, likewise under `let` and `outputs`, or `("inputs", 0)`.
        new: the name.

    Raises:
        EditError: if nothing is declared there, or it cannot be called so.
    """
    read = parsed(text)
    source, tree = read or (None, None)
    if source is None or not isinstance(tree, Keyed):
        raise EditError("the spec is no YAML that can be read")
    names = dict(declared_names(tree))
    if path not in names:
        raise EditError("nothing is declared there")
    key = names[path]
    old = "x" if key is None else key.text
    if new == old:
        return text
    _refuse(tree, new)
    changed = source.text
    places = {place for use in Uses(tree, str(path[0]), old).all() for place in _places(use)}
    for start, end in sorted(places, reverse=True):
        if source.text[start:end] != old:
            raise EditError(_NOT_SO)
        changed = changed[:start] + new + changed[end:]
    if parsed(changed) is None:
        raise EditError(_NOT_SO)
    return edited(changed, Edit(("inputs",), [new])) if key is None else changed


def _refuse(tree: Keyed, new: str) -> None:
    """Raises `EditError` for what is no name, or means something already."""
    findings, others = Findings(), Findings()
    if not check_name(new, tree.span, findings):
        [found] = findings.found
        raise EditError(found.message if found.help is None else f"{found.message}; {found.help}")
    if new in _NULL:
        raise EditError(f"`{new}` is nothing in YAML")
    try:
        roles = declare(tree, others).roles
    except TooManyFaultsError as error:
        raise EditError("the spec has too many faults") from error
    if new in roles:
        raise EditError(f"there is {'an' if roles[new][0] in 'io' else 'a'} {roles[new]} `{new}` already")
    if new == "y" and "outputs" not in tree.entries:
        raise EditError("`y` is the output of the formula")
    is_known = new in CONSTANTS or new in CALLABLE
    if is_known and any(_uses(formula.text, new) for formula in formulas(tree)):
        raise EditError(f"a formula uses `{new}` for something else")


def _uses(text: str, known: str) -> bool:
    return f"{known}(" in text.replace(" ", "") or any(True for _ in words(text, known))


def _places(use: Use) -> Iterator[tuple[int, int]]:
    """Where the name stands in the source."""
    scalar, search = use
    found = list(search(scalar.text))
    places = align(scalar.source.text, scalar.start, scalar.end, scalar.text, scalar.style) if found else ()
    for start, end in found:
        if not places:
            raise EditError(_NOT_SO)
        yield places[start], places[end - 1] + 1
