"""One message as bytes: headers, body, merge fields."""
