"""The spiders: what is new (`coverage`)."""
