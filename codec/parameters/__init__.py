"""Other ways to write a Gaussian, with their chain rules: what published methods optimise.

`PARAMETRISATIONS` has them by name; attributes.py has what they all stand for, mean, covariance and amplitude.
"""

from daub.codec.parameters.parametrisations import PARAMETRISATIONS, Parametrisation

__all__ = ["PARAMETRISATIONS", "Parametrisation"]
