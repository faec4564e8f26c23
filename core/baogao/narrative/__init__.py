"""Narrative: Markdown with numbers bound to cells."""
