"""Reading a document back: what is printed, and where."""
