"""C++ that no activation changes: `runtime/`, which is copied beside generated files, and what made parts of it."""
