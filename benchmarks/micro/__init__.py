"""Parts of a call, each next to something that everybody knows the price of."""
