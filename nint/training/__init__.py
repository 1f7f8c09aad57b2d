"The loop, its clock, and what makes it faster and wider."
from .optim import *
from .meter import *
from .checks import *
from .run import *
from .train import *
from .resume import *
from .callbacks import *
from .loggers import *
from .precision import *
from .engine import *
from .graphs import *
from .several import *
from .shards import *
from .distributed import *
from .novel_views import *
