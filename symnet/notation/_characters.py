"""Characters, as LaTeX writes them: nothing that leaves here stops pdflatex.

A character that has no LaTeX here becomes its number, ``[U+4E2D]``, rather than a file that does
not compile.
"""

from __future__ import annotations

import re
import unicodedata

_GREEK = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "varsigma", "sigma", "tau", "upsilon",
    "phi", "chi", "psi", "omega",
]  # fmt: skip
_CAPITALS = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi")

#: Letters of mathematics by name: what ``gamma`` in a symbol's name means.
GREEK_NAMES: dict[str, str] = {
    **{name: rf"\{name}" for name in (*_GREEK, *_CAPITALS, "Omega") if name != "omicron"},
    "lamda": r"\lambda",
    "varepsilon": r"\varepsilon",
    "vartheta": r"\vartheta",
    "varphi": r"\varphi",
    "ell": r"\ell",
}

#: Non-ASCII letters and signs, in math mode.
MATH: dict[str, str] = {
    **{chr(0x3B1 + k): rf"\{name}" for k, name in enumerate(_GREEK) if name != "omicron"},
    **{
        unicodedata.lookup(f"GREEK CAPITAL LETTER {'LAMDA' if n == 'Lambda' else n.upper()}"): (
            rf"\{n}"
        )
        for n in (*_CAPITALS, "Omega")
    },
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True)),
    "ϵ": r"\epsilon", "ε": r"\varepsilon", "ϑ": r"\vartheta", "φ": r"\varphi", "ϕ": r"\phi",
    "µ": r"\mu", "ℓ": r"\ell", "∂": r"\partial", "∇": r"\nabla", "∞": r"\infty", "ℏ": r"\hbar",
    "ℝ": r"\mathbf{R}", "ℕ": r"\mathbf{N}", "ℤ": r"\mathbf{Z}", "ℚ": r"\mathbf{Q}",
    "ℂ": r"\mathbf{C}", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv",
    "∼": r"\sim", "≪": r"\ll", "≫": r"\gg", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset",
    "⊆": r"\subseteq", "∪": r"\cup", "∩": r"\cap", "∅": r"\emptyset", "∀": r"\forall",
    "∃": r"\exists", "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee", "→": r"\to", "←": r"\leftarrow",
    "↔": r"\leftrightarrow", "⇒": r"\Rightarrow", "⇐": r"\Leftarrow", "⇔": r"\Leftrightarrow",
    "↦": r"\mapsto", "×": r"\times", "·": r"\cdot", "⋅": r"\cdot", "∘": r"\circ", "⊙": r"\odot",
    "⊗": r"\otimes", "⊕": r"\oplus", "±": r"\pm", "∓": r"\mp", "÷": r"\div", "−": "-",
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "√": r"\surd", "⋯": r"\cdots", "⊤": r"\top",
    "⊥": r"\perp", "∥": r"\parallel", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil",
    "⌉": r"\rceil", "⟨": r"\langle", "⟩": r"\rangle", "′": "'", "∗": "*", "⋮": r"\vdots",
}  # fmt: skip
for _digits, _template in (("⁰¹²³⁴⁵⁶⁷⁸⁹", "^{{{}}}"), ("₀₁₂₃₄₅₆₇₈₉", "_{{{}}}")):
    MATH.update({c: _template.format(k) for k, c in enumerate(_digits)})

#: Characters that mean something to LaTeX, or are none of ASCII, in text mode.
TEXT: dict[str, str] = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''",
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "„": "``", "«": "``",
    "»": "''", "…": r"\ldots{}", "‐": "-", "‑": "-", "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}",
    "œ": r"\oe{}", "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}", "å": r"\aa{}", "Å": r"\AA{}",
    "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}", "§": r"\ensuremath{\mathsection}",
    "¶": r"\ensuremath{\mathparagraph}", "©": r"\copyright{}", "£": r"\pounds{}", "¿": "?`",
    "¡": "!`", "•": r"\ensuremath{\bullet}", "✓": "(yes)", "✗": "(no)",
}  # fmt: skip

_ACCENTS = {
    0x300: "`", 0x301: "'", 0x302: "^", 0x303: "~", 0x308: '"', 0x304: "=", 0x307: ".",
    0x306: "u", 0x30C: "v", 0x30B: "H", 0x327: "c", 0x30A: "r", 0x323: "d",
}  # fmt: skip

#: A place where a long name or number may be divided; what typesets a line reads it.
DIVIDE = "\ue001"

#: A word longer than this may be broken anywhere in steps of ``_STEP`` characters.
_LONG, _STEP = 24, 8


def described(character: str) -> str:
    """What stands for a character that cannot be typeset: ``[U+4E2D]``."""
    return f"[U+{ord(character):04X}]"


def _accented(character: str) -> str | None:
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2 and parts[0].isascii() and ord(parts[1]) in _ACCENTS:
        accent, letter = _ACCENTS[ord(parts[1])], parts[0]
        letter = {"i": r"\i", "j": r"\j"}.get(letter, letter) if accent not in "cd" else letter
        return rf"\{accent}{{{letter}}}"
    if parts[0].isascii() and all(unicodedata.combining(c) for c in parts[1:]):
        return TEXT.get(parts[0], parts[0])  # an accent that LaTeX's first encoding lacks
    compatible = unicodedata.normalize("NFKC", character)
    if compatible.isascii() and compatible.isprintable() and compatible:
        return "".join(TEXT.get(c, c) for c in compatible)
    return None


def text_character(character: str, *, unicode: bool = False) -> str:
    """One character in LaTeX's text mode; with ``unicode`` what is not ASCII stays."""
    if character.isspace():
        return " "
    if character in TEXT and (character.isascii() or not unicode):
        return TEXT[character]
    if character.isascii():
        return character if character.isprintable() else described(character)
    if unicode:
        return character if character.isprintable() else described(character)
    if character in MATH:
        return rf"\ensuremath{{{MATH[character]}}}"
    return _accented(character) or described(character)


def latex_text(text: str, *, unicode: bool = False, breaks: bool = True) -> str:
    r"""Plain text in LaTeX's text mode, every special character escaped.

    >>> latex_text("50% of W_1 & b")
    '50\\% of W\\_1 \\& b'
    >>> latex_text("λ ≤ 1, naïve")
    '\\ensuremath{\\lambda} \\ensuremath{\\le} 1, na\\"{\\i}ve'
    """
    text = unicodedata.normalize("NFC", text)
    words = text.split(" ")
    return " ".join(_word(w, unicode=unicode, breaks=breaks) for w in words)


def _word(word: str, *, unicode: bool, breaks: bool) -> str:
    characters = [text_character(c, unicode=unicode) for c in word]
    for k in range(1, len(word)):  # no dashes from hyphens in a row
        if word[k] == word[k - 1] == "-":
            characters[k] = "{}-"
    if breaks and len(characters) > _LONG:
        for k in range(_STEP, len(characters) - 2, _STEP):
            characters[k] = rf"\allowbreak {characters[k]}"
    return "".join(characters)


def text_in_math(text: str, *, unicode: bool = False, command: str = r"\text") -> str:
    r"""Plain text in math mode; with ``unicode``, signs that mathematics knows are math.

    >>> text_in_math("for λ", unicode=True)
    '\\text{for }{\\lambda}'
    """
    known = "".join(c for c in dict.fromkeys(text) if unicode and c in MATH)
    if not known:
        return rf"{command}{{{latex_text(text, unicode=unicode, breaks=False)}}}"
    parts = (p for p in re.split(f"([{re.escape(known)}])", text) if p)
    return "".join(
        rf"{{{MATH[p]}}}" if p in known else text_in_math(p, unicode=unicode, command=command)
        for p in parts
    )


def latex_math(latex: str) -> str:
    r"""LaTeX for math mode, with every character that is not ASCII replaced by its command.

    >>> latex_math("λ x ≤ 1")
    '{\\lambda} x {\\le} 1'
    """
    if latex.isascii():
        return latex
    return "".join(c if c.isascii() or c == DIVIDE else _math_character(c) for c in latex)


def _math_character(character: str) -> str:
    known = MATH.get(character)
    if known is not None:
        return known if known[0] in "^_" else f"{{{known}}}"
    return rf"\text{{{text_character(character)}}}"
