"""Rules: read from YAML, gathered from everywhere, run one by one."""
