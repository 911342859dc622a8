"""Payouts: what each pays for, how it is audited, and the statement that says so."""
