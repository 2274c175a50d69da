"""What limits count: the visitor behind the proxies, in a cache that all processes share."""
