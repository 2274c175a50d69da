"""Reference data of every installation: regions, municipalities of today and before, and the shared vocabulary."""
