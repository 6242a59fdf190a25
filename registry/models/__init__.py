from registry.models.files import PreparedFile
from registry.models.job_rows import JobFinding, JobRow
from registry.models.jobs import ImportJob
from registry.models.keys import Counter, KeyCheck
from registry.models.log import Action, ChainHead, Entry, acting
from registry.models.login import KeptForm, LoginTries, SecondFactor
from registry.models.mappings import HeadingAnswer
from registry.models.preferences import Preference
from registry.models.records import Record, StaleRecord, VersionedRecord
from registry.models.user import User

__all__ = [
    "Action",
    "ChainHead",
    "Counter",
    "Entry",
    "HeadingAnswer",
    "ImportJob",
    "JobFinding",
    "JobRow",
    "KeptForm",
    "KeyCheck",
    "LoginTries",
    "Preference",
    "PreparedFile",
    "Record",
    "SecondFactor",
    "StaleRecord",
    "User",
    "VersionedRecord",
    "acting",
]
