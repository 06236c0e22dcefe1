"""The wire to a receiver of HL7 v2: one MLLP connection, opened when there is something to send."""

from wardline.delivery.outbound.destinations import Destination
from wardline.delivery.outbound.sending import Verdict
from wardline.formats.hl7v2.client import Dial, MllpClient, dial

REJECTING = frozenset({"AR", "CR"})
"""HL7 table 0008: the message as such is rejected, whoever sends it again."""


class MllpWire:
    """A `Wire`."""

    def __init__(self, destination: Destination, *, dial: Dial = dial) -> None:
        self._client = MllpClient(
            destination.host, destination.port, timeout_seconds=destination.timeout_seconds,
            tls=destination.encryption.context() if destination.encryption is not None else None,
            dial=dial,
        )  # fmt: skip

    async def send(self, payload: bytes) -> Verdict:
        if not self._client.is_connected:
            await self._client.connect()
        answer = await self._client.send(payload)
        return Verdict(answer.positive, answer.code in REJECTING, answer.code, answer.text)

    async def close(self) -> None:
        await self._client.close()
