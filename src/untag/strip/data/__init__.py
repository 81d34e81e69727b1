"""What the editors of data sets share: what to cut, and how each format is cut without touching its other bytes."""
