#!/usr/bin/env python
"""A program that uses the package, under a type checker: what comes out has a type, and a wrong word is found."""
import re, shutil, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
USER = '''
import nint
from nint import (MODELS, NINT, FitConfig, SIREN, BlueNoise, Checkpoint, Cosine, Pool, Progress, Sampler, Uniform, audio_signal, fit, image_signal, load, predict,
    psnr, recommended)
from torch import nn

signal = image_signal(size=32)
model = SIREN(2, 3, width=32, depth=2)
pick = NINT(ratio=0.2)
net: nn.Module = model
sampler: Sampler = pick
run = fit(model, signal, pick, steps=100, lr=Cosine(1e-3, 0.0), callbacks=[Progress()])
'''
TYPES = {   # expression -> its type, as the checker names it
    'signal': 'nint.signals.signal.Signal', 'signal.x': 'torch._tensor.Tensor', 'signal.decode(signal.y)': 'torch._tensor.Tensor',
    'audio_signal()': 'nint.signals.signal.Signal', 'model': 'nint.networks.models.SIREN', 'predict(model, signal.x)': 'torch._tensor.Tensor',
    'pick': 'nint.selection.nint.NINT', 'pick.next(0, model).idx': 'torch._tensor.Tensor', 'pick.next(0, model).weight': 'torch._tensor.Tensor | None',
    'Uniform(0.2)': 'nint.selection.samplers.Uniform', 'Pool(k=2)': 'nint.selection.pool.Pool', 'BlueNoise(0.2)': 'nint.selection.blue_noise.BlueNoise',
    'run': 'nint.training.fit.Trainer', 'run.model': 'torch.nn.modules.module.Module', 'run.step': 'int', 'run.time_to(30.0)': 'float',
    'fit(model, signal).time_to(30.0, "F")': 'float', 'psnr(signal.y, signal.y)': 'float', 'nint.ssim(signal.y, signal.y)': 'float',
    'FitConfig(steps=3).steps': 'int', 'recommended(signal)': 'dict[Any, Any]', 'load("out")': 'nint.cli.commands.Fitted', 'nint.MEDIA["image"]': 'nint.signals.media.Medium',
}
WRONG = {   # a line -> what the checker must say of it
    'pick.nothing()': 'not callable', 'Checkpoint()': 'Missing positional argument', 'from nint import NIMT': 'has no attribute "NIMT"',
    'run.psnrs': '"Trainer" has no attribute "psnrs"', 'signal.nothing': '"Signal" has no attribute "nothing"', 'FitConfig(stepz=3)': 'Unexpected keyword argument "stepz"',
    'NINT(xii=0.5)': 'Unexpected keyword argument "xii"', 'nint.orbit("x")': 'incompatible type "str"',
}

def said(folder):
    "What mypy says of a program: (line, words)."
    cmd = [sys.executable, '-m', 'mypy', '--python-executable', sys.executable, '--cache-dir', ROOT/'.venv'/'.mypy', '--no-error-summary', '--follow-imports', 'silent', '--disable-error-code', 'import-untyped', folder/'user.py']
    env = dict(MYPYPATH=str(folder), PATH='')
    out = subprocess.run(list(map(str, cmd)), cwd=folder, env=env, text=True, capture_output=True)
    return [m.groups() for l in out.stdout.splitlines() if (m := re.match(r'(?:.*/)?([\w.]+\.pyi?):(\d+): (.*)', l))] or [('', '0', out.stdout + out.stderr)]

def checked(folder):
    shutil.copytree(ROOT/'nint', folder/'nint', ignore=shutil.ignore_patterns('__pycache__'))
    lines = [*USER.splitlines(), *(f'reveal_type({e})' for e in TYPES), *WRONG]
    (folder/'user.py').write_text('\n'.join(lines) + '\n')
    found = said(folder)
    bad, of = [], {}
    for file, line, words in found:
        if file!='user.py': bad += [f'{file}:{line}: {words}'] if not words.endswith(('[assignment]', '[override]')) else []   # subclasses that hold something else
        else: of.setdefault(lines[int(line) - 1], []).append(words)
    for e, type_ in TYPES.items():
        words = of.pop(f'reveal_type({e})', ['nothing said'])
        if words!=[f'note: Revealed type is "{type_}"']: bad.append(f'{e} should be {type_}: {"; ".join(words)}')
    for line, want in WRONG.items():
        words = of.pop(line, [])
        if not any(want in w for w in words): bad.append(f'{line} should be refused with {want!r}: {"; ".join(words) or "nothing said"}')
    bad += [f'{line}: {w}' for line, words in of.items() for w in words]
    if bad: sys.exit('\n'.join(bad))
    print(f'{len(TYPES)} types as they should be, {len(WRONG)} mistakes found')

if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as tmp: checked(Path(tmp))
