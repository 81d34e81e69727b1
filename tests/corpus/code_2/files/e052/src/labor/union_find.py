"""Connected components by union-find."""


class UnionFind:
    def __init__(self, n: int):
        self.parent = list(range(n))

    def find(self, a: int) -> int:
        while self.parent[a] != a:
            self.parent[a] = self.parent[self.parent[a]]
            a = self.parent[a]
        return a

    def union(self, a: int, b: int) -> None:
        self.parent[self.find(b)] = self.find(a)


def merge_person_masks(pairs, n):
    """Union of overlapping person masks -> group number per mask."""
    uf = UnionFind(n)
    for a, b in pairs:
        uf.union(a, b)
    members = {uf.find(i) for i in range(n)}
    order = {m: k for k, m in enumerate(sorted(members))}
    return [order[uf.find(i)] for i in range(n)]
