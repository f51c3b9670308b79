"""Message text as the Bot API measures and formats it.

Lengths and offsets count UTF-16 units, after the markup has become entities. Bad HTML is a 400
"can't parse entities" that names the byte. Outer white space is cut off before counting.
Of the parse modes only HTML is spoken here, with the tags listed below.
"""

from __future__ import annotations

import re
from typing import Any

from .wire import Json, Params, bad_request

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));?")
_OPENING = re.compile(r"<([^\s>]*)")
_REST = re.compile(r"""((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_CLOSING = re.compile(r"</([^\s>]*)\s*>")
_ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")


def utf16_length(text: str) -> int:
    """Length in UTF-16 units: a letter of a Vietnamese word is one, most emoji are two."""
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def read_text(params: Params, field: str, limit: int) -> tuple[str, list[Json]]:
    """The text or caption of a call with its entities, or the 400 the real server answers."""
    source, where = (params.text(field), "caption_" if field == "caption" else "")
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode:
        raise bad_request(f"unsupported parse_mode (this fake speaks HTML only, not {mode})")
    else:
        text, entities = source, list(params.parsed(f"{where}entities") or [])
    text, entities = _trimmed(text, entities)
    if utf16_length(text) > limit:
        raise bad_request(
            "message caption is too long" if field == "caption" else "message is too long"
        )
    return text, entities


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities of HTML markup. Raises "can't parse entities" like Telegram."""
    pieces: list[str] = []
    entities: list[Json] = []
    open_tags: list[tuple[str, dict[str, str], int]] = []
    length = at = 0
    while at < len(source):
        letter = source[at]
        if letter == "&" and (match := _REFERENCE.match(source, at)):
            piece, at = _referred(match), match.end()
        elif letter != "<":
            end = _next_mark(source, at + 1)
            piece, at = source[at:end], end
        elif source.startswith("</", at):
            at = _close(source, at, open_tags, entities, length)
            continue
        else:
            tag, attributes, end = _open(source, at)
            open_tags.append((tag, attributes, length))
            at = end
            continue
        pieces.append(piece)
        length += utf16_length(piece)
    if open_tags:
        raise _broken(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return "".join(pieces), entities


def _next_mark(source: str, start: int) -> int:
    marks = [place for place in (source.find("<", start), source.find("&", start)) if place >= 0]
    return min(marks, default=len(source))


def _referred(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    number = int(match[2]) if match[2] else int(match[3], 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else match[0]


def _open(source: str, at: int) -> tuple[str, dict[str, str], int]:
    """The start tag at `at`: its name, its attributes and where it ends."""
    name = _OPENING.match(source, at)
    if name is None or name.end() == len(source):
        raise _broken(f"Unclosed start tag at byte offset {_byte(source, at)}")
    tag = name[1].lower()
    if tag not in _KINDS:
        raise _broken(f'Unsupported start tag "{tag}" at byte offset {_byte(source, at)}')
    rest = _REST.match(source, name.end())
    if rest is None:
        raise _broken(f"Unclosed start tag at byte offset {_byte(source, at)}")
    attributes = _attributes(rest[1])
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {_byte(source, at)}')
    return tag, attributes, rest.end()


def _close(
    source: str,
    at: int,
    open_tags: list[tuple[str, dict[str, str], int]],
    entities: list[Json],
    length: int,
) -> int:
    """Take the end tag at `at`: the innermost open tag becomes an entity. Returns where it ends."""
    match = _CLOSING.match(source, at)
    if not open_tags:
        raise _broken(f"Unexpected end tag at byte offset {_byte(source, at)}")
    if match is None:
        raise _broken(f"Unclosed end tag at byte offset {_byte(source, at)}")
    tag, attributes, start = open_tags.pop()
    if match[1] and match[1].lower() != tag:
        raise _broken(
            f"Unmatched end tag at byte offset {_byte(source, at)}, "
            f'expected "</{tag}>", found "</{match[1].lower()}>"'
        )
    if length > start:
        entity: Json = {"offset": start, "length": length - start, "type": _KINDS[tag]}
        if tag == "a":
            entity["url"] = attributes.get("href", "")
        elif tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif tag == "code" and attributes.get("class", "").startswith("language-") and open_tags:
            return match.end()  # <pre><code class="language-…">: only the outer one counts
        if tag != "a" or entity["url"]:
            entities.append(entity)
    return match.end()


def _attributes(source: str) -> dict[str, str]:
    return {
        found[1].lower(): _REFERENCE.sub(_referred, (found[2] or "").strip("\"'"))
        for found in _ATTRIBUTE.finditer(source)
    }


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Text without outer white space, entities moved and cut to fit."""
    cut = text.lstrip()
    shift = utf16_length(text[: len(text) - len(cut)])
    cut = cut.rstrip()
    if cut == text:
        return text, entities
    size = utf16_length(cut)
    kept: list[Json] = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return cut, kept


def cut_text(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` units, as an app sends what is too long."""
    if len(text) * 2 <= limit or utf16_length(text) <= limit:
        return [text]
    parts, size = [""], 0
    for letter in text:
        width = 2 if letter > "\uffff" else 1
        if size + width > limit:
            parts.append("")
            size = 0
        parts[-1] += letter
        size += width
    return parts


def commands_in(text: str) -> list[Json]:
    """The bot_command entity of a person's "/start abc", which clients of the API look for."""
    found: Any = re.match(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?", text)
    return [{"offset": 0, "length": found.end(), "type": "bot_command"}] if found else []


def _byte(source: str, at: int) -> int:
    return len(source[:at].encode("utf-8", "surrogatepass"))


def _broken(what: str) -> Exception:
    return bad_request(f"can't parse entities: {what}")
