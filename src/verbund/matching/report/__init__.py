"""A match written down: csv and json lines for programs, a workbook and a page for people."""

from verbund.matching.report.content import Report
from verbund.matching.report.files import KINDS, write_report

__all__ = ["KINDS", "Report", "write_report"]
