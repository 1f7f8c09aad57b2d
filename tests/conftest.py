"What all tests share: one thread, and small signals that need no file."
import pytest
import torch

import nint

def pytest_configure(config):
    config.addinivalue_line('markers', 'gpu: needs a CUDA device')

@pytest.fixture(scope='session', autouse=True)
def one_thread():
    torch.set_num_threads(1)

@pytest.fixture(scope='session')
def image():
    "The photograph that comes with the package, at 32x32."
    return nint.image_signal(size=32)

@pytest.fixture
def siren():
    "A small network for it, always with the same weights."
    return nint.SIREN(2, 3, width=24, depth=2, seed=0)
