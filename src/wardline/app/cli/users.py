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
from wardline.app.apps import Apps, Signing
from wardline.app.settings import load
from wardline.core.errors import NotFound, Refused
from wardline.core.people import Role, User
from wardline.security.api_keys import Wish
from wardline.security.authorisation.actions import ACTIONS
from wardline.security.breached import FILE, listed_in
from wardline.security.sessions import Sessions

app = App(name="users", help="Show, add and change the accounts of this data folder; also while Wardline runs on it.")

ACTOR: Final = "command line"
"""Who did it, in the audit trail: the operating system knows more than we do."""
Data = Annotated[Path | None, Parameter(help="The data folder.")]
ROLES: Final = f"One of {', '.join(role.value for role in Role)}; may be given several times."
Login = Annotated[str, Parameter(help="The sign-in name.")]


@app.command(name="list")
def list_users(*, data: Data = None) -> None:
    """Every account: sign-in name, name, roles, units, second factors, whether it may come in.

    For example:

        wardline users list
    """
    table = Table(box=None, pad_edge=False)
    for name in ("sign-in name", "name", "roles", "units", "second factors", "state"):
        table.add_column(name)
    with _sessions(data) as sessions:
        for user in sessions.identities.users():
            state = "closed" if not user.active else "locked" if user.locked_until and user.locked_until > datetime.now(UTC) else "open"
            kinds = {each.kind for each in sessions.identities.authenticators(user.id)} - {"recovery"}
            factors = "a program" if user.service else ", ".join(sorted(kinds)) or "none"
            table.add_row(user.login, user.name, ", ".join(sorted(user.roles)), ", ".join(user.units) or "all", factors, state)
    Console(markup=False, highlight=False).print(table)


@app.command
def add(
    login: Login,
    *,
    name: Annotated[str, Parameter(help="As colleagues know them.")],
    role: Annotated[list[str], Parameter(help=ROLES)],
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
def service(
    login: Login,
    *,
    name: Annotated[str, Parameter(help="What the program is.")],
    role: Annotated[list[str], Parameter(help=ROLES)],
    unit: Annotated[list[str] | None, Parameter(help="Unit it is for; may be given several times.")] = None,
    data: Data = None,
) -> None:
    """Add the account of a program, which comes in with API keys and never with a password.

    For example:

        wardline users service prometheus --name "Prometheus in the server room" --role engineer
    """
    with _sessions(data) as sessions:
        user = sessions.accounts.add_service(login, name, frozenset(role), tuple(unit or ()))
    _audit(data, "user added", user)
    Console(markup=False, highlight=False).print(f"{user.name} has an account; wardline users api-key {user.login} makes its key.")


@app.command
def api_key(
    login: Login,
    *,
    name: Annotated[str, Parameter(help="What the key is for.")],
    scope: Annotated[list[str], Parameter(help="An action of the access policy, such as system.read; may be given several times.")],
    days: Annotated[int, Parameter(help="For how many days, at most 366.")] = 90,
    address: Annotated[list[str] | None, Parameter(help="A network it may come from; may be given several times; default: any.")] = None,
    data: Data = None,
) -> None:
    """Make an API key for a program. It is printed once and kept as a hash.

    For example:

        wardline users api-key prometheus --name "Metrics" --scope system.read --days 365
    """
    unknown = sorted(set(scope) - set(ACTIONS))
    if unknown:
        raise Refused(f"there is no action {unknown[0]!r}; there are {', '.join(sorted(ACTIONS))}", code="scopes")
    with _sessions(data) as sessions:
        user = _named(sessions, login)
        ends_at = datetime.now(UTC) + timedelta(days=days)
        _, text = sessions.api_keys.make(user.id, Wish(name, frozenset(scope), ends_at, addresses=tuple(address or ())), by=ACTOR)
    _audit(data, "API key made", user)
    Console(markup=False, highlight=False, soft_wrap=True).print(text)


@app.command
def reset_factors(login: Login, *, data: Data = None) -> None:
    """Take away all second factors of somebody who has lost them, and sign them out. Make sure first that it is them who asks.

    For example:

        wardline users reset-factors a.brandt
    """
    with _sessions(data) as sessions:
        user = _named(sessions, login)
        for each in list(sessions.identities.authenticators(user.id)):
            sessions.identities.remove_authenticator(each.id)
        sessions.end_all(user.id, "second factors taken away")
    _audit(data, "second factors taken away", user)
    Console(markup=False, highlight=False).print(f"{user.login} has no second factor any more and was signed out everywhere.")


@app.command
def password(login: Login, *, data: Data = None) -> None:
    """Give an account a new password; ends its sessions. Its second factors stay.

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
    settings = load(data=data)
    folder = DataFolder(settings.data, reading=True)
    signing = Signing(folder, lambda: datetime.now(UTC))
    with closing(SqliteIdentities(folder.path / "identities.db")) as identities, closing(signing):
        sessions = Sessions(
            identities, signing.ring, lambda: datetime.now(UTC), idle=timedelta(minutes=settings.idle_minutes),
            longest=timedelta(hours=settings.session_hours), is_breached=listed_in(settings.config_folder / FILE),
        )  # fmt: skip
        with closing(Apps(folder, sessions, signing, settings)):  # whoever is signed out here is out of every app as well
            yield sessions


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
