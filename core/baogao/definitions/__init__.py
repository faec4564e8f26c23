"""Definitions: what forms, sections and tables look like, read from YAML and checked by Cerberus."""
