"""The queue worker: claims deliveries and sends them over SMTP or an API."""
