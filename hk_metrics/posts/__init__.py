"""Posts, one by one: what followed each of them, and what times and hashtags have to do with it."""
