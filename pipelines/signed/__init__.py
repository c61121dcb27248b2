"""Who signed."""
