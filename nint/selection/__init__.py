"Which coordinates next: schedules, and the samplers in `SAMPLERS`."

def __getattr__(name):
    "`SAMPLERS` with all samplers in it, which takes the modules that add their own."
    if name != 'SAMPLERS': raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from . import blue_noise, evos, nint, pool, published
    from .samplers import SAMPLERS
    return SAMPLERS
