"""PyTorch's zip files: the pickle read as symbols and never run, the storages copied, safetensors written."""
