"""`wardline quarantine`: messages and images that were kept but not understood."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from wardline.app.bootstrap import open_log
from wardline.app.cli.backup import note
from wardline.app.imaging.opening import images_in
from wardline.app.settings import load
from wardline.core.errors import Conflict

Data = Annotated[Path | None, Parameter(help="The data folder.")]
Number = Annotated[int, Parameter(help="The image's number, as the list shows it.")]
app = App(name="quarantine", help="Messages and images that were kept but not understood. Messages are repaired and replayed on the feeds page.")


@app.command(name="list")
def list_quarantined(*, as_json: Annotated[bool, Parameter(name="--json", help="One JSON line each.")] = False, data: Data = None) -> None:
    """Every message nobody has dealt with yet, newest first, with the exact reason.

    For example:

        wardline quarantine list
    """
    console = Console(markup=False, highlight=False, soft_wrap=as_json)
    table = Table(box=None, pad_edge=False)
    for name in ("message", "recorded at", "feed", "control id", "where", "reason"):
        table.add_column(name, overflow="fold")
    for seq, at, message in open_log(load(data=data).data).quarantined():
        problem = message.fate.problem
        line = {
            "seq": seq, "recorded_at": at.isoformat(), "feed": message.feed, "control_id": message.control_id or None,
            "where": problem.where if problem else "", "reason": problem.reason if problem else "",
        }  # fmt: skip
        if as_json:
            console.out(json.dumps(line, ensure_ascii=False))
        else:
            table.add_row(*(str(value) if value is not None else "–" for value in line.values()))
    if not as_json:
        console.print(table if table.row_count else "Nothing is in quarantine.")


@app.command
def show(seq: Annotated[int, Parameter(help="The message's number, as the list shows it.")], *, data: Data = None) -> None:
    """The bytes of one message, one segment a line. It holds patient data.

    For example:

        wardline quarantine show 1042
    """
    raw = open_log(load(data=data).data).raw(seq)
    Console(markup=False, highlight=False, soft_wrap=True).out(raw.decode("utf-8", errors="replace").replace("\r", "\n"))


@app.command(name="images")
def list_images(*, as_json: Annotated[bool, Parameter(name="--json", help="One JSON line each.")] = False, data: Data = None) -> None:
    """Every image that could not be filed, newest first, with the exact reason.

    For example:

        wardline quarantine images
    """
    console = Console(markup=False, highlight=False, soft_wrap=as_json)
    table = Table(box=None, pad_edge=False)
    for name in ("image", "received at", "from", "SOP instance", "reason"):
        table.add_column(name, overflow="fold")
    with images_in(load(data=data).data) as images:
        waiting = images.quarantined()
    for each in waiting:
        line = {"image": each.number, "received_at": each.at.isoformat(), "from": each.source, "instance": each.instance, "reason": each.reason}
        if as_json:
            console.out(json.dumps(line, ensure_ascii=False))
        else:
            table.add_row(*map(str, line.values()))
    if not as_json:
        console.print(table if table.row_count else "No image is in quarantine.")


@app.command(name="image")
def save_image(number: Number, to: Annotated[Path, Parameter(help="A new file to write it to.")], *, data: Data = None) -> None:
    """Write one of these images to a file, as it came. It holds patient data.

    For example:

        wardline quarantine image 3 /tmp/look.dcm
    """
    folder = load(data=data).data
    with images_in(folder) as images:
        content = images.quarantined_bytes(number)
    if to.exists():
        raise Conflict(f"{to} exists already; choose another file")
    to.touch(mode=0o600)
    to.write_bytes(content)
    note(folder, "quarantined image read", image=str(number))


@app.command(name="dismiss-image")
def dismiss_image(number: Number, *, data: Data = None) -> None:
    """Remove one of these images for good, after somebody has looked at it.

    For example:

        wardline quarantine dismiss-image 3
    """
    folder = load(data=data).data
    with images_in(folder) as images:
        images.dismiss(number)
    note(folder, "quarantined image dismissed", image=str(number))
