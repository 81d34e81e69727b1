"""What others can check: timelines, comparisons, usage, attestations."""
