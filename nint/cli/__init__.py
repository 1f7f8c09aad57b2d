"The commands, on top of everything else."
from .commands import *
