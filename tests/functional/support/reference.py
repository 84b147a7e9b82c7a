"""What a conversation should be, kept in the simplest way: a list of messages that know their parents."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class node:
    message_id: str
    parent: str | None
    branch: str
    role: str
    content: str
    status: str = "complete"


@dataclass
class conversation:
    interaction_id: str
    root: str
    active: str
    nodes: list[node] = field(default_factory=list)  # in order of seq

    def find(self, message_id: str) -> node:
        return next(one for one in self.nodes if one.message_id == message_id)

    def end_of(self, branch: str) -> node | None:
        return next((one for one in reversed(self.nodes) if one.branch == branch), None)

    def end(self) -> node | None:
        return self.end_of(self.active)

    def branches(self) -> list[str]:
        return list(dict.fromkeys([self.root, *(one.branch for one in self.nodes)]))

    def goes_on(self, parent: str | None) -> bool:
        """Whether a message behind `parent` goes on with its branch, rather than to begin one."""
        if parent is None:
            return not self.nodes
        above = self.find(parent)
        return self.end_of(above.branch) is above

    def add(self, one: node) -> None:
        """Checks that its branch is what it must be."""
        expected = self.root if one.parent is None else self.find(one.parent).branch
        if self.goes_on(one.parent):
            assert one.branch == expected, one
        else:
            assert one.branch not in self.branches(), one
        self.nodes.append(one)
        self.active = one.branch

    def path(self, branch: str) -> list[node]:
        """From the first message to the end of the branch."""
        at = self.end_of(branch)
        found: list[node] = []
        while at is not None:
            found.append(at)
            at = self.find(at.parent) if at.parent is not None else None
        return found[::-1]

    def sibling(self, one: node) -> dict[str, int]:
        among = [other for other in self.nodes if other.parent == one.parent]
        return {"index": among.index(one), "count": len(among)}

    def check(self, shown: list[dict[str, Any]], expected: list[node]) -> None:
        assert [m["message_id"] for m in shown] == [one.message_id for one in expected]
        seqs = [m["seq"] for m in shown]
        assert seqs == sorted(set(seqs))
        for message, one in zip(shown, expected, strict=True):
            assert message["parent_id"] == one.parent, message
            assert message["branch_id"] == one.branch, message
            assert message["role"] == one.role
            assert message["status"] == one.status
            assert message["sibling"] == self.sibling(one), message
            if one.status in ("complete", "stopped"):
                assert message["content"] == one.content
