"""Asking twice does it once: a request that carries an Idempotency-Key is carried out the first time and answered from memory after that.

What was asked and a digest of how it ended are kept durably for a day, for each person. The answer itself, which may be about a
patient, is kept in memory only; after a restart whoever asks again is told that it was done, and it is not done again.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from wardline.core.deeds import Deeds, Done
from wardline.core.errors import Conflict, Fault, Refused, StorageFull, WardlineError
from wardline.core.people import Person

HEADER: Final = "idempotency-key"
REPLAYED: Final = "idempotency-replayed"
LONGEST_KEY: Final = 200
KEPT_FOR: Final = timedelta(hours=24)
ANSWERS: Final = 2000
LARGEST_ANSWER: Final = 64 * 1024
OTHER_REQUEST: Final = "this idempotency key was used for another request; use a new key for a new request"
WAS_DONE: Final = "this was done before Wardline restarted, and is not done again; look at what it did"
NOT_KNOWN: Final = "it is not known whether this was done; look before you ask for it with a new key"

Answering = Callable[[], Awaitable[Response]]
Key = tuple[str, str]


class OtherRequest(Refused):
    """The key belongs to another request: 422."""


class OnceOnly:
    """One for the house."""

    def __init__(self, deeds: Deeds, now: Callable[[], datetime]) -> None:
        self._deeds = deeds
        self._now = now
        self._answers: OrderedDict[Key, Response] = OrderedDict()
        self._under_way: dict[Key, asyncio.Event] = {}
        self._swept_at = now()

    async def answer(self, request: Request, person: Person, answering: Answering) -> Response:
        """The first answer, however often it is asked for. Requests without a key are answered as they come."""
        words = request.headers.get(HEADER)
        if words is None or request.method != "POST":
            return await answering()
        if not words or len(words) > LONGEST_KEY or not words.isprintable():
            raise Refused(f"an idempotency key is 1 to {LONGEST_KEY} printable characters", where=HEADER)
        key, asked = (f"{person.id} {person.client}", words), await _asked(request)
        while (other := self._under_way.get(key)) is not None:
            await other.wait()
        self._sweep()
        done = self._deeds.find(*key, self._now() - KEPT_FOR)
        return self._again(key, asked, done) if done is not None else await self._first(key, asked, answering)

    def _again(self, key: Key, asked: bytes, done: Done) -> Response:
        if done.asked != asked:
            raise OtherRequest(OTHER_REQUEST, where=HEADER)
        answer = self._answers.get(key)
        if answer is None:
            raise Conflict(WAS_DONE if done.answer else NOT_KNOWN)
        replayed = Response(bytes(answer.body), answer.status_code, media_type=answer.media_type)
        replayed.raw_headers = [*answer.raw_headers, (REPLAYED.encode(), b"true")]
        return replayed

    async def _first(self, key: Key, asked: bytes, answering: Answering) -> Response:
        self._deeds.begin(*key, asked, self._now())
        under_way = self._under_way[key] = asyncio.Event()
        try:
            answer = await answering()
        except (WardlineError, RequestValidationError, HTTPException) as refusal:
            if not isinstance(refusal, Fault) or isinstance(refusal, StorageFull):
                self._deeds.forget(*key)  # nothing was done
            raise
        else:
            self._keep(key, answer)
            return answer
        finally:
            del self._under_way[key]
            under_way.set()

    def _keep(self, key: Key, answer: Response) -> None:
        body = bytes(getattr(answer, "body", b""))
        self._deeds.end(*key, answer.status_code, hashlib.sha256(body).digest())
        if hasattr(answer, "body") and len(body) <= LARGEST_ANSWER:
            self._answers[key] = answer
            while len(self._answers) > ANSWERS:
                self._answers.popitem(last=False)

    def _sweep(self) -> None:
        """Once an hour what is older than a day is forgotten."""
        if self._now() - self._swept_at > timedelta(hours=1):
            self._swept_at = self._now()
            self._deeds.forget_before(self._now() - KEPT_FOR)


async def _asked(request: Request) -> bytes:
    """Everything the request says, in one digest."""
    parts = (request.method, request.url.path, request.url.query, request.headers.get("content-type", ""))
    digest = hashlib.sha256("\n".join(parts).encode())
    digest.update(b"\n" + await request.body())
    return digest.digest()
