from members.admin.figures import behind, reports, statistics, work_report

__all__ = ["behind", "reports", "statistics", "work_report"]
