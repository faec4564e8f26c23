"""The rules of this plugin: on the document that was made, and on what a filing copy is told to print."""
