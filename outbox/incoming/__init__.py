"""Mail that comes in: what mail servers answer and report about letters of ours."""
