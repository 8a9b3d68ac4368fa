"""Templates that ask once what Django's ask at each rendering: what is included, where a page is, where a file is.

Each node of a template that was just loaded is kept, with its own way to render where it is of a common kind: a plain
variable, a condition on one, an inclusion, an inheritance, an address without arguments. Whatever is not plain is left
to Django, whose output it always is, byte for byte (tests/lib/test_templates.py).
"""

from html import escape
from typing import Any

from django.conf import settings
from django.template import Node, NodeList, Template
from django.template.base import TextNode, Variable, VariableNode
from django.template.context import Context
from django.template.defaulttags import IfNode, TemplateLiteral, URLNode
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix, get_urlconf

#: What is not found in the plain way: Django looks again, in all of its ways.
OTHERWISE: Any = object()


class Loader(cached.Loader):
    """Django's cached loader, of templates made faster; as they are while one debugs them."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        known = self.cache_key(template_name, skip) in self.get_template_cache
        template: Template = super().get_template(template_name, skip)
        if not known and not self.engine.debug:
            _quicken(template.nodelist)
        return template


def _quicken(nodes: NodeList) -> None:
    for node in nodes:
        for name in node.child_nodelists:
            if children := getattr(node, name, None):
                _quicken(children)
        if isinstance(node, IfNode):
            for rank, (condition, children) in enumerate(node.conditions_nodelists):
                node.conditions_nodelists[rank] = _condition(condition), children
                _quicken(children)
        if (quicker := QUICKER.get(type(node))) and quicker.suits(node):
            node.__class__ = quicker


def _condition(condition: Any) -> Any:
    """A condition, its operands being asked for in the plain way where they are plain."""
    if type(condition) is TemplateLiteral and (path := _path(condition.value)):
        return _Truth(condition, path)
    for side in ("first", "second"):
        if getattr(condition, side, None) is not None:
            setattr(condition, side, _condition(getattr(condition, side)))
    return condition


def _path(expression: Any) -> tuple[str, ...]:
    """The names of a variable without filter: ``a.b`` is ``("a", "b")``; nothing for what is not as plain."""
    var = expression.var
    if expression.filters or not isinstance(var, Variable) or var.lookups is None or var.translate:
        return ()
    return tuple(var.lookups)


def _constant(expression: Any) -> bool:
    return isinstance(expression.var, str) and not expression.filters


def _find(context: Context, name: str, attributes: tuple[str, ...]) -> Any:
    """The value, where each name is a key of a dictionary, or an attribute of what has no keys."""
    try:
        for scope in reversed(context.dicts):
            if name in scope:
                value = scope[name]
                break
        else:
            return OTHERWISE
        for attribute in attributes:
            kind = value.__class__  # of a lazy object: the class of what it stands for
            if kind is dict:
                value = value[attribute]
            elif issubclass(kind, tuple) or not hasattr(kind, "__getitem__"):
                if callable(value):
                    return OTHERWISE
                value = getattr(value, attribute)
            else:
                return OTHERWISE
    except Exception:  # noqa: BLE001  whatever it is, Django will meet it too, and knows what to do of it
        return OTHERWISE
    return OTHERWISE if callable(value) else value


class _Truth:
    """The value of a plain variable in a condition."""

    def __init__(self, literal: Any, path: tuple[str, ...]) -> None:
        self.literal, self.name, self.attributes = literal, path[0], path[1:]

    def eval(self, context: Context) -> Any:
        value = _find(context, self.name, self.attributes)
        return self.literal.eval(context) if value is OTHERWISE else value


class _Value(VariableNode):
    @staticmethod
    def suits(node: Any) -> bool:
        node.name, *node.attributes = _path(node.filter_expression) or [""]
        return bool(node.name)

    def render_annotated(self, context: Context) -> Any:
        value = _find(context, self.name, self.attributes)  # type: ignore[attr-defined]
        kind = type(value)
        if kind is str:
            return escape(value) if context.autoescape else value
        if kind is int and not settings.USE_THOUSAND_SEPARATOR:
            return str(value)
        return super().render_annotated(context)


class _Block(BlockNode):
    """A block whose text does not change needs no scope."""

    @staticmethod
    def suits(node: Any) -> bool:
        plain = all(isinstance(child, TextNode) for child in node.nodelist)
        node.text = "".join(child.s for child in node.nodelist) if plain else None
        return True

    def render(self, context: Context) -> Any:
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = blocks.get_block(self.name) if blocks else None
        text = getattr(self if block is None else block, "text", None)
        return super().render(context) if text is None else text


class _Extends(ExtendsNode):
    """Knows the blocks of a parent that extends nothing."""

    @staticmethod
    def suits(node: Any) -> bool:
        node.parents = {}
        return True

    def render(self, context: Context) -> Any:
        parent = self.get_parent(context)
        blocks = self.parents.get(parent)  # type: ignore[attr-defined]
        if blocks is None:
            first = next((node for node in parent.nodelist if not isinstance(node, TextNode)), None)
            named = (
                [] if first is None or isinstance(first, ExtendsNode) else parent.nodelist.get_nodes_by_type(BlockNode)
            )
            blocks = self.parents[parent] = {node.name: node for node in named}  # type: ignore[attr-defined]
        if BLOCK_CONTEXT_KEY not in context.render_context:
            context.render_context[BLOCK_CONTEXT_KEY] = BlockContext()
        context.render_context[BLOCK_CONTEXT_KEY].add_blocks(self.blocks)
        context.render_context[BLOCK_CONTEXT_KEY].add_blocks(blocks)
        with context.render_context.push_state(parent, isolated_context=False):
            return parent.nodelist.render(context)


class _Include(IncludeNode):
    """Knows the template that it names."""

    @staticmethod
    def suits(node: Any) -> bool:
        node.known = None
        return _constant(node.template) and not str(node.template.var).startswith(".") and not node.isolated_context

    def render(self, context: Context) -> Any:
        if self.known is None:  # type: ignore[has-type]
            self.known = context.template.engine.get_template(self.template.var)  # type: ignore[union-attr]
        with context.push(**{name: value.resolve(context) for name, value in self.extra_context.items()}):
            return self.known.render(context)


class _Address(URLNode):
    """Knows the address of a page that takes no argument, as long as the site's addresses are the same."""

    @staticmethod
    def suits(node: Any) -> bool:
        node.addresses = {}
        return _constant(node.view_name) and not node.args and not node.kwargs

    def render(self, context: Context) -> Any:
        site = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()
        address = self.addresses.get(site)  # type: ignore[attr-defined]
        if address is None:
            written = super().render(context)
            address = self.addresses[site] = context[self.asvar] if self.asvar else written  # type: ignore[attr-defined]
        if not self.asvar:
            return address
        context[self.asvar] = address
        return ""


class _File(StaticNode):
    """Knows the address of a file."""

    @staticmethod
    def suits(node: Any) -> bool:
        node.address = None
        return _constant(node.path) and node.varname is None

    def render(self, context: Context) -> Any:
        if self.address is None:  # type: ignore[has-type]
            self.address = super().render(context)
        return self.address


QUICKER: dict[type[Node], Any] = {
    VariableNode: _Value,
    BlockNode: _Block,
    ExtendsNode: _Extends,
    IncludeNode: _Include,
    URLNode: _Address,
    StaticNode: _File,
}
