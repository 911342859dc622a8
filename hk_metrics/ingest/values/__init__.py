"""Cells to values: ids, words, amounts, dates, periods, bases."""
