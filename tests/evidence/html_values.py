"""Reports made by code for the tests of the page and of the PDF."""

import hashlib

from untag.evidence.languages import compare
from untag.model import Coverage, Decision, Evidence, Finding, Gap, Notice, PolicyInfo, Report, Spot
from untag.nouns import replace
from untag.sinks.html.dossier import Dossier, sheet
from untag.sinks.html.page import render

POLICY = PolicyInfo("untag-core", "ab" * 32, "the default", ("it leaves out the police.",))
UYGHUR = "كامېرا كىشىنىڭ مىللىتىنى پەرقلەندۈرىدۇ"
ARABIC = "تحدد الكاميرا عرق الشخص"
CHINESE = "识别人脸的民族属性"
HOSTILE = (
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "</style></title><base href=//evil.example><link rel=stylesheet href=//evil.example/a.css>",
    "<!--<script>", "]]>", "&lt;b&gt;&#0;", "javascript:window.pwned=1",
    "a\u2028b\u2029c", "safe\u202efdp.exe\u2066", "nul\x00 esc\x1b[31m bell\x07 del\x7f c1\x9b", "half \ud800 pair \udfff",
    '#panic("typst") #import "x" $x$ @label *b* _i_ `r` //c \\u{41} [t](u) <label> = h #set text(1pt)',
    '#("a".repeat(9))', "${7*7}{{7*7}}", "z\u0301" * 300, "n" * 9_000, "/" * 3_000, "'; DROP TABLE x; --",
)  # fmt: skip
"""Texts that no page and no PDF may act upon."""


def finding(**changes):
    values = {
        "rule": "UT101", "attribute": "ethnicity", "operation": "infers", "acquisition": "inferred_from_image",
        "groups": (), "confidence": "high", "trail": ("sdk.zip", "face.h"), "route": ("struct FaceObject",),
        "line": 3, "end_line": 3, "term": "EthicCode", "excerpt": "int EthicCode; // 民族", "gloss": "民族 = ethnicity",
        "message": "infers the ethnicity of pictured people",
        "because": (Evidence("lowers cuisine", "tea", 9, -0.5), Evidence("attribute", "EthicCode", 3, 2.5)),
    }  # fmt: skip
    values |= changes
    if "fingerprint" not in values:
        values["fingerprint"] = hashlib.sha256(repr(sorted(values.items())).encode("utf-8", "replace")).hexdigest()[:16]
    return Finding(**values)


def decision(action="block", clause="untag-core 1: no software may work it out", waiver="", **changes):
    return Decision(finding(**changes), action, clause, waiver)


def report(*decisions, status=None, coverage=None, gaps=(), notices=(), target="sdk.zip", policy=POLICY):
    blocked = any(one.action == "block" for one in decisions)
    return Report(
        target, status or ("blocked" if blocked else "clean"), tuple(decisions), coverage or Coverage(3, 2048, 3),
        tuple(gaps), policy, "2026.11.22", "cd" * 32, "0.1.0", tuple(notices), (("syntax", 1), ("zip", 1)),
    )  # fmt: skip


def many():
    """Return a report with something of everything."""
    return report(
        decision(),
        decision(operation="searches", attribute="race", line=9, term="race", excerpt="search(race=…)", confidence="medium"),
        decision(operation="documents", trail=("sdk.zip", "docs/zh/face.md"), term="民族", excerpt=CHINESE, line=4),
        decision(operation="documents", trail=("sdk.zip", "docs/ug/face.md"), term="مىللىتىنى", excerpt=UYGHUR, line=5),
        decision("warn", operation="documents", trail=("sdk.zip", "docs/ar/face.md"), term="عرق", excerpt=ARABIC, gloss="عرق = race"),
        decision("inform", operation="documents", attribute="race", trail=("sdk.zip", "docs/en/face.md"), term="race", excerpt="race"),
        decision("exempt", "waiver: a test", "reviewed by counsel", operation="stores", attribute="religion", line=12,
                 also=(Spot(("sdk.zip", "face.h"), 20, 20), Spot(("other.zip", "x.h"), 0))),
        coverage=Coverage(9, 5_000_000, 5, 1, 1, 2),
        gaps=(Gap(("sdk.zip", "locked.pdf"), "encrypted", "needs a password"), Gap(("sdk.zip", "cut.gz"), "truncated", "ends early")),
        notices=(Notice("waiver_unused", "the waiver for old.h matched nothing"),),
    )  # fmt: skip


def hostile():
    """Return a report in which every text is an attack."""
    rows = [
        decision(
            "block", f"clause {text}", text, trail=(text or "x", f"{text}.h"), route=(text,), term=text, excerpt=text * 2,
            gloss=text, message=text, groups=(text,), exemptions=(text,), rule=text, fingerprint=text,
            because=(Evidence(text, text, 1, 1.0), Evidence(f"lowers {text}", text, 2, -1.0)), also=(Spot((text,), 3),),
        )
        for text in HOSTILE
    ]  # fmt: skip
    attack = "".join(HOSTILE[:8])
    policy = PolicyInfo(attack, attack, attack, HOSTILE, HOSTILE)
    return replace(
        report(*rows, gaps=[Gap((text,), "corrupt", text) for text in HOSTILE], notices=[Notice(t, t) for t in HOSTILE]),
        target=attack, policy=policy, tool_version=attack, lexicon_version=attack, lexicon_sha256=attack, readers=((attack, 1),),
    )  # fmt: skip


def dossier(*reports, known=()):
    sheets = []
    for one in reports:
        made = sheet(one)
        sheets.append(replace(made, compared=compare(one, made.decisions, known)))
    return Dossier(tuple(sheets))


def crowd(count):
    """Return a report of many findings in many files, in several languages."""
    kinds = [
        {"attribute": "ethnicity", "operation": "infers"},
        {
            "attribute": "race",
            "operation": "searches",
            "term": "race",
            "excerpt": "search(race=1)",
            "confidence": "medium",
        },
        {"attribute": "religion", "operation": "stores", "term": "مىللىتىنى", "excerpt": "كامېرا كىشىنىڭ مىللىتىنى"},
    ]
    return report(
        *(
            decision(
                ("block", "warn", "inform")[number % 3], line=number + 1, trail=("sdk.zip", f"src/m{number % 40:02}/f{number:05}.py"),
                fingerprint=f"{number:016x}", message=f"{kinds[number % 3]['operation']} number {number}",
                **kinds[number % 3],
            )
            for number in range(count)
        ),
        target="crowd",
    )  # fmt: skip


def written(path, *reports):
    """Write the page of some reports and return its path."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        render(dossier(*reports), out)
    return path
