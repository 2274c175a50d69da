"""DMARC (RFC 7489): what receivers shall do with letters that only pretend to come from a domain. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from youthnet.doctor.dns import Ask
from youthnet.doctor.report import Check, Section

POLICIES = ("none", "quarantine", "reject")

section = Section("DMARC")


@dataclass(frozen=True)
class Policy:
    """A record and the domain it stands at, which is the From domain or one above it."""

    domain: str
    tags: dict[str, str]

    def strict(self, tag: str) -> bool:
        return self.tags.get(tag, "r").lower() == "s"


def tags_of(record: str) -> dict[str, str]:
    """`v=DMARC1; p=none` as names and values; also the shape of DKIM's records and signatures (RFC 6376, 3.2)."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs}


def parents(domain: str) -> list[str]:
    """The domain and those above it, without the last label alone."""
    labels = domain.lower().split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def records_in(texts: list[str]) -> list[str]:
    return [text for text in texts if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text)]


def find(domain: str, ask: Ask) -> tuple[str, list[str]] | None:
    """The nearest domain with records, going up; `(domain, [])` when none has any, None when nobody knows."""
    for above in parents(domain):
        texts = ask(f"_dmarc.{above}", "TXT")
        if texts is None and above == domain.lower():
            return None
        if found := records_in(texts or []):
            return above, found
    return domain, []


def aligned(mine: str, theirs: str, strict: bool, top: str) -> bool:
    """Whether two domains are one sender (RFC 7489, 3.1); `top` is the domain at which the policy was found.

    Relaxed alignment asks for the same organisation. Without a list of public suffixes, that is the domain of the
    policy and everything below it, or one domain standing below the other.
    """
    mine, theirs, top = mine.lower(), theirs.lower(), top.lower()
    if strict or mine == theirs:
        return mine == theirs
    return _below(mine, theirs) or _below(theirs, mine) or (_within(mine, top) and _within(theirs, top))


def _below(one: str, other: str) -> bool:
    return one.endswith("." + other) and "." in other


def _within(one: str, top: str) -> bool:
    return one == top or _below(one, top)


def judge(domain: str, dkim_domain: str, ask: Ask) -> Iterator[Check]:
    found = find(domain, ask)
    if found is None:
        yield section.look(
            f"Nothing is known of the TXT records of _dmarc.{domain}.", "Add them to the file of answers."
        )
        return
    top, records = found
    if len(records) != 1:
        yield _not_one(domain, records)
        return
    policy = Policy(top, tags_of(records[0]))
    yield _wish(domain, policy)
    yield _reports(policy)
    yield _alignment(domain, dkim_domain, policy)


def _not_one(domain: str, records: list[str]) -> Check:
    if records:
        return section.wrong(f"_dmarc.{domain} has {len(records)} DMARC records, so none of them counts.", "Keep one.")
    return section.wrong(
        f"{domain} has no DMARC record, and large providers refuse newsletters without one.",
        f"Publish TXT _dmarc.{domain} “v=DMARC1; p=none; rua=mailto:…” and raise the policy later.",
    )


def _wish(domain: str, policy: Policy) -> Check:
    wish = policy.tags.get("p", "").lower()
    if policy.domain != domain.lower():
        wish = policy.tags.get("sp", wish).lower()
    if wish not in POLICIES:
        return section.wrong(f"The DMARC record of {policy.domain} names no policy.", "Add p=none, or a stricter one.")
    if wish == "none":
        return section.look(
            f"The DMARC policy of {policy.domain} is none: receivers report forgeries and let them in.",
            "Good enough to send; raise it to quarantine when the reports show only your own servers.",
        )
    return section.ok(f"The DMARC policy of {policy.domain} is {wish}.")


def _reports(policy: Policy) -> Check:
    if "mailto:" in policy.tags.get("rua", ""):
        return section.ok(
            f"Reports about letters of {policy.domain} go to {policy.tags['rua'].replace('mailto:', '')}."
        )
    return section.look(
        f"The DMARC record of {policy.domain} asks for no reports.", "Add rua=mailto:… with a mailbox somebody reads."
    )


def _alignment(domain: str, dkim_domain: str, policy: Policy) -> Check:
    how = "strict" if policy.strict("adkim") else "relaxed"
    if aligned(domain, dkim_domain, policy.strict("adkim"), policy.domain):
        return section.ok(f"Signatures of {dkim_domain} count for letters from {domain} ({how} alignment).")
    return section.wrong(
        f"Signatures of {dkim_domain} do not count for letters from {domain} ({how} alignment).",
        f"Let the relay sign with d={domain}" + (", or take adkim=s out of the record." if how == "strict" else "."),
    )
