"""`actgen completion`: the script that teaches a shell actgen's options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_RECIPES = """\b
bash: actgen completion bash > ~/.local/share/bash-completion/completions/actgen
zsh:  actgen completion zsh > "${fpath[1]}/_actgen"
fish: actgen completion fish > ~/.config/fish/completions/actgen.fish
"""


@click.command(epilog=_RECIPES)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print the completion script for a shell."""
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(context.find_root().command, {}, "actgen", "_ACTGEN_COMPLETE").source())
    return 0
