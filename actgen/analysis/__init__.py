"""What can be proved about an activation as a function: exact forms, and enclosures of every number."""
