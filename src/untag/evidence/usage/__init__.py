"""Who asked for, or received, a protected attribute: counted from access logs."""
