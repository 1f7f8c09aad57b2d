"Which coordinates next: schedules, and the samplers in `SAMPLERS`."
from . import published, evos, nint, blue_noise, pool  # each enters SAMPLERS
from .samplers import SAMPLERS as SAMPLERS
