"""The rules on the report as a whole, a module for each thing they look at; each lists its `RULES`."""
