"What is trained, and its tangent kernel. The function `ntk` stays in `nint.networks.ntk`: here it would hide its module."
from .models import *
from .inference import *
from .grids import *
from .cameras import *
from .radiance import *
from .pretrained import *
from .onnx import *
from .ntk import jacobian, jvp, ntk_diag, ntk_vp, vjp
from .dynamics import linear_dynamics, predict_step
