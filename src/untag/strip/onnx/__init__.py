"""ONNX: read without the weights (`lean`), cut (`cut`), written (`write`), proved (`structural`, `numeric`)."""
