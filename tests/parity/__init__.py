"""The same talks on every network: what is said, what is heard, and what is kept afterwards."""
