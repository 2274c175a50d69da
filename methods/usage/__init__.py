"""Trials, favourites, collections, session plans, actions."""
