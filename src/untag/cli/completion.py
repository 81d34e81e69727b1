"""``untag completion``: scripts for bash, zsh and fish, made from the parser itself."""

from __future__ import annotations

import argparse
from typing import Final

SHELLS: Final = ("bash", "zsh", "fish")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    command.add_argument("shell", choices=SHELLS, help='for bash: eval "$(untag completion bash)"')


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    from untag.cli import COMMANDS, parser  # noqa: PLC0415

    options = {name: _options(sub) for name, sub in _commands(parser()).items()}
    print({"bash": _bash, "zsh": _zsh, "fish": _fish}[args.shell](COMMANDS, options), end="")
    return 0


def _commands(top: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in top._actions:  # noqa: SLF001 - argparse has no public way to list them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            return dict(action.choices)
    return {}


def _options(command: argparse.ArgumentParser) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the long options of a command with their help and choices; a positional choice has no option."""
    from untag.policy.load import PACKS  # noqa: PLC0415

    found = []
    for action in command._actions:  # noqa: SLF001
        names = [n for n in action.option_strings if n.startswith("--")]
        choices = PACKS if action.metavar == "PACK" else tuple(map(str, action.choices or ()))
        if names:
            found.append((names[0], action.help or "", choices))
        elif choices:
            found.append(("", action.help or "", choices))
    return found


def _bash(commands: dict[str, str], options: dict[str, list[tuple[str, str, tuple[str, ...]]]]) -> str:
    cases = "".join(
        f'    {name}) words="{" ".join(o for o, _, _ in found if o)}" '
        f'first="{" ".join(c for o, _, choices in found if not o for c in choices)}" ;;\n'
        for name, found in options.items()
    )
    values = "".join(
        f'    {name}:{option}) COMPREPLY=($(compgen -W "{" ".join(choices)}" -- "$cur")); return ;;\n'
        for name, found in options.items()
        for option, _, choices in found
        if option and choices
    )
    return f"""_untag() {{
  local cur prev words="" first=""
  cur="${{COMP_WORDS[COMP_CWORD]}}"
  prev="${{COMP_WORDS[COMP_CWORD-1]}}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{" ".join(commands)} --version --help" -- "$cur"))
    return
  fi
  case "${{COMP_WORDS[1]}}:$prev" in
{values}  esac
  case "${{COMP_WORDS[1]}}" in
{cases}  esac
  if [ "${{cur#-}}" != "$cur" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  elif [ -n "$first" ]; then
    COMPREPLY=($(compgen -W "$first" -- "$cur"))
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}}
complete -o filenames -F _untag untag
"""


def _zsh(commands: dict[str, str], options: dict[str, list[tuple[str, str, tuple[str, ...]]]]) -> str:
    def clean(text: str) -> str:
        return text.replace("'", "").replace("[", "(").replace("]", ")").replace(":", " -")

    names = "\n".join(f"    '{name}:{clean(text)}'" for name, text in commands.items())
    cases = ""
    for name, found in options.items():
        rows = " ".join(f"'{o}[{clean(h)}]{':value:(' + ' '.join(c) + ')' if c else ''}'" for o, h, c in found if o)
        first = " ".join(c for o, _, choices in found if not o for c in choices)
        rest = f"'1:what:({first})'" if first else "'*:target:_files'"
        cases += f"    {name}) _arguments {rows} {rest} ;;\n"
    return f"""#compdef untag
_untag() {{
  local -a commands
  commands=(
{names}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
{cases}  esac
}}
compdef _untag untag
"""


def _fish(commands: dict[str, str], options: dict[str, list[tuple[str, str, tuple[str, ...]]]]) -> str:
    def clean(text: str) -> str:
        return text.replace("\\", "\\\\").replace("'", "\\'")

    lines = [
        f"complete -c untag -n __fish_use_subcommand -a {name} -d '{clean(text)}'" for name, text in commands.items()
    ]
    for name, found in options.items():
        for option, text, choices in found:
            extra = f" -x -a '{' '.join(choices)}'" if choices else ""
            long = f" -l {option[2:]} -d '{clean(text)}'" if option else ""
            lines.append(f"complete -c untag -n '__fish_seen_subcommand_from {name}'{long}{extra}")
    return "\n".join(lines) + "\n"
