"""What people found by hand: taken in, fetched where it has an address, read like any other, and kept."""
