"Train implicit neural representations on the coordinates that matter; the names of `nint.*` are listed in `__init__.pyi`."
__version__ = "0.3.0"

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
