"""The workflow of an issue: write, preview, test, send, follow. Every page of it shows the present step."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import pgettext

from newsletters.models import Issue
from newsletters.models.issue_queryset import IssueState


@dataclass(frozen=True)
class WorkflowStep:
    """One page of the workflow; without `url` it cannot be gone to yet."""

    name: str
    url: str
    is_here: bool


def workflow_of(issue: Issue, here: str) -> list[WorkflowStep]:
    """Where the issue can be taken now. After it was sent there is nothing to write; before, nothing to follow."""
    names = {
        "change": pgettext("path of an issue", "Write"),
        "preview": pgettext("path of an issue", "Preview"),
        "test": pgettext("path of an issue", "Test"),
        "send": pgettext("path of an issue", "Check and send"),
        "progress": pgettext("path of an issue", "On its way"),
        "report": pgettext("path of an issue", "Report"),
    }
    open_now = _open_to(issue)
    return [
        WorkflowStep(name, url_of(issue, step) if step in open_now else "", step == here)
        for step, name in names.items()
    ]


def url_of(issue: Issue, step: str) -> str:
    return reverse(f"admin:newsletters_issue_{step}", args=[issue.pk])


def _open_to(issue: Issue) -> set[str]:
    if issue.state == IssueState.DRAFT:
        return {"change", "preview", "test", "send"}
    if issue.state == IssueState.WAITING:
        return {"change", "preview", "test", "progress"}
    return {"change", "preview", "progress", "report"}
