"""Being built by UI-2 (see NOTE_FROM_UI2.md)."""
