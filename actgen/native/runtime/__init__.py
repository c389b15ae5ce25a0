"""What generated kernels are compiled with and called through; needs the standard library and a compiler alone."""
