"""`wardline users`: accounts on this machine, for whoever may read the data folder."""

import getpass
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.identities import SqliteIdentities
from wardline.app.settings import load
from wardline.core.errors import NotFound
from wardline.core.ports import User
from wardline.security.sessions import Sessions

app = App(name="users", help="Show, add and change the accounts of this data folder.")


@app.command(name="list")
def list_users(*, data: Path | None = None) -> None:
    """Every account: sign-in name, person, roles, units, whether it may sign in."""
    table = Table(box=None, pad_edge=False)
    for name in ("sign-in name", "name", "roles", "units", "state"):
        table.add_column(name)
    for user in _sessions(data).identities.users():
        state = "closed" if not user.active else "locked" if user.locked_until and user.locked_until > datetime.now(UTC) else "open"
        table.add_row(user.login, user.name, ", ".join(sorted(user.roles)), ", ".join(user.units) or "all", state)
    Console(highlight=False).print(table)


@app.command
def add(
    login: str,
    *,
    name: Annotated[str, Parameter(help="As colleagues know them.")],
    role: Annotated[list[str], Parameter(help="nurse, doctor, manager, engineer, auditor or admin; may be given several times.")],
    unit: Annotated[list[str] | None, Parameter(help="Unit they look after; may be given several times.")] = None,
    data: Annotated[Path | None, Parameter(help="The data folder.")] = None,
) -> None:
    """Add an account. The password is asked for, or read from standard input when that is not a terminal.

    Example:

        wardline users add a.brandt --name "Amelia Brandt" --role nurse --unit W7
    """
    user = _sessions(data).add(login, name, _password(), frozenset(role), tuple(unit or ()))
    Console(highlight=False).print(f"{user.name} can sign in as {user.login}.")


@app.command
def password(login: str, *, data: Path | None = None) -> None:
    """Give an account a new password; ends its sessions."""
    sessions = _sessions(data)
    user = _named(sessions, login)
    sessions.change_password(user, _password())
    sessions.end_all(user.id, "password changed")
    Console(highlight=False).print(f"{user.login} has a new password and was signed out everywhere.")


@app.command
def close(login: str, *, data: Path | None = None) -> None:
    """Close an account and end its sessions."""
    sessions = _sessions(data)
    user = _named(sessions, login)
    sessions.identities.put_user(user._replace(active=False))
    sessions.end_all(user.id, "account closed")
    Console(highlight=False).print(f"{user.login} cannot sign in any more.")


def _sessions(data: Path | None) -> Sessions:
    folder = DataFolder(load(data=data).data, reading=True)
    identities = SqliteIdentities(folder.path / "identities.db")
    return Sessions(identities, folder.token_key, lambda: datetime.now(UTC), idle=timedelta(minutes=30), longest=timedelta(hours=12))


def _named(sessions: Sessions, login: str) -> User:
    user = sessions.identities.user_named(login)
    if user is None:
        raise NotFound(f"there is no account {login!r}; see `wardline users list`")
    return user


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password: ")
