"""Form fields and how forms are drawn."""
