"""`wardline serve`: the clinical process, until it is told to stop."""

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from wardline.app import logs
from wardline.app.bootstrap import open_wardline
from wardline.app.serving import Running, until_stopped
from wardline.app.settings import Settings, load


def serve(
    *,
    data: Annotated[Path | None, Parameter(help="The data folder; made with its keys when it is new.")] = None,
    http: Annotated[int | None, Parameter(help="Port of the screens and the API; 0 takes a free one.")] = None,
    mllp: Annotated[int | None, Parameter(help="Port for HL7 v2 over MLLP; 0 takes a free one.")] = None,
    dicom: Annotated[int | None, Parameter(help="Port for DICOM; 0 takes a free one. Off unless given.")] = None,
    config: Annotated[Path | None, Parameter(help="A YAML file of settings; see docs/operating/settings.md.")] = None,
) -> int:
    """Run Wardline on a data folder until it is stopped (Ctrl-C or SIGTERM).

    For example:

        wardline serve

        wardline serve --data /srv/wardline --http 8443 --config /etc/wardline.yaml
    """
    settings = load(config, data=data, http=http, mllp=mllp, dicom=dicom)
    logs.configure(settings.log_level)
    return asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> int:
    return await until_stopped(Running(open_wardline(settings)), announce)


def announce(running: Running) -> None:
    """What it runs as, where it listens, and how to begin."""
    settings = running.wardline.settings
    console = Console(markup=False, highlight=False, soft_wrap=True)
    scheme = "https" if settings.http_tls else "http"
    url = f"{scheme}://{settings.host}:{running.http_port}"
    token = running.wardline.sessions.accounts.setup_token()
    console.print(f"Data     {settings.data.resolve()}  ({running.wardline.clock.kind} clock, zone {settings.zone})")
    console.print(f"HL7 v2   {settings.host}:{running.mllp_port}  (MLLP{' over TLS' if settings.mllp_tls else ''})")
    if running.reception is not None:
        safe = " over TLS" if settings.dicom_tls else ""
        console.print(f"DICOM    {settings.host}:{running.dicom_port}  (AE title {running.agreement().ae_title}{safe})")
    console.print(f"Screens  {url}")
    for module, reason in running.wardline.catalogue.refused.items():
        console.print(f"Not running: {module}: {reason}")
    if token is not None:
        console.print(f"First administrator, works once within 24 hours: {url}/setup#{token}")
    console.print(f"Ready: {url}")
