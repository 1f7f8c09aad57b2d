__version__ = "0.2.0"

# Ctrl-C while the libraries of a command are loading is one line and exit status 130, as it is later (nint.evidence.arguments).
import os as _os, signal as _signal, sys as _sys
_COMMAND = _os.path.splitext(_os.path.basename(getattr(_sys, 'argv', [''])[0]))[0]
def _too_early(*_):
    _os.write(2, f'{_COMMAND}: interrupted before it began; nothing was written\n'.encode())
    _os._exit(130)
if _COMMAND in ('nint_fit', 'nint_compare', 'nint_render', 'nint_export', 'nint_runs') and _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _too_early)

# The public names, so that `from nint import SIREN, NINT, image_signal, fit` works; the parts hold all of them. A part is
# loaded when one of its names is asked for: `import nint` alone loads nothing.
_FROM = dict(  # part -> the names that `from nint import ...` takes from it
    signals='''
        Signal audio_signal fetch grid_coords image_signal save_audio sdf_signal extract
        load_mesh mesh_signal render_mesh resample save_shape LargeSignal large_image_signal
        save_video video_signal save_series save_volume series_signal volume_signal chamfer
        iou lpips pesq psnr si_snr ssim stoi
    ''',
    networks='''
        FFN FINER INR MLP MODELS PEMLP SIREN WIRE Gauss n_params predict HashGrid TensorGrid
        NeRF camera_rays orbit rays_signal save_views test_rays jacobian jvp linear_dynamics
        ntk_diag ntk_vp predict_step vjp Pretrained from_pretrained export_onnx
    ''',
    selection='''
        INTERVALS SCHEDULES HybridDecay constant cosine exp_decay linear step Batches
        PixelSampler SignalDataset EGRA INT SAMPLERS Expansive Full Sampler SoftMining Uniform
        check_sampler EVOS NINT SCORES mixed_select ntk_score GAIN Cells Pool recommended
        BlueNoise Density GuidedPool
    ''',
    training='''
        Callback DivergenceError Run StopFit fit Checkpoint Progress StopAt Visits TensorBoard WandB Fast
        NovelViews OPTIMIZERS AveragedAdam Muon fit_distributed
    ''',
    evidence='''
        Spec load_runs run_grid run_grid_dask summarise time_to Film moments show_race
    ''',
    cli='''
        load
    ''',
)

_PART_OF = {name: part for part, names in _FROM.items() for name in names.split()}
__all__ = sorted(_PART_OF)

def __dir__(): return sorted({*globals(), *_PART_OF, *_FROM} - {'TYPE_CHECKING'})

# Type checkers and editors do not run the table: they read the same names here (`make test` compares the two).
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from . import cli as cli, evidence as evidence, networks as networks, selection as selection
    from . import signals as signals, training as training
    from .signals import (
        Signal as Signal, audio_signal as audio_signal, fetch as fetch, grid_coords as grid_coords,
        image_signal as image_signal, save_audio as save_audio, sdf_signal as sdf_signal,
        extract as extract, load_mesh as load_mesh, mesh_signal as mesh_signal,
        render_mesh as render_mesh, resample as resample, save_shape as save_shape,
        LargeSignal as LargeSignal, large_image_signal as large_image_signal,
        save_video as save_video, video_signal as video_signal, save_series as save_series,
        save_volume as save_volume, series_signal as series_signal, volume_signal as volume_signal,
        chamfer as chamfer, iou as iou, lpips as lpips, pesq as pesq, psnr as psnr,
        si_snr as si_snr, ssim as ssim, stoi as stoi,
    )
    from .networks import (
        FFN as FFN, FINER as FINER, INR as INR, MLP as MLP, MODELS as MODELS, PEMLP as PEMLP,
        SIREN as SIREN, WIRE as WIRE, Gauss as Gauss, n_params as n_params, predict as predict,
        HashGrid as HashGrid, TensorGrid as TensorGrid, NeRF as NeRF, camera_rays as camera_rays,
        orbit as orbit, rays_signal as rays_signal, save_views as save_views,
        test_rays as test_rays, jacobian as jacobian, jvp as jvp,
        linear_dynamics as linear_dynamics, ntk_diag as ntk_diag, ntk_vp as ntk_vp,
        predict_step as predict_step, vjp as vjp, Pretrained as Pretrained,
        from_pretrained as from_pretrained, export_onnx as export_onnx,
    )
    from .selection import (
        INTERVALS as INTERVALS, SCHEDULES as SCHEDULES, HybridDecay as HybridDecay,
        constant as constant, cosine as cosine, exp_decay as exp_decay, linear as linear,
        step as step, Batches as Batches, PixelSampler as PixelSampler,
        SignalDataset as SignalDataset, EGRA as EGRA, INT as INT,
        SAMPLERS as SAMPLERS, Expansive as Expansive, Full as Full, Sampler as Sampler,
        SoftMining as SoftMining, Uniform as Uniform, check_sampler as check_sampler, EVOS as EVOS,
        NINT as NINT, SCORES as SCORES, mixed_select as mixed_select, ntk_score as ntk_score,
        GAIN as GAIN, Cells as Cells, Pool as Pool, recommended as recommended,
        BlueNoise as BlueNoise, Density as Density, GuidedPool as GuidedPool,
    )
    from .training import (
        Callback as Callback, DivergenceError as DivergenceError, Run as Run, StopFit as StopFit,
        fit as fit, Checkpoint as Checkpoint, Progress as Progress, StopAt as StopAt,
        Visits as Visits, Fast as Fast, TensorBoard as TensorBoard, WandB as WandB, NovelViews as NovelViews, OPTIMIZERS as OPTIMIZERS,
        AveragedAdam as AveragedAdam, Muon as Muon, fit_distributed as fit_distributed,
    )
    from .evidence import (
        Spec as Spec, load_runs as load_runs, run_grid as run_grid, run_grid_dask as run_grid_dask,
        summarise as summarise, time_to as time_to, Film as Film, moments as moments,
        show_race as show_race,
    )
    from .cli import (
        load as load,
    )
else:
    def __getattr__(name):
        from importlib import import_module as _load
        if name in _FROM: return _load(f'{__name__}.{name}')
        if name not in _PART_OF: raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
        value = globals()[name] = getattr(_load(f'{__name__}.{_PART_OF[name]}'), name)
        return value
