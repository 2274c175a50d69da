"""Finding methods: facets, filters, saved searches."""
