#!/usr/bin/env python
"""What a light installation says where a library of an extra is missing: one line that names the extra. Run where they are installed, it hides them."""
import os, sys, tempfile
from pathlib import Path
import nint
from nint.signals.signal import EXTRA_OF

def uses(tmp):
    "(library, what needs it)"
    import numpy as np, torch
    from PIL import Image
    from nint.evidence.runs import run_all_dask
    from nint.signals import metrics
    from nint.training import callbacks as loggers
    im, sound = torch.rand(32, 32, 3), torch.sin(torch.arange(8000.0))
    film = torch.rand(4, 16, 16, 3)
    for name in ('a.wav', 'a.mp3', 'a.mp4', 'a.glb', 'a.nii.gz'): (tmp/name).write_bytes(b'0'*64)
    Image.fromarray(np.zeros((6000, 6000), np.uint8)).save(tmp/'a.png')
    yield 'soundfile', lambda: nint.audio_signal(tmp/'a.wav')
    yield 'soundfile', lambda: nint.save_audio(tmp/'b.wav', sound)
    yield 'av', lambda: nint.audio_signal(tmp/'a.mp3')
    yield 'av', lambda: nint.video_signal(tmp/'a.mp4')
    yield 'av', lambda: nint.save_video(tmp/'b.mp4', film)
    yield 'pyvips', lambda: nint.large_image_signal(tmp/'a.png')
    yield 'trimesh', lambda: nint.mesh_signal(tmp/'a.glb')
    yield 'igl', lambda: nint.mesh_signal(n=50)
    yield 'nibabel', lambda: nint.volume_signal(tmp/'a.nii.gz')
    yield 'lpips', lambda: nint.lpips(im, im)
    yield 'pystoi', lambda: metrics.stoi(sound, sound)
    yield 'pesq', lambda: metrics.pesq(sound, sound)
    yield 'onnx', lambda: nint.export_onnx(nint.SIREN(2, 3, width=8, depth=2), tmp/'a.onnx')
    yield 'tensorboard', lambda: loggers.TensorBoard(tmp/'board')
    yield 'wandb', lambda: loggers.WandB('nint', tmp/'wandb')
    yield 'dask', lambda: run_all_dask([nint.Spec()], tmp/'runs')

def main():
    for name in EXTRA_OF: sys.modules[name] = None   # as if it were not installed
    bad, seen = [], set()
    with tempfile.TemporaryDirectory() as tmp:
        os.environ['NINT_CACHE'] = tmp
        for name, use in uses(Path(tmp)):
            seen.add(name)
            try: use()
            except ImportError as e: said = str(e)
            except Exception as e: said = f'{type(e).__name__}: {e}'
            else: said = 'nothing'
            extras = {EXTRA_OF[m] for m in EXTRA_OF if f"pip install 'nint[{EXTRA_OF[m]}]'" in said}
            if len(extras)!=1 or '\n' in said: bad.append(f'without {name}: {said}')
    if bad: sys.exit('\n'.join(bad))
    rest = set(EXTRA_OF) - seen - {'distributed', 'lightning', 'onnxruntime', 'rtree'}   # one comes with dask, two are for pages, one with trimesh
    if rest: sys.exit(f'nothing here needs {", ".join(sorted(rest))}; add a use of it')
    print(f'{len(seen)} libraries hidden, each named with its extra')

if __name__ == '__main__': main()
