"""numpy that behaves like CuPy where that matters: its arrays and numpy's do not mix, and move only when told to.

CuPy is a part of numpy: what is not listed here is refused. Look a new entry up in CuPy's documentation; where CuPy is
installed, with a GPU or without, test_cuda_arrays.py holds the lists against it.
"""

from __future__ import annotations

import numpy as np

FROM_HOST = ("array", "asarray")

# Functions of cupy, each with the keywords that may be given.
FUNCTIONS = {
    **{name: {"dtype", "copy", "order"} for name in FROM_HOST},
    **{name: {"dtype"} for name in ("arange", "empty", "eye", "ones", "zeros")},
    **{name: {"dtype", "shape"} for name in ("empty_like", "zeros_like")},
    **{name: {"axis"} for name in ("all", "argmax", "concatenate", "max", "repeat", "sort", "stack", "sum")},
    "argsort": {"axis", "kind"},
    "cumsum": {"axis"},
    "flatnonzero": set(),
    "full_like": {"dtype"},
    "searchsorted": {"side"},
    "tile": set(),
    "unique": {"return_index"},
}
UFUNCS = {
    *("absolute", "add", "bitwise_and", "bitwise_or", "divide", "equal", "exp", "floor_divide", "greater"),
    *("greater_equal", "hypot", "invert", "left_shift", "less", "less_equal", "log", "maximum", "minimum", "multiply"),
    *("negative", "not_equal", "power", "remainder", "right_shift", "sqrt", "subtract"),
}
# Methods of cupy.ndarray, each with the keywords that may be given.
METHODS = {
    **{name: {"axis"} for name in ("all", "any", "argmax", "max", "mean")},
    "sum": {"axis", "keepdims"},
    **{name: set() for name in ("astype", "clip", "copy", "fill", "ravel", "reshape", "transpose")},
}
ATTRIBUTES = {"T", "dtype", "flags", "nbytes", "ndim", "shape", "size"}


class DeviceArray(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of the device: it knows numpy's functions and methods, but takes no arrays of numpy's."""

    def __init__(self, host: np.ndarray):
        self.host = host

    def __array__(self, *_arguments, **_options):
        raise TypeError("an array of the device does not become numpy's by itself")

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if method != "__call__" or ufunc.__name__ not in UFUNCS or not options.keys() <= {"out"}:
            raise TypeError(f"{ufunc.__name__}.{method} with {sorted(options)}: does CuPy have it? See UFUNCS")
        return _on_device(ufunc, inputs, options)

    def __array_function__(self, function, _types, arguments, options):
        _look_up(FUNCTIONS, function.__name__, options)
        if function.__name__ in FROM_HOST and isinstance(arguments[0], np.ndarray):  # like=self
            return DeviceArray(function(*arguments, **options))
        return _on_device(function, arguments, options)

    def __getattr__(self, name):
        found = getattr(self.host, name)
        if not callable(found):
            if name not in ATTRIBUTES:
                raise AttributeError(f"{name}: does CuPy have it? See ATTRIBUTES")
            return _to_device(found)

        def call(*arguments, **options):
            _look_up(METHODS, name, options)
            return _on_device(found, arguments, options)

        return call

    def set(self, values, stream=None):
        if not isinstance(values, np.ndarray) or values.dtype != self.host.dtype or values.shape != self.host.shape:
            raise TypeError("CuPy sets an array to one of numpy's of the same type and shape")
        self.host[...] = values

    def __getitem__(self, key):
        return _to_device(self.host[_to_host(key)])

    def __setitem__(self, key, value):
        self.host[_to_host(key)] = _to_host(value)

    def __len__(self):
        return len(self.host)

    def __iter__(self):
        return map(_to_device, self.host)

    def __bool__(self):
        return bool(self.host)

    def __int__(self):
        return int(self.host)

    def __float__(self):
        return float(self.host)


def _look_up(known, name, options):
    if name not in known or not options.keys() <= known[name]:
        raise TypeError(f"{name} with keywords {sorted(options)}: does CuPy have it? See {__name__}")
    if options.get("shape") == 0:
        raise TypeError(f"{name} with shape=0: CuPy takes that for no shape at all, and makes as many as there are")


def _to_host(value):
    if isinstance(value, DeviceArray):
        return value.host
    if isinstance(value, np.ndarray):
        raise TypeError("an array of numpy's where only those of the device are known")
    if isinstance(value, (tuple, list)):
        return type(value)(map(_to_host, value))
    return value


def _to_device(value):
    if isinstance(value, tuple) and any(isinstance(each, np.ndarray) for each in value):
        return tuple(map(_to_device, value))
    return DeviceArray(np.asarray(value)) if isinstance(value, (np.ndarray, np.generic)) else value


def _on_device(function, arguments, options):
    options = {name: _to_host(value) for name, value in options.items()}
    return _to_device(function(*map(_to_host, arguments), **options))


def module(before=lambda: None):
    """What stands in for cupy; `before` is called first."""

    class Module:
        ndarray = DeviceArray

        def __getattr__(self, name):
            found = getattr(np, name)
            if isinstance(found, type):
                return found

            def call(*arguments, **options):
                before()
                if not isinstance(found, np.ufunc) or found.__name__ not in UFUNCS:
                    _look_up(FUNCTIONS, name, options)
                if name in FROM_HOST and isinstance(arguments[0], (np.ndarray, list)):
                    return DeviceArray(np.array(*arguments, **options))
                made = _on_device(found, arguments, options)
                if name in ("empty", "empty_like"):  # fresh memory is no zeros: what a kernel leaves out shows
                    made.host.reshape(-1).view(np.uint8).fill(255)  # all bits set, which is NaN or -1
                return made

            return call

    return Module()
