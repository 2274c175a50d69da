"""Figures about the product, taken on this machine: `make bench` how fast it is, `make faults` what it survives."""
