"""Rows against the schema, each other and other tables: what is wrong, odd or there twice."""
