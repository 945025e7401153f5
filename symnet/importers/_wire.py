"""Messages of protobuf counted before they are parsed: an empty one has two bytes in a file.

Source: https://protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from typing import Any

#: A file has at most so many fields, and so many bytes of packed integers, eight bytes each.
_FIELDS, _PACKED, _DEPTH = 1 << 20, 1 << 25, 90

#: A file with fewer bytes does not become large, whatever it holds.
_SMALL = 1 << 20

_SIZES = {1: 8, 5: 4}  # types of fields with a fixed number of bytes


class WireError(ValueError):
    """Bytes that are no message, or too many messages; the message says why."""


def check_size(data: bytes, descriptor: Any) -> None:
    """Raise where a large file holds no message of this kind, or more than can be read."""
    if len(data) > _SMALL:
        check(data, descriptor, _FIELDS, _PACKED)


def check(data: bytes, descriptor: Any, most: int, longest: int) -> None:
    """Raise where there are more than ``most`` fields, or ``longest`` bytes of packed integers.

    >>> from onnx import ModelProto
    >>> check(ModelProto(ir_version=8).SerializeToString(), ModelProto.DESCRIPTOR, 1, 0)
    """
    fields, packed = 0, 0
    waiting = [(0, len(data), descriptor, 0)]
    while waiting:
        at, end, kind, depth = waiting.pop()
        if depth > _DEPTH:
            raise WireError(f"messages lie within each other more than {_DEPTH} times")
        known = {} if kind is None else kind.fields_by_number
        while at < end:
            fields += 1
            key, at = _varint(data, at, end)
            size = _SIZES.get(key & 7, 0)
            if key & 7 in (0, 2):
                size, at = _varint(data, at, end)
                size = 0 if key & 7 == 0 else size
            elif not size:
                raise WireError("the bytes are no message")
            if at + size > end:
                raise WireError("it is cut off")
            field = known.get(key >> 3)
            if key & 7 == 2 and field is not None:
                if field.message_type is not None:
                    waiting.append((at, at + size, field.message_type, depth + 1))
                elif field.cpp_type in (field.CPPTYPE_INT64, field.CPPTYPE_UINT64):
                    packed += size
            at += size
            if fields > most or packed > longest:
                raise WireError(
                    f"it has more than {most} fields, or {longest} bytes of integers in lists"
                )


def _varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= end:
            raise WireError("it is cut off")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise WireError("the bytes are no message")
