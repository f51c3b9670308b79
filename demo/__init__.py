"""A demo province: real places, placeholder people, half a year of work, the same every time."""
