"""What is new, told once to each channel: which articles, in which words, and what still has to be sent."""
