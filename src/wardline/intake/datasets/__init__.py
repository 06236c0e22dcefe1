"""Published data sets as live feeds: recorded patients become messages that go through the same door as everybody else's."""
