"""What the organisation does: a call is one authorisation, one change, one audit line.

The modules hand out the records they read (Task, Report …); who needs to name such a type takes it
from here, never from `models`.
"""

from models.database import Database, Session

__all__ = ["Database", "Session"]
