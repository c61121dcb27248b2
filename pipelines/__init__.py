"""READ AND JUDGE: pure stages, an article in, an article out."""
