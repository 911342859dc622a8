"""Which table a file is and which column a header names; what is doubtful is asked."""
