"""The JSON renderer: a report as one line, for `baogao batch` and for other programs."""
