"""Real input sent through the whole loop, in a cell of its own that is thrown away afterwards."""
