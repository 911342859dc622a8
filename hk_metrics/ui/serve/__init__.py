"""The server: Voilà for one notebook, with our template, limits and manners."""
