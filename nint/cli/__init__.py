"The commands, on top of everything else."
from .words import *
from .fit import *
from .compare import *
from .export import *
