"""The stages of the way of the data, one module each; `pipeline` calls them in order."""
