"""From the model to exact mathematics."""
