"""What the editors of model files share: JSON changed in place, what is chosen, bytes copied and searched."""
