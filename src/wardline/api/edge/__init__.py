"""The edge of the house: what every request meets before anybody looks at what it wants."""
