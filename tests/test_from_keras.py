"""Keras: .keras files made by hand, and values that agree with Keras where it is installed."""

from __future__ import annotations

import io
import json
import os
import zipfile
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.errors import LoadError

h5py = pytest.importorskip("h5py")

#: Keras hands tensors of torch to NumPy in a way that both have left behind.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def layer(kind, name, module="keras.layers", **config):
    return {"module": module, "class_name": kind, "config": {"name": name, **config}}


def sequential(*layers, shape=(2,)):
    first = layer("InputLayer", "in", batch_shape=[None, *shape])
    return {"module": "keras", "class_name": "Sequential",
            "config": {"name": "s", "layers": [first, *layers]}}  # fmt: skip


def saved(folder, config, weights, change=None):
    """The archive that Keras would write."""
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        for name, arrays in weights.items():
            group = file.create_group(f"layers/{name}/vars")
            group.attrs["name"] = name
            for k, array in enumerate(arrays):
                group[str(k)] = np.asarray(array, dtype=np.float32)
        if change is not None:
            change(file)
    path = folder / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", data.getvalue())
    return path


W, b, V = [[1, 2, 0.5], [-1, 0, 3]], [0.25, 0, -1], [[1], [2], [3]]
DENSE = layer("Dense", "d", activation="relu")
LAST = layer("Dense", "e", use_bias=False, activation="linear")


def test_a_chain_of_layers(tmp_path) -> None:
    path = saved(tmp_path, sequential(DENSE, layer("Dropout", "o", rate=0.5), LAST),
                 {"d": [W, b], "e": [V]})  # fmt: skip
    expected = sn.Sequential(sn.Linear(np.array(W).T, b), sn.ReLU(), sn.Linear(np.array(V).T))
    assert sn.load(path) == expected


def test_convolutions_with_channels_last(tmp_path) -> None:
    # one window of 2 by 2 with two channels: an entry is sum of x[h, w, c] k[h, w, c, 0]
    conv = layer("Conv2D", "c", strides=[1, 1], padding="valid", dilation_rate=[1, 1], groups=1,
                 activation="linear", data_format="channels_last")  # fmt: skip
    kernel = np.arange(8.0).reshape(2, 2, 2, 1)
    path = saved(
        tmp_path, sequential(conv, layer("Flatten", "f"), shape=(2, 2, 2)), {"c": [kernel]}
    )
    assert sn.load(path)([1, 10, 100, 0, 0, 0, 0, 3]) == sp.Matrix([0 + 10 + 200 + 21])


def history(name):
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}


def node(data, *names):
    args = [history(names[0])] if len(names) == 1 else [[history(n) for n in names]]
    inbound = [{"args": args, "kwargs": {}}] if names else []
    return data | {"name": data["config"]["name"], "inbound_nodes": inbound}


def functional(*nodes, output):
    inside = {"name": "f", "layers": list(nodes), "input_layers": [["in", 0, 0]],
              "output_layers": [output, 0, 0]}  # fmt: skip
    return {"class_name": "Functional", "config": inside}


SQUARE = layer("Dense", "d", activation="relu", use_bias=False)
INPUT = node(layer("InputLayer", "in", batch_shape=[None, 2]))


def test_a_graph_of_layers(tmp_path) -> None:
    config = functional(INPUT, node(layer("Add", "a"), "in", "d"), node(SQUARE, "in"), output="a")
    net = sn.load(saved(tmp_path, config, {"d": [[[1, 2], [3, -4]]]}))
    assert net == sn.Sequential(sn.Residual(sn.Sequential(sn.Linear([[1, 3], [2, -4]]), sn.ReLU())))


def test_all_that_is_not_supported_at_once(tmp_path) -> None:
    code = layer("Lambda", "evil", function={"class_name": "__lambda__", "config": {"code": "x"}})
    own = layer("Mine", "own", module="evil.package")
    odd = layer("Dense", "d", activation="exponential")
    path = saved(tmp_path, sequential(odd, code, layer("LSTM", "r"), own), {"d": [W, b]})
    with pytest.raises(
        LoadError,
        match=r"4 parts are not supported:\n  d: the activation 'expon.*"
        r"\n  evil: the layer Lambda of Python code\n  r: the layer LSTM\n"
        r"  own: the layer Mine of Python code",
    ):
        sn.load(path)  # fmt: skip


def with_link(file):
    file.create_group("layers/d/vars").attrs["name"] = "d"
    file["layers/d/vars/0"] = h5py.ExternalLink("/etc/passwd", "/x")


def with_bomb(file):
    group = file.create_group("layers/d/vars")
    group.attrs["name"] = "d"
    group.create_dataset("0", dtype="f4", shape=(1 << 13, 1 << 12), chunks=True, compression="gzip")


def with_shape(file):
    group = file.create_group("layers/d/vars")
    group.attrs["name"] = "d"
    group.create_dataset("0", dtype="f4", shape=(1 << 40, 1 << 10), chunks=(1, 1))


@pytest.mark.parametrize(
    ("config", "change", "message"),
    [
        (sequential(DENSE), with_link, "is a link, which is not followed"),
        (sequential(DENSE), with_bomb, "too large"),
        (sequential(DENSE), with_shape, "at most"),
        (sequential(DENSE), None, "d: .*unpack"),
        ({"class_name": "Mine", "config": {}}, None, "whose code is not in its configuration"),
        ({"class_name": "Sequential"}, None, "not one of a Keras model"),
        ([1], None, "not one of a Keras model"),
        (sequential(DENSE, shape=(None,)), None, "all sizes but the first must be fixed"),
        (functional(INPUT, node(SQUARE, "a"), node(layer("ReLU", "a"), "d"), output="a"), None,
         "in a circle"),
    ],
)  # fmt: skip
def test_files_that_are_refused(config, change, message, tmp_path) -> None:
    with pytest.raises(LoadError, match=message):
        sn.load(saved(tmp_path, config, {}, change))


def test_damaged_files(tmp_path) -> None:
    data = saved(tmp_path, sequential(DENSE), {"d": [W, b]}).read_bytes()
    path = tmp_path / "cut.keras"
    for length in range(1, len(data), len(data) // 20):
        path.write_bytes(data[:length])
        with pytest.raises(LoadError):
            sn.load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(sequential(DENSE)))
        archive.writestr("model.weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(LoadError, match="damaged"):
        sn.load(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * (1 << 26))
        archive.writestr("model.weights.h5", b"")
    with pytest.raises(LoadError, match="would unpack to"):
        sn.load(path)


# --- beside Keras itself


@pytest.fixture(scope="module")
def keras():
    pytest.importorskip("torch")
    os.environ.setdefault("KERAS_BACKEND", "torch")
    return pytest.importorskip("keras")


PLANE, LINE = (6, 5, 2), (7, 2)
LAYERS = [
    ("Dense", {"units": 3, "activation": "tanh"}, PLANE),
    *[("Activation", {"activation": name}, (5,)) for name in (
        "relu", "sigmoid", "softmax", "elu", "selu", "softplus", "softsign", "gelu", "silu",
        "hard_sigmoid", "hard_silu", "mish", "leaky_relu", "relu6", "celu", "log_sigmoid")],
    ("ReLU", {"max_value": 0.5}, LINE), ("ReLU", {"negative_slope": 0.25}, LINE),
    ("LeakyReLU", {}, LINE), ("ELU", {"alpha": 0.5}, LINE), ("PReLU", {}, LINE),
    ("Softmax", {}, LINE),
    ("Conv2D", {"filters": 3, "kernel_size": 3, "padding": "same", "strides": 2}, PLANE),
    ("Conv2D", {"filters": 4, "kernel_size": (2, 3), "groups": 2, "dilation_rate": 2}, PLANE),
    ("Conv1D", {"filters": 3, "kernel_size": 2, "activation": "relu"}, LINE),
    ("DepthwiseConv2D", {"kernel_size": 2, "depth_multiplier": 2}, PLANE),
    ("MaxPooling2D", {"pool_size": 2, "padding": "same"}, PLANE),
    ("MaxPooling1D", {"pool_size": 2}, LINE), ("AveragePooling1D", {"pool_size": 3}, LINE),
    ("AveragePooling2D", {"pool_size": (2, 1), "strides": 1}, PLANE),
    ("GlobalAveragePooling2D", {}, PLANE), ("GlobalMaxPooling1D", {"keepdims": True}, LINE),
    ("BatchNormalization", {}, PLANE), ("BatchNormalization", {"scale": False}, (4,)),
    ("LayerNormalization", {}, LINE), ("Flatten", {}, PLANE),
    ("Reshape", {"target_shape": (-1, 7)}, LINE), ("Permute", {"dims": (3, 1, 2)}, PLANE),
    ("ZeroPadding2D", {"padding": ((1, 0), (2, 1))}, PLANE),
    ("Rescaling", {"scale": 0.5, "offset": -1}, LINE), ("Dropout", {"rate": 0.5}, LINE),
]  # fmt: skip


def agree(model, net, close=1e-5):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, *model.input_shape[1:])).astype(np.float32)
    expected = model(x, training=False).detach().numpy().ravel()
    values = net([Fraction(float(v)) for v in x.ravel()])
    for value, v in zip(values, expected, strict=True):
        assert abs(sp.N(value, 20) - float(v)) <= close * (1 + abs(float(v)))


def shuffled(model):
    rng = np.random.default_rng(1)
    model.set_weights([rng.uniform(0.25, 1, w.shape).round(2) for w in model.get_weights()])
    return model


@pytest.mark.parametrize(("kind", "options", "shape"), LAYERS, ids=str)
def test_layers_agree(keras, kind, options, shape) -> None:
    model = keras.Sequential([keras.Input(shape), getattr(keras.layers, kind)(**options)])
    agree(model, sn.from_keras(shuffled(model)))


def test_whole_models_agree_as_objects_and_as_files(keras, tmp_path) -> None:
    layers = keras.layers
    x = keras.Input((8, 8, 1))
    y = layers.Conv2D(3, 3, padding="same", activation="relu")(x)
    y = layers.BatchNormalization()(y)
    z = layers.Add()([y, layers.Conv2D(3, 1)(y)])
    z = layers.Concatenate()([layers.MaxPooling2D(2)(z), layers.AveragePooling2D(2)(y)])
    inner = keras.Sequential([keras.Input((96,)), layers.Dense(4, activation="gelu")])
    model = shuffled(
        keras.Model(x, layers.Dense(3, activation="softmax")(inner(layers.Flatten()(z))))
    )
    net = sn.from_keras(model)
    agree(model, net)
    model.save(tmp_path / "m.keras")
    assert sn.load(tmp_path / "m.keras") == net


def test_models_of_code_are_refused(keras) -> None:
    class Own(keras.Model):
        def call(self, x):
            return x

    with pytest.raises(LoadError, match=r"does not say its layers|whose code is not"):
        sn.from_keras(Own())
    with pytest.raises(LoadError, match="takes a Keras model, and got int"):
        sn.from_keras(5)
