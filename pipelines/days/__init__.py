"""What a text says about a day."""
