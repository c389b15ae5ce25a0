"""The rewrite rules, one file a family."""
