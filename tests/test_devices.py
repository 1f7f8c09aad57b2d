"What other devices refuse is not asked of them: floats of 64 bits (a Mac's graphics processor has none)."
import contextlib
from unittest.mock import patch

import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves
from torch.utils.weak import WeakTensorKeyDictionary

import nint
import nint.selection.blue_noise as blue_noise
import nint.selection.published as published
import nint.signals.signal as signal
from nint.networks import MODELS
from nint.selection import SAMPLERS
from nint.signals.metrics import chamfer, iou, si_snr

def is_device(a): return isinstance(a, torch.device) or isinstance(a, str) and a.split(':')[0] in ('cpu', 'cuda', 'mps')

def tensors(*of): return [t for t in tree_leaves(of) if isinstance(t, torch.Tensor)]

class Short(TorchFunctionMode):
    "Inside the block, what MPS refuses is refused: 64-bit floats, and arrays, off the processor."

    def __init__(self):
        super().__init__()
        self.home = WeakTensorKeyDictionary()  # tensors in the memory of the processor
        make = torch.from_numpy  # which no mode hears of

        def from_numpy(a):
            out = make(a)
            self.home[out] = True
            return out

        self.arrays = patch.object(torch, 'from_numpy', from_numpy)

    def __enter__(self):
        self.arrays.start()
        return super().__enter__()

    def __exit__(self, *error):
        self.arrays.stop()
        return super().__exit__(*error)

    def at_home(self, name, args, kwargs):
        device = kwargs.get('device', next((a for a in args[1:] if is_device(a)), None))
        if name == 'cpu' or device is not None: return name == 'cpu' or device == 'cpu'
        # torch.device('cpu') is not equal to the word: it plays the Mac's
        return all(t in self.home for t in tensors(args, kwargs))

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs, name = kwargs or {}, getattr(func, '__name__', '')
        home, out = self.at_home(name, args, kwargs), func(*args, **kwargs)
        if name in ('cpu', 'to') and out is args[0] and home != (out in self.home):
            out = out.view_as(out)  # moved, where the two memories are one
        new = [t for t in tensors(out) if not any(t is s for s in tensors(args, kwargs))]
        if not home and any(t.dtype == torch.float64 for t in new):
            raise TypeError(f'{name} gave 64-bit floats, which MPS does not have')
        if not home and name in ('numpy', '__array__'):
            raise TypeError('an array was asked for of numbers on MPS; use .cpu() first')
        for t in new if home else []: self.home[t] = True
        return out

@contextlib.contextmanager
def on_a_mac():
    with contextlib.ExitStack() as stack:
        for module in (signal, blue_noise, published):
            stack.enter_context(patch.object(module, 'max_float', lambda device: torch.float32))
        yield stack.enter_context(Short())

def fit(s, sampler, model=None, **options):
    model = model or nint.SIREN(s.d, s.c, width=16, depth=2, seed=0)
    return nint.fit(model, s, sampler, steps=12, lr=1e-3, eval_every=6, progress=False, **options)

def test_the_mode_refuses():
    with on_a_mac(), pytest.raises(TypeError, match='64-bit floats'):
        torch.ones(2, device=torch.device('cpu')).double()

@pytest.mark.parametrize('name', SAMPLERS)
def test_samplers(name):
    with on_a_mac(): fit(nint.image_signal(size=40), SAMPLERS[name]())

@pytest.mark.parametrize('name', [n for n in MODELS if n != 'nerf'])
def test_networks(name):
    with on_a_mac():
        photo = nint.image_signal(size=32)
        more = dict(shape=photo.shape) if name == 'planegrid' else {}
        fit(photo, nint.Uniform(0.1), MODELS[name](2, 3, width=16, depth=2, seed=0, **more))

@pytest.mark.parametrize('precision', ('medium', 'bf16'))
def test_precisions(precision):
    with on_a_mac(): fit(nint.image_signal(size=32), nint.NINT(), precision=precision)

@pytest.mark.parametrize('make', (
    lambda: nint.audio_signal(seconds=0.1), lambda: nint.sdf_signal(n=2000), lambda: nint.video_signal(size=8)
), ids=('audio', 'sdf', 'video'))
def test_signals(make):
    s = make()
    with on_a_mac(): fit(s, nint.Uniform(0.1))

def test_measures():
    with on_a_mac():
        photo = nint.image_signal(size=40)
        run = fit(photo, nint.Uniform(0.1))
        a, b = run.pred, photo.y
        assert len(photo.checksum) == 64
        si_snr(a[:, :1], b[:, :1]), iou(a > 0.5, b > 0.5), chamfer(a, b)
