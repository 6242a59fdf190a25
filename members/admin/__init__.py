from members.admin.desk import start_page
from members.admin.findings import FindingAdmin
from members.admin.members import MemberAdmin

__all__ = ["FindingAdmin", "MemberAdmin", "start_page"]
