from registry.models.jobs import ImportJob, JobFinding, JobRow
from registry.models.keys import Counter, KeyCheck
from registry.models.log import ChainHead, Entry, acting
from registry.models.preferences import Preference
from registry.models.records import Record, StaleRecord, VersionedRecord
from registry.models.user import User

__all__ = [
    "ChainHead",
    "Counter",
    "Entry",
    "ImportJob",
    "JobFinding",
    "JobRow",
    "KeyCheck",
    "Preference",
    "Record",
    "StaleRecord",
    "User",
    "VersionedRecord",
    "acting",
]
