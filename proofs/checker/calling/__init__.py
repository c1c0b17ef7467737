"""Somebody's function: how it is found, called safely, and what it returned."""
