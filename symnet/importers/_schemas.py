"""Whether a node of ONNX is one at all: its inputs and attributes against the definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._tensors import text

if TYPE_CHECKING:
    import onnx


def complaint(node: onnx.NodeProto, version: int) -> str | None:
    """What contradicts the definition of the operator, None where nothing does."""
    import onnx.defs

    try:
        schema = onnx.defs.get_schema(text(node.op_type), version, "")
    except onnx.defs.SchemaError:
        return "is no operator of that version"
    count = len(node.input)
    if not schema.min_input <= count <= schema.max_input:
        return f"has {count} inputs, and it takes from {schema.min_input} to {schema.max_input}"
    if not node.output or not node.output[0]:
        return "has no output"
    single = onnx.defs.OpSchema.FormalParameterOption.Single
    for name, parameter in zip(node.input, schema.inputs, strict=False):
        if not name and parameter.option == single:
            return f"lacks its input {parameter.name}"
    given = {text(a.name): int(a.type) for a in node.attribute}
    if len(given) < len(node.attribute):
        return "has an attribute twice"
    for name, attribute in schema.attributes.items():
        if name not in given:
            if attribute.required:
                return f"lacks its attribute {name}"
        elif given[name] != int(attribute.type.value):
            return f"has the attribute {name} of another type"
    return None
