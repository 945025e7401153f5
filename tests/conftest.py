"""What all tests share."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def _results_are_kept_for_the_run_alone(tmp_path_factory):
    """No test reads or writes what the user's own runs keep."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SYMNET_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
