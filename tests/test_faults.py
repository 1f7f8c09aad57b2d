"A kind of fault a test: what went wrong at one door is tried at all of them."
import copy
import io
import inspect
import json
import os
import pickle
import struct
import warnings
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import nint
from nint.cli.commands import Fitted
from nint.cli.compare import run_line
from nint.cli.settings import READY, WORK, OutputFolder
from nint.selection.loaders import SamplerBatches
from nint.selection.schedules import Linear, StepDecay
from nint.signals.media import MEDIA, medium_of
from nint.signals.signal import Domain, Signal, as_signal, grid_coords
from nint.signals.surfaces import extract
from nint.training import recommended as tiles
from nint.training.callbacks import Visits

@pytest.fixture(scope='module')
def pic():
    return nint.image_signal(size=16)

@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('NINT_CACHE', str(tmp_path / 'cache'))
    return tmp_path

def net(c=3, d=2, seed=0): return nint.SIREN(d, c, width=16, depth=2, seed=seed)

def weights(model): return torch.cat([p.detach().flatten() for p in model.parameters()])

def fit(signal, pick=None, model=None, **kw):
    kw = dict(steps=6, lr=1e-3, progress=False, metrics=('psnr',)) | kw
    return nint.fit(model or net(), signal, pick or nint.Uniform(), **kw)

def batches(make, signal, model=None, steps=3):
    model = model or net()
    pick = make().bind(signal, 10)
    return torch.cat([pick.next(t, model).idx for t in range(steps)])

# --- what is around a call: autocast, no_grad, inference mode, read-only arrays

DOORS = {
    'fit': lambda s: weights(fit(s, nint.NINT()).model),
    'pool': lambda s: weights(fit(s, nint.Pool()).model),
    'evos': lambda s: batches(nint.EVOS, s),
    'ranking': lambda s: batches(partial(nint.Pool, score='last_layer_ntk'), s),
    'predict': lambda s: nint.predict(net(), s.x),
    'ntk_vp': lambda s: nint.ntk_vp(net(), s.x, s.y)[1],
    'surface': lambda s: torch.tensor(extract(net(1, 3), 8, level=0.0).vertices),
}

@pytest.mark.parametrize('door', DOORS)
def test_what_is_around_a_call_does_not_matter(door, pic):
    want = DOORS[door](pic)
    for around in (lambda: torch.autocast('cpu', torch.bfloat16), torch.no_grad):
        with around(): got = DOORS[door](pic)
        torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-5)

def test_weights_of_inference_mode_are_refused(pic):
    with torch.inference_mode(), pytest.raises(ValueError, match='inference_mode'):
        fit(pic)
    model = net()
    with torch.inference_mode(): run = fit(pic, model=model)
    assert torch.equal(weights(run.model), weights(fit(pic).model))

def test_a_default_device_does_not_count(pic):
    with torch.device('meta'): got = [m.load(**dict(n=9) if m.name == 'mesh' else {}) for m in MEDIA.values()]
    assert all(s.x[:2].device.type == 'cpu' for s in got)
    model = net()
    with torch.device('meta'): fit(pic, model=model, metrics=('psnr', 'ssim'))
    for device in ('meta', 'xpu'):
        with pytest.raises(ValueError, match='this machine has none'): fit(pic, device=device)

@pytest.mark.filterwarnings('error')
def test_arrays_as_they_come(pic):
    x, y = grid_coords(4, 6).numpy().copy(), np.random.default_rng(0).random(24)
    want = as_signal((x, y))
    x.flags.writeable = y.flags.writeable = False
    for a, b in ((x, y), (x.astype('>f4'), y.astype('>f8')), (x[::-1][::-1], y)):
        assert as_signal((a, b)).checksum == want.checksum
    photo = np.asarray(np.arange(48).reshape(4, 4, 3), np.uint16)
    assert nint.image_signal(photo.astype('>u2')).checksum == nint.image_signal(photo).checksum
    for load in (nint.image_signal, nint.volume_signal):
        with pytest.raises(ValueError, match='masked'): load(np.ma.masked_greater(photo, 9))
        for odd in ([[1, 2], [3]], torch.eye(3).to_sparse(), torch.zeros(3, 3, device='meta')):
            with pytest.raises(ValueError, match='no array of numbers'): load(odd)
        for held in (b'PNG', io.BytesIO(b'PNG')):
            with pytest.raises(ValueError, match='a file in memory'): load(held)
    for y in (torch.zeros(24, 1, dtype=torch.complex64), torch.zeros(24, 1).to_sparse(), torch.zeros(24, 1, device='meta')):
        with pytest.raises(ValueError, match='must be a float tensor'): as_signal((want.x, y))
    with pytest.raises(ValueError, match='farther than'): Signal(want.x.double(), want.x[:, :1].double() * 1.5e308)

# --- a user's own objects

class InPlace(nn.Module):
    lr = 1e-3
    def __init__(self):
        super().__init__()
        self.net = net()
    def forward(self, x): return self.net(x.mul_(0.5).add_(0.25))
    def adapt(self, *_): raise AssertionError('a method of this name is not ours to call')

class OutOfPlace(InPlace):
    def forward(self, x): return self.net(x * 0.5 + 0.25)

@pytest.mark.parametrize('pick', (nint.Full, nint.NINT, nint.Pool, nint.EVOS, nint.SoftMining,
                                  partial(nint.Pool, score='prediction_change')))
def test_a_forward_that_changes_its_input(pick, pic):
    x, last = pic.x.clone(), []
    for kind in (OutOfPlace, InPlace):
        run = fit(Signal(x, pic.y, (16, 16), 'image'), pick(), kind())
        last.append(weights(run.model))
        batches(pick, run.signal, kind(), 2), nint.predict(kind(), x)
        assert torch.equal(x, pic.x)
    torch.testing.assert_close(*last, atol=1e-6, rtol=1e-5)

@pytest.mark.parametrize('rate', (1e-3, Linear(0.0, 1e-3), StepDecay(1e-3, 0.0)))
def test_rates_of_parameter_groups_keep_their_ratio(rate, pic):
    def opt(params, lr):
        params = list(params)
        groups = [dict(params=params[:2], lr=1e-2), dict(params=params[2:], lr=1e-4)]
        return torch.optim.Adam(groups, lr=lr)
    a, b = (g['lr'] for g in fit(pic, opt=opt, lr=rate).opt.param_groups)
    assert a == pytest.approx(100 * b) and b > 0

class Detached(InPlace):
    def forward(self, x): return self.net(x).detach()

class TwoArguments(InPlace):
    def forward(self, x, t): return self.net(x)

@pytest.mark.parametrize('words, make', {
    'has no gradient': Detached, 'argument: \'t\'': TwoArguments, 'without values': lambda: nn.LazyLinear(3),
    'the device "meta"': lambda: net().to('meta')}.items())
def test_networks_that_cannot_learn(words, make, pic):
    for pick in (nint.Uniform(), nint.NINT()):
        with pytest.raises(ValueError, match=words): fit(pic, pick, make())

def test_a_network_is_matched_to_its_signal():
    rays = nint.rays_signal(views=3, size=4, held_out=0, background='black')
    make = partial(nint.NeRF, width=8, depth=1, n_samples=4, seed=0)
    run = fit(rays, model=make(), steps=1)
    assert not run.model.background.any()
    with pytest.raises(ValueError, match='background'): fit(rays, model=make(background='white'))

def test_weights_go_with_their_rows(pic):
    pick = nint.Expansive(ratio=0.4, reweight=True).bind(pic, 10)
    batch, model = pick.next(0, None), net()
    loss = lambda i, w: ((model(pic.x[i]) - pic.y[i]).square().mean(1) * w).mean()
    order = batch.idx.sort().indices
    whole, turned = loss(*batch[:2]), loss(batch.idx[order], batch.weight[order])
    torch.testing.assert_close(whole, turned)

def test_a_run_that_falls_says_so(pic):
    with pytest.warns(UserWarning, match='below the'):
        fit(pic, nint.Full(), steps=60, lr=lambda p: 5e-3 if p < 0.6 else 1e-1, eval_every=10)

# --- arguments

DULL = (30000 + 100 * np.sin(np.arange(400).reshape(20, 20) / 40)).astype(np.uint16)

def _no_closure(params, lr): return torch.optim.LBFGS(params, lr=lr)

@pytest.mark.parametrize('words, kw', {
    'lr must be 0 or above': dict(lr=Linear(1e-3, -1e-3)), 'gives one': dict(lr=lambda p: None),
    'at every step': dict(lr=0), 'several times a step': dict(opt=torch.optim.LBFGS),
    'needs the loss several': dict(opt=_no_closure),
    'must give an optimizer': dict(opt=lambda params, lr: None),
    'no weight of the model': dict(opt=lambda params, lr: torch.optim.Adam(net().parameters())),
    'opt must be': dict(opt='adam'), 'must be a network': dict(model=nint.SIREN),
    'one number a candidate': dict(pick=nint.NINT(score=lambda m, x, y, p, features=None: p)),
    'ratio must be in': dict(pick=nint.Uniform(lambda p: 0.5 + p)),
    'precision': dict(precision='fp8'), 'dtype must be': dict(dtype='float32')}.items())
def test_arguments_of_fit(words, kw, pic):
    with pytest.raises(ValueError, match=words): fit(pic, **kw)

def _box():
    import trimesh
    return trimesh.creation.box()

ODD = 'x', float('nan'), float('inf'), [1], (), {}, 2j

@pytest.mark.parametrize('name', (*nint.SAMPLERS, *nint.MODELS, *(m.name for m in MEDIA.values())))
def test_kinds_of_arguments(name, pic):
    makes = nint.SAMPLERS | nint.MODELS | {m.name: m.load for m in MEDIA.values()}
    make, base = makes[name], dict(d_in=2, d_out=3) if name in nint.MODELS and name != 'nerf' else {}
    sources = dict(large=DULL, image=DULL, video=np.random.rand(3, 6, 6), mesh=_box(), audio=np.sin(np.arange(99)))
    base = base or (dict(source=sources[name]) if name in sources else dict(views=3, size=4) if name == 'rays' else {})
    for k, p in inspect.signature(make).parameters.items():
        for v in ODD if k not in ('d_in', 'd_out', 'field_args', 'source', 'name') else ():
            try:
                made = make(**base | {k: v})
                if name in nint.SAMPLERS: fit(pic, made, steps=1)
            except ValueError as e: assert len(str(e)) > 20 and 'NoneType' not in str(e), (k, v)
            else: assert p.annotation not in (int, float, bool), (k, v)

@pytest.mark.parametrize('load', [m.load for m in MEDIA.values()] + [nint.sdf_signal])
def test_float_types(load):
    for wrong in ('float32', torch.int32):
        with pytest.raises(ValueError, match='dtype is a float type'): load(dtype=wrong)

@pytest.mark.parametrize('words, call', {
    'whole number, at least 1': lambda: nint.Checkpoint('a', every=0),
    'seconds must be': lambda: nint.Checkpoint('a', seconds='x'),
    'seed must be': lambda: nint.Uniform(seed='abc'), 'shape is points': lambda: nint.mesh_signal(shape=(2, 2)),
    'n must be': lambda: nint.mesh_signal(n=float('nan')), 'use fewer': lambda: nint.mesh_signal(n=10**12),
    'near is': lambda: nint.mesh_signal(near='x'), 'crop is': lambda: nint.image_signal(crop=7),
    'size is': lambda: nint.image_signal(size=float('inf')), 'span is': lambda: nint.image_signal(span=3),
    'fps must': lambda: nint.save_video('a.gif', torch.zeros(2, 4, 4, 3), 0),
    'omega0 must be a finite': lambda: nint.SIREN(2, 3, omega0='x'), 'scale must be a finite': lambda: nint.WIRE(2, 3, scale=float('nan')),
    'of 64 bits': lambda: nint.SIREN(2, 3, seed=2**70), 'whole number of 64 bits': lambda: nint.NINT(seed=2**70),
    'weights and their training': lambda: nint.SIREN(2, 3, width=10**7)}.items())
def test_arguments(words, call, here):
    with pytest.raises(ValueError, match=words): call()

def test_parts_of_a_volume_on_the_command_line(here):
    line = 'nint_fit --medium volume --width 8 --depth 1 --steps 1 --overwrite --out o --signal '
    assert run_line(line + 'crop=((0,8),(0,9),(0,8)):every=(1,3,2):spacing=(1,1,2)')[0] == 0
    for word in ('crop=square', 'every=x', 'spacing={}', 'axes=', 'every=1:every=2'):
        status, _, err = run_line(line + word)
        assert status == 2 and word.split('=')[0] in err and 'Traceback' not in err, err

def test_numbers_of_numpy(pic, here):
    i, x = np.int64, np.float32
    run = fit(pic, nint.INT(ratio=x(0.2), interval=i(2), pool=i(100), seed=i(0)), lr=x(1e-3),
              steps=i(6), eval_every=[[i(0), i(2)]], max_rows=i(64))
    same = fit(pic, nint.INT(ratio=float(x(0.2)), interval=2, pool=100), lr=float(x(1e-3)), max_rows=64)
    assert torch.equal(weights(run.model), weights(same.model))
    for pick in nint.SAMPLERS.values(): pick(seed=i(1)).bind(pic, i(5))
    nint.audio_signal(seconds=x(0.1)), nint.video_signal(frames=i(2), size=i(6), fps=i(9))
    nint.rays_signal(views=i(3), size=i(4), seed=i(1)), nint.mesh_signal(n=i(30), near=x(0.5))
    nint.HashGrid(2, 3, levels=i(2)), nint.predict(net(), pic.x, i(9))
    assert nint.Spec(steps=i(3)).id == nint.Spec(steps=3).id

# --- resume

BASE = 1e-3
def _by_default(k): return lambda p, *, rate=k: rate * (1 - p)
def _by_closure(k): return lambda p: k * (1 - p)
def _score(k): return lambda m, x, y, pred, features=None: (pred - y).abs().sum(1) ** k

class Power:
    def __init__(self, k): self.k = k
    def __call__(self, p): return self.k * (1 - p)
    def half(self, p): return self.k / 2

@pytest.mark.parametrize('first, second', {
    'object': (dict(lr=Power(1e-3)), dict(lr=Power(1e-4))),
    'method': (dict(lr=Power(1e-3).half), dict(lr=Power(1e-4).half)),
    'lr': (dict(lr=lambda p: 1e-3), dict(lr=lambda p: 1e-5)),
    'closure': (dict(lr=_by_closure(1e-3)), dict(lr=_by_closure(1e-4))),
    'default': (dict(lr=_by_default(1e-3)), dict(lr=_by_default(1e-4))),
    'ratio': (dict(pick=nint.Uniform(lambda p: 0.2)), dict(pick=nint.Uniform(lambda p: 0.3))),
    'interval': (dict(pick=nint.Uniform(interval=lambda t, T: True)),
                 dict(pick=nint.Uniform(interval=lambda t, T: t % 2 == 0))),
    'score': (dict(pick=nint.NINT(score=_score(1))), dict(pick=nint.NINT(score=_score(2)))),
    'opt': (dict(opt=partial(torch.optim.Adam, betas=(0.9, 0.99))), {}),
}.values())
def test_another_run_is_not_gone_on_with(first, second, pic, here):
    go = lambda kw, *stop: fit(pic, **{k: copy.deepcopy(v) for k, v in kw.items()},
                               callbacks=[nint.Checkpoint('r', every=2), *stop])
    go(first, nint.StopAt(step=3))
    with pytest.raises(ValueError, match='checkpoint is of another run'): go(second)
    assert go(first).step == 6

def test_a_number_that_a_function_reads_counts(pic, here, monkeypatch):
    go = lambda *stop: fit(pic, lr=lambda p: BASE, callbacks=[nint.Checkpoint('.r', every=2), *stop])
    go(nint.StopAt(step=3))
    monkeypatch.setitem(globals(), 'BASE', 1e-4)
    with pytest.raises(ValueError, match='another run'): go()

class Count(nint.Callback):
    def __init__(self, k): self.k, self.n = k, 0
    def after_step(self, run): self.n += self.k
    def state_dict(self): return dict(n=self.n)
    def load_state_dict(self, d): self.n = d['n']

def test_two_callbacks_of_one_class(pic, here):
    def go(*stop):
        two = [Count(1), Count(100)]
        fit(pic, callbacks=[*two, nint.Checkpoint('r.pt', every=2), *stop])
        return [c.n for c in two]
    go(nint.StopAt(step=3))
    assert go() == [6, 600]

def _places(v, at=()):
    rows = v.items() if isinstance(v, dict) else enumerate(v[:2]) if isinstance(v, list) else ()
    for k, w in rows:
        yield at + (k,)
        yield from _places(w, at + (k,))

def _put(v, at, new):
    v = w = copy.deepcopy(v)
    for k in at[:-1]: w = w[k]
    w[at[-1]] = new
    return v

def test_edited_checkpoints_and_configs(pic, here):
    "Any field of any type gives a `ValueError`, or the run goes on."
    go = lambda *stop: fit(pic, steps=4, callbacks=[nint.Checkpoint('r.pt', every=2), *stop])
    go(nint.StopAt(step=2))
    saved = torch.load('r.pt', weights_only=True)
    odd = [None, 'x', [], torch.zeros(3)]
    places = [p for p in _places(saved) if p[0] != 'random']
    for k, at in enumerate(places[::2]):
        torch.save(_put(saved, at, odd[k % 4]), 'r.pt')
        try: go()
        except ValueError as e: assert len(str(e)) > 30, at
    assert run_line('nint_fit --medium image --size 6 --model siren --width 8 --depth 1 --steps 1 --out f')[0] == 0
    config = Path('f/config.json')
    cfg, odd = json.loads(config.read_text()), [None, 10**30, 'x', [], {'a': 1}, -1, [10**9] * 3]
    for k, at in enumerate(_places(cfg)):
        config.write_text(json.dumps(_put(cfg, at, odd[k % 7])))
        try: nint.load('f').render()
        except ValueError as e: assert len(str(e)) > 20 and 'NoneType' not in str(e), (at, e)
    for k, at in enumerate(p for p in _places(cfg) if p[0] in ('settings', 'kind', 'format')):
        config.write_text(json.dumps(_put(cfg, at, (None, 10**30, [], 'x', {'a': 1})[k % 5])))
        status, _, err = run_line('nint_fit --config f/config.json --steps 1 --out g --overwrite')
        assert status in (0, 2) and 'Traceback' not in err, (at, err)

# --- more than one

def test_threads(pic):
    def one(name): return weights(fit(pic, nint.SAMPLERS[name](seed=1), net(seed=1)).model)
    names = ['nint', 'pool', 'uniform', 'adaptive_blue_noise']
    want = [*map(one, names)]
    with ThreadPoolExecutor(4) as ex:
        assert all(map(torch.equal, want * 2, ex.map(one, names * 2)))
        make = lambda k: weights(nint.SIREN(2, 3, width=128, depth=4, seed=k))
        assert all(map(torch.equal, map(make, range(8)), ex.map(make, range(8))))

def _in_a_fork(k):
    torch.set_num_threads(1)
    return weights(fit(nint.image_signal(size=8), nint.NINT(seed=k)).model).numpy()

def test_forks():
    with get_context('fork').Pool(2) as pool:
        got = pool.map_async(_in_a_fork, (0, 1)).get(60)
    assert all(np.array_equal(a, _in_a_fork(k)) for k, a in enumerate(got))

COPIES = dict(deepcopy=copy.deepcopy, pickle=lambda o: pickle.loads(pickle.dumps(o)))

@pytest.mark.parametrize('how', COPIES)
def test_copies_of_public_objects(how, pic, here):
    large = nint.large_image_signal((np.arange(300).reshape(10, 10, 3) % 256).astype(np.uint8))
    run, domain = fit(pic, nint.Pool(), callbacks=[nint.StopAt(step=3)]), Domain((3, 4), 'image')
    fitted = Fitted(net(), dict(kind='image'), pic)
    stepped = nint.Muon(list(net().parameters()))
    others = (run, run.config, domain, fitted, stepped, nint.Cosine(1e-3, 0), nint.HybridDecay(),
              nint.Spec(), MEDIA['image'], nint.Progress(), Visits(), nint.SignalDataset(pic),
              SamplerBatches(nint.Uniform().bind(pic, 5)), nint.DivergenceError('x', run))
    for o in others: repr(COPIES[how](o))
    for s in (large, pic): assert COPIES[how](s).checksum == s.checksum
    for name, make in nint.SAMPLERS.items():
        pick, model = make().bind(pic, 9), net()
        pick.next(0, model)
        twin = COPIES[how](pick)
        assert torch.equal(twin.next(1, model).idx, pick.next(1, model).idx), name
    for name, make in nint.MODELS.items():
        model = make(width=8, depth=1) if name == 'nerf' else make(2, 3, **dict(shape=(8, 8)) if name == 'planegrid' else {})
        assert torch.equal(weights(COPIES[how](model)), weights(model)), name

# --- files: what they say, where they end, and what they claim to hold

def _gif(path, delays=(40, 400, 40)):
    from PIL import Image
    frames = [Image.fromarray(np.full((8, 9, 3), (60 * k + 20, 90, 200), np.uint8)) for k in range(len(delays))]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=list(delays), loop=0)
    return path

def _film(path, waits=(1, 1, 7, 1, 1, 1)):
    import av
    with av.open(str(path), 'w') as f:
        stream = f.add_stream('mpeg4', rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, 'yuv420p'
        for k, t in enumerate(np.cumsum((0, *waits[:-1]))):
            frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), 30 * k, np.uint8), 'rgb24')
            frame.pts, frame.time_base = int(t), Fraction(1, 10)
            for p in stream.encode(frame): f.mux(p)
        for p in stream.encode(None): f.mux(p)
    return path

@pytest.mark.parametrize('make, name', ((_gif, 'a.gif'), (_film, 'a.mp4'), (_film, 'a.mkv')))
def test_uneven_times_at_every_door(make, name, here):
    s = nint.video_signal(make(Path(name)))
    t = s.axis(0)
    assert t.diff().max() > 3 * t.diff().min()
    saved = Domain(s.shape, 'video', s.name, 3, s.c, meta=json.loads(json.dumps(s.meta)))
    at = nint.SIREN(3, s.c, width=8, depth=1, seed=0)
    torch.testing.assert_close(saved.coords(s.shape), s.x)
    shown = Fitted(at, dict(kind='video'), saved).render()
    torch.testing.assert_close(shown.reshape(-1, s.c), nint.predict(at, s.x).clamp(0, 1))

def _sound(path):
    import soundfile
    kind = dict(format='OGG', subtype='OPUS') if path.suffix == '.opus' else {}
    soundfile.write(path, 0.5 * np.sin(np.arange(16000) * 0.1), 8000, **kind)
    return path

@pytest.mark.parametrize('ending', '.wav .flac .ogg .opus .mp3 .caf .w64 .aiff'.split())
def test_sounds_to_their_end(ending, here):
    file = _sound(Path('s' + ending))
    assert medium_of(file).name == 'audio' and nint.audio_signal(file).N > 15900
    data = file.read_bytes()
    file.write_bytes(data[: int(0.7 * len(data))])
    with pytest.raises(ValueError, match='damaged|not a sound file|a header and'): nint.audio_signal(file)
    if ending == '.flac':  # a stream whose header leaves its length open
        file.write_bytes(data[:21] + bytes([data[21] & 0xF0]) + bytes(4) + data[26:])
        assert nint.audio_signal(file).N == 16000
    if ending == '.mp3':  # one that does not name its length is read to its end
        k = max(data.find(b'Xing'), data.find(b'Info'))
        file.write_bytes(data[:k] + bytes(4) + data[k + 4 :])
        assert nint.audio_signal(file).N > 15900

@pytest.mark.parametrize('name', ('a.mp4', 'a.mkv', 'a.gif', 'a.tif', 'a.png', 'a.jpg', 'a.npy'))
def test_cut_files(name, here):
    from PIL import Image
    file, rows = Path(name), np.arange(30 * 40 * 3).reshape(30, 40, 3).astype(np.uint8)
    make = {'.gif': _gif, '.mp4': _film, '.mkv': _film, '.npy': lambda p: np.save(p, rows)}
    make.get(file.suffix, lambda p: Image.fromarray(rows).save(p))(file)
    load = nint.video_signal if file.suffix in ('.mp4', '.mkv', '.gif') else nint.image_signal
    data, want = file.read_bytes(), load(file).checksum
    for share in (0.3, 0.6, 0.9):
        file.write_bytes(data[: int(share * len(data))])
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter('always', UserWarning)
            try: assert load(file).checksum == want or said, share
            except ValueError as e: assert name in str(e)

@pytest.mark.filterwarnings('ignore')
def test_what_a_map_says(here):
    import tifffile
    z = (300 + 50 * np.sin(np.arange(600).reshape(20, 30) / 99)).astype(np.float32)
    z[:3, :3] = -9999
    geo = [(33550, 12, 3, (30.0, 30.0, 0.0), True), (33922, 12, 6, (0, 0, 0, 3.5e6, 5.2e6, 0.0), True)]
    tifffile.imwrite('z.tif', z, extratags=[*geo, (42113, 2, 6, '-9999', True)])
    for load in (nint.volume_signal, nint.image_signal):
        s = load('z.tif', span=None) if load is nint.image_signal else load('z.tif')
        assert np.ptp(s.y.numpy()) > 0.9 and s.scale < 100
    assert medium_of('z.tif').name == 'volume'
    s = nint.volume_signal('z.tif')
    MEDIA['volume'].save(s, s.y, 'back.tif')
    assert 33550 in tifffile.TiffFile('back.tif').pages[0].tags

def test_posed_pictures_that_were_turned(here):
    from PIL import Image
    from nint.networks.radiance import SCENES, camera_rays, cast, orbit
    H = W = 20
    lens, frames, exif = torch.tensor([[25.0, 25, 10, 10]]).double(), [], Image.Exif()
    exif[274] = 6
    for k, m in enumerate(orbit(5)):
        a = cast(SCENES['balls'], camera_rays(m[None], (H, W), lens))[0].reshape(H, W, 3)
        Image.fromarray((a * 255).round().byte().numpy()).save(f'{k}.png', exif=exif)
        frames.append(dict(file_path=f'{k}.png', transform_matrix=m.tolist()))
    Path('transforms.json').write_text(json.dumps(dict(fl_x=25, fl_y=25, cx=10, cy=10, w=W, h=H, frames=frames)))
    s = nint.rays_signal('.', held_out=0)
    x = s.x.double()
    x[:, :3] = x[:, :3] / s.meta['scale'] + torch.tensor(s.meta['centre']).double()
    assert (cast(SCENES['balls'], x)[0] - s.y).square().mean() < 1e-4

def test_a_gltf_with_its_buffers_beside_it(here):
    import trimesh
    for name, data in trimesh.creation.icosphere(2).export(file_type='gltf').items(): Path(name).write_bytes(data)
    assert nint.mesh_signal('model.gltf', n=30).N == 30
    for p in Path().glob('*.bin'): p.unlink()
    with pytest.raises(ValueError, match='not beside it'): nint.mesh_signal('model.gltf', n=30)

def test_small_units_and_wrong_corners(here):
    import trimesh
    box = trimesh.creation.box((2, 2, 2))
    want = nint.mesh_signal(box, n=300, what='occupancy').y.mean()
    for scale in (1e-4, 1e-9):
        small = box.copy().apply_scale(scale)
        small.export('a.stl')
        for source in (small, 'a.stl'): assert nint.mesh_signal(source, n=300, what='occupancy').y.mean() == want
    for v, f in ((box.vertices, [[0, 1, 9]]), (np.random.rand(3, 2), [[0, 1, 2]])):
        with pytest.raises(ValueError, match='counted from 0'): nint.mesh_signal((v, f))

def test_what_a_large_picture_says(here, monkeypatch):
    import tifffile
    from PIL import Image, ImageCms
    monkeypatch.setattr(nint.signals.large, 'SMALL', 99)
    a, lab = np.zeros((20, 20, 3), np.uint8), ImageCms.ImageCmsProfile(ImageCms.createProfile('LAB')).tobytes()
    for name in ('a.jpg', 'a.png'): Image.fromarray(a).save(name, icc_profile=lab)
    tifffile.imwrite('a.tif', a, extratags=[(33550, 12, 3, (30.0, 30.0, 0.0), True)])
    for name, words in (('a.jpg', 'profile'), ('a.png', 'profile'), ('a.tif', 'georeference')):
        with pytest.warns(UserWarning, match=words): nint.large_image_signal(name)
    tifffile.imwrite('b.tif', a[:, :9], extratags=[(274, 3, 1, 6, True)])
    with pytest.warns(UserWarning, match='turned'): nint.volume_signal('b.tif')

def test_a_picture_at_the_end_of_a_film(here, monkeypatch):
    monkeypatch.setattr(nint.signals.images, 'MOST', 150)
    _gif(Path('a.gif'))
    assert nint.image_signal('a.gif', page=1).N == 72
    with pytest.raises(ValueError, match='made of all before it'): nint.image_signal('a.gif', page=2)

def _lies(kind):
    "A small file whose header speaks of much."
    if kind == 'gif':
        frame = b'\x21\xf9\x04\x04\x05\0\0\0,' + struct.pack('<HHHHB', 0, 0, 4, 4, 0) + b'\x02\x05\x84\x8f\xa9\xcb\x5d\0'
        return b'GIF89a' + struct.pack('<HHBBB', 30000, 30000, 128, 0, 0) + b'\0\0\0\xff\xff\xff' + 300 * frame + b';'
    if kind == 'npy':
        head = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000, 1000000, 3)}".ljust(117) + b'\n'
        return b'\x93NUMPY\x01\0' + struct.pack('<H', 118) + head + bytes(99)
    if kind == 'wav':
        return b'RIFF' + struct.pack('<I', 2**30) + b'WAVEfmt ' + struct.pack('<IHHIIHH', 16, 1, 1, 8000, 16000, 2, 16) + b'data' + struct.pack('<I', 2**30 - 8) + bytes(99)
    if kind == 'tif':
        tags = [(256, 10**5), (257, 10**5), (258, 8), (259, 1), (262, 1), (273, 4), (277, 1), (278, 10**5), (279, 10**9)]
        rows = b''.join(struct.pack('<HHII', t, 4, 1, v) for t, v in tags)
        return b'II*\0' + struct.pack('<IH', 8, len(tags)) + rows + bytes(4)
    import gzip, nibabel
    h = nibabel.Nifti1Header()
    h.set_data_shape((20000, 20000, 20000))
    h['vox_offset'], h['magic'] = 352, b'n+1'
    return gzip.compress(bytes(h.binaryblock) + bytes(999))

@pytest.mark.parametrize('kind', ('gif', 'npy', 'wav', 'tif', 'nii.gz'))
def test_headers_that_lie(kind, here):
    import psutil
    path, before = f'a.{kind}', psutil.Process().memory_info().rss
    Path(path).write_bytes(_lies(kind))
    loads = dict(wav=(nint.audio_signal,), gif=(nint.video_signal, nint.image_signal)).get(kind, (nint.volume_signal,))
    for load in (*loads, *([nint.image_signal, nint.large_image_signal] if kind in ('npy', 'tif') else [])):
        with pytest.raises(ValueError, match='GiB|damaged|whole|name one|more than'): load(path)
    assert psutil.Process().memory_info().rss - before < 2**28

# --- work that can be lost

def test_a_render_that_fits_nowhere_and_a_full_disk(here):
    import resource, signal
    line = 'nint_fit --medium image --size 6 --model siren --width 8 --depth 1 --steps 1 --out f'
    assert run_line(line)[0] == 0
    status, _, err = run_line('nint_render f --size 100000x100000')
    assert status == 2 and 'billion pixels' in err
    was, old = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = {p.name: p.read_bytes() for p in Path('f').iterdir()}
    try:
        for room in (10, 400):
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, was[1]))
            for words in (line + ' --overwrite --seed 1', line.replace('/f', '/g').replace('out f', 'out g')):
                status, _, err = run_line(words)
                resource.setrlimit(resource.RLIMIT_FSIZE, was)
                said = [l for l in err.splitlines() if l.strip() and '|' not in l]
                assert status == 2 and len(said) == 1 and (' f:' in err or ' g:' in err or '/' in err), err
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, was[1]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
        signal.signal(signal.SIGXFSZ, old)
    assert {p.name: p.read_bytes() for p in Path('f').iterdir() if not p.name.startswith('.nint')} == before
    assert run_line(line + ' --overwrite --seed 1')[0] == 0

def _fill(path, overwrite=False, **job):
    with OutputFolder(path, job, overwrite) as place:
        (place.new / 'config.json').write_text('{"sampler": 1}')
        place.commit()

@pytest.mark.parametrize('name', (WORK, f'{WORK}/job', f'{WORK}/run.ckpt', READY, 'metrics.json', 'views'))
def test_nothing_follows_a_planted_link(name, here):
    victim = here / 'victim'
    victim.mkdir()
    (victim / 'kept').write_text('years of work')
    plant = here / 'out' / name
    plant.parent.mkdir(parents=True)
    plant.symlink_to(victim if name in (WORK, READY, 'views') else victim / 'kept')
    try: _fill('out', True)
    except ValueError: pass
    assert [p.name for p in victim.iterdir()] == ['kept'] and (victim / 'kept').read_text() == 'years of work'

def test_what_a_killed_save_left_is_removed(here):
    names = [f'.new-a-{k}.txt' for k in ('0' * 16, '1' * 16, 'mine')] + [f'.new-b-{"2" * 16}.txt']
    for n in names: Path(n).write_text('half')
    Path(f'.new-a-{"3" * 16}.txt').symlink_to('a')
    for n in names[:1] + names[2:]: os.utime(n, (0, 0))
    with nint.signals.signal.atomic_write('a.txt') as new: new.write_text('whole')
    assert sorted(os.listdir()) == sorted(names[1:] + [f'.new-a-{"3" * 16}.txt', 'a.txt'])

def test_no_name_in_a_plan_leads_out(here):
    (here / 'kept').write_text('years of work')
    ready = here / 'out' / READY
    ready.mkdir(parents=True)
    for plan in ({'remove': ['../kept']}, {'remove': 3}, [], {'remove': [str(here / 'kept')]}):
        (ready / 'plan.json').write_text(json.dumps(plan))
        with pytest.raises(ValueError, match='not written by nint'): _fill('out', True)
        with pytest.raises(ValueError): nint.load('out')
    assert (here / 'kept').exists()

def test_folders_of_a_person_stay(here):
    for name in ('views', 'pretrained', 'render_notes.txt', 'renders'):
        Path('out', name).mkdir(parents=True)
        Path('out', name, 'mine').write_text('years of work')
    with pytest.raises(ValueError, match='is not of nint'): _fill('out', True)
    for name in ('views', 'pretrained'): Path('out', name).rename(name)
    _fill('out', True)
    _fill('out', True, again=1)
    assert Path('out/renders/mine').exists() and Path('out/render_notes.txt/mine').exists()

def test_a_stopped_run_is_not_lost(here):
    def stop(**job):
        with OutputFolder('out', job) as place:
            (place.work / 'run.ckpt').write_text('an hour of training')
            raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt): stop(a=1)
    with pytest.raises(ValueError, match='was stopped'): _fill('out', a=2)
    assert Path('out', WORK, 'run.ckpt').read_text() == 'an hour of training'
    _fill('out', a=1)
    assert os.listdir('out') == ['config.json']


def test_errors_of_channels_are_no_errors_of_rows(pic):
    pick, model = nint.AdaptiveBlueNoise(0.2), nint.SIREN(2, 3, width=8, depth=2, seed=0)
    pick.bind(pic, steps=9, model=model)
    batch = pick.next(0, model)
    with pytest.raises(ValueError, match=r'square\(\).mean\(1\)'): pick.observe(batch, torch.rand(len(batch.idx), 3))
    pick.observe(batch, np.ones(len(batch.idx)))

@pytest.mark.filterwarnings('ignore::DeprecationWarning')
def test_a_siren_is_traced_scripted_and_listened_to(pic):
    x, model = torch.rand(5, 2), nint.SIREN(2, 3, width=8, depth=2, seed=0)
    want = model(x)
    for other in (torch.jit.trace(model, x), torch.jit.script(model)):
        assert torch.equal(other(x), want)
        with pytest.raises(ValueError, match='takes no hooks'): fit(pic, model=other)
    seen = []
    model.layers[0].linear.register_forward_hook(lambda m, i, o: seen.append(o))
    model(x)
    assert torch.equal(seen[0], torch.nn.functional.linear(x, model.layers[0].linear.weight, model.layers[0].linear.bias))

# --- pictures in tiles

def tiled(name, source=DULL, **kw):
    return tiles.fit_tiles(source, name, **dict(tile=20, work=4, progress=False) | kw)

def test_tiles_of_a_dull_picture_and_what_is_around_them(here):
    want = tiled('a')
    assert np.abs(want.crop().numpy()[..., 0] - DULL / 65535).max() < 3e-3
    assert abs(nint.large_image_signal(DULL).window(0, 0, 4, 4).y.mean() - 0.458) < 0.01
    for k, around in enumerate((lambda: torch.autocast('cpu', torch.bfloat16), torch.no_grad, torch.inference_mode)):
        with around(): assert tiled(f'b{k}').psnr == want.psnr
    for how in COPIES.values(): assert torch.equal(how(want).crop(), want.crop())
    for x in (torch.rand(3, 3), torch.full((3, 2), float('nan'))):
        with pytest.raises(ValueError, match='finite'): want(x)
    with pytest.raises(ValueError, match='GiB'): want.crop(size=(10**6, 10**6))
    assert tiled('c', tile=np.int64(20)).psnr == want.psnr

def test_tiles_that_were_stopped(here, monkeypatch):
    def stop(*_): raise KeyboardInterrupt
    np.save('p.npy', DULL)
    with monkeypatch.context() as m:  # in the middle of laying out the file
        m.setattr(os, 'fsync', stop)
        with pytest.raises(KeyboardInterrupt): tiled('a', 'p.npy')
    with monkeypatch.context() as m:
        m.setattr(tiles, '_fit_run', stop)
        with pytest.raises(KeyboardInterrupt): tiled('a', 'p.npy')
    np.save('p.npy', DULL[::-1])
    with pytest.raises(ValueError, match='another contents'): tiled('a', 'p.npy')
    Path('a.part').unlink()
    assert tiled('a', 'p.npy').psnr > 50

def test_edited_tiles(here):
    data = tiled('a').path.read_bytes()
    n = int.from_bytes(data[:8], 'little')
    head = json.loads(data[8 : 8 + n])
    places = [*_places(head['__metadata__'], ('__metadata__',)), *_places(head)]
    for k, at in enumerate(places * 2):
        new = [None, 10**12, 'x', [10**9] * 2, -1, {}][k % 6]
        text = json.dumps(_put(head, at, json.dumps(new) if len(at) == 2 and at[0][0] == '_' else new)).encode()
        Path('a').write_bytes(len(text).to_bytes(8, 'little') + text + data[8 + n :])
        try: tiles.TiledFit('a')(torch.zeros(1, 2))
        except ValueError as e: assert 'holds no tiles' in str(e), at

# --- from a fourth round of readers

class Odd(nn.Module):
    lr = 1e-3
    def __init__(self, **about):
        super().__init__()
        self.net = net()
        vars(self).update(about)
    def forward(self, x): return self.net(x)

@pytest.mark.parametrize('a, b', [(np.float32(10), np.float32(30)), ([1, 2], [1, 3]), (dict(k=(1, 2)), dict(k=(1, 3))),
                                  (Fraction(1, 2), Fraction(1, 3)), (list(range(300)), list(range(1, 301)))])
def test_any_setting_of_a_network_counts_at_a_resume(a, b, pic, here):
    go = lambda v, *more: fit(pic, model=Odd(about=v), steps=4, callbacks=[nint.Checkpoint('c.pt', every=2), *more])
    go(a, nint.StopAt(step=2))
    with pytest.raises(ValueError, match='another run: its network'): go(b)
    assert go(a).step == 4

def test_a_compiled_network_goes_on(pic, here):
    make = lambda: torch.compile(net(), backend='eager')
    go = lambda *more: nint.fit(make(), pic, nint.Uniform(), steps=4, lr=1e-3, metrics='psnr', callbacks=[nint.Checkpoint('c.pt', every=2), *more])
    go(nint.StopAt(step=2))
    assert go().step == 4

def test_a_network_that_cannot_be_copied_is_fitted(pic):
    import threading
    assert fit(pic, nint.Uniform(), Odd(lock=threading.Lock())).step

def test_a_run_with_a_bar_is_copied_and_a_run_is_made_once(pic):
    run = nint.fit(net(), pic, nint.Uniform(), steps=3, progress=True, metrics='ssim')
    pickle.loads(pickle.dumps(run)), copy.deepcopy(run)
    with pytest.raises(ValueError, match='has run already'): run.fit()
    with pytest.raises(ValueError, match='no PSNR'): run.time_to(30)

def test_a_batch_is_the_callers_own(pic):
    for sampler in (nint.INT(interval=5), nint.Uniform(interval=5), nint.NINT()):
        sampler.bind(pic, 9)
        batch = sampler.next(0, net())
        want = batch.idx.clone()
        batch.idx.zero_()
        assert torch.equal(sampler.next(0, net()).idx, want)

def test_numbers_that_are_no_shares_are_not_written(pic, here):
    for t, words in ((pic.y * 255, 'values around'), ((pic.y * 255).byte(), 'got uint8'), (pic.y * float('nan'), 'NaN'), (pic.y[:, :2], '3 channels')):
        with pytest.raises(ValueError, match=words): nint.save_image(pic, t, 'i.png')
    with pytest.raises(ValueError, match='values around'): nint.save_video('o.gif', 255 * np.random.rand(3, 8, 8, 3), 5)
    wave = (0.5 * np.sin(np.arange(800)) * 32767).astype(np.int16)
    nint.save_audio('a.wav', wave, 8000)
    assert np.abs(nint.audio_signal('a.wav').y.numpy()[:, 0] - wave / 32768).max() < 1e-3
    with pytest.raises(ValueError, match='channels'): nint.save_audio('a.wav', torch.rand(1, 800))
    with pytest.raises(ValueError, match='peak of 1.0000'): nint.audio_signal((8000, 1.00005 * np.sin(np.arange(800.))))
    assert not Path('i.png').exists() and not Path('o.gif').exists()

def test_sizes_of_a_render_in_python(here):
    assert run_line('nint_fit --medium image --size 8 --model siren --width 8 --depth 1 --steps 1 --out f')[0] == 0
    fitted = nint.load('f')
    for size in (0, -1, True, 8.5, float('nan'), '0', (8, 0)):
        with pytest.raises(ValueError, match='size must be'): fitted.render(size)
    assert fitted.render(np.array([8, 9])).shape[:2] == (8, 9)
    for odd in (dict(frames=3), dict(rate=3)):
        with pytest.raises(ValueError, match='no meaning for image'): fitted.render(**odd)
        with pytest.raises(ValueError, match='no meaning for image'): fitted.save('o.png', **odd)
    with pytest.raises(ValueError, match='to a path'): fitted.save(5)
    assert torch.equal(nint.predict(fitted.model, [[0.0, 0.5]]), fitted.predict(np.array([[0.0, 0.5]])))

def test_alpha_shapes_and_memory(here):
    import tifffile
    from PIL import Image
    a = np.zeros((8, 8, 4), 'f4')
    a[..., 3] = a[..., 0] = 0.5
    tifffile.imwrite('p.tif', a, photometric='rgb', extrasamples=['assocalpha'])
    assert torch.allclose(nint.image_signal('p.tif').y[0], torch.tensor([1, 0, 0, 0.5]))
    Image.fromarray(np.eye(8) > 0).save('b.png', transparency=0)
    assert nint.image_signal('b.png').c == 2
    assert torch.equal(nint.grid_coords((4, 5)), nint.grid_coords(4, 5))
    with pytest.raises(ValueError, match='fewer rows'): nint.jacobian(nint.SIREN(2, 3, width=256, depth=4), torch.rand(100_000, 2))

@pytest.mark.parametrize('call', [lambda: nint.load(None), lambda: nint.from_pretrained(5), lambda: net().save_pretrained(None), lambda: nint.Checkpoint(5),
                                  lambda: nint.load('')])
def test_what_is_no_path(call):
    with pytest.raises(ValueError, match='a path is'): call()

def test_functions_of_a_person_that_give_something_else(pic, here):
    with pytest.raises(ValueError, match='ratio must be in'): nint.Uniform(lambda p: 'x').bind(pic, 5)
    with pytest.raises(ValueError, match='interval is called with'): nint.INT(interval=lambda t: True).bind(pic, 5)
    spec = nint.Spec(signal_args=dict(size=8), model_args=dict(width=8, depth=1), steps=1, metrics=['psnr'])
    assert nint.run_all(spec, 'r').id.nunique() == 1
