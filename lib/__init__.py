"""The foundation: access marks, dates, forms, uploads, signed links, rounds; it imports no app of ours."""
