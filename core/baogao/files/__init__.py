"""Files: read with the place of every value, found along the search path, written whole or not at all."""
