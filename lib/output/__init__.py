"""Formats that leave the portal beside HTML: PDF, QR codes, CSV, and letters shown in a page."""
