__version__ = "0.1.0"

# The public names, so that `from nint import SIREN, NINT, image_signal, fit` works. The function `ntk` stays in
# `nint.ntk`: under the same name it would hide its module.
from .signals import Signal, audio_signal, fetch, grid_coords, image_signal, save_audio, sdf_signal
from .shapes import extract, load_mesh, mesh_signal, render_mesh, resample, save_shape
from .large import LargeSignal, large_image_signal
from .video import save_video, video_signal
from .metrics import chamfer, iou, lpips, pesq, psnr, si_snr, ssim, stoi
from .models import FFN, FINER, INR, MLP, MODELS, PEMLP, SIREN, WIRE, Gauss, n_params, predict
from .grids import HashGrid, TensorGrid
from .radiance import NeRF, camera_rays, orbit, rays_signal, save_views, test_rays
from .ntk import jacobian, jvp, linear_dynamics, ntk_diag, ntk_vp, predict_step, vjp
from .schedules import INTERVALS, SCHEDULES, HybridDecay, constant, cosine, exp_decay, linear, step
from .samplers import EGRA, INT, SAMPLERS, Expansive, Full, Sampler, SoftMining, Uniform, check_sampler
from .evos import EVOS
from .nint import NINT, SCORES, mixed_select, ntk_score
from .train import Callback, DivergenceError, Run, StopFit, fit
from .callbacks import Checkpoint, Progress, StopAt, Visits
from .engine import Fast
from .novel_views import NovelViews
from .optim import OPTIMIZERS, AveragedAdam, Muon
from .pool import GAIN, Cells, Pool, recommended
from .distributed import fit_distributed
from .runs import Spec, load_runs, run_grid, summarise, time_to
from .sweeps import run_grid_dask
