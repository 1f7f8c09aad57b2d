"`fit` is the documented loop, counted and resumed exactly."
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

import nint
from test_samplers import PLAIN, make, train

def net(width=24): return nint.SIREN(2, 3, width=width, depth=2, seed=0)

@pytest.mark.parametrize('name', PLAIN)
def test_fit_is_the_documented_loop(name, image):
    by_hand, steps = net(), 12
    train(by_hand, image, make(name).bind(image, steps), steps)
    run = nint.fit(net(), image, make(name), steps=steps, lr=1e-3, progress=False)
    for p, q in zip(run.model.parameters(), by_hand.parameters()):
        assert torch.allclose(p, q, atol=1e-6), name

@pytest.mark.parametrize('name', nint.SAMPLERS)
@pytest.mark.parametrize('stop', (5, 9))
def test_resume_is_exact(name, stop, image, tmp_path):
    def run(*callbacks):
        return nint.fit(net(), image, make(name), steps=14, lr=nint.Cosine(1e-3, 0.0), callbacks=callbacks, progress=False)
    whole = run()
    file = tmp_path / 'run.pt'
    run(nint.Checkpoint(file, every=4), nint.StopAt(step=stop))
    rest = run(nint.Checkpoint(file, every=4))
    assert rest.step == 14 and rest.F == pytest.approx(whole.F)
    for p, q in zip(rest.model.parameters(), whole.model.parameters()):
        assert torch.equal(p, q), name

@pytest.mark.parametrize('name', ('full', 'uniform', 'nint', 'pool', 'int'))
def test_F_is_what_a_flop_counter_finds(name, image):
    "The second half of a run, so that what is done once is left out."
    with FlopCounterMode(display=False) as count: net()(image.x)
    one, found = count.get_total_flops(), []
    for steps in (4, 12):
        with FlopCounterMode(display=False) as count:
            run = nint.fit(net(), image, make(name), steps=steps, lr=1e-3, eval_every=100, metrics=('psnr',), progress=False)
        found.append((count.get_total_flops() / one, run.F))
    (a, F0), (b, F1) = found
    # the gradient of the first layer's input is not needed, which F counts as if it were
    assert 0.9 < (b - a) / (F1 - F0) < 1.02

def test_cost_per_step_is_what_is_counted(image):
    for name in nint.SAMPLERS:
        pick = make(name)
        run = nint.fit(net(), image, pick, steps=50, lr=1e-4, eval_every=50, metrics=('psnr',), progress=False)
        assert run.F / 50 == pytest.approx(pick.cost_per_step(), rel=0.1), name

def test_a_step_that_runs_out_of_memory_is_taken_once(image, monkeypatch):
    "Defect D2: the repeated step moved the error table twice."
    class Small(nint.SIREN):
        fits = 100
        def forward(self, x):
            if torch.is_grad_enabled() and len(x) > self.fits: raise torch.OutOfMemoryError("can't allocate memory")
            return super().forward(x)
    def run(kind):
        pick = make('adaptive_blue_noise')
        with pytest.warns(UserWarning) if kind is Small else _nothing():
            nint.fit(kind(2, 3, width=24, depth=2, seed=0), image, pick, steps=8, lr=1e-3, progress=False)
        return pick.state_dict()
    a, b = run(nint.SIREN), run(Small)
    for k in a:
        if torch.is_tensor(a[k]) and a[k].is_floating_point(): assert torch.allclose(a[k], b[k], atol=1e-4), k

import contextlib
_nothing = contextlib.nullcontext

def test_recommended_fit(image):
    signal = nint.image_signal(size=64)
    run = nint.fit(**nint.recommended(signal), progress=False)
    assert run.history[-1]['psnr'] > 30

def test_bad_input_is_refused(image):
    for words, kw in {'lr must be': dict(lr=-1.0), 'steps must be': dict(steps=0), 'opt must be': dict(opt='adam'),
                      'unknown metric': dict(metrics=('psrn',))}.items():
        with pytest.raises(ValueError, match=words): nint.fit(net(), image, **dict(dict(steps=3, lr=1e-3, progress=False), **kw))
