"""The same activation from elsewhere: a framework's own function, and the formula word for word; by our metric."""
