"""What sentences say, by the noun that was measured; ``display.phrase`` chooses among them."""
