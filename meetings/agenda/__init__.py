"""Agendas and proposals for them."""
