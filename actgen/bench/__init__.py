"""Times a generated PyTorch function against the formula as written, PyTorch's own function, and its compiler."""
