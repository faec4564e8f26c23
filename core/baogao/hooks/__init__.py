"""The hooks, and the loading of the plugins that answer them."""
