"""Makes css/site.css: the DSFR's rules that our templates use, dark by the visitor's own setting, and our sheets.

The finder in ``staticfiles`` calls ``build`` when a source has changed.
"""

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import dsfr
import tinycss2

DIST = Path(dsfr.__file__).parent / "static/dsfr/dist"
#: In the order of the cascade in dsfr.main.css.
COMPONENTS = [
    *("accordion", "badge", "button", "connect", "logo", "breadcrumb", "form", "stepper", "link", "callout"),
    *("highlight", "pagination", "summary", "tag", "alert", "notice", "radio", "card", "checkbox", "input", "content"),
    *("skiplink", "select", "navigation", "footer", "tile", "password", "table", "header"),
]
#: The State's and FranceConnect's own marks: shipped only where the State asks for them.
MARQUES = ["connect", "logo"]
ICONS = ["system", "user", "document", "arrows", "business"]
FONTS = '"Public Sans",system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif'
DARK = re.compile(r"(:root)?\[data-fr-theme=dark\]")
SYSTEM_DARK = ":root:not([data-fr-theme=light])"


@dataclass
class Rule:
    """A qualified rule (declarations), a @media or @supports (rules), or anything kept as it is (verbatim)."""

    head: str
    declarations: list[tuple[str, str]] = field(default_factory=list)
    rules: list["Rule"] | None = None
    verbatim: str | None = None

    def __str__(self) -> str:
        if self.rules is not None:
            return f"{self.head}{{{''.join(map(str, self.rules))}}}"
        return f"{self.head}{{{self.verbatim or ';'.join(f'{name}:{value}' for name, value in self.declarations)}}}"


def build(target: Path, *, words: set[str], own_sheets: Iterable[Path], marque_etat: bool) -> None:
    """Write site.css and the images and fonts that it names into the empty directory ``target``."""
    components = [name for name in COMPONENTS if marque_etat or name not in MARQUES]
    parts = [
        "core/core.main.min.css",
        *(f"component/{name}/{name}.main.min.css" for name in components),
        "scheme/scheme.min.css",
        *(f"utility/icons/icons-{name}/icons-{name}.main.min.css" for name in ICONS),
        "core/core.print.min.css",
    ]
    theirs = list(_read("\n".join(map(_with_addresses_from_dist, parts)), words, fonts=marque_etat))
    ours = list(_read("\n".join(path.read_text() for path in own_sheets), None, fonts=True))
    dark = Rule("@media (prefers-color-scheme:dark)", rules=list(_system_dark(theirs)))
    rules = list(_without_unused_variables([*theirs, dark, *ours]))
    text = "".join(map(str, rules))
    if not marque_etat:
        text = text.replace("Marianne,arial,sans-serif", FONTS)
    text = re.sub(
        r"""url\((["'])data:image/svg\+xml;charset=utf-?8,(.*?)\1\)""", lambda found: _to_file(found[2], target), text
    )
    for asset in set(re.findall(r"url\([\"']?((?!data:|images/|\.\./)[^)\"']+)", text)):
        (target / asset).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DIST / asset, target / asset)  # an address that leads nowhere stops the build
    (target / "site.css").write_text(text)


def _with_addresses_from_dist(part: str) -> str:
    def from_dist(found: re.Match[str]) -> str:
        return f"url({(DIST / part).parent.joinpath(found[1]).resolve().relative_to(DIST.resolve())})"

    return re.sub(r"url\((?!['\"]?data:)['\"]?([^)'\"]+)['\"]?\)", from_dist, (DIST / part).read_text())


def _read(css: Any, words: set[str] | None, *, fonts: bool) -> Iterator[Rule]:
    """Parse; with ``words``, drop the selectors that name a class, an id or an element found in no source."""
    parse = tinycss2.parse_stylesheet if isinstance(css, str) else tinycss2.parse_rule_list
    for node in parse(css, skip_comments=True, skip_whitespace=True):
        if node.type == "qualified-rule":
            selectors = [s for s in _split(node.prelude) if words is None or _is_used(s, words)]
            if selectors:
                head = ",".join(tinycss2.serialize(selector).strip() for selector in selectors)
                yield Rule(head, declarations=_declarations(node.content))
        elif node.type != "at-rule":
            raise ValueError(f"style sheet: {node}")
        elif node.lower_at_keyword in ("media", "supports"):
            condition = tinycss2.serialize(node.prelude).strip()
            inner = list(_read(node.content, words, fonts=fonts))
            if inner and "\\0" not in condition:  # \0: hacks for Internet Explorer
                yield Rule(f"@{node.lower_at_keyword} {condition}", rules=inner)
        elif node.lower_at_keyword != "font-face" or fonts:
            head = f"@{node.lower_at_keyword} {tinycss2.serialize(node.prelude).strip()}".strip()
            yield Rule(head, verbatim=tinycss2.serialize(node.content or []).strip())


def _split(tokens: list[Any]) -> Iterator[list[Any]]:
    selector: list[Any] = []
    for part in tokens:
        if part == ",":
            yield selector
            selector = []
        else:
            selector.append(part)
    yield selector


def _is_used(selector: list[Any], words: set[str]) -> bool:
    before = None
    for token in selector:
        if token.type == "ident" and (token.value.startswith("-ms-") if before == ":" else token.value not in words):
            return False
        if token.type == "hash" and token.value not in words:
            return False
        if token.type == "[] block":
            parts = [part.value for part in token.content if part.type in ("ident", "string")]
            if parts[0] == "class" and not any(parts[-1] in word for word in words):
                return False
        before = token.value if token.type == "literal" else None  # :not(…) is a function: not looked into
    return True


def _declarations(tokens: list[Any]) -> list[tuple[str, str]]:
    return [
        (node.name, tinycss2.serialize(node.value).strip() + ("!important" if node.important else ""))
        for node in tinycss2.parse_declaration_list(tokens, skip_comments=True, skip_whitespace=True)
        if node.type == "declaration"
    ]


def _system_dark(rules: Iterable[Rule]) -> Iterator[Rule]:
    """The dark rules again, for a visitor whose system is dark, unless the page says data-fr-theme=light."""
    for rule in rules:
        if rule.rules is not None:
            if inner := list(_system_dark(rule.rules)):
                yield Rule(rule.head, rules=inner)
        elif DARK.search(rule.head):
            yield Rule(DARK.sub(SYSTEM_DARK, rule.head), declarations=rule.declarations)


def _without_unused_variables(rules: list[Rule]) -> Iterator[Rule]:
    """Drop the custom properties that nothing reads, directly or through another one."""
    live: set[str] = set()
    readers: dict[str, set[str]] = {}
    for name, value in _all_declarations(rules):
        (readers.setdefault(name, set()) if name.startswith("--") else live).update(_variables(value))
    waiting = list(live)
    while waiting:
        found = readers.get(waiting.pop(), set()) - live
        live |= found
        waiting += found
    return _keeping(rules, live)


def _keeping(rules: Iterable[Rule], live: set[str]) -> Iterator[Rule]:
    for rule in rules:
        inner = None if rule.rules is None else list(_keeping(rule.rules, live))
        kept = [(name, value) for name, value in rule.declarations if not name.startswith("--") or name in live]
        if inner or kept or rule.verbatim:
            yield Rule(rule.head, kept, inner, rule.verbatim)


def _all_declarations(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        yield from rule.declarations
        yield from _all_declarations(rule.rules or [])


def _variables(value: str) -> set[str]:
    return set(re.findall(r"var\(\s*(--[\w-]+)", value))


def _to_file(svg: str, target: Path) -> str:
    """A data: image becomes a file, so that the policy need not allow data:."""
    content = unquote(svg).replace('\\"', '"')
    name = f"images/{hashlib.sha256(content.encode()).hexdigest()[:10]}.svg"
    (target / "images").mkdir(exist_ok=True)
    (target / name).write_text(content)
    return f"url({name})"
