"""Fields, values and parameters out of interface descriptions, byte for byte: nothing else moves."""
