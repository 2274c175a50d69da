"""The doctor: looks at what a portal needs from outside and says in words what is missing; one module per part."""
