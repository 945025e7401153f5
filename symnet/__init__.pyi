"""The public names of symnet, one line each; the library imports them on first use."""

from .activations._abs import Abs as Abs, abs as abs
from .activations._celu import CELU as CELU, celu as celu
from .activations._elu import ELU as ELU, elu as elu
from .activations._gelu import GELU as GELU, gelu as gelu
from .activations._gelu_tanh import GELUTanh as GELUTanh, gelu_tanh as gelu_tanh
from .activations._hardsigmoid import Hardsigmoid as Hardsigmoid, hardsigmoid as hardsigmoid
from .activations._hardswish import Hardswish as Hardswish, hardswish as hardswish
from .activations._hardtanh import Hardtanh as Hardtanh, hardtanh as hardtanh
from .activations._identity import Identity as Identity, identity as identity
from .activations._leaky_relu import LeakyReLU as LeakyReLU, leaky_relu as leaky_relu
from .activations._logsigmoid import LogSigmoid as LogSigmoid, logsigmoid as logsigmoid
from .activations._mish import Mish as Mish, mish as mish
from .activations._prelu import PReLU as PReLU, prelu as prelu
from .activations._relu import ReLU as ReLU, relu as relu
from .activations._relu6 import ReLU6 as ReLU6, relu6 as relu6
from .activations._selu import SELU as SELU, selu as selu
from .activations._sigmoid import Sigmoid as Sigmoid, sigmoid as sigmoid
from .activations._sign import Sign as Sign, sign as sign
from .activations._silu import SiLU as SiLU, silu as silu
from .activations._softplus import Softplus as Softplus, softplus as softplus
from .activations._softsign import Softsign as Softsign, softsign as softsign
from .activations._step import Step as Step, step as step
from .activations._tanh import Tanh as Tanh, tanh as tanh
from .claims import Claim as Claim, prove as prove
from .claims._induction import Induction as Induction
from .claims._predicates import permutation as permutation
from .claims.properties._activation_regions import activation_regions as activation_regions
from .claims.properties._additive import additive as additive
from .claims.properties._affine import affine as affine
from .claims.properties._bounded import bounded as bounded
from .claims.properties._concave import concave as concave
from .claims.properties._continuous import continuous as continuous
from .claims.properties._convex import convex as convex
from .claims.properties._even import even as even
from .claims.properties._homogeneous import homogeneous as homogeneous
from .claims.properties._idempotent import idempotent as idempotent
from .claims.properties._injective import injective as injective
from .claims.properties._inseparable import inseparable as inseparable
from .claims.properties._linear import linear as linear
from .claims.properties._lipschitz import lipschitz as lipschitz
from .claims.properties._monotone import monotone as monotone
from .claims.properties._odd import odd as odd
from .claims.properties._periodic import periodic as periodic
from .claims.properties._permutation_equivariant import (
    permutation_equivariant as permutation_equivariant,
)
from .claims.properties._pieces import pieces as pieces
from .claims.properties._positively_homogeneous import (
    positively_homogeneous as positively_homogeneous,
)
from .claims.properties._separable import separable as separable
from .derivation import Derivation as Derivation
from .deriving import derive as derive
from .errors import (
    CertificateError as CertificateError,
    DerivationError as DerivationError,
    DomainError as DomainError,
    ExportError as ExportError,
    ExpressionError as ExpressionError,
    GradientError as GradientError,
    LayerError as LayerError,
    LoadError as LoadError,
    LossError as LossError,
    NameClashError as NameClashError,
    NoBoundError as NoBoundError,
    NotAffineError as NotAffineError,
    NotPiecewiseLinearError as NotPiecewiseLinearError,
    OutOfReachError as OutOfReachError,
    OutputError as OutputError,
    PictureError as PictureError,
    ReadingError as ReadingError,
    RefutedError as RefutedError,
    ShapeError as ShapeError,
    SpecError as SpecError,
    SymnetError as SymnetError,
    TheoremError as TheoremError,
    TooManyRegionsError as TooManyRegionsError,
    TooManyTermsError as TooManyTermsError,
    TracingError as TracingError,
    UndecidedError as UndecidedError,
    WeightError as WeightError,
)
from .exact.families import (
    MatrixFamily as MatrixFamily,
    MatrixProduct as MatrixProduct,
    MatrixSum as MatrixSum,
    RisingProduct as RisingProduct,
)
from .exact.rational_matrix import RationalMatrix as RationalMatrix
from .exact.scalars import inner as inner, norm as norm
from .exact.sparse_matrix import SparseRationalMatrix as SparseRationalMatrix
from .gradients import (
    conventions as conventions,
    dead_neurons as dead_neurons,
    gradient as gradient,
    gradient_bound as gradient_bound,
    gradient_norms as gradient_norms,
    hessian as hessian,
    hvp as hvp,
    jacobian as jacobian,
    jvp as jvp,
    subgradient as subgradient,
    vjp as vjp,
)
from .importers import load as load
from .importers._from_keras import from_keras as from_keras
from .importers._from_numpy import from_numpy as from_numpy
from .importers._from_pytree import from_pytree as from_pytree
from .importers._from_sklearn import from_sklearn as from_sklearn
from .importers._from_torch import from_torch as from_torch
from .layers._attention import attention as attention
from .layers._avg_pool1d import AvgPool1d as AvgPool1d
from .layers._avg_pool2d import AvgPool2d as AvgPool2d
from .layers._batch_norm import BatchNorm as BatchNorm
from .layers._concat import Concat as Concat
from .layers._conv1d import Conv1d as Conv1d
from .layers._conv2d import Conv2d as Conv2d
from .layers._dropout import Dropout as Dropout
from .layers._flatten import Flatten as Flatten
from .layers._layer_norm import LayerNorm as LayerNorm
from .layers._linear import Linear as Linear
from .layers._max import Max as Max
from .layers._max_pool1d import MaxPool1d as MaxPool1d
from .layers._max_pool2d import MaxPool2d as MaxPool2d
from .layers._maxout import Maxout as Maxout
from .layers._residual import Residual as Residual
from .layers._scale import Scale as Scale
from .layers._select import Select as Select
from .layers._softmax import Softmax as Softmax, softmax as softmax
from .layers._sparse_linear import SparseLinear as SparseLinear
from .layers._sum import Sum as Sum
from .losses._bce import BCELoss as BCELoss, binary_cross_entropy as binary_cross_entropy
from .losses._bce_with_logits import (
    BCEWithLogitsLoss as BCEWithLogitsLoss,
    binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
)
from .losses._categorical import (
    CategoricalCrossEntropyLoss as CategoricalCrossEntropyLoss,
    categorical_cross_entropy as categorical_cross_entropy,
)
from .losses._cross_entropy import (
    CrossEntropyLoss as CrossEntropyLoss,
    cross_entropy as cross_entropy,
)
from .losses._hinge import HingeLoss as HingeLoss, hinge_loss as hinge_loss
from .losses._huber import HuberLoss as HuberLoss, huber_loss as huber_loss
from .losses._l1 import L1Loss as L1Loss, l1_loss as l1_loss
from .losses._mse import MSELoss as MSELoss, mse_loss as mse_loss
from .losses._nll import NLLLoss as NLLLoss, nll_loss as nll_loss
from .losses._squared_error import (
    SquaredErrorLoss as SquaredErrorLoss,
    squared_error as squared_error,
)
from .pictures import Picture as Picture
from .reading import (
    parse as parse,
    parse_claim as parse_claim,
    parse_condition as parse_condition,
    prove_layers as prove_layers,
)
from .regions.building import from_piecewise as from_piecewise
from .regions.domains import Box as Box, Polyhedron as Polyhedron, Slice as Slice
from .regions.making import (
    load_piecewise as load_piecewise,
    piecewise as piecewise,
    region_bound as region_bound,
)
from .regions.piecewise_linear import PiecewiseLinear as PiecewiseLinear
from .regions.tropical import TropicalRational as TropicalRational, tropical as tropical
from .sequential import Sequential as Sequential
from .simplification import simplify as simplify
from .summary import summary as summary
from .testing import (
    assert_affine as assert_affine,
    assert_backward as assert_backward,
    assert_claim as assert_claim,
    assert_derivation as assert_derivation,
    assert_gradient as assert_gradient,
    assert_identity as assert_identity,
    assert_implements as assert_implements,
    assert_network_equal as assert_network_equal,
)
from .tracing import activation as activation, network as network
from .trained._local import Local as Local, local as local
from .trained._monotone import monotone_along as monotone_along
from .trained._property import Property as Property
from .trained._range import (
    greatest_difference as greatest_difference,
    output_range as output_range,
)
from .trained._reduction import Reduction as Reduction, reduce as reduce
from .trained._verify import robust as robust, verify as verify
from .trained._vnnlib import load_property as load_property
from .trained._walk import Walk as Walk, walk as walk
from .verdict import Proved as Proved, Refuted as Refuted, Undecided as Undecided

__version__: str
