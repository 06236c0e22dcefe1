"""`wardline users`: accounts on this machine, for whoever may read the data folder."""

import asyncio
import getpass
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from wardline.adapters.embedded.audit import SqliteAudit
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.identities import SqliteIdentities
from wardline.app.settings import load
from wardline.core.errors import NotFound
from wardline.core.ports import User
from wardline.security.sessions import Sessions

app = App(name="users", help="Show, add and change the accounts of this data folder; also while Wardline runs on it.")

ACTOR: Final = "command line"
"""Who did it, in the audit trail: the operating system knows more than we do."""
Data = Annotated[Path | None, Parameter(help="The data folder.")]
Login = Annotated[str, Parameter(help="The sign-in name.")]


@app.command(name="list")
def list_users(*, data: Data = None) -> None:
    """Every account: sign-in name, person, roles, units, whether it may sign in.

    For example:

        wardline users list
    """
    table = Table(box=None, pad_edge=False)
    for name in ("sign-in name", "name", "roles", "units", "state"):
        table.add_column(name)
    with _sessions(data) as sessions:
        for user in sessions.identities.users():
            state = "closed" if not user.active else "locked" if user.locked_until and user.locked_until > datetime.now(UTC) else "open"
            table.add_row(user.login, user.name, ", ".join(sorted(user.roles)), ", ".join(user.units) or "all", state)
    Console(markup=False, highlight=False).print(table)


@app.command
def add(
    login: Login,
    *,
    name: Annotated[str, Parameter(help="As colleagues know them.")],
    role: Annotated[list[str], Parameter(help="nurse, doctor, manager, engineer, auditor or admin; may be given several times.")],
    unit: Annotated[list[str] | None, Parameter(help="Unit they look after; may be given several times.")] = None,
    data: Data = None,
) -> None:
    """Add an account. The password is asked for, or read from standard input when that is not a terminal.

    For example:

        wardline users add a.brandt --name "Amelia Brandt" --role nurse --unit W7
    """
    with _sessions(data) as sessions:
        user = sessions.accounts.add(login, name, _password(), frozenset(role), tuple(unit or ()))
    _audit(data, "user added", user)
    Console(markup=False, highlight=False).print(f"{user.name} can sign in as {user.login}.")


@app.command
def password(login: Login, *, data: Data = None) -> None:
    """Give an account a new password; ends its sessions.

    For example:

        wardline users password a.brandt
    """
    with _sessions(data) as sessions:
        user = _named(sessions, login)
        sessions.accounts.change_password(user, _password())
        sessions.end_all(user.id, "password changed")
    _audit(data, "user changed", user)
    Console(markup=False, highlight=False).print(f"{user.login} has a new password and was signed out everywhere.")


@app.command
def close(login: Login, *, data: Data = None) -> None:
    """Close an account and end its sessions.

    For example:

        wardline users close a.brandt
    """
    with _sessions(data) as sessions:
        user = _named(sessions, login)
        sessions.identities.put_user(user._replace(active=False))
        sessions.end_all(user.id, "account closed")
    _audit(data, "user changed", user)
    Console(markup=False, highlight=False).print(f"{user.login} cannot sign in any more.")


@contextmanager
def _sessions(data: Path | None) -> Iterator[Sessions]:
    folder = DataFolder(load(data=data).data, reading=True)
    with closing(SqliteIdentities(folder.path / "identities.db")) as identities:
        yield Sessions(identities, folder.token_key, lambda: datetime.now(UTC), idle=timedelta(minutes=30), longest=timedelta(hours=12))


def _audit(data: Path | None, action: str, user: User) -> None:
    with closing(SqliteAudit(load(data=data).data / "audit.db")) as audit:
        asyncio.run(audit.record(ACTOR, action, detail=user.login))


def _named(sessions: Sessions, login: str) -> User:
    user = sessions.identities.user_named(login)
    if user is None:
        raise NotFound(f"there is no account {login!r}; see `wardline users list`")
    return user


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password: ")
