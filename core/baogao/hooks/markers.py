"""The markers of the plugin system, and the version it is of; importable without the engine."""

from __future__ import annotations

import pluggy

__all__ = ["PROJECT", "VERSION", "hookimpl", "hookspec"]

PROJECT = "baogao"
VERSION = "0.1.0"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
