"""Which vaccines a person still needs: CDC's logic for evaluating doses and forecasting the next, over a schedule that is data."""
