"""The Jinja environment: strict, without automatic escaping, with one filter for each language text lands in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actgen.emit.escaping import FILTERS
from actgen.resources import templates_folder


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the output is Python, TeX and Markdown; each text passes its own filter
    )
    environment.filters.update(FILTERS)
    return environment


def render(template: str, context: Mapping[str, object]) -> str:
    """The template (`"torch/module.py.j2"`) filled with the context.

    Raises:
        jinja2.UndefinedError: if the template uses a name that the context lacks.
    """
    return _environment().get_template(template).render(**context)
