"""Other people's apps: let in by SMART App Launch 2.2, for what a person has allowed them and no longer."""
