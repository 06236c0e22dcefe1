"""`wardline keys` and `wardline certificates`: the secrets of a data folder, without their values, and the certificates of its doors."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.app.certificates import places_of
from wardline.app.keys import PROTECTS, KeyRing, moving_to_newest
from wardline.app.settings import load
from wardline.core.errors import Conflict, Refused
from wardline.delivery.outbound.destinations import destinations_in
from wardline.security.certificates import certificates_in, request_for

app = App(name="keys", help="The secrets of a data folder: what they protect, how old they are, and renewing them.")
certificates = App(name="certificates", help="The certificates of the doors: how long they last, and asking an authority for one.")

Data = Annotated[Path | None, Parameter(help="The data folder.")]


@app.command(name="list")
def list_keys(*, data: Data = None) -> None:
    """Every secret: version, age, where it is kept, what it protects. Never its value.

    For example:

        wardline keys list
    """
    folder = DataFolder(load(data=data).data, reading=True)
    with closing(_seal(folder)) as seal:
        ring = KeyRing(folder, seal)
        table = Table(box=None, pad_edge=False)
        for name in ("secret", "version", "made", "kept in", "protects"):
            table.add_column(name)
        for key in ring.secrets():
            made = f"{key.made_at:%Y-%m-%d}" if key.made_at else "elsewhere"
            table.add_row(key.name, str(key.version), made, key.origin, key.protects)
        console = Console(markup=False, highlight=False)
        console.print(table)
        console.print(f"{ring.patients} keys of patients are wrapped by the master key.")


@app.command
def rotate(name: Annotated[str, Parameter(help="master or index.")], *, data: Data = None) -> None:
    """Renew a secret of a folder that nobody works on. While Wardline runs: Privacy, Keys and certificates.

    For example:

        wardline keys rotate master
    """
    if name not in ("master", "index"):
        raise Refused(f"master and index are renewed here; there are {', '.join(PROTECTS)}", code="keys")
    folder = DataFolder(load(data=data).data)
    try:
        if name == "index":
            version = folder.renew_index()
        else:
            version = folder.secrets.renew("master")
            _move(folder)
    finally:
        folder.release()
    Console(markup=False, highlight=False).print(f"The secret {name} is version {version} now. Keep a copy of it where you keep your keys.")


def _move(folder: DataFolder) -> None:
    with closing(_seal(folder)) as seal, Progress(transient=True) as progress:
        task = progress.add_task("wrapping the patients' keys again", total=None)
        for _ in moving_to_newest(folder, seal):
            progress.advance(task)


def _seal(folder: DataFolder) -> SqliteSeal:
    return SqliteSeal(folder.path / "keys.db", folder.master_key, *folder.older_master_keys)


@certificates.command(name="list")
def list_certificates(*, data: Data = None, config: Annotated[Path | None, Parameter(help="A YAML file of settings.")] = None) -> None:
    """Every certificate that the settings name: place, state, until when, whose.

    For example:

        wardline certificates list --config /etc/wardline/wardline.yaml
    """
    settings, now = load(config, data=data), datetime.now(UTC)
    places = places_of(settings, None, None, destinations_in(settings.config_folder / "outbound.yaml", _Anything()))
    console = Console(markup=False, highlight=False)
    if not places:
        console.print("No certificate is set: the doors are open on this machine only. Set http_tls and mllp_tls to listen on a network.")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("place", "state", "until", "subject"):
        table.add_column(name)
    for place in places:
        certificate = certificates_in(place.file.read_bytes(), str(place.file))[0]
        table.add_row(place.name, certificate.state(now), f"{certificate.not_after:%Y-%m-%d %H:%M} UTC", certificate.subject)
    console.print(table)


@certificates.command
def request(
    *names: Annotated[str, Parameter(help="Names that clients use for this host, the main one first.")],
    out: Annotated[Path, Parameter(help="Folder for the key and the request.")] = Path(),
    organisation: Annotated[str, Parameter(help="The hospital, as the authority knows it.")] = "",
) -> None:
    """Make a private key and a request for your hospital's certificate authority. The key stays here.

    For example:

        wardline certificates request wardline.hospital.example --out /etc/wardline
    """
    key, wanted = request_for(names, organisation or "Hospital")
    key_file, request_file = out / f"{names[0]}.key", out / f"{names[0]}.csr"
    if key_file.exists():
        raise Conflict(f"{key_file} is there already; a key that may be in use is never overwritten")
    key_file.touch(mode=0o600)
    key_file.write_bytes(key)
    request_file.write_bytes(wanted)
    Console(markup=False, highlight=False).print(
        f"{key_file} stays on this machine. Send {request_file} to your certificate authority, "
        "put what comes back beside it, and name both in http_tls or mllp_tls."
    )


class _Anything:
    """Which capabilities there are does not matter for their receivers' certificates."""

    def __contains__(self, name: object) -> bool:
        return True
