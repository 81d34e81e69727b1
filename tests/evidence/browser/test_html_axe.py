"""axe-core in a real browser: no barrier on any kind of page, light and dark."""

import pytest


@pytest.mark.registry
@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("many", "light"),
        ("many", "dark"),
        ("two", "dark"),
        ("clean", "light"),
        ("crowd", "light"),
        ("hostile", "light"),
    ],
)
def test_axe_finds_no_barrier(files, watched, axe, name, scheme):
    # axe is put into the page from outside: the policy of the page would refuse it, rightly
    seen = watched(color_scheme=scheme, bypass_csp=True)
    page = seen.open(files[name])
    page.evaluate("for (const item of document.querySelectorAll('details')) item.open = true")
    page.add_script_tag(content=axe)
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values:"
        " ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})"
    )
    told = [(v["id"], v["help"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found["violations"]]
    assert told == []
