"""Small sources in every format, each with a place for a marker; shared by the property tests and the fuzzer."""

from __future__ import annotations

MARK = "维族Uyghur"
"""What is looked for: two scripts, no word of any grammar."""
HOSTS: dict[str, str] = {  # file name → source as a format string
    "a.py": 'class F:\n    """{m} doc."""\n    r = ["{m}", "b"]  # {m}\n\ndef f(a, b):\n    if a == "{m}":\n        g(x="{m}")\n',
    "a.c": 'struct F {{\n  int a; // {m}\n}};\nchar *n[] = {{"{m}", "b"}};\n/* {m}\n * {m} */\nint f(int a) {{ return g("{m}"); }}\n',
    "a.cpp": 'namespace n {{ class F : A {{ std::string r = "{m}"; }}; }}\n// {m}\nstd::vector<std::string> l{{"{m}"}};\n',
    "a.m": '@interface F : N\n// {m}\n@property int r;\n@end\nNSArray *l = @[@"{m}"];\n',
    "a.java": '/** {m} */\nclass F {{ enum R {{ A("{m}"), B; }} String r = "{m}"; // {m}\n}}\n',
    "a.kt": 'class F(val r: String = "{m}") {{ val l = listOf("{m}") }} // {m}\n',
    "a.scala": 'object F {{ val l = List("{m}") }} // {m}\n',
    "a.cs": 'class F {{ /// {m}\n string r = "{m}"; void M() {{ G("{m}"); }} }}\n',
    "a.go": 'package a\n// {m}\nvar l = []string{{"{m}"}}\ntype F struct {{ R string `{m}` }}\n',
    "a.rs": '/// {m}\nstruct F {{ r: String }}\nfn f() {{ let l = vec!["{m}"]; }}\n',
    "a.swift": 'let l = ["{m}"] // {m}\nenum E: String {{ case a = "{m}" }}\n',
    "a.js": 'const l = ["{m}"]; // {m}\nf({{a: `x {m}`}});\n',
    "a.ts": "type R = '{m}' | 'b';\ninterface F {{ r: '{m}' }} // {m}\n",
    "a.tsx": 'const a = <F r="{m}">{m}</F>; // {m}\n',
    "a.php": '<b>{m}</b><?php\n// {m}\n$l = ["{m}" => 1];\n',
    "a.rb": 'L = ["{m}"] # {m}\n=begin\n{m}\n=end\n',
    "a.sh": 'L=("{m}") # {m}\ncat <<E\n{m}\nE\n',
    "a.sql": "-- {m}\nCREATE TABLE f (r INT COMMENT '{m}');\nINSERT INTO f (r) VALUES ('{m}');\n",
    "a.json": '{{"{m}": ["{m}", {{"a": "{m}"}}]}}\n',
    "a.jsonl": '{{"a": "{m}"}}\n{{"{m}": 1}}\n',
    "a.yaml": "# {m}\na:\n  - {m}\n  - b: '{m}'\n  - |\n    {m}\n    x\n",
    "a.toml": '# {m}\n[a]\nb = ["{m}"]\n',
    "a.xml": '<a>\n<!-- {m} -->\n<b c="{m}">{m}</b>\n</a>\n',
    "a.html": '<h1>{m}</h1><table><tr><td>{m}</td></tr></table><script>var a = "{m}";</script><img alt="{m}">\n',
    "a.vue": '<template><p>{m}</p></template>\n<script lang="ts">\nconst a = ["{m}"]\n</script>\n',
    "a.md": "---\na: {m}\n---\n# {m}\n\n{m} is. Not {m}.\n\n| a | {m} |\n|---|---|\n| {m} | b |\n\n```python\nx = ['{m}']\n```\n",
    "a.rst": '{m}\n======\n\n{m} is.\n\n.. code:: json\n\n   {{"a": "{m}"}}\n\n* {m}\n',
    "a.txt": "One {m}.Two\n{m}。三{m}！\n\n1. {m}\n\nx\n",
    "a.csv": 'id,{m},b\n1,{m},"x {m}\ny",3\n',
    "a.tsv": "id\t{m}\n1\t{m}\n2\t{m}\n",
    "a.ini": "; {m}\n[{m}]\na = {m} ; {m}\n{m} = 1\n",
    "a.po": '# {m}\nmsgid "{m}"\nmsgstr "{m}"\n\nmsgid ""\nmsgstr ""\n"{m}"\n',
    "METADATA": "Metadata-Version: 2.1\nSummary: {m}\nKeywords: a,{m}\n\n# {m}\n\nBody {m}.\n",
    "a.ipynb": '{{"cells": [\n {{"cell_type": "markdown", "source": [\n  "# {m}\\n",\n  "say \\"{m}\\""\n ]}},\n {{"cell_type": "code", '
    '"source": [\n  "x = [\\"{m}\\"]\\n"\n ], "outputs": ["{m}"]}}],\n "metadata": {{"language": "python"}}}}\n',
    "a.proto": 'message F {{\n  string r = 1; // {m}\n  /* {m} */\n  enum E {{ A = 0; }}\n  string d = 2 [default = "{m}"];\n}}\n',
    "a.drl": '# {m}\nrule "{m}"\nwhen\n  F( r == "{m}" )\nthen\n  a("{m}");\nend\n',
    "a.tf": 'resource "a" "{m}" {{\n  b = "{m}" # {m}\n  c = ["{m}"]\n}}\n',
    "a.lua": '-- {m}\nlocal l = {{"{m}"}}\nfunction f(a) if a == "{m}" then end end\n',
    "a.log": "12:00 INFO {m}\n12:01 WARN {m}\n",
    "a.xyz": "some {m} text\n",
}


def filled(name: str, mark: str = MARK) -> bytes:
    """Return a host's source with the marker in each of its places."""
    return HOSTS[name].format(m=mark).encode()
