"What every sampler promises, whatever it is."
import copy
import pickle
import threading

import pytest
import torch

import nint
from nint.selection import SAMPLERS

STEPS = 12
PLAIN = [k for k in SAMPLERS if k not in ('softmining', 'evos')]  # a loss that is a mean of rows

def make(name, seed=0):
    return SAMPLERS[name](**({} if name == 'full' else dict(ratio=0.2)), seed=seed)

def train(model, signal, sampler, steps=STEPS, repeat=False, losses=1):
    "The documented loop; `repeat` takes each step's batch twice, `losses` computes its loss so often."
    opt, batches = torch.optim.Adam(model.parameters(), lr=1e-3), []
    for step in range(steps):
        batch = sampler.next(step, model)
        if repeat: batch = sampler.next(step, model)
        for _ in range(losses):
            pred = model(signal.x[batch.idx]) if batch.pred is None else batch.pred
            error = (pred - signal.y[batch.idx]).square().mean(1)
            loss = error.mean() if batch.weight is None else (error * batch.weight).mean()
        opt.zero_grad(); loss.backward(); opt.step()
        for _ in range(1 + repeat): sampler.observe(batch, error.detach())
        batches.append(batch.idx.clone())
    return batches

def equal(a, b): return len(a) == len(b) and all(torch.equal(i, j) for i, j in zip(a, b))

def fresh(image, name, seed=0):
    return nint.SIREN(2, 3, width=24, depth=2, seed=0), make(name, seed).bind(image, STEPS)

@pytest.mark.parametrize('name', SAMPLERS)
def test_contract(name):
    same = name in ('full', 'int')  # nothing in them is random
    nint.check_sampler(lambda seed=0: make(name, seed), dims=(2,), stochastic=not same)

@pytest.mark.parametrize('name', SAMPLERS)
def test_batches(name, image):
    model, pick = fresh(image, name)
    for k, idx in enumerate(train(model, image, pick)):
        assert idx.dtype == torch.int64 and len(idx) == len(idx.unique()) == pick.batch_size(k)
        assert 0 <= idx.min() and idx.max() < image.N

@pytest.mark.parametrize('name', SAMPLERS)
def test_same_seed_same_batches(name, image):
    assert equal(train(fresh(image, name)[0], image, make(name).bind(image, STEPS)),
                 train(fresh(image, name)[0], image, make(name).bind(image, STEPS)))

@pytest.mark.parametrize('name', SAMPLERS)
def test_a_loss_computed_twice_changes_nothing(name, image):
    once, twice = ([*fresh(image, name)] for _ in range(2))
    if name == 'pool': pytest.skip('a pool hands over predictions, whose loss is one')
    assert equal(train(once[0], image, once[1]), train(twice[0], image, twice[1], losses=2))

@pytest.mark.parametrize('name', SAMPLERS)
def test_a_repeated_step_changes_nothing(name, image):
    once, twice = ([*fresh(image, name)] for _ in range(2))
    assert equal(train(once[0], image, once[1]), train(twice[0], image, twice[1], repeat=True))
    a, b = once[1].state_dict(), twice[1].state_dict()
    for k in a:
        if torch.is_tensor(a[k]): assert torch.allclose(a[k].double(), b[k].double(), atol=1e-5), k

@pytest.mark.parametrize('name', SAMPLERS)
@pytest.mark.parametrize('twin', (copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))))
def test_copies_go_on_alike(name, twin, image):
    model, pick = fresh(image, name)
    train(model, image, pick, 5)
    model2, pick2 = copy.deepcopy(model), twin(pick)
    for step in range(5, 8):
        assert torch.equal(pick.next(step, model).idx, pick2.next(step, model2).idx)

@pytest.mark.parametrize('name', SAMPLERS)
def test_state_is_restored(name, image):
    model, pick = fresh(image, name)
    train(model, image, pick, 5)
    again = make(name, seed=99).bind(image, STEPS)
    again.load_state_dict(pick.state_dict())
    for step in range(5, 8):
        assert torch.equal(pick.next(step, model).idx, again.next(step, model).idx)

@pytest.mark.parametrize('name', SAMPLERS)
def test_threads(name, image):
    alone, got = train(*_pair(image, name)), [None, None]
    def work(k): got[k] = train(*_pair(image, name))
    threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
    for t in threads: t.start()
    for t in threads: t.join(60)
    assert equal(got[0], alone) and equal(got[1], alone)

def _pair(image, name):
    model, pick = fresh(image, name)
    return model, image, pick

@pytest.mark.parametrize('name', SAMPLERS)
def test_choosing_leaves_the_rest_alone(name, image):
    model, pick = fresh(image, name)
    model.train()
    (model(image.x) - image.y).square().mean().backward()
    weights = [p.detach().clone() for p in model.parameters()]
    grads, rng = [p.grad.clone() for p in model.parameters()], torch.get_rng_state()
    x, y = image.x.clone(), image.y.clone()
    pick.next(0, model)
    assert all(torch.equal(p, w) and torch.equal(p.grad, g) for p, w, g in zip(model.parameters(), weights, grads))
    assert torch.equal(torch.get_rng_state(), rng) and model.training
    assert torch.equal(image.x, x) and torch.equal(image.y, y)

def test_adaptive_blue_noise_learns_in_the_documented_loop(image):
    "Defect D1: in that loop it silently was blue noise."
    model, pick = fresh(image, 'adaptive_blue_noise')
    train(model, image, pick)
    plain, blue = fresh(image, 'blue_noise')
    assert not equal(train(plain, image, blue), train(*_pair(image, 'adaptive_blue_noise')))
    assert any(b is not None and torch.is_tensor(b) and b.is_floating_point() and b.numel() == image.N and b.abs().max() > 0
               for b in pick._buffers.values())

def test_a_sampler_that_hears_nothing_says_so_once(image):
    model, pick = fresh(image, 'adaptive_blue_noise')
    with pytest.warns(UserWarning, match='observe') as said:
        for step in range(STEPS): pick.next(step, model)
    assert len([w for w in said if 'observe' in str(w.message)]) == 1

def test_refusals(image):
    with pytest.raises(ValueError, match='ratio must be in'): nint.Uniform(ratio=0)
    with pytest.raises(ValueError, match='bind'): nint.Uniform().next(0, None)
    with pytest.raises(ValueError, match='step must be in'): nint.Uniform().bind(image, 3).next(3, None)
    with pytest.raises(ValueError, match='another signal'):
        state = nint.Uniform().bind(image, 3).state_dict()
        other = nint.Signal(image.x, 1 - image.y, image.shape, 'image')
        nint.Uniform().bind(other, 3).load_state_dict(state)
