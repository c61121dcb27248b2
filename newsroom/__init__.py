"""The bundled newsroom: an invented Cambodian press, served on loopback for the demo and the tests, and its truth."""
