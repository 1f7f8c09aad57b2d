"What is fitted, how good a fit is, and how it looks."
from .signal import *
from .writing import *
from .files import *
from .images import *
from .audio import *
from .datasets import *
from .rows import *
from .large import *
from .video import *
from .shapes import *
from .surfaces import *
from .image_metrics import *
from .volumes import *
from .series import *
from .metrics import *
from .plots import *
