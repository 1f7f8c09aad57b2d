"What is trained, and its tangent kernel."
from . import grids, radiance  # each enters MODELS
from .models import MODELS as MODELS
