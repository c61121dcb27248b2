"""Words looked for in a text."""
