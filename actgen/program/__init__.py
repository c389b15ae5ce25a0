"""From exact mathematics to a numerically stable graph of ops."""
