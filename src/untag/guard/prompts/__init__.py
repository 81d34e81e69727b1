"""How a prompt is judged: undo its disguises, mark its words, read its grammar, and in doubt compare its sense."""
