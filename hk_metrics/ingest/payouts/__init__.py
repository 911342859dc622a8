"""What payouts pay for, and whether it adds up."""
