"""Files, folders, uploads, databases and frames to cells; nothing is understood yet."""
