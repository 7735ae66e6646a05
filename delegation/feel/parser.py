"""Reads FEEL text into a syntax tree (DMN 10.3.1.2), by recursive descent.

Names may hold spaces and operators. A name that is declared (by the caller, or bound in the text) is found by
longest match; any other run of words is one name up to the next operator or keyword.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping

from delegation.feel import lexer, syntax, temporal
from delegation.feel.budget import Limits
from delegation.feel.errors import FeelSyntaxError
from delegation.feel.lexer import AT, END, NAME, NUMBER, OPERATOR, STRING, Token
from delegation.feel.numbers import parse_number
from delegation.feel.syntax import Node
from delegation.feel.types import ANY, FeelType, read_type

_KEYWORDS = frozenset(
    {
        "and", "between", "else", "every", "external", "for", "if", "in", "instance", "or", "return",
        "satisfies", "some", "then",
    }
)  # fmt: skip
_CONSTANTS = {"true": True, "false": False, "null": None}
#: Built-in names that hold a keyword, so that words alone do not make them one name.
_KEYWORD_BUILTINS = ("date and time", "years and months duration")
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_NAME_OPERATORS = frozenset({"+", "-", "*", "/", "**", "'", "."})
_BINARY = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
#: Left-leaning chains (``a + b + …``, ``a.b.…``) and nesting together decide how deep the tree is.
_MAX_HEIGHT = 150


class Parser:
    """One pass over one text."""

    def __init__(self, text: str, *, names: Collection[str], types: Mapping[str, FeelType], limits: Limits) -> None:
        if len(text) > limits.text:
            raise FeelSyntaxError(text[:200], 0, f"the text has {len(text)} characters, more than {limits.text}")
        self._text = text
        self._types = types
        self._limits = limits
        self._tokens = lexer.tokenize(text)
        self._index = 0
        self._nesting = 0
        self._height = 0
        #: True while reading the end of a range, where ``[`` may close it.
        self._range_end = False
        #: Words of the tokens; None for strings, which are never part of a name.
        self._words = [None if token.kind in (STRING, AT) else token.text for token in self._tokens]
        #: Declared names of several tokens, and by first token how many tokens they have, most first.
        self._names: dict[tuple[str | None, ...], str] = {}
        self._lengths: dict[str | None, list[int]] = {}
        for name in names:
            self._declare(name)

    # --- entry points -----------------------------------------------------------------------------------

    def expression(self) -> Node:
        """Read the whole text as one expression; raises FeelSyntaxError."""
        node = self._expression()
        self._expect_end()
        return node

    def unary_tests(self) -> Node:
        """Read the whole text as unary tests; raises FeelSyntaxError."""
        start = self._token.start
        if self._token.kind == END or (self._at("-") and self._peek().kind == END):
            return syntax.UnaryTests(start, (), negated=False)
        if self._token.text == "not" and self._peek().text == "(":
            mark = self._index
            self._index += 2
            try:
                tests = self._tests()
                self._expect(")")
                self._expect_end()
            except FeelSyntaxError:
                # ``not(a) and b``: an expression that only begins like a negated list.
                self._index = mark
                self._nesting = self._height = 0
                self._range_end = False
            else:
                return syntax.UnaryTests(start, tests, negated=True)
        tests = self._tests()
        self._expect_end()
        return syntax.UnaryTests(start, tests, negated=False)

    # --- tokens -----------------------------------------------------------------------------------------

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def _peek(self, ahead: int = 1) -> Token:
        return self._tokens[min(self._index + ahead, len(self._tokens) - 1)]

    def _at(self, *operators: str) -> bool:
        token = self._tokens[self._index]
        return token.kind == OPERATOR and token.text in operators

    def _at_word(self, word: str) -> bool:
        token = self._tokens[self._index]
        return token.kind == NAME and token.text == word

    def _take(self, operator: str) -> bool:
        if self._at(operator):
            self._index += 1
            return True
        return False

    def _expect(self, operator: str) -> None:
        if not self._take(operator):
            raise self._error(f"expected `{operator}` but found {self._found()}")

    def _expect_word(self, word: str) -> None:
        if not self._at_word(word):
            raise self._error(f"expected `{word}` but found {self._found()}")
        self._index += 1

    def _expect_end(self) -> None:
        if self._token.kind != END:
            raise self._error(f"unexpected {self._found()} after the end of the expression")

    def _found(self) -> str:
        token = self._token
        return "the end of the text" if token.kind == END else f"`{token.text[:40]}`"

    def _error(self, reason: str, position: int | None = None) -> FeelSyntaxError:
        return FeelSyntaxError(self._text, self._token.start if position is None else position, reason)

    def _grow(self) -> None:
        self._height += 1
        if self._height + self._nesting > _MAX_HEIGHT:
            raise self._error(f"the expression has more than {_MAX_HEIGHT} levels")

    # --- names ------------------------------------------------------------------------------------------

    def _declare(self, name: str) -> None:
        try:
            parts = lexer.name_tokens(name)
        except FeelSyntaxError:
            # Such a name cannot be written in FEEL, so no text refers to it.
            return
        if len(parts) > 1:
            self._names[parts] = name
            lengths = self._lengths.setdefault(parts[0], [])
            if len(parts) not in lengths:
                lengths.append(len(parts))
                lengths.sort(reverse=True)

    def _declared_at(self, index: int) -> tuple[str, int] | None:
        """Find the longest declared name that begins at a token, and the index behind it."""
        for length in self._lengths.get(self._words[index], ()):
            name = self._names.get(tuple(self._words[index : index + length]))
            if name is not None:
                return name, index + length
        return None

    def _name(self) -> str:
        """Read a reference to a name."""
        declared = self._declared_at(self._index)
        if declared is not None:
            name, self._index = declared
            return name
        first = self._index
        self._index += 1
        while (token := self._token).kind == NUMBER or (token.kind == NAME and token.text not in _KEYWORDS):
            if token.kind == NUMBER and not token.text.isdigit():
                break
            self._index += 1
        return self._source(first, self._index)

    def _new_name(self, *ends: str) -> str:
        """Read a name that the text introduces, up to one of `ends`, and declare it."""
        name, index = self._scan_name(self._index, *ends)
        if name is None:
            raise self._error(f"expected a name but found {self._found()}")
        self._index = index
        self._declare(name)
        return name

    def _scan_name(self, index: int, *ends: str) -> tuple[str | None, int]:
        first = index
        if self._tokens[first].kind != NAME:
            return None, first
        while (token := self._tokens[index]).text not in ends or token.kind in (STRING, AT):
            if token.kind not in (NAME, NUMBER) and not (token.kind == OPERATOR and token.text in _NAME_OPERATORS):
                return None, first
            index += 1
        return (self._source(first, index), index) if index > first else (None, first)

    def _source(self, first: int, behind: int) -> str:
        source = self._text[self._tokens[first].start : self._tokens[behind - 1].end]
        return unicodedata.normalize("NFC", " ".join(source.split()))

    # --- expressions, loosest first ---------------------------------------------------------------------

    def _expression(self) -> Node:
        self._nesting += 1
        height, range_end = self._height, self._range_end
        self._range_end = False
        if self._nesting > self._limits.nesting:
            raise self._error(f"the expression is nested more than {self._limits.nesting} levels deep")
        node = self._logic("or", lambda: self._logic("and", self._comparison))
        self._nesting -= 1
        self._height, self._range_end = height, range_end
        return node

    def _logic(self, word: str, operand: Callable[[], Node]) -> Node:
        start = self._token.start
        operands = [operand()]
        while self._at_word(word):
            self._index += 1
            operands.append(operand())
        return operands[0] if len(operands) == 1 else syntax.Logic(start, word, tuple(operands))

    def _comparison(self) -> Node:
        node = self._arithmetic()
        height = self._height
        while True:
            token = self._token
            if token.kind == OPERATOR and token.text in _COMPARISONS:
                self._index += 1
                node = syntax.Binary(token.start, token.text, node, self._arithmetic())
            elif self._at_word("between"):
                self._index += 1
                low = self._arithmetic()
                self._expect_word("and")
                node = syntax.Between(token.start, node, low, self._arithmetic())
            elif self._at_word("in"):
                self._index += 1
                node = syntax.In(token.start, node, self._in_tests())
            else:
                self._height = height
                return node
            self._grow()

    def _in_tests(self) -> tuple[Node, ...]:
        opening = self._token
        if not self._take("("):
            return (self._test(self._arithmetic),)
        is_comparison = self._at(*_COMPARISONS)
        tests = self._tests()
        if self._take(".."):
            return (self._range(opening, tests[-1]),)
        self._expect(")")
        if len(tests) == 1 and not is_comparison:
            # The parenthesis may only begin a longer expression.
            return (self._arithmetic(left=self._postfix(tests[0])),)
        return tests

    def _tests(self) -> tuple[Node, ...]:
        tests = [self._test(self._expression)]
        while self._take(","):
            tests.append(self._test(self._expression))
        return tuple(tests)

    def _test(self, otherwise: Callable[[], Node]) -> Node:
        token = self._token
        if token.kind == OPERATOR and token.text in _COMPARISONS:
            self._index += 1
            return syntax.Comparison(token.start, token.text, self._arithmetic())
        return otherwise()

    def _arithmetic(self, strength: int = 1, *, left: Node | None = None) -> Node:
        node = self._unary() if left is None else left
        height = self._height
        while True:
            token = self._token
            binding = _BINARY.get(token.text, 0) if token.kind == OPERATOR else 0
            if binding < strength:
                self._height = height
                return node
            self._index += 1
            node = syntax.Binary(token.start, token.text, node, self._arithmetic(binding + 1))
            self._grow()

    def _unary(self) -> Node:
        minuses = []
        while self._at("-"):
            minuses.append(self._token.start)
            self._index += 1
            self._grow()
        node = self._postfix(self._primary())
        for position in reversed(minuses):
            node = syntax.Negation(position, node)
        return node

    def _postfix(self, node: Node) -> Node:
        height = self._height
        while True:
            token = self._token
            if self._take("."):
                node = syntax.Path(token.start, node, self._path_name())
            elif self._at("[") and not self._closes_range():
                self._index += 1
                condition = self._expression()
                self._expect("]")
                node = syntax.Filter(token.start, node, condition)
            elif self._take("("):
                node = self._invocation(token.start, node)
            elif token.kind == NAME and token.text == "instance" and self._peek().text == "of":
                self._index += 2
                feel_type, self._index = read_type(self._tokens, self._index, self._types, self._text)
                node = syntax.InstanceOf(token.start, node, feel_type)
            else:
                self._height = height
                return node
            self._grow()

    def _closes_range(self) -> bool:
        """Tell whether ``[`` is the end of a range that excludes its end (``[1..10[``)."""
        if not self._range_end:
            return False
        following = self._peek()
        if following.kind == OPERATOR:
            return following.text not in ("(", "[", "{", "-")
        return following.kind == END or following.text in _KEYWORDS - {"if", "for", "some", "every"}

    def _path_name(self) -> str:
        if self._token.kind != NAME:
            raise self._error(f"expected a name after `.` but found {self._found()}")
        return self._name()

    def _invocation(self, position: int, function: Node) -> Node:
        names: list[str] = []
        arguments: list[Node] = []
        if not self._take(")"):
            while True:
                name, index = self._scan_name(self._index, ":")
                if name is not None:
                    if len(names) != len(arguments) or name in names:
                        raise self._error("arguments are either all named, once each, or all positional")
                    names.append(name)
                    self._index = index + 1
                arguments.append(self._test(self._expression))
                if not self._take(","):
                    break
            self._expect(")")
        if names and len(names) != len(arguments):
            raise self._error("arguments are either all named or all positional", position)
        return syntax.Invocation(position, function, tuple(arguments), tuple(names) if names else None)

    # --- primaries --------------------------------------------------------------------------------------

    def _primary(self) -> Node:
        token = self._token
        match token.kind:
            case lexer.NUMBER:
                return self._number(token)
            case lexer.STRING:
                self._index += 1
                return syntax.Literal(token.start, token.text)
            case lexer.AT:
                return self._at_literal(token)
            case lexer.NAME:
                return self._word(token)
            case lexer.OPERATOR if token.text in ("(", "[", "]", "{"):
                return self._bracket(token)
        raise self._error(f"expected a value but found {self._found()}")

    def _number(self, token: Token) -> Node:
        self._index += 1
        number = parse_number(token.text)
        if number is None:
            raise self._error(f"the number `{token.text[:40]}` is out of range", token.start)
        return syntax.Literal(token.start, number)

    def _at_literal(self, token: Token) -> Node:
        self._index += 1
        value = temporal.parse_literal(token.text)
        if value is None:
            raise self._error(f'`@"{token.text[:60]}"` is not a date, time or duration', token.start)
        return syntax.Literal(token.start, value)

    def _word(self, token: Token) -> Node:
        declared = self._declared_at(self._index)
        if declared is None:
            following = self._peek()
            if token.text in _CONSTANTS:
                self._index += 1
                return syntax.Literal(token.start, _CONSTANTS[token.text])
            match token.text:
                case "if":
                    return self._if(token)
                case "for":
                    return self._for(token)
                case "some" | "every":
                    return self._quantified(token)
                case "function" if following.text == "(":
                    return self._function(token)
            if token.text in _KEYWORDS:
                raise self._error(f"expected a value but found the keyword `{token.text}`")
            for name in _KEYWORD_BUILTINS:
                parts = name.split()
                words = [self._peek(ahead).text for ahead in range(len(parts) + 1)]
                if words == [*parts, "("]:
                    self._index += len(parts)
                    return syntax.Name(token.start, name)
        return syntax.Name(token.start, self._name())

    def _if(self, token: Token) -> Node:
        self._index += 1
        condition = self._expression()
        self._expect_word("then")
        consequence = self._expression()
        self._expect_word("else")
        return syntax.If(token.start, condition, consequence, self._expression())

    def _domains(self, *, ranges: bool) -> tuple[syntax.Domain, ...]:
        domains: list[syntax.Domain] = []
        while True:
            start = self._token.start
            name = self._new_name("in")
            self._expect_word("in")
            low = self._expression()
            high = self._expression() if ranges and self._take("..") else None
            domains.append(syntax.Domain(start, name, low, high))
            if not self._take(","):
                return tuple(domains)

    def _for(self, token: Token) -> Node:
        self._index += 1
        domains = self._domains(ranges=True)
        self._expect_word("return")
        return syntax.For(token.start, domains, self._expression())

    def _quantified(self, token: Token) -> Node:
        self._index += 1
        domains = self._domains(ranges=True)
        self._expect_word("satisfies")
        return syntax.Quantified(token.start, token.text == "every", domains, self._expression())

    def _function(self, token: Token) -> Node:
        self._index += 2
        parameters: list[tuple[str, FeelType]] = []
        while not self._at(")"):
            name = self._new_name(":", ",", ")")
            feel_type = ANY
            if self._take(":"):
                feel_type, self._index = read_type(self._tokens, self._index, self._types, self._text)
            if name in (known for known, _ in parameters):
                raise self._error(f"the parameter `{name}` is named twice")
            parameters.append((name, feel_type))
            if not self._take(","):
                break
        self._expect(")")
        external = self._at_word("external")
        if external:
            self._index += 1
        return syntax.FunctionDefinition(token.start, tuple(parameters), self._expression(), external)

    def _bracket(self, token: Token) -> Node:
        self._index += 1
        if token.text == "{":
            return self._context(token)
        if token.text == "[" and self._take("]"):
            return syntax.ListLiteral(token.start, ())
        if token.text == "(" and self._token.text in _COMPARISONS and self._token.kind == OPERATOR:
            comparison = self._test(self._expression)
            self._expect(")")
            return comparison
        first = self._test(self._expression)
        if self._take(".."):
            return self._range(token, first)
        if token.text == "(":
            self._expect(")")
            return first
        if token.text == "]":
            raise self._error("expected `..` in a range")
        items = [first]
        while self._take(","):
            items.append(self._test(self._expression))
        self._expect("]")
        return syntax.ListLiteral(token.start, tuple(items))

    def _range(self, token: Token, start: Node) -> Node:
        outer, self._range_end = self._range_end, True
        end = self._arithmetic()
        self._range_end = outer
        closing = self._token
        if not self._at(")", "]", "["):
            raise self._error(f"expected the end of a range but found {self._found()}")
        self._index += 1
        return syntax.RangeLiteral(token.start, start, end, token.text == "[", closing.text == "]")

    def _context(self, token: Token) -> Node:
        entries: list[tuple[str, Node]] = []
        if self._take("}"):
            return syntax.ContextLiteral(token.start, ())
        while True:
            if self._token.kind == STRING:
                key = self._token.text
                self._index += 1
            else:
                key = self._new_name(":")
            self._expect(":")
            entries.append((key, self._expression()))
            if not self._take(","):
                break
        self._expect("}")
        return syntax.ContextLiteral(token.start, tuple(entries))
