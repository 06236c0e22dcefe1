"""Files of HL7 v2 messages as a feed."""

import io
import tarfile
from pathlib import Path

import pytest

from support.clocks import MORNING
from support.messages import ADA, BEN, Obx, oru
from wardline.core.errors import NotFound, Refused
from wardline.formats.hl7v2.message import header_of
from wardline.intake.datasets.hl7_files import feed

ONE = oru(ADA, Obx("8867-4", 70), at=MORNING, control="1")
OTHER = oru(BEN, Obx("8867-4", 90), at=MORNING, control="1")


def archive_of(path: Path, contents: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def sent(path: Path, limit: int | None = None) -> list[tuple[str, bytes]]:
    return [(message.name, message.raw) for _, message in feed(path, limit).messages]


def test_a_folder_and_an_archive_of_it_say_the_same_in_name_order(tmp_path: Path) -> None:
    contents = {"b/2.hl7": oru(BEN, Obx("8867-4", 90), at=MORNING, control="2"), "a/1.hl7": ONE, "a/notes.txt": b"not a message"}
    folder = tmp_path / "folder"
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    assert sent(folder) == sent(archive_of(tmp_path / "folder.tar.gz", contents)) == [(name, contents[name]) for name in ("a/1.hl7", "b/2.hl7")]


def test_a_file_with_several_messages_is_sent_message_by_message(tmp_path: Path) -> None:
    path = tmp_path / "both.hl7"
    path.write_bytes(b"FHS|^~\\&\rBHS|^~\\&\r" + ONE + oru(BEN, Obx("8867-4", 90), at=MORNING, control="2") + b"BTS|2\rFTS|1\r")

    assert [(name, header_of(raw).control_id) for name, raw in sent(path)] == [("both.hl7#1", "1"), ("both.hl7#2", "2")]


def test_samples_that_share_a_control_id_are_told_apart_and_nothing_else_changes(tmp_path: Path) -> None:
    (first, same, other) = (raw for _, raw in sent(archive_of(tmp_path / "set.tgz", {"1.hl7": ONE, "2.hl7": ONE, "3.hl7": OTHER})))

    assert first == same == ONE  # a repeat stays a repeat
    new = header_of(other).control_id
    assert new.startswith("1-")
    assert other.replace(f"|{new}|".encode(), b"|1|", 1) == OTHER


def test_replayed_twice_the_new_ids_are_the_same(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "set.tgz", {"1.hl7": ONE, "3.hl7": OTHER})

    assert sent(path) == sent(path)


def test_what_is_not_a_message_is_sent_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "broken.hl7"
    path.write_bytes(b"this is no message")

    assert sent(path) == [("broken.hl7", b"this is no message")]


def test_a_limit_counts_files(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "set.tgz", {f"{number}.hl7": ONE for number in range(5)})

    assert feed(path, 2).parts == 2
    assert [name for name, _ in sent(path, 2)] == ["0.hl7", "1.hl7"]


def test_an_empty_folder_a_missing_file_and_a_false_archive_are_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no \*\.hl7 file"):
        feed(tmp_path)
    with pytest.raises(NotFound, match="cannot be read"):
        sent(tmp_path / "nothing.hl7")
    (tmp_path / "false.tar.gz").write_bytes(b"plain text")
    with pytest.raises(Refused, match="not a gzipped tar archive"):
        feed(tmp_path / "false.tar.gz")
