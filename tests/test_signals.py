"What a signal promises: coordinates that stay apart, one rule at every door, values undone, files whole."
import copy
import pickle

import numpy as np
import pytest
import torch

from nint.signals.media import MEDIA, medium_of
from nint.signals.signal import Domain, Signal, atomic_write, grid_coords, in_range

def test_coordinates_stay_apart_after_the_last_cast():
    t = torch.cat([torch.arange(1000) * 0.01, torch.tensor([30 * 86400.0])]).double()
    t = (2 * t / t[-1] - 1)[:, None]
    with pytest.raises(ValueError, match='fall together in float32'):
        Signal(t, t).to(dtype=torch.float32)
    with pytest.raises(ValueError, match='fall together in float32'):
        Signal(t.float(), t.float(), (1001,))
    with pytest.warns(UserWarning, match='131 of 1,001'):
        Signal(t.float(), t.float())

@pytest.mark.parametrize('kind', ['points', 'image', 'audio'])
@pytest.mark.parametrize('scale, offset', [(1e-6, 0), (0.01, 9), (3000, -1000), (1, 500)])
def test_values_are_scaled_and_undone(kind, scale, offset):
    values = torch.linspace(0, 1, 50).double()[:, None] * scale + offset
    y, a, b = in_range(values, kind)
    assert y.abs().max() > 0.99
    torch.testing.assert_close(y * a + b, values, atol=1e-9 * abs(scale), rtol=1e-9)

@pytest.mark.parametrize('kind, shape', dict(image=(5, 8), points=(5, 8, 3)).items())
def test_an_enlarged_grid_is_not_shifted(kind, shape):
    x = grid_coords(*shape)
    signal, saved = Signal(x, x[:, :1], shape, kind, span=(-1, 1)), Domain(shape, kind)
    more = tuple(4 * n for n in shape)
    torch.testing.assert_close(signal.coords(*more), saved.coords(more))
    cells = signal.coords(*more).reshape(*(k for n in shape for k in (n, 4)), len(shape))
    mean = cells.mean(tuple(range(1, 2 * len(shape), 2))).reshape(-1, len(shape))
    torch.testing.assert_close(mean, x, atol=1e-6, rtol=0)

def test_uneven_times_are_asked_for_again():
    film = Domain((3, 2, 2), 'video', meta=dict(times=[-1, 0.9, 1]))
    assert film.coords(3, 2, 2)[4, 0] == pytest.approx(0.9)

@pytest.mark.parametrize('twin', [copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))])
def test_copies(twin):
    x = grid_coords(4, 6)
    s = Signal(x, 300 * x[:, :1], (4, 6), rate=np.int64(3))
    assert twin(s).checksum == s.checksum and twin(s).meta == s.meta

def test_nothing_is_written_through_a_link(tmp_path):
    victim, link = tmp_path / 'victim', tmp_path / 'out.txt'
    victim.write_text('old')
    link.symlink_to(victim)
    with pytest.raises(ValueError, match='is a link'), atomic_write(link) as new:
        new.write_text('new')
    with pytest.raises(KeyboardInterrupt), atomic_write(victim) as new:
        new.write_text('half')
        raise KeyboardInterrupt
    assert victim.read_text() == 'old' and len(list(tmp_path.iterdir())) == 2

def test_a_medium_for_every_ending():
    ends = [s for m in MEDIA.values() for s in m.suffixes]
    assert len(ends) == len(set(ends))
    assert all(medium_of(f'a{s}').name == m.name for m in MEDIA.values() for s in m.suffixes)
    with pytest.raises(ValueError, match='Signal\\(t, y\\)'):
        medium_of('table.csv')
