"""Models of ONNX, a few for every operator, and how they run elsewhere."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

#: How closely one float32 operator follows the exact one, relative to the greatest entry.
CLOSE = 2.0**-20


def tensor(name, values, kind=np.float32):
    return numpy_helper.from_array(np.array(values, dtype=kind), name)


def model(nodes, constants=(), shape=(1, 4), output="y", opset=17):
    """A model with input x and output y."""
    graph = helper.make_graph(
        nodes, "test",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        list(constants),
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def saved(folder, made, name="m.onnx"):
    onnx.save(made, folder / name)
    return folder / name


def session(made):
    """The model in onnxruntime, which computes as the graph says."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    plain = onnx.ModelProto.FromString(made.SerializeToString())
    for operator in plain.graph.node:
        operator.name = ""  # it wants each name once
    return onnxruntime.InferenceSession(plain.SerializeToString(), options)


def ran(made, seed=0, count=3, grain=4, extent=32):
    """Points with small dyadic coordinates, and what onnxruntime gives there."""
    run, rng = session(made), np.random.default_rng(seed)
    shape = [d.dim_value for d in made.graph.input[0].type.tensor_type.shape.dim]
    for _ in range(count):
        x = (rng.integers(-extent, extent + 1, shape) / grain).astype(np.float32)
        (y,) = run.run(None, {"x": x})
        yield [Fraction(float(v)) for v in x.ravel()], y.ravel()


def node(kind, inputs="x", outputs="y", **attributes):
    return helper.make_node(kind, inputs.split(), outputs.split(), name=f"my_{kind}", **attributes)


W = tensor("W", [[1, -2], [0.5, 4], [-1, 3], [2, 2]])
SQUARE = tensor("S", [[1, -2, 0.5, 1], [0, 1, 4, -2], [1, 1, 1, 1]])
C = tensor("c", [0.25, -3])
ROW = tensor("r", [0.5, -3, 2, -1])
COLUMNS = [
    tensor(n, v)
    for n, v in (
        ("g", [1, 2, -1, 4]),
        ("b", [1, 0, 2, -1]),
        ("m", [1, -1, 2, 0]),
        ("v", [0, 3, 63, 15]),
    )
]
#: For every operator models that are exact in float32 at small dyadic numbers.
SAMPLES = {
    "Add": [model([node("Add", "x r")], [ROW]), model([node("Add", "r x")], [ROW]),
            model([node("MatMul", "x W", "h"), node("Add", "h c", "k"), node("Add", "k c")],
                  [W, C])],
    "Sub": [model([node("Sub", "x r")], [ROW]), model([node("Sub", "r x")], [ROW])],
    "Mul": [model([node("Mul", "x r")], [ROW]), model([node("Mul", "r x")], [ROW]),
            model([node("Mul", "r r", "s"), node("Sub", "s r", "t"), node("Mul", "t x")], [ROW])],
    "Div": [model([node("Div", "x r")], [tensor("r", [0.5, -4, 2, -1])])],
    "MatMul": [model([node("MatMul", "x W")], [W]),
               model([node("MatMul", "S x")], [SQUARE], (4, 1)),
               model([node("MatMul", "x S")], [tensor("S", [[1, 2], [3, 4]])], (1, 2, 2)),
               model([node("MatMul", "S x")], [tensor("S", [[1, 2], [3, 5]])], (1, 2, 2))],
    "Gemm": [model([node("Gemm", "x W c", alpha=0.5, beta=2.0)], [W, C]),
             model([node("Gemm", "x S", transB=1)], [SQUARE]),
             model([node("Gemm", "x S c", transA=1)], [SQUARE, tensor("c", [1])], (3, 1)),
             model([node("Gemm", "S x")], [SQUARE], (4, 1))],
    "Relu": [model([node("Relu")])],
    "LeakyRelu": [model([node("LeakyRelu", alpha=0.25)])],
    "Abs": [model([node("Abs")])],
    "Sign": [model([node("Sign")])],
    "Identity": [model([node("Identity", "x", "h"), node("Relu", "h")])],
    "Dropout": [model([node("Dropout", "x", "h"), node("Relu", "h")])],
    "Flatten": [model([node("Flatten", "x", "h"), node("MatMul", "h W")], [W], (1, 2, 1, 2)),
                model([node("Flatten", "x", "h", axis=0), node("Relu", "h")], [], (2, 2))],
    "Reshape": [model([node("Reshape", "x s", "h"), node("MatMul", "h W")],
                      [W, tensor("s", [0, -1], np.int64)], (1, 2, 2)),
                model([node("Reshape", "q s", "W"), node("MatMul", "x W")],
                      [tensor("q", range(8)), tensor("s", [4, 2], np.int64)])],
    "Squeeze": [model([node("Squeeze", "x a", "h"), node("MatMul", "h W")],
                      [W, tensor("a", [1, -1], np.int64)], (1, 1, 4, 1)),
                model([node("Squeeze", "x", "h"), node("MatMul", "h W")], [W], (1, 1, 4, 1))],
    "Unsqueeze": [model([node("Unsqueeze", "c a", "h"), node("Mul", "x h")],
                        [tensor("c", [2, 0.5]), tensor("a", [0, 2], np.int64)], (1, 2, 2))],
    "Constant": [model([node("Constant", "", "k", value=ROW), node("Add", "x k")]),
                 model([node("Constant", "", "k", value_float=0.5), node("Mul", "x k")]),
                 model([node("Constant", "", "k", value_ints=[4, 1]), node("Reshape", "x k", "h"),
                        node("MatMul", "S h")], [SQUARE])],
    "BatchNormalization": [
        model([node("BatchNormalization", "x g b m v", epsilon=1.0)], COLUMNS),
        model([node("BatchNormalization", "x g b m v", epsilon=1.0)],
              [tensor(n, v) for n, v in
               (("g", [1, 2]), ("b", [1, 0]), ("m", [1, -1]), ("v", [0, 3]))], (1, 2, 2)),
    ],
}  # fmt: skip
SMOOTH = {
    name: [model([node(name)], opset=20)]
    for name in ("Sigmoid", "Tanh", "Softplus", "Softsign", "Mish", "HardSwish", "Gelu", "Elu")
}
SMOOTH["Elu"] += [model([node("Elu", alpha=0.5)])]
SMOOTH["Celu"] = [model([node("Celu", alpha=2.0)])]
SMOOTH["Gelu"] += [model([node("Gelu", approximate="tanh")], opset=20)]
SMOOTH["LeakyRelu"] = [model([node("LeakyRelu")])]
SMOOTH["BatchNormalization"] = [model([node("BatchNormalization", "x g b m v")], COLUMNS)]


def whole(name, values):
    return tensor(name, values, np.int64)


def kernel(*shape):
    """Small whole numbers that are no pattern."""
    return tensor("k", (np.arange(np.prod(shape)) * 7 % 11 - 5).reshape(shape))


#: A tensor with two samples' worth of axes: (1, 2, 3) and (1, 2, 4, 5).
LINE, PLANE = (1, 2, 6), (1, 2, 4, 5)
SAMPLES["Add"] += [
    model([node("Relu", "x", "h"), node("Add", "h x")]),
    model([node("Add", "x x")]),
    model([node("MatMul", "x W", "h"), node("Relu", "h", "k"), node("Add", "h k")], [W]),
    model([node("ReduceSum", "x a", "h"), node("Add", "x h")], [whole("a", [1])]),
    model([node("Add", "x c")], [tensor("c", [[[1], [2]]])], LINE),
    model([node("Add", "x c")], [tensor("c", np.arange(12).reshape(3, 4))]),
]
SAMPLES["Sub"] += [model([node("Abs", "x", "h"), node("Sub", "h x")]), model([node("Sub", "x x")])]
SAMPLES["Sum"] = [model([node("Abs", "x", "h"), node("Sum", "h x r x")], [ROW])]
SAMPLES["Mul"] += [
    model([node("Mul", "x c")], [tensor("c", [[[2], [-0.5]]])], LINE),
    model([node("Mul", "x c")], [tensor("c", 1)]),
]
SAMPLES["Div"] += [
    model(
        [
            node("Shape", "x", "s"),
            node("Div", "s two", "h"),
            node("Gather", "h one", "n"),
            node("Concat", "two n", "t", axis=0),
            node("Reshape", "x t", "u"),
            node("Neg", "u"),
        ],
        [whole("two", [2]), whole("one", [1])],
    )
]
SAMPLES["MatMul"] += [
    model([node("MatMul", "x v")], [tensor("v", [1, 2, -3, 4])]),
    model([node("MatMul", "W x")], [W], (1, 2, 3)),
    model([node("MatMul", "W x")], [W], (2, 2, 2, 3)),
]
SAMPLES["Gemm"] += [model([node("Gemm", "x W c", transA=1)], [W, C], (4, 3))]
SAMPLES["Neg"] = [model([node("Neg")]), model([node("Neg", "r", "h"), node("Add", "x h")], [ROW])]
SAMPLES["Clip"] = [
    model([node("Clip", "x a b")], [tensor("a", -1), tensor("b", 2)]),
    model([node("Clip", "x a b")], [tensor("a", 0), tensor("b", 6)]),
    model([node("Clip", "x a")], [tensor("a", -1)]),
    model([helper.make_node("Clip", ["x", "", "b"], ["y"])], [tensor("b", 1.5)]),
    model([node("Clip", min=-0.5, max=2.0)], opset=6),
]
SAMPLES["Min"] = [
    model([node("Min", "x r")], [ROW]),
    model([node("Abs", "x", "h"), node("Neg", "r", "s"), node("Min", "h x s r")], [ROW]),
]
SAMPLES["Max"] = [
    model([node("Max", "x z")], [tensor("z", 0)]),
    model([node("Neg", "x", "h"), node("Max", "h x")]),
    model([node("Neg", "x", "h"), node("Max", "h r x")], [ROW]),
]
SAMPLES["HardSigmoid"] = [model([node("HardSigmoid", alpha=0.25, beta=0.5)])]
SAMPLES["PRelu"] = [
    model([node("PRelu", "x a")], [tensor("a", [0.25])]),
    model([node("PRelu", "x a")], [tensor("a", [0.25, -1, 2, 0])]),
    model([node("PRelu", "x a")], [tensor("a", [[0.5], [-2]])], LINE),
]
SAMPLES["Transpose"] = [
    model([node("Transpose", perm=[0, 2, 1])], [], LINE),
    model([node("Transpose", "x", "h"), node("MatMul", "h k")], [kernel(1, 3)], LINE),
    model(
        [node("Transpose", "W", "h"), node("MatMul", "h x", "k"), node("Relu", "k")], [W], (4, 2)
    ),
]
SAMPLES["Slice"] = [
    model(
        [node("Slice", "x s e a t")],
        [whole("s", [-1, 0]), whole("e", [-(2**62), 1]), whole("a", [2, 1]), whole("t", [-2, 1])],
        LINE,
    ),
    model([node("Slice", "x s e")], [whole("s", [0, 1]), whole("e", [9, 3])]),
    model([node("Slice", starts=[1], ends=[-1], axes=[2])], [], LINE, opset=9),
    model(
        [node("Slice", "r s e", "c"), node("Mul", "x c")], [ROW, whole("s", [1]), whole("e", [2])]
    ),
]
SAMPLES["Gather"] = [
    model([node("Gather", "x i", axis=2)], [whole("i", [[0, -1], [2, 2]])], LINE),
    model([node("Gather", "x i", axis=1)], [whole("i", 1)], LINE),
]
SAMPLES["Expand"] = [model([node("Expand", "x s")], [whole("s", [3, 2, 1])])]
SAMPLES["Split"] = [
    model(
        [
            node("Split", "x s", "p q", axis=2),
            node("Relu", "q", "h"),
            node("Concat", "h p x", axis=2),
        ],
        [whole("s", [2, 4])],
        LINE,
    ),
    model([node("Split", "x", "p q", axis=1), node("Sub", "p q")]),
]
SAMPLES["Concat"] = [
    model([node("Relu", "x", "h"), node("Concat", "x h r", axis=1)], [tensor("r", [[1, 2, 3]])]),
    model([node("Concat", "x c x", axis=-1)], [tensor("c", np.ones((1, 2, 2)))], LINE),
    model([node("Concat", "c c", "d", axis=0), node("Add", "x d")], [C]),
]
SAMPLES["Pad"] = [
    model([node("Pad", "x p")], [whole("p", [0, 0, 1, 0, 1, 2])], LINE),
    model([node("Pad", "x p v")], [whole("p", [0, 1, 0, 0]), tensor("v", 2.5)]),
    model([node("Pad", "x p", mode="reflect")], [whole("p", [0, 0, 2, 0, 0, 1])], LINE),
    model([node("Pad", "x p", mode="edge")], [whole("p", [0, 0, 2, 0, 0, 1])], LINE),
]
SAMPLES["Shape"] = [
    model(
        [
            node("Shape", "x", "s"),
            node("Gather", "s i", "n"),
            node("Concat", "n m", "t", axis=0),
            node("Reshape", "x t", "h"),
            node("MatMul", "h k"),
        ],
        [whole("i", [0]), whole("m", [-1]), kernel(12, 2)],
        LINE,
    )
]
SAMPLES["ConstantOfShape"] = [
    model(
        [
            node("Shape", "x", "s"),
            node("ConstantOfShape", "s", "c", value=tensor("v", [2])),
            node("Add", "x c"),
        ]
    )
]
SAMPLES["Cast"] = [
    model([node("Cast", "x", "h", to=11), node("Cast", "h", to=1)]),
    model([node("Cast", "i", "h", to=1), node("Add", "x h")], [whole("i", [1, 2, -3, 4])]),
]
SAMPLES["CastLike"] = [model([node("CastLike", "x r")], [ROW])]
SAMPLES["ReduceSum"] = [
    model([node("ReduceSum", "x a")], [whole("a", [0, 2])], LINE),
    model([node("ReduceSum", "x", keepdims=0)], [], LINE),
]
SAMPLES["ReduceMean"] = [
    model([node("ReduceMean", axes=[-1], keepdims=0)], [], (1, 3, 4)),
    model([node("ReduceMean", "x a")], [whole("a", [2, 3])], (1, 2, 2, 2), opset=18),
]
SAMPLES["ReduceMax"] = [
    model([node("ReduceMax", axes=[2])], [], LINE),
    model([node("ReduceMax", keepdims=0)], [], LINE),
]
SAMPLES["ReduceMin"] = [model([node("ReduceMin", axes=[1])], [], LINE)]
SAMPLES["Conv"] = [
    model(
        [node("Conv", "x k c", pads=[1, 2], strides=[2], dilations=[2])], [kernel(2, 2, 3), C], LINE
    ),
    model([node("Conv", "x k", pads=[1, 0, 0, 2], strides=[2, 1])], [kernel(4, 2, 2, 3)], PLANE),
    model(
        [node("Conv", "x k c", group=2, kernel_shape=[3, 3])],
        [kernel(4, 1, 3, 3), tensor("c", [1, 2, 3, -4])],
        PLANE,
    ),
    *(
        model([node("Conv", "x k", auto_pad=pad, strides=[2, 3])], [kernel(1, 2, 3, 2)], PLANE)
        for pad in ("SAME_UPPER", "SAME_LOWER", "VALID")
    ),
]
SAMPLES["MaxPool"] = [
    model([node("MaxPool", kernel_shape=[2, 3], strides=[2, 1], pads=[1, 1, 0, 1])], [], PLANE),
    model([node("MaxPool", kernel_shape=[3], dilations=[2], ceil_mode=1, strides=[3])], [], LINE),
    model([node("MaxPool", kernel_shape=[2, 2], ceil_mode=1, strides=[3, 2])], [], PLANE),
    model([node("MaxPool", kernel_shape=[3, 3], auto_pad="SAME_UPPER")], [], PLANE),
]
SAMPLES["AveragePool"] = [
    model([node("AveragePool", kernel_shape=[2, 2], pads=[1, 0, 1, 0], strides=[2, 3])], [], PLANE),
    model(
        [node("AveragePool", kernel_shape=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1)],
        [],
        PLANE,
    ),
    model(
        [node("AveragePool", kernel_shape=[2, 2], strides=[3, 2], ceil_mode=1)], [], PLANE, opset=19
    ),
    model(
        [
            node(
                "AveragePool",
                kernel_shape=[4],
                strides=[2],
                pads=[1, 1],
                ceil_mode=1,
                count_include_pad=1,
            )
        ],
        [],
        LINE,
        opset=19,
    ),
    model([node("AveragePool", kernel_shape=[2], auto_pad="SAME_LOWER")], [], LINE),
]
SAMPLES["GlobalAveragePool"] = [model([node("GlobalAveragePool")], [], (1, 3, 2, 4))]
SAMPLES["GlobalMaxPool"] = [model([node("GlobalMaxPool")], [], (1, 3, 2, 3))]
EIGHTH = tensor("s", 0.125)
SAMPLES["DequantizeLinear"] = [
    model(
        [node("DequantizeLinear", "q s z", "W"), node("MatMul", "x W")],
        [
            tensor("q", [[1, -128], [127, 3], [0, 5], [-7, 2]], np.int8),
            EIGHTH,
            tensor("z", 3, np.int8),
        ],
    ),
    model(
        [node("DequantizeLinear", "q s", "W", axis=0), node("MatMul", "x W")],
        [
            tensor("q", [[1, 128], [255, 3], [0, 5], [7, 2]], np.uint8),
            tensor("s", [0.125, 2, 0.5, 4]),
        ],
    ),
]
SAMPLES["DequantizeLinear"] += [
    model(
        [node("DequantizeLinear", "q s z", "W", axis=0, block_size=3), node("MatMul", "x W")],
        [
            tensor("q", [[1, -128], [127, 3], [0, 5], [-7, 2]], np.int8),
            tensor("s", [[0.125, 2], [0.5, 4]]),
            tensor("z", [[3, 0], [-1, 1]], np.int8),
        ],
        opset=21,
    )
]
SAMPLES["QuantizeLinear"] = [
    model(
        [
            node("QuantizeLinear", "r s z", "q"),
            node("DequantizeLinear", "q s z", "t"),
            node("Add", "x t"),
        ],
        [tensor("r", [0.1875, -3.3125, 20, -0.07]), EIGHTH, tensor("z", 5, np.int8)],
    )
]
SMOOTH["HardSigmoid"] = [model([node("HardSigmoid")])]
SMOOTH["Selu"] = [model([node("Selu")]), model([node("Selu", alpha=2.0, gamma=0.5)])]
SMOOTH["Softmax"] = [
    model([node("Softmax")]),
    model([node("Softmax", axis=1)], [], (1, 3, 2)),
    model([node("Softmax", axis=-1)], [], (1, 2, 2, 2)),
    model([node("Softmax", axis=1)], [], (1, 2, 2), opset=11),
    model([node("Softmax", axis=2)], [], (1, 2, 3), opset=11),
]
SMOOTH["Mul"] = [
    model([node("Sigmoid", "x", "h"), node("Mul", "x h")]),
    model([node("Sigmoid", "x", "h"), node("Mul", "h x")]),
]
SMOOTH["AveragePool"] = [
    model([node("AveragePool", kernel_shape=[3, 3], auto_pad="SAME_UPPER")], [], PLANE)
]
SMOOTH["ReduceMean"] = [model([node("ReduceMean", axes=[2])], [], LINE)]
SMOOTH["Div"] = [model([node("Div", "x r")], [tensor("r", [3, 7, -0.1, 1e3])])]

SAMPLES["GatherND"] = [
    model([node("GatherND", "x i")], [whole("i", [[0, 1, -1], [0, 0, 3]])], LINE),
    model([node("GatherND", "x i")], [whole("i", [[[0, 1]], [[0, 0]]])], LINE),
]
SAMPLES["DepthToSpace"] = [
    model([node("DepthToSpace", blocksize=2)], [], (1, 8, 2, 3)),
    model([node("DepthToSpace", blocksize=2, mode="CRD")], [], (1, 8, 2, 3)),
]
SAMPLES["SpaceToDepth"] = [model([node("SpaceToDepth", blocksize=2)], [], (1, 2, 4, 6))]
FLOORS = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
SAMPLES["Resize"] = [
    model(
        [helper.make_node("Resize", ["x", "", "s"], ["y"], **FLOORS)],
        [tensor("s", [1, 1, 2, 1.5])],
        PLANE,
    ),
    model(
        [helper.make_node("Resize", ["x", "", "", "n"], ["y"], **FLOORS)],
        [whole("n", [1, 2, 8, 5])],
        PLANE,
    ),
    model([node("Resize", "x s")], [tensor("s", [1, 1, 2, 3])], PLANE, opset=10),
]
SAMPLES["Upsample"] = [
    model([node("Upsample", "x s")], [tensor("s", [1, 1, 2, 3])], PLANE, opset=9)
]
SAMPLES["ConvTranspose"] = [
    model(
        [node("ConvTranspose", "x k c", strides=[2], pads=[1, 0], output_padding=[1])],
        [kernel(2, 2, 3), C],
        LINE,
    ),
    model(
        [node("ConvTranspose", "x k", strides=[1, 2], dilations=[2, 1])],
        [kernel(2, 3, 2, 2)],
        PLANE,
    ),
    model([node("ConvTranspose", "x k", group=2)], [kernel(2, 2, 3, 3)], PLANE),
]
SMOOTH["LayerNormalization"] = [
    model([node("LayerNormalization", "x g b", epsilon=0.5)], COLUMNS[:2]),
    model([node("LayerNormalization", "x k", axis=1)], [kernel(2, 6)], LINE),
    model(
        [node("LayerNormalization", "x g b")],
        [tensor("g", [1, 2, 3]), tensor("b", [0, 1, 0])],
        (1, 2, 3),
    ),
]
SAMPLES["Tile"] = [model([node("Tile", "x t")], [whole("t", [1, 2, 3])], LINE)]
TRUE = tensor("t", [1, 0, 0, 1], np.bool_)
SAMPLES["Where"] = [
    model([node("Where", "t x r")], [TRUE, ROW]),
    model([node("Where", "t r x")], [TRUE, ROW]),
    model([node("Abs", "x", "h"), node("Where", "s h x")], [tensor("s", [[1], [0]], np.bool_)]),
    model([node("Where", "t r c", "k"), node("Add", "x k")], [TRUE, ROW, tensor("c", 7)]),
]
SAMPLES["ThresholdedRelu"] = [
    model([node("ThresholdedRelu", **given)]) for given in ({}, {"alpha": 0.0}, {"alpha": -2.0})
]
SAMPLES["Sqrt"] = [
    model([node("Sqrt", "v", "k"), node("Mul", "x k")], [tensor("v", [4, 2.25, 9, 0])])
]
SAMPLES["Reciprocal"] = [
    model([node("Reciprocal", "v", "k"), node("Mul", "x k")], [tensor("v", [4, 0.5, -8, 0.25])])
]
SAMPLES["Pow"] = [
    model(
        [node("Pow", "v e", "k"), node("Mul", "x k")], [tensor("v", [4, 0.5, -2, 0]), whole("e", 3)]
    ),
    model([node("Pow", "x e")], [whole("e", 1)]),
]
SAMPLES["MatMul"] += [
    model([node("MatMul", "S W", "k"), node("MatMul", "x q", "u"), node("MatMul", "u k")],
          [SQUARE, W, tensor("q", np.arange(12).reshape(4, 3) % 5)])
]  # fmt: skip
SMOOTH["InstanceNormalization"] = [
    model([node("InstanceNormalization", "x g b", epsilon=0.25)],
          [tensor("g", [2, -1]), tensor("b", [1, 0])], LINE)
]  # fmt: skip
SMOOTH["GroupNormalization"] = [
    model([node("GroupNormalization", "x g b", num_groups=2)],
          [tensor("g", g), tensor("b", range(len(g)))], (1, 4, 3), opset=opset)
    for g, opset in (([2, -1], 18), ([2, -1, 1, 3], 21))
]  # fmt: skip
