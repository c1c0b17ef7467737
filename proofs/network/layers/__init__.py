"""What a layer computes and what it sends back: one file for each kind, as NumPy would have it."""
