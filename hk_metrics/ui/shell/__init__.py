"""The shell around pages: session, frame, address, downloads."""
