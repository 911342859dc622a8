"""Exports of the tools that people use, one a file: what each is known by, and what is in it."""
