"""What is remembered for Zalo: its bots, the Official Account, the month's messages, facts seen."""
