"""Only a key press becomes a key, whatever a terminal sends and in whatever pieces."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from console.commands import COMMANDS
from console.commands.navigation_keys import NAVIGATION
from console.ui.textual_patches.input_decoder import ESCAPE_DELAY, PATIENCE, UNBOUND
from console.ui.textual_patches.input_order import NotTaken
from console.ui.textual_patches.input_to_messages import WAITING, TerminalInput

ESC = "\x1b"
SOON, LATER, FOREVER = ESCAPE_DELAY / 2, ESCAPE_DELAY * 1.5, 3600.0


class Line:
    """The reads of one terminal, with the time between two of them."""

    def __init__(self) -> None:
        self.input = TerminalInput()
        self.now = 100.0
        self.messages: list[Message] = []

    def send(self, text: str) -> Line:
        self.messages += self.input.feed(text, self.now)
        return self

    def wait(self, seconds: float) -> Line:
        end = self.now + seconds
        while (due := self.input.due()) is not None and due <= end:
            self.now = max(self.now, due)
            self.messages += self.input.tick(self.now)
        self.now = end
        return self

    @property
    def keys(self) -> list[str]:
        return [one.key for one in self.messages if isinstance(one, events.Key)]

    @property
    def pastes(self) -> list[str]:
        return [one.text for one in self.messages if isinstance(one, events.Paste)]

    @property
    def said(self) -> list[str]:
        return [one.text for one in self.messages if isinstance(one, NotTaken)]


def sent(*pieces: str, delay: float = LATER) -> Line:
    line = Line()
    for piece in pieces:
        line.send(piece).wait(delay)
    return line


def letters(keys: Iterable[str]) -> list[str]:
    """Keys that a command can be bound to: letters, signs, and ctrl with a letter."""
    return [key for key in keys if len(key) == 1 or key.startswith("ctrl+")]


TABLE = {
    "right in two": ([f"{ESC}[", "C"], ["right"]),
    "home in two": ([f"{ESC}[", "H"], ["home"]),
    "mouse move in two": ([f"{ESC}[<35;50;", "13M"], []),
    "F1 of PuTTY, SCO": ([f"{ESC}[M"], []),
    "tmux about itself": ([f"{ESC}[>84;0;0c"], []),
    "xterm about itself": ([f"{ESC}[>41;390;0c"], []),
    "a colour": ([f"{ESC}]4;4;rgb:5c5c/5c5c/ffff\x07"], []),
    "paste, mark in two": ([f"{ESC}[", f"200~mute everyone at once{ESC}[201~"], []),
    "paste, no mark": (["please end the call with 5125550142"], []),
    "escape, at once 4": ([f"{ESC}4"], ["escape", "4"]),
}


@pytest.mark.parametrize(("pieces", "keys"), TABLE.values(), ids=TABLE)
def test_no_byte_that_nobody_typed_is_a_key(pieces: list[str], keys: list[str]) -> None:
    assert sent(*pieces).keys == keys


ANSWERS = {
    "DA1": "[?64;1;2;6;9;15;16;17;18;21;22;28c",
    "DA2 tmux": "[>84;0;0c",
    "DA2 xterm": "[>41;390;0c",
    "DA3": "P!|00000000" + ESC + "\\",
    "DSR": "[0n",
    "DSR cursor": "[12;40R",
    "DECXCPR": "[?12;40;1R",
    "DSR colours": "[?997;1n",
    "DECRPM": "[?2026;2$y",
    "DECRPM ansi": "[4;2$y",
    "DECRPM mouse": "[?1006;2$y",
    "DECRQSS": "P1$r0;1m" + ESC + "\\",
    "XTVERSION": "P>|XTerm(390)" + ESC + "\\",
    "XTGETTCAP": "P1+r544e=787465726d" + ESC + "\\",
    "OSC 4": "]4;4;rgb:5c5c/5c5c/ffff\x07",
    "OSC 10": "]10;rgb:dddd/dddd/dddd" + ESC + "\\",
    "OSC 11": "]11;rgb:0000/0000/0000\x07",
    "OSC 52": "]52;c;bXV0ZSBldmVyeW9uZQ==" + ESC + "\\",
    "APC kitty graphics": "_Gi=31;OK" + ESC + "\\",
    "PM": "^mute everyone" + ESC + "\\",
    "SOS": "Xmute everyone" + ESC + "\\",
    "kitty flags": "[?25u",
    "kitty release": "[109;1:3u",
    "kitty shift": "[57441;2u",
    "focus in": "[I",
    "focus out": "[O",
    "size": "[48;36;120;720;1200t",
    "window size": "[8;36;120t",
    "mouse SGR press": "[<0;50;13M",
    "mouse SGR release": "[<0;50;13m",
    "mouse SGR wheel": "[<64;50;13M",
    "mouse urxvt": "[32;50;13M",
    "paste": "[200~mute everyone\rM" + ESC + "[201~",
    "kitty beyond Unicode": "[99999999u",
    "a letter with a number": "[104A",
    "text in an arrow": "[1;1;104A",
}
FUNCTION_KEYS = [
    *(f"[{final}" for final in "MNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),  # PuTTY and SCO
    *(f"[[{final}" for final in "ABCDEhm"),  # Linux console
    *(f"[{number}{end}" for number in range(1, 35) for end in "~^$@"),  # rxvt
    *(f"O{final}" for final in "ABCDEFGHPQRSTUVWXYZabcd"),  # VT100, xterm, rxvt
    *(f"O{number}{final}" for number in (2, 5, "1;5") for final in "PQRSACm"),  # older xterm, kitty
    *(f"[1;{held}{final}" for held in range(2, 10) for final in "ABCDEFHPQRS"),
]


def cuts(sequence: str) -> list[tuple[str, str]]:
    """Return the sequence in two pieces, cut after each character but the first."""
    return [(sequence[:at], sequence[at:]) for at in range(2, len(sequence))]


@pytest.mark.parametrize("delay", [0.0, SOON, LATER, FOREVER])
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_answer_of_a_terminal_is_a_key(answer: str, delay: float) -> None:
    whole = ESC + answer
    for pieces in [(whole,), *cuts(whole)]:
        split_mark = ESC in {piece[-1] for piece in pieces} and delay >= ESCAPE_DELAY
        assert sent(*pieces, delay=delay).keys == (["escape"] if split_mark else []), pieces
        assert sent(*pieces, "j", delay=delay).keys[-1:] == ["j"], pieces


@pytest.mark.parametrize("delay", [0.0, SOON, LATER, FOREVER])
@pytest.mark.parametrize("answer", [a for a in ANSWERS.values() if a[0] in UNBOUND])
def test_no_answer_whose_escape_came_alone_is_a_key(answer: str, delay: float) -> None:
    expected = ["escape"] if delay >= ESCAPE_DELAY else []
    assert sent(ESC, answer, delay=delay).keys == expected


def test_no_function_key_is_a_letter() -> None:
    for name in FUNCTION_KEYS:
        for pieces in [(ESC + name,), *cuts(ESC + name), (ESC, name)]:
            keys = sent(*pieces).keys
            assert [key for key in keys if len(key) == 1] == [], pieces
            assert "space" not in keys, pieces
            assert "question_mark" not in keys, pieces


KEYS = {
    **{key: key for key in "mMhHcCj4"},
    " ": "space",
    "\r": "enter",
    "\t": "tab",
    "\x07": "ctrl+g",
    "\x12": "ctrl+r",
    "\x7f": "backspace",
    "é": "é",
    f"{ESC}[A": "up",
    f"{ESC}OB": "down",
    f"{ESC}[1;1C": "right",
    f"{ESC}[D": "left",
    f"{ESC}[1;5D": "ctrl+left",
    f"{ESC}[H": "home",
    f"{ESC}OF": "end",
    f"{ESC}[5~": "pageup",
    f"{ESC}[6~": "pagedown",
    f"{ESC}[Z": "shift+tab",
    f"{ESC}[3~": "delete",
    f"{ESC}OM": "enter",
    f"{ESC}[27u": "escape",
    f"{ESC}[13u": "enter",
    f"{ESC}[9;2u": "shift+tab",
    f"{ESC}[103;5u": "ctrl+g",
    f"{ESC}[27;5;103~": "ctrl+g",
    f"{ESC}[109;;109u": "m",
    f"{ESC}[109:77;2:1;77u": "M",
    f"{ESC}[27;2;77~": "M",
    f"{ESC}[109;3;109u": "alt+m",
    f"{ESC}[57414u": "enter",
    f"{ESC}[15~": "f5",
    f"{ESC}[[A": "f1",
    f"{ESC}[24$": "f24",
}


@pytest.mark.parametrize(("text", "key"), KEYS.items())
def test_a_key_is_one_key_whole_or_in_parts(text: str, key: str) -> None:
    for pieces in [(text,), *cuts(text), tuple(text) if len(text) == 1 else (text[:2], *text[2:])]:
        assert sent(*pieces).keys == [key], pieces


def test_shift_tab_of_the_linux_console_and_alt_backspace_are_keys() -> None:
    assert sent(f"{ESC}\t").keys == ["shift+tab"]
    assert sent(f"{ESC}\x7f").keys == ["ctrl+w"]


SEQUENCE_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x3F), max_size=40)
FINAL = st.characters(min_codepoint=0x40, max_codepoint=0x7E)
WORDS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cc", "Cs"]), st.sampled_from("mMhHcCpPrRsSeE \r\n\t")
    ),
    max_size=30,
)


def unknown(sequence: str) -> bool:
    """True if the sequence is no key and opens no other: no terminal has a key with its final."""
    body, final = sequence[2:-1], sequence[-1]
    alone = final in "ABCDEFHMPQRSZ~abcd[" or (final == "@" and body.isdigit())
    return not alone and final not in "u^" and "$" not in body


CSI = st.builds(lambda body, final: f"{ESC}[{body}{final}", SEQUENCE_TEXT, FINAL).filter(unknown)
SS3 = st.builds(
    lambda body, final: f"{ESC}O{body}{final}",
    st.text("0123456789;", min_size=1, max_size=9),
    FINAL,
)
STRING = st.builds(
    lambda kind, body, end: f"{ESC}{kind}{body}{end}",
    st.sampled_from("]P_^X"),
    WORDS,
    st.sampled_from(["\x07", f"{ESC}\\", "\x9c"]),
)
PASTE = WORDS.map(lambda text: f"{ESC}[200~{text}{ESC}[201~")
NO_KEY = st.one_of(CSI, SS3, STRING, PASTE).map(lambda text: (text, ""))
KEY = st.sampled_from([*KEYS.items()])
ESCAPE = st.just((ESC, "escape"))
DELAY = st.sampled_from([0.0, SOON, LATER, PATIENCE * 1.5, FOREVER])


@st.composite
def lines(draw: st.DrawFn) -> tuple[list[tuple[str, float]], list[str]]:
    """Return reads, each with the time after it, and the keys pressed in them."""
    items = draw(st.lists(st.one_of(NO_KEY, KEY, ESCAPE), max_size=8))
    printable = 0
    reads: list[tuple[str, float]] = []
    keys: list[str] = []
    for text, key in items:
        printable += len(text) == 1 and text.isprintable()
        ends = draw(st.sets(st.integers(1, len(text) - 1), max_size=4)) if len(text) > 1 else set()
        if text[1:2] in {"P", "X"}:
            ends -= {1}  # these two are keys of their own behind an escape that came alone
        pieces = [text[a:b] for a, b in pairwise([0, *sorted(ends), len(text)])]
        delays = [draw(DELAY) for _ in pieces]
        if text == ESC or printable == 4:
            delays[-1], printable = LATER, 0
        escapes = [
            end for end, delay in zip(sorted(ends), delays, strict=False)
            if text[end - 1] == ESC and delay >= ESCAPE_DELAY
        ]  # fmt: skip
        keys += ["escape"] * len(escapes)
        if key and 1 not in escapes:
            keys.append(key)
        reads += zip(pieces, delays, strict=True)
    return reads, keys


@given(lines())
@example(([(f"{ESC}[", LATER), ("C", 0.0)], ["right"]))
@example(([(ESC, LATER), ("[200~m", FOREVER), (f"M{ESC}[201~", 0.0), ("j", 0.0)], ["escape", "j"]))
def test_whatever_comes_exactly_the_keys_that_were_pressed_are_keys(
    line: tuple[list[tuple[str, float]], list[str]],
) -> None:
    reads, keys = line
    terminal = Line()
    held = ""
    for text, delay in reads:
        held += text
        if delay:
            terminal.send(held).wait(delay)
            held = ""
    terminal.send(held).wait(LATER)
    assert terminal.keys == keys


NOISE = st.text(
    st.one_of(st.sampled_from(f"{ESC}[O]P_^X\\\x07;$<~0129um"), st.characters()), max_size=30
)


@given(st.lists(st.tuples(NOISE, DELAY), max_size=6), st.sampled_from("mMj4?"))
def test_nothing_that_comes_makes_the_keyboard_deaf(
    noise: list[tuple[str, float]], key: str
) -> None:
    terminal = Line()
    for text, delay in noise:
        terminal.send(text).wait(delay)
    terminal.wait(LATER).send(ESC).wait(LATER).messages.clear()
    assert terminal.send(key).wait(LATER).keys == ["question_mark" if key == "?" else key]


@given(st.lists(st.tuples(NOISE, DELAY), max_size=6))
def test_nothing_that_comes_ends_the_reading(noise: list[tuple[str, float]]) -> None:
    terminal = Line()
    for text, delay in noise:
        terminal.send(text).wait(delay)


def test_an_open_string_is_reported_once_and_escape_ends_it() -> None:
    line = sent(f"{ESC}P", delay=PATIENCE / 2)
    assert line.said == []
    assert line.wait(FOREVER).said == [WAITING]
    assert line.send("m").wait(LATER).keys == []
    assert line.send(ESC).wait(LATER).send("m").wait(LATER).keys == ["escape", "m"]
    assert line.said == [WAITING]


def test_a_paste_without_an_end_is_reported_and_an_arrow_ends_it() -> None:
    line = sent(f"{ESC}[200~abc", delay=FOREVER)
    assert line.said == [WAITING]
    assert line.send(f"{ESC}[A").wait(LATER).keys == ["up"]
    assert line.pastes == ["abc"]


def test_a_paste_may_hold_escapes_where_its_end_is_seen() -> None:
    line = sent(f"{ESC}[200~a{ESC}[31mM{ESC}[0m{ESC}[201~")
    assert line.keys == []
    assert line.pastes == [f"a{ESC}[31mM{ESC}[0m"]


def test_what_follows_an_escape_inside_a_paste_is_no_key() -> None:
    line = sent(f"{ESC}[200~abc{ESC}[31mM{ESC}[0mH", f"mM{ESC}[201~")
    assert line.keys == []


def test_a_verb_together_with_an_escape_is_left_out_and_said() -> None:
    line = sent(f"{ESC}m")
    assert line.keys == ["escape"]
    assert line.said == ["m came together with esc and did nothing: press it again"]
    assert sent(ESC, "m", delay=SOON).keys == ["escape"]
    assert sent(ESC, "m", delay=LATER).keys == ["escape", "m"]
    assert sent(ESC, "4", delay=SOON).keys == ["escape", "4"]


@pytest.mark.parametrize("moves", ["jjjjjjjj", "k" * 30, "GGGGG", "ggggggg"])
def test_a_movement_key_that_is_held_down_is_no_paste(moves: str) -> None:
    assert sent(moves).keys == [*moves]


@pytest.mark.parametrize("text", ["mmmmm", "jjjjm", "call\r1", f"mM{ESC}[AhHc", "éèêëē", "     "])
def test_five_printable_characters_in_one_read_are_a_paste(text: str) -> None:
    line = sent(text)
    assert [key for key in line.keys if key != "up"] == []
    assert "".join(line.pastes) == text.replace(f"{ESC}[A", "")


def test_four_characters_in_one_read_are_keys() -> None:
    assert sent("4jmM").keys == ["4", "j", "m", "M"]


def test_bytes_that_are_no_text_make_no_key_of_what_follows() -> None:
    assert sent("\ufffdC").keys == []


def test_an_input_method_that_makes_several_characters_pastes_them() -> None:
    line = sent(f"{ESC}[0;;20320:22909u")
    assert (line.keys, line.pastes) == ([], ["你好"])


def test_no_key_is_bound_to_what_may_open_a_sequence() -> None:
    names = {"[": "left_square_bracket", "O": "O", "]": "right_square_bracket"}
    names |= {"^": "circumflex_accent", "_": "underscore"}
    bound = {command.key for command in COMMANDS.values()}
    bound |= {key for each in NAVIGATION for key in each.keys.split(",")}
    assert set(UNBOUND) == set(names)
    assert not bound & {*names, *names.values()}


def test_the_size_is_read_and_mouse_positions_stay_in_cells() -> None:
    line = sent(f"{ESC}[48;36;120;720;1200t", f"{ESC}[<0;50;13M")
    [size] = [one for one in line.messages if isinstance(one, events.Resize)]
    [down] = [one for one in line.messages if isinstance(one, events.MouseDown)]
    assert size.size == (120, 36)
    assert (down.x, down.y) == (49, 12)
