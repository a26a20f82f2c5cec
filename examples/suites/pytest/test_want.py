import pytest, runpy

@pytest.mark.parametrize("name", ["one", "two", "three"])
def test_want(name):
    runpy.run_path("../want")
