"""What the benchmarks of mail need: relays, senders, an SMTP sink, sample messages, a worker process."""
