"The compiled step on a graphics card; skipped where there is none."
import copy

import pytest
import torch

import nint
from nint.training.compile import compile_step

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason='needs a CUDA device'),
]

@pytest.fixture
def photo(image): return image.to('cuda')

def net(): return nint.SIREN(2, 3, width=64, depth=3, seed=0).cuda()

def made(**words):
    model = net()
    return compile_step(model, torch.optim.Adam(model.parameters(), lr=1e-3, fused=True), **words)

def train(step, photo, steps=20, n=200, seed=0):
    "Weights after some steps on random batches."
    gen = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        i = torch.randperm(photo.N, generator=gen)[:n].cuda()
        step(photo.x[i], photo.y[i])
    return torch.cat([p.detach().flatten() for p in step.model.parameters()])

@pytest.mark.parametrize('precision, bound', [('fp32', 1e-4), ('tf32', 1e-2), ('bf16', 3e-2), ('fp16', 3e-2)])
def test_compiled_step_equals_the_plain_one(photo, precision, bound):
    plain = train(made(mode=False), photo)
    far = (train(made(precision=precision), photo) - plain).norm() / plain.norm()
    assert far < bound

def test_graph_replay_equals_eager(photo):
    "The same numbers from a replayed graph as from the same kernels called one by one."
    eager = train(made(mode='max-autotune-no-cudagraphs'), photo)
    replayed = made(mode='reduce-overhead')
    assert torch.allclose(train(replayed, photo), eager, atol=1e-5)
    assert torch.allclose(train(made(mode='reduce-overhead'), photo), eager, atol=1e-5)

def test_errors_outlive_the_next_replay(photo):
    step, errors = made(), []
    for _ in range(5): errors.append(step(photo.x, photo.y))
    copies = [e.clone() for e in errors]
    step(photo.x, photo.y)
    assert all(torch.equal(a, b) for a, b in zip(errors, copies))
    assert errors[0].mean() > errors[-1].mean()

def test_pieces_add_up(photo):
    whole, parts = (made() for _ in range(2))
    parts.prepare(photo.x[:256], photo.y[:256])
    parts.zero_grad()
    for x, y in zip(photo.x.split(256), photo.y.split(256)): parts.gradient(x, y, None, 256 / photo.N)
    whole.prepare(photo.x, photo.y)
    whole.zero_grad()
    whole.gradient(photo.x, photo.y)
    for p, q in zip(whole.model.parameters(), parts.model.parameters()):
        assert torch.allclose(p.grad, q.grad, atol=1e-6)

@pytest.mark.parametrize('precision', ['fp32', 'bf16', 'fp16'])
def test_an_overflow_is_left_out(photo, precision):
    step = made(precision=precision)
    step(photo.x, photo.y)
    before = copy.deepcopy(step.model.state_dict())
    step(photo.x, photo.y, torch.full((photo.N,), 1e38, device='cuda'))
    assert all(torch.equal(v, before[k]) for k, v in step.model.state_dict().items())
    step(photo.x, photo.y)
    assert step.skipped == 1

def test_memory_does_not_grow(photo):
    step = made()
    train(step, photo, 10)
    before = torch.cuda.memory_allocated()
    train(step, photo, 200)
    assert torch.cuda.memory_allocated() <= before + 2**16

@pytest.mark.parametrize('sampler', ['full', 'uniform', 'nint', 'pool', 'evos'])
def test_fit_compiled_and_plain(photo, sampler):
    runs = [
        nint.fit(net(), photo, nint.SAMPLERS[sampler](), steps=20, lr=1e-4, compile=c, progress=False)
        for c in (None, True)
    ]
    a, b = (r.history[-1]['psnr'] for r in runs)
    assert abs(a - b) < 0.05 and runs[0].F == runs[1].F

def test_resume_is_exact(photo, tmp_path):
    def run(*callbacks):
        words = dict(steps=14, lr=1e-3, compile=True, callbacks=callbacks, progress=False)
        return nint.fit(net(), photo, nint.Uniform(), **words)
    whole, file = run(), tmp_path / 'run.pt'
    run(nint.Checkpoint(file, every=4), nint.StopAt(step=9))
    rest = run(nint.Checkpoint(file, every=4))
    for p, q in zip(rest.model.parameters(), whole.model.parameters()): assert torch.equal(p, q)
