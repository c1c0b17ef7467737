"""Wrong backward passes that people write, and what no gradient can show."""
