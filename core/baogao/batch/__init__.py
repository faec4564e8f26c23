"""Many reports in one run: each by a worker of its own, recorded as it is done, summed up at the end."""
