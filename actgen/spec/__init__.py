"""From text to the model: YAML with positions, the schema, expressions through a whitelist."""
