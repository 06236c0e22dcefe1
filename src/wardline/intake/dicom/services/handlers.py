"""Who serves which request of an association."""

from collections.abc import Iterator, Mapping
from typing import Final

from wardline.intake.dicom import commands
from wardline.intake.dicom.association import Association, Handler
from wardline.intake.dicom.commands import Command
from wardline.intake.dicom.services.committing import commit
from wardline.intake.dicom.services.finding import find
from wardline.intake.dicom.services.scheduling import WORKLIST, step, worklist
from wardline.intake.dicom.services.sending import get, move


def _find(association: Association, context_id: int, command: Command, dataset: bytes) -> Iterator[tuple[Command, bytes | None]]:
    """A C-FIND is for the archive or for the worklist, as its SOP class says."""
    is_worklist = association.contexts[context_id].abstract_syntax == WORKLIST
    return (worklist if is_worklist else find)(association, context_id, command, dataset)


HANDLERS: Final[Mapping[int, Handler]] = {
    commands.C_FIND: _find, commands.C_GET: get, commands.C_MOVE: move, commands.N_ACTION: commit, commands.N_CREATE: step, commands.N_SET: step
}  # fmt: skip
"""By command field (PS3.7 E.1)."""
