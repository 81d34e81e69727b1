"""Safetensors: the header, the files that make one model, the label maps beside it, and how they are cut."""
