"""The command line: one file per command, imported only when it is called."""

import sys
from importlib import import_module
from typing import Final

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape

from wardline import __version__
from wardline.core.errors import WardlineError

COMMANDS: Final = {
    "demo": "demoing:demo",
    "serve": "serving:serve",
    "send": "sending:send",
    "replay": "replaying:replay",
    "import": "importing:app",
    "assess": "assessing:assess",
    "explain": "explaining:explain",
    "log": "logging:log",
    "evaluate": "evaluating:evaluate",
    "verify": "verifying:verify",
    "suv": "suv:suv",
    "radiomics": "radiomics:radiomics",
    "segment": "segmenting:segment",
    "quality": "quality:quality",
    "deidentify": "deidentifying:app",
    "new": "scaffolding:new",
    "alerts": "alerts:app",
    "users": "users:app",
    "quarantine": "quarantine:app",
    "backup": "backup:backup",
    "restore": "restoring:restore",
    "privacy": "privacy:app",
    "models": "models:app",
    "train": "training:app",
    "knowledge": "knowledge:app",
    "audit": "audit:app",
    "keys": "keys:app",
    "certificates": "keys:certificates",
}


def command_line(*, whole: bool) -> App:
    """Every command by name; `whole` also imports each, for the list that shows what each one says about itself."""
    app = App(
        name="wardline",
        version=__version__,
        help="Every feed comes in once, every patient has one live timeline, every clinical question is one small file.",
        version_flags=["--version"],
        default_parameter=Parameter(negative=()),
    )
    for name, target in COMMANDS.items():
        path = f"wardline.app.cli.{target}"
        module, _, attribute = path.partition(":")
        app.command(getattr(import_module(module), attribute) if whole else path, name=name)
    return app


def main() -> None:
    """Run a command. What a person can mend is one sentence and exit code 2."""
    app = command_line(whole=not any(argument in COMMANDS for argument in sys.argv[1:]))
    try:
        app()
    except WardlineError as error:
        Console(stderr=True, soft_wrap=True).print(f"[bold]wardline:[/bold] {escape(str(error))}", highlight=False)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
