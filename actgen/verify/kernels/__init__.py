"""The fused kernel against the truth: its element functions over arrays, what they are held to, its certificate."""
