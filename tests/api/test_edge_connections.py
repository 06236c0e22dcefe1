"""What is connected, for those who run the house: counts in, pools out, writers; the same as numbers for Prometheus."""

import pytest

from api.house import OpenHouse


def test_the_page_says_what_is_connected_and_how_the_ways_out_are_doing(shared: OpenHouse) -> None:
    shared.running.couriers.pools.of("ward-nurse/app", "notifications", 4)

    said = shared.as_("engineer").get("/api/v1/connections")

    assert set(said["incoming"]) >= {"http", "streams", "websockets", "mllp"}
    (pool,) = said["pools"]
    assert (pool["name"], pool["size"], pool["busy"], pool["breaker"]) == ("ward-nurse/app", 4, 0, "closed")
    assert pool["waiting"] == {"none": 0, "low": 0, "medium": 0, "high": 0}
    assert {writer["name"]: writer["state"] for writer in said["writers"]} == {"audit": "ok", "log": "ok"}


def test_the_same_stands_in_the_metrics(shared: OpenHouse) -> None:
    shared.running.couriers.pools.of("ward-nurse/app", "notifications", 4)
    numbers = shared.as_("engineer").get("/metrics")

    assert 'wardline_connections{kind="mllp"} 0.0' in numbers
    assert 'wardline_pool_breaker{kind="notifications",pool="ward-nurse/app"} 0.0' in numbers
    assert 'wardline_pool_waiting{kind="notifications",pool="ward-nurse/app",severity="high"} 0.0' in numbers


@pytest.mark.parametrize("role", ["nurse", "doctor", "manager", "researcher", "patient"])
def test_the_ward_has_no_use_for_it(shared: OpenHouse, role: str) -> None:
    shared.as_(role).get("/api/v1/connections", 403)


def test_a_writer_that_fails_is_named(house: OpenHouse) -> None:
    engineer = house.as_("engineer")
    house.wardline.engine.full_since = house.wardline.sessions.now()

    writers = {writer["name"]: writer["state"] for writer in engineer.get("/api/v1/connections")["writers"]}

    assert writers["log"] == "full"
