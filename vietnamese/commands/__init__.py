"""What somebody wants of the program: a command at the head, or a wish in free words."""

from vietnamese.commands.heads import Command, read_clean_command, read_command

__all__ = ["Command", "read_clean_command", "read_command"]
