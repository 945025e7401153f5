"""One thread while it is wanted, and as many as before afterwards."""

import threading

import pytest
from threadpoolctl import ThreadpoolController

from symnet.exact.threads import _controller, one_thread


def counts():
    # packages that are imported later bring pools of their own
    known = {pool["filepath"] for pool in _controller().select(user_api="blas").info()}
    pools = ThreadpoolController().select(user_api="blas").info()
    found = [pool["num_threads"] for pool in pools if pool["filepath"] in known]
    assert found
    return found


@pytest.fixture(autouse=True)
def several():
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        yield


def test_the_number_of_threads_comes_back_also_after_an_error():
    before = counts()

    @one_thread()
    def fails():
        assert set(counts()) <= {1}
        with one_thread():
            pass
        assert set(counts()) <= {1}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails()
    assert counts() == before


def test_contexts_that_overlap_in_threads_end_in_any_order():
    before = counts()
    first, second = one_thread(), one_thread()
    first.__enter__()
    other = threading.Thread(target=second.__enter__)
    other.start()
    other.join()
    first.__exit__(None, None, None)
    assert set(counts()) <= {1}
    second.__exit__(None, None, None)
    assert counts() == before
