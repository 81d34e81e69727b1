"""File names and extensions → format id."""

from __future__ import annotations

from typing import Final

_TABLE: Final = {
    "python": "py pyi pyw pyx pxd pxi py3 wsgi bzl star sage ipy",
    "ruby": "rb rake gemspec ru podspec",
    "php": "php php3 php4 php5 php7 phtml inc",
    "bash": "sh bash zsh ksh ebuild bats command",
    "c": "c h",
    "cpp": "cc cpp cxx c++ hpp hxx hh h++ cu cuh ino ipp tpp inl mm_ cppm ixx",
    "objc": "m mm",
    "c_sharp": "cs csx",
    "java": "java",
    "kotlin": "kt kts",
    "scala": "scala sc sbt",
    "go": "go",
    "rust": "rs",
    "swift": "swift",
    "javascript": "js mjs cjs jsx es6 es",
    "typescript": "ts mts cts",
    "tsx": "tsx",
    "sql": "sql ddl dml psql mysql pgsql hql ddl_sql",
    "json": "json json5 jsonc geojson topojson webmanifest arb avsc har ipynb_ tfstate jsonld resjson gltf map babelrc "
    "eslintrc prettierrc",
    "jsonl": "jsonl ndjson jsonlines ldjson",
    "notebook": "ipynb",
    "yaml": "yaml yml cff clang-format",
    "toml": "toml",
    "prototxt": "prototxt pbtxt",
    "xml": "xml xsd xsl xslt wsdl svg plist xaml axml resx csproj vbproj vcxproj props targets pom rss atom kml gpx "
    "xlf xliff storyboard xib nuspec config xmp drawio qrc ui dae gml tmx rng fodt fods mxml",
    "html": "html htm xhtml shtml vue svelte jsp jspx asp aspx cshtml erb ejs hbs handlebars mustache twig "
    "astro ftl wxml",
    "markdown": "md markdown mdown mkd mdx qmd rmd",
    "rst": "rst rest",
    "adoc": "adoc asciidoc",
    "csv": "csv tsv tab psv",
    "ini": "ini cfg conf cnf env properties editorconfig strings desktop service inf reg lang prefs",
    "po": "po pot",
    "mail": "eml mbox",
    "prose": "txt text srt vtt ass tex bib org log_ rtf wiki creole pod man 1 3 5 7 8",
    "log": "log out err",
}
EXTENSIONS: Final = {part: name for name, parts in _TABLE.items() for part in parts.split()}
_CODE: Final = (
    "proto thrift graphql gql graphqls prisma drl dslr rdrl hcl tf tfvars nomad dart lua r pl pm t_ v sv svh "
    "vhd vhdl vb vbs bas pas pp dpr f f90 f95 for jl hs elm erl hrl ex exs clj cljs edn lisp el scm ml mli fs "
    "fsx fsi nim zig cr groovy gradle gvy coffee ps1 psm1 bat cmd asm s ld sol vy cl glsl hlsl metal wgsl frag "
    "vert comp shader textproto cmake mk make gn gni nix avdl fbs capnp idl odl g4 y l tcl awk "
    "sed vim css scss sass less styl feature rego cue dhall jsonnet libsonnet bicep cls trigger abap cob cbl "
    "cpy rpg ads adb d raku st mat_ do sas ado smali hx as mo wat lds dts dtsi rc iss nsi spec ftn promql rules "
    "rule dockerfile containerfile diff patch"
)
CODE_EXTENSIONS: Final = frozenset(_CODE.split())
NAMES: Final = {
    "pkg-info": "mail",
    "metadata": "mail",
    "wheel": "mail",
    "control": "mail",
    "manifest.mf": "mail",
    "gemfile": "ruby",
    "rakefile": "ruby",
    "podfile": "ruby",
    "fastfile": "ruby",
    "brewfile": "ruby",
    "sconstruct": "python",
    "sconscript": "python",
    "snakefile": "python",
    "build": "python",
    "build.bazel": "python",
    "workspace": "python",
    "pipfile": "toml",
    "cargo.lock": "toml",
    "poetry.lock": "toml",
    "uv.lock": "toml",
    "pipfile.lock": "json",
    "composer.lock": "json",
    ".babelrc": "json",
    ".eslintrc": "json",
    ".prettierrc": "json",
    ".gitconfig": "ini",
    ".npmrc": "ini",
    ".pylintrc": "ini",
    ".editorconfig": "ini",
    ".bashrc": "bash",
    ".profile": "bash",
    ".zshrc": "bash",
    "pkgbuild": "bash",
    "configure": "bash",
    "gradlew": "bash",
    "requirements.txt": "prose",
    "cmakelists.txt": "blocks",
    "go.mod": "blocks",
    "robots.txt": "prose",
    "citation.cff": "yaml",
    ".clang-format": "yaml",
    "nginx.conf": "blocks",
}

HEADER: Final = 1 << 14
"""Bytes of a large table's first line that are carried along with its windows."""


def is_table(name: str) -> bool:
    """Whether a file of this name is a table, a row a line, whose first line names the columns."""
    return EXTENSIONS.get(name.rpartition(".")[2].lower()) == "csv"


def is_dump(name: str) -> bool:
    """Whether a file of this name is a script of SQL, which may be the dump of a database."""
    return EXTENSIONS.get(name.rpartition(".")[2].lower()) == "sql"
