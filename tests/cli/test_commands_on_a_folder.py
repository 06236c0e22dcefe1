"""Commands that look into a data folder, while a server runs on it and after it has stopped: log, send, explain, quarantine, users."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest

from cli.processes import wardline
from support.dicom_door import ct, put
from support.messages import ADA, BEN, ILL, WELL, Patient, adt, vitals
from support.served import Served, agree
from wardline.adapters.embedded.folder import DataFolder
from wardline.app.imaging.opening import images_in
from wardline.core.events import Identifier
from wardline.delivery.policy import default_policy

SENT_AT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
WORSE_AT = SENT_AT + timedelta(minutes=10)
PASSWORD = "three unrelated cobblestones"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("house") / "data"
    agree(data / "config")
    running = Served(data)
    yield running
    running.kill()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada comes in well; ten minutes later she is ill."""
    folder = tmp_path_factory.mktemp("messages")
    (folder / "1-admission.hl7").write_bytes(adt("A01", ADA, at=SENT_AT, control="A1"))
    (folder / "2-well.hl7").write_bytes(vitals(ADA, WELL, at=SENT_AT, control="V1"))
    (folder / "3-ill.hl7").write_bytes(vitals(ADA, ILL, at=WORSE_AT, control="V2"))
    return folder


@pytest.fixture(scope="module")
def sent(served: Served, file: Path) -> str:
    """What `wardline send` printed."""
    ended = wardline("send", file, "--to", f"127.0.0.1:{served.mllp}")
    assert ended.code == 0, ended
    return ended.out


def record_of(data: Path, patient: Patient) -> str:
    return DataFolder(data, reading=True).key_of(Identifier(patient.number, patient.assigner))


# --- send -----------------------------------------------------------------------------------------------------------------------


def test_send_prints_each_acknowledgement_in_order_and_counts_them(sent: str) -> None:
    lines = [line.split() for line in sent.splitlines()]
    assert [line[:3] for line in lines[:3]] == [["AA", "A1", "1-admission.hl7"], ["AA", "V1", "2-well.hl7"], ["AA", "V2", "3-ill.hl7"]]
    assert sent.splitlines()[3] == "3 sent, 3 accepted, 0 not"


def test_a_message_that_is_not_accepted_is_exit_code_1(served: Served, tmp_path: Path) -> None:
    (tmp_path / "no-patient.hl7").write_bytes(b"MSH|^~\\&|STRANGE|HOSP|||20260302080000||ORU^R01|X1|P|2.5\rOBR|1\r")
    ended = wardline("send", tmp_path / "no-patient.hl7", "--to", f"127.0.0.1:{served.mllp}", "--json")
    assert ended.code == 1
    (line,) = ended.lines
    assert (line["file"], line["code"], line["control_id"]) == ("no-patient.hl7", "AE", "X1")


def test_a_listener_that_is_not_there_is_one_sentence(file: Path) -> None:
    ended = wardline("send", file, "--to", "127.0.0.1:1")
    assert ended.code == 2
    assert ended.err.startswith("wardline: cannot connect to 127.0.0.1:1")
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("--to", "nowhere", "x.hl7"), "'nowhere' is not HOST:PORT"),
    (("--to", "[/x]:", "x.hl7"), "'[/x]:' is not HOST:PORT"),
    ((), "name at least one file"),
    (("missing.hl7",), "missing.hl7 cannot be read"),
])  # fmt: skip
def test_what_cannot_be_sent_is_said(served: Served, arguments: tuple[str, ...], sentence: str) -> None:
    there = () if "--to" in arguments else ("--to", f"127.0.0.1:{served.mllp}")
    ended = wardline("send", *arguments, *there)
    assert ended.code == 2
    assert sentence in ended.err


# --- log ------------------------------------------------------------------------------------------------------------------------


def test_the_log_shows_every_stored_message_while_the_server_runs(served: Served, sent: str, file: Path) -> None:
    ended = wardline("log", "--raw", "--json", "--data", served.data)
    assert ended.code == 0
    assert all(set(line) == {"seq", "feed", "control_id", "sha256", "recorded_at", "state"} for line in ended.lines)
    assert [line["seq"] for line in ended.lines] == sorted(line["seq"] for line in ended.lines)
    ours = {line["control_id"]: line for line in ended.lines}
    for control, name in (("A1", "1-admission.hl7"), ("V1", "2-well.hl7"), ("V2", "3-ill.hl7")):
        assert ours[control]["sha256"] == hashlib.sha256((file / name).read_bytes()).hexdigest()
        assert ours[control]["state"] == "stored"


def test_the_log_shows_what_became_of_them(served: Served, sent: str) -> None:
    ended = wardline("log", "--events", "--json", "--data", served.data)
    kinds = {line["kind"] for line in ended.lines}
    assert {"Registered", "Admitted", "Measured", "Found"} <= kinds


def test_a_folder_without_data_is_said(tmp_path: Path) -> None:
    ended = wardline("log", "--data", tmp_path)
    assert ended.code == 2
    assert f"there is no Wardline data in {tmp_path}" in ended.err
    assert list(tmp_path.iterdir()) == []


# --- explain --------------------------------------------------------------------------------------------------------------------


def test_explain_shows_the_score_and_its_reasons(served: Served, sent: str) -> None:
    ended = wardline("explain", "news2", "--about", record_of(served.data, ADA), "--data", served.data, "--json")
    (line,) = ended.lines
    assert (line["outcome"], line["value"], line["severity"]) == ("finding", 14, "high")  # RCP 2017, chart 1, on air and alert
    assert {reason["input"]: reason["points"] for reason in line["because"]}["respiratory_rate"] == 3


def test_explain_at_an_earlier_moment_knows_nothing_of_what_came_later(served: Served, sent: str) -> None:
    recorded = {line["control_id"]: line["recorded_at"] for line in wardline("log", "--raw", "--json", "--data", served.data).lines}
    ended = wardline("explain", "news2", "--about", record_of(served.data, ADA), "--at", recorded["V1"], "--data", served.data, "--json")
    assert ended.lines[0]["value"] == 0


def test_explain_prints_a_table_for_people(served: Served, sent: str) -> None:
    ended = wardline("explain", "news2", "--about", record_of(served.data, ADA), "--data", served.data)
    assert "NEWS2 14" in ended.out
    assert "systolic pressure" in ended.out


@pytest.mark.parametrize(("at", "sentence"), [("yesterday", "is not a time"), ("2026-11-21T03:12:00", "add the offset")])
def test_a_moment_that_is_no_moment_is_refused(served: Served, sent: str, at: str, sentence: str) -> None:
    ended = wardline("explain", "news2", "--about", "somebody", "--at", at, "--data", served.data)
    assert ended.code == 2
    assert sentence in ended.err


def test_a_patient_nobody_knows_is_said(served: Served) -> None:
    ended = wardline("explain", "news2", "--about", "nobody", "--data", served.data)
    assert ended.code == 2
    assert "nothing is known about 'nobody'" in ended.err


# --- quarantine -----------------------------------------------------------------------------------------------------------------


def test_quarantine_lists_the_exact_reason_and_shows_the_bytes(served: Served, tmp_path: Path) -> None:
    raw = b"MSH|^~\\&|ODD|HOSP|||20260302080000||ORU^R01|Q1|P|2.5\rOBR|1||O1|[/bold]\r"
    (tmp_path / "q.hl7").write_bytes(raw)
    wardline("send", tmp_path / "q.hl7", "--to", f"127.0.0.1:{served.mllp}")

    listed = {line["control_id"]: line for line in wardline("quarantine", "list", "--json", "--data", served.data).lines}
    shown = wardline("quarantine", "show", str(listed["Q1"]["seq"]), "--data", served.data)

    assert listed["Q1"]["feed"] == "ODD HOSP"
    assert "PID" in listed["Q1"]["reason"]
    assert shown.out == raw.decode().replace("\r", "\n") + "\n"
    assert wardline("quarantine", "list", "--data", served.data).code == 0


def test_a_message_number_nobody_has_is_said(served: Served) -> None:
    ended = wardline("quarantine", "show", "987654", "--data", served.data)
    assert ended.code == 2
    assert "Traceback" not in ended.err


def test_quarantined_images_are_listed_saved_and_removed(served: Served, tmp_path: Path) -> None:
    with images_in(served.data) as images:
        put(images, ct(), content=b"no data set")

    (listed,) = wardline("quarantine", "images", "--json", "--data", served.data).lines
    saved = wardline("quarantine", "image", str(listed["image"]), tmp_path / "look.dcm", "--data", served.data)
    removed = wardline("quarantine", "dismiss-image", str(listed["image"]), "--data", served.data)

    assert listed["instance"] == ct().SOPInstanceUID
    assert listed["reason"]
    assert saved.code == removed.code == 0, saved.err + removed.err
    assert (tmp_path / "look.dcm").read_bytes().endswith(b"no data set")
    assert wardline("quarantine", "images", "--data", served.data).out.strip() == "No image is in quarantine."


# --- users ----------------------------------------------------------------------------------------------------------------------


def test_a_program_gets_an_account_and_a_key_that_opens_the_metrics(served: Served) -> None:
    named = ("prometheus", "--name", "Prometheus", "--role", "engineer", "--data", served.data)
    assert "wardline users api-key prometheus makes its key" in wardline("users", "service", *named).out

    made = wardline("users", "api-key", "prometheus", "--name", "Metrics", "--scope", "system.read", "--days", "30", "--data", served.data)

    assert made.out.startswith("wl_")
    assert served.api("GET", "/health/detail", token=made.out.strip())["engine"]
    refused = wardline("users", "api-key", "prometheus", "--name", "x", "--scope", "everything", "--data", served.data)
    assert (refused.code, "no action 'everything'" in refused.err) == (2, True)


def test_the_only_administrator_who_has_lost_everything_is_helped_on_the_machine(served: Served) -> None:
    token = urlsplit(served.setup_link).fragment
    first = {"token": token, "login": "first", "name": "Ada Okonkwo", "password": PASSWORD}
    admin = served.api("POST", "/api/v1/auth/setup", first)["access_token"]
    offer = served.api("POST", "/api/v1/auth/mfa/app/offer", {}, token=admin)
    code = pyotp.TOTP(offer["secret"]).now()
    served.api("POST", "/api/v1/auth/mfa/app", {"token": offer["token"], "code": code, "name": "Phone"}, token=admin)
    assert "challenge" in served.api("POST", "/api/v1/auth/login", {"login": "first", "password": PASSWORD})

    ended = wardline("users", "reset-factors", "first", "--data", served.data)

    assert (ended.code, "no second factor any more" in ended.out) == (0, True)
    assert served.sign_in("first")


def test_an_account_is_added_while_the_server_runs_and_can_sign_in(served: Served) -> None:
    added = wardline(
        "users", "add", "g.mwangi", "--name", "Grace Mwangi", "--role", "nurse", "--unit", "7A", "--data", served.data, says=PASSWORD + "\n"
    )
    assert (added.code, added.out) == (0, "Grace Mwangi can sign in as g.mwangi.\n")
    assert served.sign_in("g.mwangi")

    changed = wardline("users", "password", "g.mwangi", "--data", served.data, says="quite another cobblestone\n")
    assert changed.code == 0
    with pytest.raises(OSError, match="403"):
        served.sign_in("g.mwangi")

    closed = wardline("users", "close", "g.mwangi", "--data", served.data)
    assert closed.code == 0
    listed = wardline("users", "list", "--data", served.data).out
    (line,) = [line for line in listed.splitlines() if line.startswith("g.mwangi")]
    assert line.split()[-4:] == ["nurse", "7A", "none", "closed"]


def test_closing_an_account_ends_its_session_at_the_next_request(served: Served) -> None:
    wardline("users", "add", "n.soe", "--name", "Nils Soerensen", "--role", "nurse", "--data", served.data, says=PASSWORD + "\n")
    token = served.sign_in("n.soe")
    assert served.api("GET", "/api/v1/capabilities", token=token)
    wardline("users", "close", "n.soe", "--data", served.data)
    with pytest.raises(OSError, match="401"):
        served.api("GET", "/api/v1/capabilities", token=token)


@pytest.mark.parametrize(("role", "password", "sentence"), [
    ("surgeon", PASSWORD, "roles are some of"),
    ("nurse", "short", "at least 12 characters"),
])  # fmt: skip
def test_an_account_that_is_not_right_is_refused(served: Served, role: str, password: str, sentence: str) -> None:
    ended = wardline("users", "add", "x.y", "--name", "Somebody Else", "--role", role, "--data", served.data, says=password + "\n")
    assert ended.code == 2
    assert sentence in ended.err
    assert password not in ended.err


def test_nobody_of_that_name_is_said(served: Served) -> None:
    ended = wardline("users", "close", "nobody", "--data", served.data)
    assert ended.code == 2
    assert "there is no account 'nobody'" in ended.err


# --- alerts ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quieter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy that ships, but NEWS2 pages nobody below 17."""
    file = tmp_path_factory.mktemp("policy") / "quieter.yaml"
    text = default_policy().text.replace("raise: {at_least: 7}", "raise: {at_least: 17}").replace("raise: {at_least: 5}", "raise: {at_least: 16}")
    file.write_text(text, encoding="utf-8")
    return file


def test_a_policy_is_tried_on_the_stored_past_beside_the_one_in_force(served: Served, sent: str, quieter: Path) -> None:
    ended = wardline("alerts", "simulate", quieter, "--json", "--data", served.data)
    (compared,) = ended.lines
    assert ended.code == 0
    assert compared["today"]["pages"] == 1  # Ada, NEWS2 14
    assert compared["proposed"]["pages"] == 0
    assert compared["counts"]["gone"] == 1


def test_the_comparison_is_a_table_for_people(served: Served, sent: str, quieter: Path) -> None:
    ended = wardline("alerts", "simulate", quieter, "--data", served.data)
    assert re.search(r"pages +1 +0 ", ended.out)
    assert "median lead time" in ended.out


def test_the_comparison_is_drawn_as_well(served: Served, sent: str, quieter: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra `evaluation` is not installed")
    ended = wardline("alerts", "simulate", quieter, "--plot", tmp_path / "pages.svg", "--data", served.data)
    assert ended.code == 0, ended.err
    assert "<svg" in (tmp_path / "pages.svg").read_text(encoding="utf-8")


def test_a_comparison_of_another_time_counts_nothing_of_this(served: Served, sent: str, quieter: Path) -> None:
    ended = wardline("alerts", "simulate", quieter, "--json", "--until", "2001-01-01T00:00:00Z", "--data", served.data)
    assert ended.lines[0]["today"]["pages"] == 0


def test_a_time_without_offset_is_refused(served: Served, quieter: Path) -> None:
    ended = wardline("alerts", "simulate", quieter, "--since", "2001-01-01T00:00:00", "--data", served.data)
    assert ended.code == 2
    assert "add the offset" in ended.err


def test_check_says_what_speaks_against_a_policy(tmp_path: Path) -> None:
    shipped, silent = tmp_path / "shipped.yaml", tmp_path / "silent.yaml"
    shipped.write_text(default_policy().text, encoding="utf-8")
    silent.write_text(default_policy().text.replace("action: Urgent assessment by a clinician competent in acute illness", "action: ''#"), "utf-8")
    assert wardline("alerts", "check", shipped).out == "Nothing speaks against it.\n"
    ended = wardline("alerts", "check", silent)
    assert ended.code == 1
    assert "action" in ended.out


# --- a folder nobody works on ---------------------------------------------------------------------------------------------------


def test_a_stopped_folder_is_read_the_same(tmp_path: Path) -> None:
    served = Served(tmp_path / "data")
    served.send(adt("A01", BEN, at=SENT_AT, control="B1"))
    running = wardline("log", "--raw", "--json", "--data", served.data).out
    served.stop()
    assert wardline("log", "--raw", "--json", "--data", served.data).out == running
    assert '"control_id": "B1"' in running
