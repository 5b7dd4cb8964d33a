"""Expressions, calls and files that ask for far too much; each must end in a clear refusal, fast and small."""

from tests.rules.files import decision, file, literal, table

LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def doubling(start: str, next_one: str, times: int) -> str:
    """A context whose entries grow twice as large each, and its last one; `#` stands for the one before."""
    entries = ", ".join(f"a{i + 1}: {next_one.replace('#', f'a{i}')}" for i in range(times))
    return f"{{a0: {start}, {entries}}}.a{times}"


TEXTS = {
    "deep parentheses": "(" * 5000 + "1" + ")" * 5000,
    "deep lists": "[" * 5000 + "]" * 5000,
    "deep contexts": "{a: " * 4000 + "1" + "}" * 4000,
    "deep negation": "-" * 5000 + "1",
    "deep ifs": "if true then " * 1400 + "1",
    "deep loops": "for x in y return " * 1000 + "1",
    "deep functions": "function(x) " * 1500 + "1",
    "deep types": "1 instance of " + "list<" * 3000 + "number" + ">" * 3000,
    "long path": "a" + ".b" * 3000,
    "long filters": "a" + "[1]" * 3000,
    "long calls": "a" + "()" * 3000,
    "long comparisons": "a" + " in a" * 3000,
    "ranges tried twice": "1 in (" * 30 + "1" + ")" * 30 + "..",
    "too long": "1" + "+1" * 20_000,
    "unclosed string": '"' + "a" * 10_000,
    "unclosed remark": "/*" + "*" * 15_000,
    "many backslashes": '"' + "\\" * 15_001,
    "many stars": "1" + "*" * 10_000,
    "many words": "a " * 9_000 + ")",
}
LAUGHING = doubling("[1, 1]", "[#, #]", 40)
WIDE = "{" + ", ".join(f"k{i}: {i}" for i in range(1200)) + "}"
VALUES = {
    "huge range": "for i in 1..1000000000000 return i",
    "huge range of days": '(for d in @"0001-01-01"..@"9999-12-31" return d)[1]',
    "nested loops": "for a in 1..9000, b in 1..9000, c in 1..9000 return a",
    "loops in loops": "for a in 1..9000 return for b in 1..9000 return for c in 1..9000 return 1",
    "quantifiers in quantifiers": "every a in 1..9000 satisfies every b in 1..9000 satisfies a + b > 0",
    "filter in filter": "(for i in 1..9000 return i)[count((for j in 1..9000 return j)[item > 1]) > 0]",
    "results so far": "for i in 1..40000 return count(partial)",
    "endless recursion": "{f: function(x) f(x + 1), y: f(1)}.y",
    "doubling recursion": "{f: function(x) f(x) + f(x), y: f(1)}.y",
    "two to the depth": "{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), y: f(38)}.y",
    "doubling strings": doubling('"xxxxxxxx"', "# + #", 60),
    "doubling lists": doubling("[1, 1]", "concatenate(#, #)", 60),
    "doubling by replace": doubling('"xx"', 'replace(#, "x", "xx")', 60),
    "doubling by join": doubling('"xx"', "string join([#, #])", 60),
    "doubling by append": doubling("[1]", "flatten(append(#, #))", 60),
    "billion laughs": "flatten(" + doubling("[1, 1]", "[#, #]", 60) + ")",
    "text of laughs": "string(" + doubling("[1, 1]", "[#, #]", 60) + ")",
    "comparing laughs": f"{{a: {LAUGHING}, b: {LAUGHING}, c: a = b}}.c",
    "type of laughs": f"{doubling('[1, 1]', '[#, #]', 30)} instance of {'list<' * 31}number{'>' * 31}",
    "sorting laughs": "distinct values(for i in 1..900 return " + doubling("[1, 1]", "[#, #]", 12) + ")",
    "joined text": 'string join(for i in 1..20000 return "aaaaaaaaaaaaaaaaaaaaaa")',
    "many long texts": f'for i in 1..20000 return "{"a" * 9000}" + string(i)',
    "many long copies": f'count(for i in 1..20000 return upper case("{"a" * 9000}"))',
    "many lists": "for i in 1..20000 return concatenate(x, [i])".replace("x", "for j in 1..20 return j"),
    "slow sort": "sort(for i in 1..40000 return i, function(a, b) a > b)",
    "distinct values": "distinct values(for i in 1..5000 return [i])",
    "merging contexts": f"count(for i in 1..9000 return context merge([{WIDE}]))",
    "long ranges again and again": "for a in 1..40000 return some b in 1..49999 satisfies true",
    "texts again and again": "for i in 1..9000 return string(" + doubling("[1, 1]", "[#, #]", 14) + ")",
    "searching again and again": f'for i in 1..9000 return contains("{"a" * 9000}", "{"a" * 4000}b")',
    "powers again and again": "for i in 1..30000 return 2.123456789 ** 0.5",
    "logarithms again and again": "for i in 1..30000 return log(i)",
    "patterns again and again": 'for i in 1..9000 return matches("a", "(a{1,30}b{1,30}){1,20}" + string(i))',
    "wide contexts": f'count(for i in 1..9000 return context put({WIDE}, "a", i))',
    "filtering wide contexts": f"(for i in 1..9000 return {WIDE})[a = 1]",
    "pattern that refers back": 'matches("' + "a" * 60 + '!", "^(a+)+\\1*b$")',
    "patterns without end": f'for i in 1..200 return matches("{"a" * 5000}!", "^(a+)+$")',
    "pattern of a long text": f'matches("{"a" * 18_000}", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x")',
}  # fmt: skip
PATTERNS = (
    ("^(a+)+$", "a" * 5000 + "!"),
    ("^(a|a)*$", "a" * 5000 + "!"),
    ("^(a|aa)+$", "a" * 5000 + "!"),
    ("(.*)*(.*)*x", "a" * 1000),
    ("^(a?){90}a{90}$", "a" * 90),
    ("(x+x+)+y", "x" * 5000),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 5000),
    (".*.*.*.*.*=.*", "a" * 2000),
    ("((a{1,30}){1,30}){1,30}", "a" * 5000),
    ("((((((((a*)*)*)*)*)*)*)*)*b", "a" * 5000),
    ("[\\w-[\\d]]*?[^a]+\\P{L}", "a" * 5000),
    ("(" * 200 + "a" + ")" * 200, "a"),
    ("a" * 5000, "a"),
)
NUMBERS = (
    "9999999999 ** 9999999999",
    "1.000000000000000000000000000000001 ** 999999999999999999999999999999999",
    "(1E6000 ** 2) + 1",
    "exp(1E6000)",
    "log(1E-6000)",
    "sqrt(1E6144)",
    "modulo(1E6144, 3E-6143)",
    "even(1E6144)",
    "floor(1E6144, 6000)",
    "decimal(1E-6143, 6176)",
    "1E999999999999",
    "string(1E6144)",
    'number("1' + "0" * 9000 + '")',
    "[1, 2][1E6144]",
    "substring(\"abc\", 1E6144, 1E6144)",
    'duration("P999999999999Y") * 1E6000',
    '@"2020-01-01" + duration("P999999999999D")',
    'date(1E6000, 1, 1)',
    "for i in 1E6000..1E6001 return i",
)  # fmt: skip


def _needing(name: str, other: str) -> str:
    return decision(name, literal("1"), f"?{other}")


def _empty(*inside: str, before: str = "") -> bytes:
    return before.encode() + file(*inside)


FILES = {
    "empty": b"",
    "no xml": b"\x00\x01\x02",
    "other xml": b"<definitions/>",
    "entities": _empty("&c;", before=LAUGHS),
    "quadratic entities": _empty("&a;" * 50_000, before=f'<!DOCTYPE d [<!ENTITY a "{"x" * 50_000}">]>'),
    "outside entity": _empty("&e;", before='<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    "parameter entity": _empty("", before='<!DOCTYPE d [<!ENTITY % e SYSTEM "http://localhost/e"> %e;]>'),
    "outside dtd": _empty("", before='<!DOCTYPE d SYSTEM "http://localhost/x.dtd">'),
    "plain dtd": _empty("", before="<!DOCTYPE definitions>"),
    "deep": _empty("<context><contextEntry>" * 3000 + "</contextEntry></context>" * 3000),
    "a hundred thousand deep": _empty("<a>" * 100_000 + "</a>" * 100_000),
    "deep but within the parser": _empty("<a>" * 200 + "</a>" * 200),
    "a hundred thousand elements": _empty("<itemDefinition name='t'/>" * 70_000),
    "too large": _empty(" " * 2_000_001),
    "circular": _empty(_needing("a", "b") + _needing("b", "a")),
    "long chain": _empty("".join(_needing(f"d{i}", f"d{i + 1}") for i in range(500))),
    "deep expression": _empty(decision("d", literal("(" * 5000 + "1" + ")" * 5000))),
    "long expression": _empty(decision("d", literal("1" + "+1" * 20_000))),
    "too much to read": _empty(*(decision(f"d{i}", literal("1+" * 9_000 + "1")) for i in range(40))),
    "long cell": _empty(decision("d", table("FIRST", "x", "o", f'{", ".join(map(str, range(9000)))} | 1'))),
}  # fmt: skip
