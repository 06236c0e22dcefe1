"""What tests share: builders of messages, a hospital in a folder, an oracle, and faults that can be switched on."""
