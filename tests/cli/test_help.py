"""Every command explains itself: a sentence, what each word means, an example that can be typed."""

import io
import re

import pytest
from cyclopts import App
from rich.console import Console

from wardline.app.cli import COMMANDS, command_line
from wardline.app.documents import commands


@pytest.fixture(scope="module")
def whole() -> App:
    return command_line(whole=True)


def shown(app: App, *command: str) -> str:
    text = io.StringIO()
    app.help_print(list(command), console=Console(file=text, width=200, color_system=None))
    return text.getvalue()


def test_every_command_has_an_example_of_itself(whole: App) -> None:
    for command in commands(whole):
        examples = [line.strip() for line in shown(whole, *command).splitlines() if line.strip().startswith(f"wardline {' '.join(command)}")]
        assert examples, f"wardline {' '.join(command)} --help has no example"


def test_every_option_says_what_it_is(whole: App) -> None:
    for command in commands(whole):
        for line in shown(whole, *command).splitlines():
            option = re.match(r"│ \*?\s+(\S.*?)\s{2,}(.*?)\s*│$", line)
            if option is not None and option[1].startswith(("-", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ")):
                words = re.sub(r"\[(default|choices|required)[^\]]*\]", "", option[2]).strip()
                assert words, f"wardline {' '.join(command)}: {option[1]} is not explained"


def test_the_list_of_commands_names_all_with_a_sentence(whole: App) -> None:
    listed = shown(whole)
    for name in COMMANDS:
        assert re.search(rf"│ {name} +[A-Z]", listed), name
