"""The pages of uploads: choose a workbook, say what its columns and rows mean, apply it or put it
aside.

They know kinds of sheets but no organisation; the app that joins both says which kinds there are,
who the upload is for, and how its people are called.
"""

from __future__ import annotations

from registry.admin import files  # noqa: F401 - serves what an upload hands out
from registry.admin.jobs.applying import Applying
from registry.admin.jobs.mapping import Mapping
from registry.admin.jobs.returning import Returning
from registry.admin.jobs.saying import Saying
from registry.admin.jobs.undoing import Undoing


class ImportJobAdmin(Mapping, Saying, Applying, Undoing, Returning):
    """Uploads for organisations on which the user may import; written by their uploader only."""
