"""A page parsed once: its tree, its data, its parts."""
