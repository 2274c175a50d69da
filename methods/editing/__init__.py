"""Writing a method: working copies, sections, autosave, relations, import from Innokylä."""
