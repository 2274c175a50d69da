"""Pages of the meetings room, a module for each thing a person does."""
