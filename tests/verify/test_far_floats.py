"""Far elements, whose results in float are taken from those in double: only where they are seen to be the same."""

import numpy as np
import pytest
from spec_units import catalogue

from actgen.backends.kernel import BACKEND
from actgen.native.runtime.cache import Cache
from actgen.native.runtime.compiler import find_compiler
from actgen.verify.kernels.calling import Header
from actgen.verify.kernels.floats import comparison

FIRST, COUNT = 0x47FF0000, 1 << 17  # 130560 on, far in float and in the second half still so; never in double


@pytest.fixture(scope="module")
def text():
    return BACKEND.files(catalogue("sine"))["sine_kernel.h"]


def compared(text, tmp_path):
    compiler = find_compiler()
    assert compiler is not None
    made = comparison(Header(text, "sine"), 3, compiler, Cache(tmp_path))
    return made.over(FIRST, COUNT, [1.0], [3.95, 7.95, 7.95])


def test_far_floats_are_compared(text, tmp_path):
    found = compared(text, tmp_path)
    assert [len(c.odd) for c in found] == [0, 0, 0]
    assert [sum(c.histogram) for c in found] == [COUNT] * 3
    assert found[0].histogram[0] == COUNT


def test_where_both_formats_differ_each_is_computed(text, tmp_path):
    wrong = text.replace(
        "results[0] = ", "results[0] = (sizeof(T) == 8 && REACH != actgen::FAR ? T(1.00001) : T(1)) * ", 1
    )
    value, *partials = compared(wrong, tmp_path)
    bits = np.arange(FIRST, FIRST + COUNT, dtype=np.uint32)
    np.testing.assert_array_equal(value.odd, bits)
    assert [len(c.odd) for c in partials] == [0, 0]
