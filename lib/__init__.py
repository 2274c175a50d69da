"""The foundation: tools that every room may use. It imports no room."""
