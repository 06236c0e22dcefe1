"""The ends of the ports: what the house is plugged into."""
