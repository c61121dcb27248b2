"""The coverage as a file, in every form."""
