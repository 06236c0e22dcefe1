"""multipart/related (RFC 2046, 2387): what was put together comes apart the same, however the network cuts it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.formats.dicom.multipart import EndOfPart, Part, end_of, head_of, parts_of, related

BOUNDARY = "--edge--"


def apart(message: bytes, step: int) -> list[tuple[str, bytes]]:
    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(message), step):
            yield message[at : at + step]

    async def read() -> list[tuple[str, bytes]]:
        found: list[tuple[str, bytes]] = []
        head, content = "", b""
        async for piece in parts_of(pieces(), BOUNDARY.encode()):
            match piece:
                case Part():
                    head, content = piece.type, b""
                case EndOfPart():
                    found.append((head, content))
                case bytes():
                    content += piece
        return found

    return asyncio.run(read())


def together(contents: list[bytes]) -> bytes:
    return b"".join(head_of(BOUNDARY, "application/dicom; transfer-syntax=1.2") + each for each in contents) + end_of(BOUNDARY)


@given(
    st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([b"\r\n", b"\r\n--", b"\r\n----edge-", b"--", b"\r"])), max_size=4), st.integers(1, 50)
)
def test_parts_come_apart_as_they_were_put_together(contents: list[bytes], step: int) -> None:
    assert apart(together(contents), step) == [("application/dicom", each) for each in contents]


@given(st.binary(max_size=200), st.integers(1, 20))
def test_whatever_is_no_message_is_said_to_be_none(content: bytes, step: int) -> None:
    with pytest.raises(ValueError, match=r"message|head"):
        apart(content.replace(b"--edge--", b""), step)


@given(st.data())
def test_a_message_that_is_cut_anywhere_is_said_to_be_cut(data: st.DataObject) -> None:
    whole = together([b"one", b"two"])
    with pytest.raises(ValueError, match="ends before"):
        apart(whole[: data.draw(st.integers(0, len(whole) - 5))], 7)


def test_what_stands_before_the_first_boundary_says_nothing() -> None:
    assert apart(b"This is a message in parts.\r\n" + together([b"x"])[2:], 5) == [("application/dicom", b"x")]


@pytest.mark.parametrize(("header", "wanted"), [
    ('multipart/related; type="application/dicom"; boundary=abc', ("application/dicom", b"abc")),
    ('Multipart/Related; Boundary="a b"; type=application/dicom+json', ("application/dicom+json", b"a b")),
    ("multipart/related; boundary=x", ("", b"x")),
    ("multipart/related", None), ("multipart/form-data; boundary=x", None), ("application/dicom", None), ("", None),
    (f"multipart/related; boundary={'x' * 71}", None),
])  # fmt: skip
def test_a_content_type_says_type_and_boundary(header: str, wanted: tuple[str, bytes] | None) -> None:
    found = related(header)
    assert (tuple(found) if found is not None else None) == wanted
