"""What an alert is called: the same in a rebuild, and nothing that a guess could be tested against."""

from pathlib import Path

from delivery.ward import PATIENT, Ward
from wardline.adapters.embedded.folder import DataFolder
from wardline.core.events import Acknowledged, Alerted
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.alerts.stating import alert_id

QUESTION = (PATIENT, "news2", "")


def _raised(key: bytes) -> Ward:
    ward = Ward()
    ward.alerts.register.key = key
    ward.news2(7)
    return ward


def _ids(ward: Ward) -> list[str]:
    return [event.value.alert for event in ward.events if isinstance(event.value, Alerted)]


def test_the_same_log_gives_the_same_ids_in_one_house_and_others_in_another() -> None:
    assert _ids(_raised(b"one house")) == _ids(_raised(b"one house")) != _ids(_raised(b"another house"))


def test_whoever_guesses_everything_but_the_key_cannot_tell_what_an_id_is_about() -> None:
    assert alert_id("news2-high@1", QUESTION, 17, b"one house") != alert_id("news2-high@1", QUESTION, 17, b"")


def test_an_alert_that_was_open_before_the_key_goes_on_under_its_id() -> None:
    ward = _raised(b"")
    (alert,) = _ids(ward)
    kept = ward.alerts.dump()
    ward.alerts = ward.house.alerts = AlertPolicy(ward.alerts.policy, key=b"one house")
    ward.alerts.load(kept)

    ward.later(30)
    ward.news2(8)
    ward.acknowledge()

    assert [event.value.alert for event in ward.events if isinstance(event.value, Acknowledged)] == [alert]
    assert set(_ids(ward)) == {alert}


def test_a_new_index_secret_changes_nothing_about_ids_and_another_folder_has_its_own(tmp_path: Path) -> None:
    folder, other = DataFolder(tmp_path / "one"), DataFolder(tmp_path / "other")
    try:
        before = folder.alert_key
        folder.renew_index()

        assert folder.alert_key == before
        assert len({before, other.alert_key, folder.pseudonym_key, folder.register_key, b""}) == 5
    finally:
        folder.release()
        other.release()
