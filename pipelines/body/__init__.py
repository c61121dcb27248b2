"""The words of an article and what belongs to them."""
