"""Issues: audience, prefill, checklist, rendering and mailing."""
