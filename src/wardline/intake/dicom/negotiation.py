"""Agreeing on an association (PS3.8 7.1, PS3.7 D.3): who calls, what it wants to do here, and in which transfer syntax.

Objects are stored as the bytes they come in, so every transfer syntax is taken for every kind of image, also private ones.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    ImplementationVersionNameNotification,
    MaximumLengthNotification,
    SCP_SCU_RoleSelectionNegotiation,
)
from pynetdicom.presentation import PresentationContext

from wardline.core.errors import Refused
from wardline.formats.dicom.part10 import IMPLEMENTATION, IMPLEMENTATION_VERSION
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE, IMPLICIT_LITTLE
from wardline.intake.dicom.agreement import Agreement, Peer

MOST_PDU: Final = 128 * 1024
VERIFICATION: Final = "1.2.840.10008.1.1"
_APPLICATION: Final = "1.2.840.10008.3.1.1.1"
_STORAGE_PREFIX: Final = "1.2.840.10008.5.1.4.1.1."
_STANDARD: Final = "1.2.840.10008."
_OTHER_STORAGE: Final = ("1.2.840.10008.5.1.4.34.7", "1.2.840.10008.5.1.4.34.10")  # delivery instructions of radiotherapy
_SERVICES: Final = {
    VERIFICATION: "", "1.2.840.10008.5.1.4.31": "worklist", "1.2.840.10008.3.1.2.3.3": "mpps", "1.2.840.10008.1.20.1": "commit",
    **{f"1.2.840.10008.5.1.4.1.2.{root}.{service}": right for root in (1, 2) for service, right in ((1, "find"), (2, "move"), (3, "get"))},
}  # fmt: skip
"""SOP classes of services (PS3.4 C.6, K.6, F.7, J.4), and the right that each needs."""
_ACCEPTED, _REFUSED_BY_USER, _NO_ABSTRACT, _NO_TRANSFER = 0, 1, 3, 4
"""Results for a presentation context (PS3.8 9.3.3.2)."""


class Context(NamedTuple):
    """A presentation context that was agreed."""

    id: int
    abstract_syntax: str
    transfer_syntax: str
    as_scu: bool
    """Whether we may send requests in it, as C-GET does with what it found."""


class Rejection(Exception):
    """Result, source and reason of an A-ASSOCIATE-RJ (PS3.8 9.3.4)."""

    def __init__(self, result: int, source: int, reason: int, words: str) -> None:
        super().__init__(words)
        self.pdu = bytes((3, 0, 0, 0, 0, 4, 0, result, source, reason))


class Agreed(NamedTuple):
    """What both sides will keep to."""

    peer: Peer
    called: str
    contexts: dict[int, Context]
    most_pdu: int
    """Bytes of one P-DATA that the other side takes; 0 for any."""
    pdu: bytes
    """The A-ASSOCIATE-AC."""


def negotiate(content: bytes, agreement: Agreement) -> Agreed:
    """Answer an A-ASSOCIATE-RQ. Raises `Rejection`, or `Refused` for what is none."""
    request = A_ASSOCIATE_RQ()
    try:
        request.decode(content)
        wanted = request.to_primitive()
        called, calling = wanted.called_ae_title.strip(), wanted.calling_ae_title.strip()
    except Exception as error:  # a foreign decoder on foreign bytes: whatever it raises, this is no request
        raise Refused(f"this is no A-ASSOCIATE-RQ: {type(error).__name__}", code="dicom") from None
    if int.from_bytes(content[6:8], "big") & 1 == 0:
        raise Rejection(1, 2, 2, "protocol version")
    if wanted.application_context_name != _APPLICATION:
        raise Rejection(1, 1, 2, "application context")
    if called != agreement.ae_title:
        raise Rejection(1, 1, 7, f"called AE title {called}")
    peer = agreement.peer(calling)
    if peer is None:
        raise Rejection(1, 1, 3, f"calling AE title {calling}")
    roles: dict[str, Any] = {str(item.sop_class_uid): item for item in wanted.user_information if isinstance(item, SCP_SCU_RoleSelectionNegotiation)}
    answers = [_answer(each, peer, roles) for each in wanted.presentation_context_definition_list]
    contexts = {context.id: context for _, context in answers if context is not None}
    most = next((item.maximum_length_received for item in wanted.user_information if isinstance(item, MaximumLengthNotification)), 0)
    return Agreed(peer, called, contexts, most or 0, _accepted(wanted, [answer for answer, _ in answers], roles, contexts))


def right_for(abstract_syntax: str) -> str | None:
    """What a peer must be allowed to do for this SOP class; None for one that is not served. Verification needs nothing."""
    if abstract_syntax in _SERVICES:
        return _SERVICES[abstract_syntax]
    if abstract_syntax.startswith(_STORAGE_PREFIX) or abstract_syntax in _OTHER_STORAGE:
        return "store"
    return None if abstract_syntax.startswith(_STANDARD) else "store"  # makers' own kinds of objects


def _answer(wanted: Any, peer: Peer, roles: dict[str, Any]) -> tuple[Any, Context | None]:
    abstract = str(wanted.abstract_syntax)
    offered = [str(each) for each in wanted.transfer_syntax]
    right, is_storage = right_for(abstract), abstract not in _SERVICES
    role = roles.get(abstract)
    as_scu = role is not None and bool(role.scp_role)
    answer = PresentationContext()
    answer.context_id = wanted.context_id
    answer.abstract_syntax = abstract
    syntax = _chosen(offered, any_will_do=is_storage)
    if right is None:
        answer.result = _NO_ABSTRACT
    elif right and right not in peer.may and not (as_scu and "get" in peer.may):
        answer.result = _REFUSED_BY_USER
    elif not syntax:
        answer.result = _NO_TRANSFER
    else:
        answer.result = _ACCEPTED
        answer.transfer_syntax = [syntax]
        return answer, Context(int(wanted.context_id), abstract, syntax, as_scu)
    answer.add_transfer_syntax(offered[0] if offered else IMPLICIT_LITTLE)  # not significant (PS3.8 9.3.3.2), but there must be one
    return answer, None


def _chosen(offered: list[str], *, any_will_do: bool) -> str:
    """The sender's first; explicit rather than implicit where both are offered, because then private elements say what they are."""
    if EXPLICIT_LITTLE in offered and (not any_will_do or offered[0] == IMPLICIT_LITTLE):
        return EXPLICIT_LITTLE
    if any_will_do:
        return offered[0] if offered else ""
    return IMPLICIT_LITTLE if IMPLICIT_LITTLE in offered else ""


def _accepted(wanted: A_ASSOCIATE, answers: list[Any], roles: dict[str, Any], contexts: dict[int, Context]) -> bytes:
    said = A_ASSOCIATE()
    said.application_context_name = _APPLICATION
    said.called_ae_title, said.calling_ae_title = wanted.called_ae_title, wanted.calling_ae_title
    said.result, said.result_source = 0, 1
    said.presentation_context_definition_results_list = answers
    said.user_information = list(_about_us(roles, {context.abstract_syntax for context in contexts.values()}))
    pdu = A_ASSOCIATE_AC()
    pdu.from_primitive(said)
    return bytes(pdu.encode())


def _about_us(roles: dict[str, Any], accepted: set[str]) -> Iterator[Any]:
    length = MaximumLengthNotification()
    length.maximum_length_received = MOST_PDU
    yield length
    implementation = ImplementationClassUIDNotification()
    implementation.implementation_class_uid = IMPLEMENTATION
    yield implementation
    version = ImplementationVersionNameNotification()
    version.implementation_version_name = IMPLEMENTATION_VERSION
    yield version
    for abstract, role in roles.items():
        if abstract in accepted:
            answer = SCP_SCU_RoleSelectionNegotiation()
            answer.sop_class_uid, answer.scu_role, answer.scp_role = abstract, bool(role.scu_role), bool(role.scp_role)
            yield answer
