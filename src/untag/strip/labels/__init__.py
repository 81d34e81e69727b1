"""Label maps: lines, JSON, YAML and protobuf text, read with the place of every label."""
