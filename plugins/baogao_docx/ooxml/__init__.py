"""The file format: elements of WordprocessingML, the package they lie in, and whether it hangs together."""
