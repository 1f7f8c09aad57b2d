from . import cli as cli, evidence as evidence, networks as networks, selection as selection
from . import signals as signals, training as training
from .signals.signal import Signal as Signal, grid_coords as grid_coords, sdf_signal as sdf_signal
from .signals.images import fetch as fetch, image_signal as image_signal, save_image as save_image
from .signals.audio import audio_signal as audio_signal, save_audio as save_audio
from .signals.video import save_video as save_video, video_signal as video_signal
from .signals.shapes import mesh_signal as mesh_signal
from .signals.surfaces import extract as extract
from .signals.volumes import volume_signal as volume_signal
from .signals.large import large_image_signal as large_image_signal
from .signals.metrics import chamfer as chamfer, iou as iou, lpips as lpips
from .signals.metrics import psnr as psnr, ssim as ssim
from .signals.media import MEDIA as MEDIA
from .networks import MODELS as MODELS
from .networks.models import FFN as FFN, FINER as FINER, MLP as MLP
from .networks.models import PEMLP as PEMLP, SIREN as SIREN, WIRE as WIRE, Gauss as Gauss
from .networks.models import n_params as n_params
from .networks.inference import predict as predict
from .networks.ntk import jacobian as jacobian
from .networks.ntk import ntk_vp as ntk_vp
from .networks.grids import HashGrid as HashGrid, PlaneGrid as PlaneGrid, TensorGrid as TensorGrid
from .networks.radiance import NeRF as NeRF, orbit as orbit, rays_signal as rays_signal
from .networks.saving import export_onnx as export_onnx, from_pretrained as from_pretrained
from .selection.schedules import Constant as Constant, Cosine as Cosine
from .selection.schedules import HybridDecay as HybridDecay
from .selection import SAMPLERS as SAMPLERS
from .selection.samplers import Batch as Batch, Full as Full
from .selection.samplers import Sampler as Sampler, Uniform as Uniform, check_sampler as check_sampler
from .selection.published import EGRA as EGRA, INT as INT, Expansive as Expansive
from .selection.published import SoftMining as SoftMining
from .selection.evos import EVOS as EVOS
from .selection.nint import NINT as NINT
from .selection.blue_noise import AdaptiveBlueNoise as AdaptiveBlueNoise, BlueNoise as BlueNoise
from .selection.blue_noise import Stratified as Stratified
from .selection.pool import Pool as Pool
from .selection.loaders import SignalDataset as SignalDataset
from .training.optim import OPTIMIZERS as OPTIMIZERS, Muon as Muon
from .training.fit import Callback as Callback, DivergenceError as DivergenceError
from .training.fit import FitConfig as FitConfig, StopFit as StopFit, Trainer as Trainer, fit as fit
from .training.callbacks import Checkpoint as Checkpoint, Progress as Progress, StopAt as StopAt
from .training.compile import compile_step as compile_step
from .training.distributed import fit_distributed as fit_distributed
from .training.recommended import recommended as recommended
from .training.recommended import fit_tiles as fit_tiles
from .evidence.specs import Spec as Spec
from .evidence.runs import load_runs as load_runs, run_all as run_all
from .cli.commands import load as load
