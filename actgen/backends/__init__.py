"""From a Program to source text, one file a target."""
