"""Waivers (情况说明): recorded reasons why findings are accepted; read, applied to a report, and added to the file."""
