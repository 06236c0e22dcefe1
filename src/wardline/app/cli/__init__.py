"""The command line: one file per command, imported only when it is called."""

import sys
from typing import Final

from cyclopts import App
from rich.console import Console

from wardline import __version__
from wardline.core.errors import WardlineError

COMMANDS: Final = {
    "serve": ("serving:serve", "Run Wardline on a data folder."),
    "send": ("sending:send", "Send HL7 v2 files over MLLP, printing each acknowledgement."),
    "assess": ("assessing:assess", "Ask a capability: one JSON object of inputs per line in, one outcome per line out."),
    "explain": ("explaining:explain", "What a capability says about one patient at one moment, and why."),
    "log": ("logging:log", "What is durably stored, in order."),
    "verify": ("verifying:verify", "Run every reference case of every capability on this machine."),
    "new": ("scaffolding:new", "Write the two files of a new capability."),
    "users": ("users:app", "Show, add and change accounts."),
    "quarantine": ("quarantine:app", "Messages that were kept but not understood."),
}

app = App(
    name="wardline",
    version=__version__,
    help="Every feed comes in once, every patient has one live timeline, every clinical question is one small file.",
    version_flags=["--version"],
)
for _name, (_target, _help) in COMMANDS.items():
    app.command(f"wardline.app.cli.{_target}", name=_name, help=_help)


def main() -> None:
    """Run a command. What a person can mend is one sentence and exit code 2."""
    try:
        app()
    except WardlineError as error:
        Console(stderr=True, soft_wrap=True).print(f"[bold]wardline:[/bold] {error}", highlight=False)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
