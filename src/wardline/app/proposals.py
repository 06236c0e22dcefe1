"""Policies that wait for a second signature: one small file each in the site's configuration."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple


class Proposal(NamedTuple):
    """A policy somebody wants in force, and who has signed it."""

    id: str
    version: str
    text: str
    note: str
    proposed_at: str
    approved_by: tuple[str, ...]

    def public(self, name_of: Callable[[str], str]) -> dict[str, Any]:
        return {**self._asdict(), "approved_by": [name_of(id) for id in self.approved_by]}


class Proposals:
    """The folder of proposals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, text: str, version: str, author: str, note: str, at: datetime) -> Proposal:
        """Keep a proposal; the same text proposed again is the same proposal."""
        id = hashlib.sha256(text.encode()).hexdigest()[:12]
        proposal = self.get(id) or Proposal(id, version, text, note, at.isoformat(), (author,))
        return self._keep(proposal)

    def get(self, id: str) -> Proposal | None:
        file = self.folder / f"{id}.json"
        if not id.isalnum() or not file.exists():
            return None
        content = json.loads(file.read_text(encoding="utf-8"))
        return Proposal(**{**content, "approved_by": tuple(content["approved_by"])})

    def waiting(self) -> Iterator[Proposal]:
        for file in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []:
            proposal = self.get(file.stem)
            if proposal is not None:
                yield proposal

    def sign(self, id: str, person: str) -> Proposal:
        """Add a signature."""
        proposal = self.get(id)
        assert proposal is not None
        return self._keep(proposal._replace(approved_by=(*proposal.approved_by, person)))

    def close(self, id: str) -> None:
        (self.folder / f"{id}.json").unlink(missing_ok=True)

    def _keep(self, proposal: Proposal) -> Proposal:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f"{proposal.id}.new"
        draft.write_text(json.dumps(proposal._asdict()), encoding="utf-8")
        draft.replace(self.folder / f"{proposal.id}.json")
        return proposal
