"""Personal data in free text: finding it, warning of it before a text is sent, and holding the text back."""
