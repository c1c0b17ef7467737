"""The definition: derivatives by pushing numbers, without any chain rule."""
