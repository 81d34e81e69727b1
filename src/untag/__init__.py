"""untag: find ethnic profiling in vision software, take it out, keep it out, prove it."""
