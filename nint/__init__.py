__version__ = "0.2.0"

# Ctrl-C while the libraries of a command are loading is one line and exit status 130, as it is later (nint.evidence.arguments).
import os as _os, signal as _signal, sys as _sys
_COMMAND = _os.path.splitext(_os.path.basename(getattr(_sys, 'argv', [''])[0]))[0]
def _too_early(*_):
    _os.write(2, f'{_COMMAND}: interrupted before it began; nothing was written\n'.encode())
    _os._exit(130)
if _COMMAND in ('nint_fit', 'nint_compare', 'nint_render', 'nint_runs') and _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _too_early)

# The public names, so that `from nint import SIREN, NINT, image_signal, fit` works; the parts hold all of them. They are listed once, for type
# checkers, and read from here when a name is asked for: `import nint` alone loads nothing.
from typing import TYPE_CHECKING as _TYPES
if _TYPES:
    from .signals import Signal, audio_signal, fetch, grid_coords, image_signal, save_audio, sdf_signal
    from .signals import extract, load_mesh, mesh_signal, render_mesh, resample, save_shape
    from .signals import LargeSignal, large_image_signal, save_video, video_signal
    from .signals import save_series, save_volume, series_signal, volume_signal
    from .signals import chamfer, iou, lpips, pesq, psnr, si_snr, ssim, stoi
    from .networks import FFN, FINER, INR, MLP, MODELS, PEMLP, SIREN, WIRE, Gauss, n_params, predict
    from .networks import HashGrid, TensorGrid, NeRF, camera_rays, orbit, rays_signal, save_views, test_rays
    from .networks import jacobian, jvp, linear_dynamics, ntk_diag, ntk_vp, predict_step, vjp
    from .selection import INTERVALS, SCHEDULES, HybridDecay, constant, cosine, exp_decay, linear, step
    from .selection import Batches, SignalDataset
    from .selection import EGRA, INT, SAMPLERS, Expansive, Full, Sampler, SoftMining, Uniform, check_sampler
    from .selection import EVOS, NINT, SCORES, mixed_select, ntk_score, GAIN, Cells, Pool, recommended
    from .selection import BlueNoise, Density, GuidedPool
    from .training import Callback, DivergenceError, Run, StopFit, fit, Checkpoint, Progress, StopAt, Visits
    from .training import Fast, NovelViews, OPTIMIZERS, AveragedAdam, Muon, fit_distributed
    from .cli import load
    from .evidence import Spec, load_runs, run_grid, run_grid_dask, summarise, time_to, Film, moments, show_race

_PARTS = 'signals', 'networks', 'selection', 'training', 'evidence', 'cli'

def _listed():
    "Each public name and the part that it comes from, as the list above says."
    import ast as _ast
    from pathlib import Path as _Path
    tree = _ast.parse(_Path(__file__).read_text(encoding='utf-8'))
    return {a.name: n.module for n in _ast.walk(tree) if isinstance(n, _ast.ImportFrom) and n.level==1 for a in n.names}

_NAMES = _listed()
__all__ = sorted(_NAMES)

def __getattr__(name):
    from importlib import import_module as _load
    if name in _PARTS: return _load(f'{__name__}.{name}')
    if name not in _NAMES: raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    value = globals()[name] = getattr(_load(f'{__name__}.{_NAMES[name]}'), name)
    return value

def __dir__(): return sorted({*globals(), *_NAMES, *_PARTS})
