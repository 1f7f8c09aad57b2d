#!/usr/bin/env python
"""What depends most on PyTorch, tried with another version of it: networks and tangent kernels, samplers, the loop, compiled steps, the commands.
versions.py VERSION   makes .venv/torch-VERSION with this Python and runs those notebooks in it"""
import os, re, subprocess, sys, venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = '''2_networks/01_models 2_networks/02_ntk 2_networks/06_saving 3_selection/02_samplers 3_selection/05_nint 3_selection/06_blue_noise
    3_selection/07_pool 4_training/03_fit 4_training/05_compile 6_cli/03_fit'''.split()
RUN = 'import sys; from pathlib import Path; from nbdev.test import test_nb; sys.exit(not test_nb(Path(sys.argv[1]), skip_flags=["slow", "gpu"])[0])'

def claimed():
    "The oldest PyTorch in settings.ini, and the versions that the workflow tries: the oldest and a newer one."
    oldest = re.search(r'torch>=([\d.]+)', (ROOT/'settings.ini').read_text())[1]
    tried = re.findall(r"torch: '([\d.]+)'", (ROOT/'.github/workflows/test.yaml').read_text())
    if len(tried) < 2 or not f'{tried[0]}.'.startswith(f'{oldest}.'): sys.exit(f'settings.ini claims torch>={oldest}; the workflow tries {", ".join(tried) or "none"}')
    return oldest, tried

def environment(version):
    env = ROOT/'.venv'/f'torch-{version}'
    if not (env/'.ready').exists():
        venv.create(env, with_pip=True, clear=True)
        lines = (ROOT/'constraints.txt').read_text().splitlines()
        (env/'constraints.txt').write_text('\n'.join(l for l in lines if not l.startswith('torch')))   # torchvision goes with torch
        subprocess.run([env/'bin'/'python', '-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '-c', env/'constraints.txt', f'torch=={version}', '-e', '.[dev]'], cwd=ROOT, check=True)
        (env/'.ready').touch()
    return env/'bin'/'python'

def main(version):
    python = environment(version)
    env = dict(os.environ, OMP_NUM_THREADS='1', MPLBACKEND='agg', PYTHONPATH=str(ROOT))
    failed = []
    for nb in NOTEBOOKS:
        p = subprocess.run([python, '-c', RUN, ROOT/'nbs'/f'{nb}.ipynb'], cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print(f'{"FAIL" if p.returncode else "ok  "} {nb}' + (f'\n{p.stdout[-3000:]}' if p.returncode else ''), flush=True)
        failed += [nb]*bool(p.returncode)
    print(f'PyTorch {version}, Python {sys.version.split()[0]}: {len(NOTEBOOKS) - len(failed)} passed, {len(failed)} failed')
    return len(failed) > 0

if __name__ == '__main__':
    claimed()
    if len(sys.argv) > 1: sys.exit(main(sys.argv[1]))
