"""A frozen, numbered bundle of the coverage that can be cited."""
