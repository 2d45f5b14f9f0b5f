"""A reason in one line, and in parts."""

import doctest
import pickle

from daub.render import errors as module
from daub.render.errors import DeviceUnavailable, Reason


def test_the_examples_run():
    result = doctest.testmod(module)
    assert result.attempted == 1 and not result.failed


def test_a_reason_is_one_line_of_the_parts_there_are():
    assert str(Reason("no driver", "it is\nmissing", "install it")) == "no driver, it is missing, install it"
    assert str(Reason("no driver", remedy="install it")) == "no driver, install it"
    assert str(Reason("asked for")) == "asked for"


def test_the_error_is_its_reason_also_in_another_process():
    error = pickle.loads(pickle.dumps(DeviceUnavailable(Reason("no driver", remedy="install it"))))
    assert str(error) == "no driver, install it" and error.reason.remedy == "install it"
