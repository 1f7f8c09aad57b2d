#!/usr/bin/env python
"""The way of a lent machine, gone on the processor at tiny size: make gpu-pack here, make gpu in a copy without history, in an environment that has
PyTorch, scikit-image, pandas and matplotlib alone and no network, and make gpu-unpack here again."""
import importlib.metadata, json, os, re, shutil, subprocess, sys, tempfile, time, venv
from pathlib import Path
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
THERE = 'torch', 'scikit-image', 'pandas', 'matplotlib'
MIB, COMMIT = 2**20, '0123456789abcdef0123456789abcdef01234567'
OFFLINE = '''
import socket
def refuse(self, address, *rest, connect=socket.socket.connect):
    if self.family in (socket.AF_INET, socket.AF_INET6): raise OSError(f'no network here, asked for {address}')
    return connect(self, address, *rest)
socket.socket.connect = refuse
'''

def make(*words, cwd=ROOT, env=None, fails=False):
    "What `make` printed; its status must be 0, or another where it is to fail."
    p = subprocess.run(['make', '--no-print-directory', *words], cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert bool(p.returncode)==fails, f'make {" ".join(words)} gave {p.returncode}\n{p.stdout[-3000:]}'
    return p.stdout

def needs(names):
    "Installed distributions with all that they require."
    seen, todo = {}, list(names)
    while todo:
        dist = importlib.metadata.distribution(todo.pop())
        if dist.name in seen: continue
        seen[dist.name] = dist
        wanted = [Requirement(r) for r in dist.requires or []]
        todo += [r.name for r in wanted if r.marker is None or r.marker.evaluate({'extra': ''})]
    return seen.values()

def machine(folder):
    "An environment of those four libraries and what they require, without network: its Python."
    venv.create(folder, with_pip=False, symlinks=True)
    site, = folder.glob('lib/python*/site-packages')
    for dist in needs(THERE):
        for top in {Path(f).parts[0] for f in dist.files} - {'..', '__pycache__'}:
            if not (site/top).exists(): (site/top).symlink_to(dist.locate_file(top))
    (site/'sitecustomize.py').write_text(OFFLINE)
    return folder/'bin'/'python'

def copy(folder):
    "What a clone holds, without its history."
    listed = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], cwd=ROOT, text=True, capture_output=True, check=True)
    for f in filter(None, listed.stdout.split('\0')):
        if (ROOT/f).is_file(): (folder/f).parent.mkdir(parents=True, exist_ok=True); shutil.copy2(ROOT/f, folder/f)

def size(folder): return sum(f.stat().st_size for f in folder.rglob('*') if f.is_file())

def packed(folder):
    "make gpu-pack: how much it is, and that it holds what it should; whether LPIPS can be computed with it."
    make('gpu-pack', f'PACK={folder}')
    assert size(folder) <= 60*MIB, f'{size(folder)/MIB:.0f} MiB in the pack, 60 are allowed'
    pictures = {str(f.relative_to(folder/'data')) for f in folder.glob('data/*/*.png')}
    want = {f'paper/{k:02}.png' for k in (1, 2, 3, 12, 14)} | {'kodak/05.png', 'kodak/23.png'}
    assert pictures==want, f'pictures in the pack: {sorted(pictures)}'
    return (folder/'data/weights/alexnet_features_f32.npz').exists()

def went(tmp):
    has_weights = packed(tmp/'pack')
    machine_python = machine(tmp/'machine')
    repo, out = tmp/'copy', tmp/'back'
    copy(repo)
    before, travels = {f.relative_to(repo) for f in repo.rglob('*')}, size(repo) + size(tmp/'pack')
    shutil.copytree(tmp/'pack', repo/'gpu')
    env = dict(PATH=os.environ['PATH'], HOME=str(tmp/'home'), OMP_NUM_THREADS='1', MPLBACKEND='agg', NINT_COMMIT=COMMIT)
    call = lambda budget, **kw: make('gpu', f'GPU_PYTHON={machine_python}', 'DEVICE=cpu', 'TINY=1', f'OUT={out}', f'BUDGET={budget}', cwd=repo, env=env, **kw)

    t = time.time()
    said = call(1, fails=True)   # no time at all: it ends at once, with a status that says so
    assert 'not tried: the time was over' in said and '0 passed' in said, said
    first = call(300)
    assert time.time() - t < 300 and ' 0 failed' in first and '2 runs on disk, 0 left' in first, first
    assert not has_weights or re.search(r'^ok   metrics \([\d.]+ s\)$', first, re.M), first   # it would say that LPIPS cannot be had

    runs, = repo.glob('results/tiny/grid/runs.csv')
    done = runs.read_bytes()
    second = call(300)           # goes on: nothing that is there is run again
    assert ' 0 failed' in second and runs.read_bytes()==done, second

    files = [f for f in out.rglob('*') if f.is_file()]
    assert [f.name for f in files]==['results.tar.gz'] and files[0].stat().st_size <= 16*MIB, files
    back = make('gpu-unpack', f'ARCHIVE={files[0]}', f'ROOT={tmp/"filed"}').split()
    assert 'tiny/grid/runs.csv' in back and (tmp/'filed/tiny/grid/runs.csv').read_bytes()==done, back
    smoke, = (tmp/'filed').glob('smoke/*/smoke.json')
    calls = json.loads(smoke.read_text())
    assert len(calls)==3 and {c['provenance']['commit'] for c in calls}=={COMMIT}, calls[-1]['provenance']
    kept = {f.relative_to(tmp/'filed') for f in (tmp/'filed').rglob('*') if f.is_file()}
    assert not kept & {p.relative_to('results') for p in before if p.parts[0]=='results'}, 'the archive holds what was sent'
    print(f'{size(tmp/"pack")/MIB:.0f} MiB in the pack, {travels/MIB:.0f} with the repository; {len(back)} files in {files[0].stat().st_size/1024:.0f} KiB came back')

def missing():
    "What is packed, or the reason why it cannot be had."
    from nint.evidence.lease import pack_data
    with tempfile.TemporaryDirectory() as tmp:
        try: pack_data(tmp)
        except ConnectionError as e: return str(e).split('. ')[0].split(' (')[0]

if __name__ == '__main__':
    if why := missing(): sys.exit(print(f'skipped: {why}'))
    with tempfile.TemporaryDirectory() as tmp: went(Path(tmp))
