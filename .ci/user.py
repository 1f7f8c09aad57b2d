#!/usr/bin/env python
"""What a user does first: the lines of README and of two tutorials in a plain installation, on files made on the spot; and with an extra, one file of its kind from start to end. Run by the wheel checks; user.py hidden tries the lines with each optional library hidden."""
import json, os, re, shlex, subprocess, sys, tempfile, time, wave
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SHORT = dict(nint_fit='--steps 3 --width 32 --depth 2 --overwrite', nint_compare='--compute 3 --width 32 --depth 2 --overwrite', nint_render='')   # the same line, made short
ENV = dict(os.environ, OMP_NUM_THREADS='1', MPLBACKEND='agg', WANDB_MODE='offline', NINT_CACHE='cache')

def run(what, *args, hide='', fails=None):
    "Run a command and print what became of it; `fails`: the extra that its one line of error should name."
    t, code = time.time(), f'import sys; sys.modules["{hide}"] = None\n'
    if hide and args[0] == sys.executable: args = (*args[:2], code + args[2])
    elif hide: args = (sys.executable, '-c', f'{code}from nint.cli import {args[0]} as f; sys.argv = {[str(a) for a in args]}; f()')
    elif args[0].startswith('nint_'): args = (BIN/args[0], *args[1:])
    p = subprocess.run([str(a) for a in args], text=True, capture_output=True, env=ENV)
    said = p.stderr.strip().split('\n')[-1]
    named = re.findall(r"pip install 'nint\[(\w+)\]'", said)
    ok = p.returncode == 0 if fails is None else p.returncode != 0 and named == [fails] and 'Traceback' not in p.stderr
    if hide and p.returncode: ok = bool(named)
    print('ok  ' if ok else 'FAIL', what if fails is None else f'{what}: {said}', f'({time.time() - t:.0f} s)', flush=True)
    if not ok: sys.exit(f'{what} gave {p.returncode}\n{p.stdout[-1500:]}\n{p.stderr[-1500:]}')

def make_files():
    "A photograph, a sound, a film, and files of the other kinds, in the working folder."
    import numpy as np, cv2
    from PIL import Image
    from skimage.data import astronaut
    im = Image.fromarray(astronaut())
    im.save('photo.png'), im.save('photo.jpg', quality=95)
    with wave.open('clip.wav', 'wb') as f:
        f.setparams((1, 2, 8000, 0, 'NONE', '')), f.writeframes((8000*np.sin(np.arange(4000)/9)).astype('<i2').tobytes())
    frames = [im.resize((32, 32 + 2*k)).crop((0, 0, 32, 32)) for k in range(4)]
    frames[0].save('film.gif', save_all=True, append_images=frames[1:], duration=80)
    film = cv2.VideoWriter('film.mp4', cv2.VideoWriter_fourcc(*'mp4v'), 10, (32, 32))
    for f in frames: film.write(np.asarray(f)[..., ::-1].copy())
    film.release()
    Image.new('L', (6000, 6000), 99).save('big.png')
    Path('shape.obj').write_text('v -1 -1 -1\nv 1 -1 -1\nv 0 1 -1\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n')
    for name in ('scan.nii.gz', 'table.parquet', 'shape.glb'): Path(name).write_bytes(b'0'*64)

def commands(text): return [l for b in re.findall(r'```(?:sh|bash)\n(.*?)```', text, re.S) for l in b.split('\n') if l.startswith('nint_')]

def cells(name, until):
    "What a tutorial says and runs before the heading that needs another package."
    out = json.loads((ROOT/f'nbs/tutorials/{name}.ipynb').read_text())['cells']
    cut = [k for k,c in enumerate(out) if re.match(f'## ({until})', ''.join(c['source']))]
    of = lambda kind: '\n'.join(''.join(c['source']) for c in out[:cut[0] if cut else None] if c['cell_type'] == kind and 'nbdev_export' not in ''.join(c['source']))
    return of('markdown'), of('code')

def pages():
    "(name, its commands, its Python) of README and the two tutorials."
    text = (ROOT/'README.md').read_text()
    yield 'README', commands(text), '\n'.join(re.findall(r'```python\n(.*?)```', text, re.S))
    for name in ('01_fit_a_photograph', '03_your_own_loop'):
        said, code = cells(name, 'Lightning|siren-pytorch')
        yield name, commands(said), code

def lines(hide=''):
    "Every line of the pages, with a PNG and with a JPEG."
    for page, cmds, python in pages():
        for kind in ('png', 'jpg') if not hide else ('png',):
            for c in cmds:
                words = shlex.split(c.replace('photo.png', f'photo.{kind}'))
                run(f'{page}: {" ".join(words)}', words[0], *words[1:], *SHORT[words[0]].split(), hide=hide)
            code = python.replace('image_signal(size=', f'image_signal("photo.{kind}", size=')
            if kind == 'png' or code != python: run(f'{page}: its Python, {kind}', sys.executable, '-c', code, hide=hide)

SAMPLERS = '''
import nint, torch
from nint import *
for file in ('photo.png', 'photo.jpg'):
    sig = image_signal(file, size=24)
    for name in SAMPLERS: assert fit(SIREN(2, 3, width=16, depth=2, seed=0), sig, SAMPLERS[name](), steps=3).history[-1]['step'] == 3, name
print(len(SAMPLERS))
'''

def core():
    lines()
    run('each sampler, three steps', sys.executable, '-c', SAMPLERS)
    for file, extra in {'clip.wav': 'audio', 'film.mp4': 'video', 'shape.glb': 'shapes', 'shape.obj': 'shapes', 'scan.nii.gz': 'volumes', 'big.png': 'large'}.items():
        run(f'nint_fit {file}', 'nint_fit', file, '--steps', '3', '--out', 'out/none', fails=extra)
    run('nint_fit film.gif', 'nint_fit', 'film.gif', '--steps', '3', '--out', 'out/film')

FIT = "import nint; r = nint.fit(nint.SIREN(2, 3, width=16, depth=2), nint.image_signal('photo.png', size=24), steps=3{}); "
WITH = dict(   # extra -> files to fit, or Python
    audio=['clip.wav', "import nint; s = nint.audio_signal('clip.wav'); nint.save_audio('back.wav', s.y, 8000); from nint.signals.metrics import pesq; assert pesq(s.y[:, 0], s.y[:, 0], 8000) > 4"],
    video=['film.gif', 'film.mp4'],
    shapes=['shape.obj'],
    large=['big.png'],
    volumes=["import nibabel, numpy as np; nibabel.save(nibabel.Nifti1Image(np.random.rand(9, 10, 11).astype('f4'), np.eye(4)), 'scan.nii.gz')", 'scan.nii.gz'],
    metrics=["import nint, torch; s = torch.sin(torch.arange(16000.)/9); from nint.signals.metrics import stoi; assert stoi(s, s, 16000) > 0.9; im = torch.rand(64, 64, 3)\ntry: assert nint.lpips(im, im) < 1e-3\nexcept (RuntimeError, ConnectionError) as e: assert 'weights' in str(e) and '\\n' not in str(e), e"],
    dask=["import nint\nfrom nint.evidence.runs import run_all_dask\nif __name__ == '__main__': print(run_all_dask([nint.Spec(steps=3, signal_args=dict(size=16))], 'runs'))"],
    lightning=[cells('03_your_own_loop', 'siren-pytorch')[1]],
    onnx=['photo.png', 'nint_export out/photo.png'],
    loggers=['from nint.training.callbacks import TensorBoard, WandB; ' + FIT.format(", callbacks=[TensorBoard('board'), WandB('nint', 'wandb')]") + "import pathlib; assert list(pathlib.Path('board').rglob('events*')) and list(pathlib.Path('wandb').rglob('*.wandb'))"],
)

def extra(name):
    "One file of its kind from start to end."
    for what in WITH[name]:
        if what.startswith('nint_'): run(f'{name}: {what}', *what.split())
        elif re.fullmatch(r'[\w.]+', what): run(f'{name}: nint_fit {what}', 'nint_fit', what, *SHORT['nint_fit'].split(), '--out', f'out/{what}')
        else:
            Path('job.py').write_text(what)
            run(f'{name}: {what[:70].splitlines()[0]}', sys.executable, 'job.py')

def hidden():
    "The lines of the pages with each optional library hidden: they run, or the extra is named."
    from nint.signals.signal import EXTRA_OF
    for name in EXTRA_OF: lines(hide=name)

if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as tmp:
        os.chdir(tmp)
        make_files()
        globals()[sys.argv[1]]() if sys.argv[1] in ('core', 'hidden') else extra(sys.argv[1])
