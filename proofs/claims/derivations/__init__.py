"""The claims, one module for each proof of the chapter."""
