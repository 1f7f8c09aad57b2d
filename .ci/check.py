#!/usr/bin/env python
"""Every check of `make test`, one line each: in sync, clean, each notebook, the site, the wheel in an empty environment, the command line."""
import hashlib, os, shutil, subprocess, sys, tempfile, time, venv, zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
WHEEL_ENVS = {'core': ROOT/'.venv'/'wheel-env', 'all': ROOT/'.venv'/'wheel-env-all'}   # kept for the next time; rebuilt when the requirements change


class Skipped(Exception): "A check that could not be made here, and why."

def sh(*args, cwd=ROOT, **kw):
    "Run a command; a failure raises with what it printed."
    p = subprocess.run([str(a) for a in args], cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **kw)
    if p.returncode: raise RuntimeError(f'{" ".join(map(str, args))} gave {p.returncode}\n{p.stdout[-4000:]}')
    return p.stdout


def snapshot(*patterns): return {f: f.read_bytes() for pat in patterns for f in sorted(ROOT.glob(pat))}

def unchanged(before, after, hint):
    changed = [str(f.relative_to(ROOT)) for f in before.keys() | after.keys() if before.get(f) != after.get(f)]
    if changed: raise RuntimeError(f'changed: {", ".join(sorted(changed))}. {hint}')

def in_sync():
    "Exporting the notebooks changes nothing in nint/."
    before = snapshot('nint/**/*.py', 'pyproject.toml')
    sh(BIN/'nbdev_export')
    unchanged(before, snapshot('nint/**/*.py', 'pyproject.toml'), 'The module was not exported from the notebooks; commit what nbdev_export wrote')

def clean():
    "Cleaning the notebooks changes nothing in nbs/."
    before = snapshot('nbs/**/*.ipynb')
    sh(BIN/'nbdev_clean')
    unchanged(before, snapshot('nbs/**/*.ipynb'), 'Commit what nbdev_clean wrote')

def layered():
    "No part of the package imports from a later one."
    sh(sys.executable, ROOT/'.ci'/'layers.py')

def readme():
    "README.md is what nbs/index.ipynb says."
    sh(sys.executable, ROOT/'.ci'/'readme.py', '--check')

def executed():
    "Every notebook is committed with its outputs, and without an error or a place on somebody's machine in them."
    import json, re
    place = re.compile(r'site-packages|ipykernel_\d+|/root/|/home/')
    for nb in notebooks():
        code = [c for c in json.loads(nb.read_text())['cells'] if c['cell_type']=='code']
        outs = [o for c in code for o in c['outputs']]
        if not outs: raise RuntimeError(f'{nb.name} holds no outputs; execute it and commit')
        if any(o['output_type']=='error' for o in outs): raise RuntimeError(f'{nb.name} holds an error output')
        if m := place.search(json.dumps(outs)): raise RuntimeError(f'{nb.name} holds "{m[0]}" in an output: a warning or a path of the machine that executed it; mend its cause and execute again')

def notebooks():
    return [p for p in sorted((ROOT/'nbs').glob('**/*.ipynb')) if not any(q.startswith(('_', '.')) for q in p.relative_to(ROOT).parts)]

# Tools that a page is about: where one is missing, the page is skipped.
OUTSIDE = dict(lightning="pip install 'nint[lightning]'", siren_pytorch='pip install siren-pytorch')

def needed(nb):
    "`Skipped` if the page imports a tool that is not installed."
    import importlib.util, re
    text = nb.read_text()
    for module, how in OUTSIDE.items():
        if re.search(rf'"(import|from) {module}\b', text) and importlib.util.find_spec(module) is None: raise Skipped(f'needs {module}: {how}')

def notebook(nb):
    "All cells of one notebook run in a process of its own."
    needed(nb)
    code = 'import sys; from pathlib import Path; from nbdev.test import test_nb; sys.exit(not test_nb(Path(sys.argv[1]), skip_flags=["slow", "gpu"])[0])'
    env = dict(os.environ, OMP_NUM_THREADS='1', MPLBACKEND='agg')
    sh(sys.executable, '-c', code, nb, env=env)

def tabled():
    "The tables that pages have stored: words with units in the headers, n once, no NaN, nothing cut off."
    sh(sys.executable, ROOT/'.ci'/'tables.py')

def renders():
    "The site is rendered, and read as files it has every page, no broken link, no raw TeX, no error and nothing from other hosts."
    sh(sys.executable, '-W', 'ignore', ROOT/'.ci'/'docs.py', env=dict(os.environ, OMP_NUM_THREADS='1'))
    sh(sys.executable, ROOT/'.ci'/'site.py', '--static')

def browser():
    "Every page, drawn by a real browser; the reason where there is none."
    out = sh(sys.executable, ROOT/'.ci'/'site.py', '--browser')
    if out.startswith('skipped: '): raise Skipped(out.removeprefix('skipped: ').strip())

def light():
    "`import nint` loads nothing but itself; none of its public names loads a library that only some functions need."
    code = '''
import sys, numpy, torch
before = set(sys.modules)
import nint
new = {m.split('.')[0] for m in set(sys.modules) - before}
assert new <= {'nint', 'lazy_loader', 'ast', 'importlib', 'inspect'}, sorted(new)
gone = [n for n in nint.__all__ if not hasattr(nint, n)]
assert not gone, f'names of nint/__init__.pyi that are not there: {gone}'
parts = {'signals', 'networks', 'selection', 'training', 'evidence', 'cli', 'experiments'}
assert len(set(nint.__all__) - parts) <= 80, len(nint.__all__)
from nint.signals.signal import EXTRA_OF
heavy = sorted({*EXTRA_OF, 'pandas', 'matplotlib', 'scipy', 'skimage', 'cv2', 'PIL', 'fastcore'} & (set(sys.modules) - before))
assert not heavy, f'loaded before they are needed: {heavy}'
assert {'nint', 'evos', 'pool'} <= set(nint.SAMPLERS) and {'siren', 'hashgrid', 'nerf'} <= set(nint.MODELS)
'''
    sh(sys.executable, '-c', code)

def quick():
    "The tests of tests/."
    sh(sys.executable, '-m', 'pytest', '-q', '-x', ROOT/'tests', env=dict(os.environ, OMP_NUM_THREADS='1', MPLBACKEND='agg'))

def versions():
    "The oldest PyTorch in settings.ini is one that the workflow tries."
    sh(sys.executable, ROOT/'.ci'/'versions.py')

def typed():
    "A program that uses the package, under a type checker."
    sh(sys.executable, ROOT/'.ci'/'typed.py')

def extras():
    "What is said where a library of an extra is missing."
    sh(sys.executable, ROOT/'.ci'/'extras.py')

def build_wheel(tmp):
    "The wheel of what a clone holds, and nothing else."
    src = Path(tmp)/'src'
    src.mkdir()
    for f in sh('git', 'ls-files', '--cached', '--others', '--exclude-standard').split('\n'):
        if f and (ROOT/f).is_file() and not f.startswith(('nbs/', 'results/')): (src/f).parent.mkdir(parents=True, exist_ok=True); shutil.copy2(ROOT/f, src/f)
    sh(sys.executable, '-m', 'pip', 'wheel', '--quiet', '--no-deps', '--wheel-dir', tmp, src)
    whl, = Path(tmp).glob('nint-*.whl')
    names = zipfile.ZipFile(whl).namelist()
    if not {'nint/py.typed', 'nint/__init__.pyi'} <= set(names): raise RuntimeError('the wheel lacks py.typed or __init__.pyi')
    return whl

def installed(env, whl, extra):
    "An environment with the wheel and its requirements; only the wheel is new if they are as they were."
    key = hashlib.sha256(b''.join((ROOT/f).read_bytes() for f in ('settings.ini', 'constraints.txt'))).hexdigest()
    stamp, pip = env/'.key', (env/'bin'/'pip', 'install', '--quiet', '--disable-pip-version-check')
    if not stamp.exists() or stamp.read_text() != key:
        shutil.rmtree(env, ignore_errors=True)
        venv.create(env, with_pip=True)
        sh(*pip, '-c', ROOT/'constraints.txt', f'{whl}{extra}')
        stamp.write_text(key)
    sh(*pip, '--force-reinstall', '--no-deps', whl)
    sh(env/'bin'/'pip', 'check', '--disable-pip-version-check')
    return env/'bin'

def wheel():
    "The built wheel alone in an empty environment runs what README and tutorials show, each sampler, and names the extra for the rest."
    with tempfile.TemporaryDirectory() as tmp:
        bin = installed(WHEEL_ENVS['core'], build_wheel(tmp), '')
        run = '''
import importlib.util, nint
assert 'site-packages' in nint.__file__, nint.__file__
from nint.signals.signal import EXTRA_OF
there = [m for m in EXTRA_OF if importlib.util.find_spec(m)]
assert not there, f'the light core brings {there}'
'''
        sh(bin/'python', '-c', run, cwd=tmp)
        sh(bin/'python', ROOT/'.ci'/'extras.py', cwd=tmp)
        sh(bin/'python', ROOT/'.ci'/'user.py', 'core', cwd=tmp)
        for cmd in ('nint_fit', 'nint_compare', 'nint_render', 'nint_export', 'nint_runs'): sh(bin/cmd, '--help', cwd=tmp)

def extra_env(name, whl, core):
    "An environment that sees the plain one, and in it what `pip install '.[name]'` brings beyond."
    env = ROOT/'.venv'/f'wheel-env-{name}'
    key, stamp = (core/'.key').read_text(), env/'.key'
    if not stamp.exists() or stamp.read_text() != key:
        shutil.rmtree(env, ignore_errors=True)
        venv.create(env)
        lib, = env.glob('lib/python*/site-packages')
        (lib/'core.pth').write_text(str(next(core.glob('lib/python*/site-packages'))))
        sh(core/'bin'/'python', '-m', 'pip', '--quiet', '--python', env/'bin'/'python', 'install', '-c', ROOT/'constraints.txt', f'{whl}[{name}]')
        stamp.write_text(key)
    for f in (core/'bin').glob('nint_*'): (env/'bin'/f.name).write_text(f.read_text().replace(str(core), str(env))), (env/'bin'/f.name).chmod(0o755)
    return env/'bin'

def wheel_extra(name):
    "With one extra, a file of its kind is read, fitted and written."
    with tempfile.TemporaryDirectory() as tmp:
        bin = extra_env(name, build_wheel(tmp), WHEEL_ENVS['core'])
        sh(bin/'python', ROOT/'.ci'/'user.py', name, cwd=tmp)

def extra_names():
    import configparser
    words = configparser.ConfigParser()
    words.read(ROOT/'settings.ini')
    return words['DEFAULT']['extras'].split()

def wheel_all():
    "With all extras, every optional library is there and the media that need them load."
    with tempfile.TemporaryDirectory() as tmp:
        bin = installed(WHEEL_ENVS['all'], build_wheel(tmp), '[all]')
        run = '''
import importlib.util, nint
from nint.signals.signal import EXTRA_OF
missing = [m for m in EXTRA_OF if importlib.util.find_spec(m) is None]   # found, not imported: torchvision does not load beside every torch
assert not missing, f'[all] lacks {missing}'
assert nint.audio_signal().N > 0 and nint.mesh_signal(n=50).N == 50
'''
        sh(bin/'python', '-c', run, cwd=tmp)


def attacked():
    "Random words, files and damage on the commands and the readers; a small part of make attack."
    sh(sys.executable, ROOT/'.ci'/'attack.py', '--n', '150', env=dict(os.environ, OMP_NUM_THREADS='1', MPLBACKEND='agg'))


def run_check(name, fn, *args):
    "(name, outcome, the reason where it is not ok, seconds)"
    t = time.time()
    try: fn(*args); said = 'ok', None
    except Skipped as e: said = 'skip', str(e)
    except Exception as e: said = 'FAIL', str(e) or repr(e)
    return name, *said, time.time() - t

def report(name, outcome, why, secs):
    if outcome=='skip': print(f'skip {name}: {why}', flush=True)
    else: print(f'{outcome:<4} {name} ({secs:.0f} s)', flush=True)
    if outcome=='FAIL': print('     ' + why.replace('\n', '\n     '), flush=True)
    return outcome

def site():
    "Rendered, then in a browser; it takes one of the pool's places, beside the notebooks."
    first = run_check('site renders', renders)
    return [first, run_check('site in a browser', browser) if first[1]=='ok' else ('site in a browser', 'skip', 'the site did not render', 0)]


if __name__ == '__main__':
    if sys.argv[1:]:   # one page
        nb = (ROOT/'nbs'/sys.argv[1].removeprefix('nbs/')).with_suffix('.ipynb')
        sys.exit(report(*run_check(sys.argv[1], notebook, nb)) == 'FAIL')
    results = [report(*run_check(n, f)) for n, f in (('module in sync with the notebooks', in_sync), ('notebooks clean', clean), ('imports in the order of the parts', layered), ('a light import', light), ('tests/', quick), ('PyTorch as claimed', versions), ('types', typed), ('missing extras', extras), ('notebooks executed', executed), ('tables for readers', tabled), ('README in sync', readme))]
    with ProcessPoolExecutor(max(1, min(4, os.cpu_count() or 1))) as pool:
        built = pool.submit(site)
        jobs = [pool.submit(run_check, str(nb.relative_to(ROOT)), notebook, nb) for nb in notebooks()]
        results += [report(*j.result()) for j in jobs]
        results += [report(*r) for r in built.result()]
    results.append(report(*run_check('commands and readers under random attack', attacked)))
    for name, check in (('wheel in an empty environment', wheel), ('wheel with all extras', wheel_all)): results.append(report(*run_check(name, check)))
    with ProcessPoolExecutor(2) as pool:
        jobs = [pool.submit(run_check, f'wheel with the extra {e}', wheel_extra, e) for e in extra_names()]
        results += [report(*j.result()) for j in jobs]
    n = {o: results.count(o) for o in ('ok', 'FAIL', 'skip')}
    print(f'{n["ok"]} passed, {n["FAIL"]} failed' + (f', {n["skip"]} skipped' if n['skip'] else ''))
    sys.exit(n['FAIL'] > 0)
