"""The values everything else speaks of. Nothing here reads or writes a file."""
