"""The chapters, a module each: every one is a plugin of its own, which a department can block and replace."""
