"""The pytest plugin: what pytest loads in every project where baogao is installed, so it loads nothing itself."""
