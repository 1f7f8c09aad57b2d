"Which coordinates next: schedules, and the samplers in `SAMPLERS`."
from .schedules import *
from .edges import *
from .contract import *
from .samplers import *
from .published import *
from .evos import *
from .nint import *
from .replay import *
from .pool import *
from .blue_noise import *
from .density import *
from .loader import *
from .pixels import *
