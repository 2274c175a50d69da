"""Portal-wide search: one question, answered by every room with what the reader may see."""
