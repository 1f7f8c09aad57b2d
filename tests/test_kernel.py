"The matrix-free kernel against the explicit one, for every network."
import pytest
import torch

import nint
from nint.networks.ntk import jacobian, ntk_vp

NETS = [k for k in nint.MODELS if k not in ('nerf',)]

def build(name):
    args = dict(width=8, depth=2) if name in ('siren', 'finer', 'wire', 'gauss', 'ffn', 'pemlp', 'mlp') else {}
    if name == 'planegrid': args = dict(shape=(16, 16))
    return nint.MODELS[name](2, 3, seed=0, **args).double() if name != 'wire' else nint.MODELS[name](2, 3, seed=0, **args)

@pytest.mark.parametrize('name', NETS)
def test_kernel_times_residual(name):
    model = build(name)
    real = next(p.dtype for p in model.parameters()).to_real()
    x = nint.grid_coords(5, 5).to(real)
    g = torch.randn(25, 3, generator=torch.Generator().manual_seed(0)).to(real)
    J = jacobian(model, x).flatten(0, 1)
    want = (J @ (J.T @ g.flatten())).reshape(25, 3)
    pred, got = ntk_vp(model, x, g)
    assert torch.allclose(pred, model(x))
    assert (got - want).norm() <= 1e-5 * want.norm().clamp_min(1e-9)
    pieces = ntk_vp(model, x, g, max_rows=7)[1]
    assert (got - pieces).norm() <= 1e-5 * want.norm().clamp_min(1e-9)
