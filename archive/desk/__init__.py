"""What people decide about the coverage, and what they add to it."""
