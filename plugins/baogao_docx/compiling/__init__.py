"""Templates of docxtpl compiled once and rendered many times: prepared, filled in, spliced into a ready archive."""
