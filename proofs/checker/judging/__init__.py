"""Each equation by itself: how far it is off, and how far rounding may put it."""
