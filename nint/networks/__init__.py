"What is trained, and its tangent kernel."

def __getattr__(name):
    "`MODELS` with all networks in it, which takes the modules that add their own."
    if name != 'MODELS': raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from . import grids, radiance
    from .models import MODELS
    return MODELS
