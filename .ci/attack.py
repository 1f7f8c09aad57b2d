#!/usr/bin/env python
"""Random words, files, damage and full disks, from a seed, on the five commands and the readers: `make attack`, or .ci/attack.py --n 400 --seed 1.

It fails on a traceback, on a mistake that is not one line, on a half-written output, on a file of somebody else that is gone or changed, where two doors
to the same quantity disagree (file, array, fit, saved fit, command line), where what is around a call matters (autocast, no_grad, threads), where neighbours
share a coordinate without a word, and where values of any size and offset do not come back."""
import argparse, contextlib, io, json, os, shlex, shutil, sys, tempfile, time, warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault('OMP_NUM_THREADS', '1')
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
warnings.filterwarnings('ignore')
import nibabel
import numpy as np
import soundfile
import torch
import trimesh
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies as st
from PIL import Image
from safetensors.torch import load_file, save
import nint
from nint import Signal, audio_signal, image_signal, large_image_signal, mesh_signal, save_audio, save_video, video_signal, volume_signal
from nint.cli.commands import Fitted
from nint.cli.compare import run_line
from nint.cli.settings import LOADER_ARGS
from nint.signals.signal import KINDS, Domain, grid_coords

SMALL = '--width 8 --depth 1 --steps 2'
HIDDEN = ('.nint-', '.new-', '.part')
SOUNDS = dict(flac={}, ogg={}, aiff={}, caf={}, w64={}, mp3={}, opus=dict(format='OGG', subtype='OPUS'))


# --- files: formats x sizes x modes x damage

MODES = ('L', 'RGB', 'RGBA', 'LA', '1', 'P', 'CMYK', 'I;16', 'F')
FORMATS = dict(png=('L', 'RGB', 'RGBA', 'LA', '1', 'P', 'I;16'), jpg=('L', 'RGB', 'CMYK'), tif=MODES, bmp=('L', 'RGB', '1', 'P'), webp=('RGB', 'RGBA'))

def picture(path, mode, w, h, rng):
    "An image file of a format and mode."
    if mode == 'F': im = Image.fromarray(rng.random((h, w), dtype=np.float32))
    elif mode == 'I;16': im = Image.fromarray(rng.integers(0, 65536, (h, w), dtype=np.uint16))
    else:
        n = len(Image.new(mode, (1, 1)).getbands())
        a = rng.integers(0, 256, (h, w, n), dtype=np.uint8)
        im = Image.fromarray(rng.integers(0, 256, (h, w, 3), dtype=np.uint8)).convert(mode) if mode in ('1', 'P') else Image.fromarray(a[..., 0] if n == 1 else a, mode)
    im.save(path)

def made(folder, what, rng):
    "A file of a kind; its path."
    kind, mode, w, h = what
    path = folder/f'in.{kind}'
    if kind in FORMATS: picture(path, mode if mode in FORMATS[kind] else FORMATS[kind][0], w, h, rng)
    elif kind == 'npy': np.save(path, rng.integers(0, 256, (h, w, 3), dtype=np.uint8))
    elif kind == 'wav': save_audio(path, rng.uniform(-1, 1, max(2, w*h)), 8000)
    elif kind in SOUNDS: soundfile.write(path, rng.uniform(-0.5, 0.5, 400 + w*h), 8000, **SOUNDS[kind])
    elif kind == 'nii.gz': nibabel.save(nibabel.Nifti1Image(rng.integers(0, 99, (h + 1, w, 2), dtype=np.int16), np.eye(4)), path)
    elif kind == 'glb': path.write_bytes(trimesh.creation.icosphere(1).export(file_type='glb'))
    elif kind == 'mp4': save_video(path, torch.tensor(rng.random((3, 2*h + 16, 2*w + 16, 3))).float(), 10)
    elif kind == 'gif': save_video(path, torch.tensor(rng.random((3, h, w, 3))).float(), 10)
    elif kind == 'obj': path.write_text('v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n')
    elif kind == 'json': path.write_text(json.dumps(dict(camera_angle_x=0.7, frames=[dict(file_path='a', transform_matrix=np.eye(4).tolist())])))
    return path

def damage(path, how, at):
    "The same file, hurt."
    data = path.read_bytes()
    k = int(at*len(data))
    if how == 'cut': path.write_bytes(data[:k])
    if how == 'flip': path.write_bytes(data[:k] + bytes(255 - b for b in data[k:k + 4]) + data[k + 4:])
    if how == 'zero': path.write_bytes(data[:k] + bytes(len(data) - k))
    if how == 'more': path.write_bytes(data + b'junk'*9)
    if how == 'text': path.write_text('{"not": "it"}')
    if how == 'empty': path.write_bytes(b'')

FILES = st.tuples(st.sampled_from([*FORMATS, *SOUNDS, 'npy', 'wav', 'gif', 'mp4', 'obj', 'glb', 'nii.gz', 'json']), st.sampled_from(MODES), st.integers(1, 12), st.integers(1, 12))
ROOM = st.sampled_from([None]*6 + [100, 1000, 3000, 10_000, 30_000])
HURT = st.sampled_from(['none']*6 + ['cut', 'flip', 'zero', 'more', 'text', 'empty'])
NUMBER = st.sampled_from(['1', '2', '7', '0', '-1', 'nan', 'inf', '1e400', '0.5', '1e-30', 'x', '', '9'*30, '1_0', '०', "'"])
SIZE = st.sampled_from(['4', '5x6', '12', '1', '0', '8by8', 'x', '99999999', '900000x900000', '-3', '3x', '5x5x5', ' 6 '])
WORD = st.sampled_from(['nint', 'full', 'uniform', 'int', 'ntk', 'siren', 'ffn', 'sirne', 'image', 'audio', 'shape', 'cosine', 'fast', 'plain', '', '..', '~', '/', 'a b', '\u00fc', 'x'*300, 'nint:xi=', 'nint:xi=[1]', 'int:ratio=0.1', 'uniform:epoch=True', 'pool:k=9', 'rate=0', 'frames=2', 'size=3', 'held_out=0', 'xpu', 'cuda:99', 'mps', 'seed=abc'])
ARGUMENT = st.tuples(st.sampled_from([*LOADER_ARGS, 'source', 'sigma', 'axes']), st.sampled_from(['0', '1', '7', '-1', 'nan', '1e9', '999999', '0.5', 'x', '', '()', '(2,2)', '(4,4,4)', '(0,0,2,2)', 'True', 'None', '[[1]]', '"a"', '9'*30])).map('='.join)
OUTS = st.sampled_from(['out', 'out', 'out/a', 'mine', 'mine/paper.tex', 'link', 'old', 'fit', '~nobody/x', 'x'*300, '/proc/x', '', *(f'planted{k}' for k in range(5))])
PATHS = st.sampled_from(['FILE']*6 + ['', 'nowhere.png', 'mine', 'pipe', 'link', 'fit', '/dev/zero', '~', 'old/config.json', 'x'*300])


def option(names, values): return st.tuples(st.sampled_from(names), values).map(lambda t: f'--{t[0]} {shlex.quote(t[1])}')

LINES = st.one_of(
    st.tuples(PATHS, st.lists(st.one_of(
        option(['steps', 'ratio', 'lr', 'width', 'depth', 'omega0', 'init_scale', 'target', 'seed'], NUMBER), option(['size'], SIZE), option(['out'], OUTS),
        option(['sampler', 'model', 'medium', 'schedule', 'precision', 'signal', 'stesp', 'device'], WORD), option(['config'], PATHS), option(['signal'], ARGUMENT), option(['signal'], ARGUMENT), st.just('--overwrite')), max_size=4)
    ).map(lambda t: f'nint_fit {t[0]} {SMALL} {" ".join(t[1])}'),
    st.tuples(st.sampled_from(['fit', 'sound', 'mine', 'old', 'out', 'nowhere', 'link', '']), st.lists(st.one_of(
        option(['size'], SIZE), option(['rate', 'frames', 'chunk'], NUMBER), option(['file'], st.sampled_from(['mine/paper.tex', 'out.png', '/x/y.png', 'link', 'a.docx', 'mine'])), st.just('--overwrite')), max_size=3)
    ).map(lambda t: f'nint_render {t[0]} {" ".join(t[1])}'),
    st.tuples(PATHS, st.lists(st.one_of(
        option(['compute', 'seeds', 'ratio', 'lr', 'target'], NUMBER), option(['samplers', 'model', 'medium', 'signal'], WORD), option(['signal'], ARGUMENT), option(['out'], OUTS),
        option(['figure'], st.sampled_from(['a.svg', '../a.png', '/tmp/a.png', 'a', 'paper.tex'])), st.just('--overwrite')), max_size=3)
    ).map(lambda t: f'nint_compare {t[0]} --compute 1 --size 4 --width 8 --depth 1 --samplers uniform {" ".join(t[1])}'),
    st.tuples(st.sampled_from(['fit', 'sound', 'wave', 'nan', 'bare', 'cut', 'strange', 'mine', 'old', 'out', 'nowhere', 'link', 'FILE', 'pipe', '/dev/zero', '~nobody/x', 'x'*300, '']), st.lists(st.one_of(
        option(['file'], st.sampled_from(['mine/paper.tex', 'new.onnx', 'new', 'a.docx', '/x/y.onnx', 'link', 'link/paper.tex', 'mine', 'old', 'fit', 'pipe', 'shut/a.onnx', '/proc/x.onnx', 'x'*300 + '.onnx', ''])),
        option(['format', 'onnx', 'opset', 'out'], WORD), st.just('--onnx'), st.just('--onnx'), st.just('--overwrite')), max_size=3)
    ).map(lambda t: f'nint_export {t[0]} {" ".join(t[1])}'),
    st.tuples(st.sampled_from(['', 'mine', 'old', 'fit', 'nowhere', 'link']), st.lists(option(['by', 'values'], WORD), max_size=2)).map(lambda t: f'nint_runs {t[0]} {" ".join(t[1])}'),
)


# --- a world with things that belong to somebody, and what must hold after any command

def world(folder):
    "A folder with a thesis, a link to it, a pipe, two fits, and a foreign config.json."
    shutil.copytree(FITS, folder, dirs_exist_ok=True)
    (folder/'mine').mkdir()
    (folder/'mine'/'paper.tex').write_text('years of work')
    (folder/'old').mkdir()
    (folder/'old'/'config.json').write_text('{"compilerOptions": {}}')
    (folder/'old'/'specs.json').write_text('[]')
    (folder/'link').symlink_to('mine')
    os.mkfifo(folder/'pipe')
    (folder/'shut').mkdir(mode=0o500)
    for k, name in enumerate(('.nint-work', '.nint-ready', '.nint-work/job', 'metrics.json')):    # links where we write, a plan that leads out, a person's folders
        (folder/f'planted{k}'/name).parent.mkdir(parents=True)
        (folder/f'planted{k}'/name).symlink_to(folder/'mine' if k < 2 else folder/'mine'/'paper.tex')
    for name in ('.nint-ready/plan.json', 'views/a.png', 'pretrained/b.bin'):
        (folder/'planted4'/name).parent.mkdir(parents=True, exist_ok=True)
        (folder/'planted4'/name).write_text('{"remove": ["../mine/paper.tex", "views"]}')
    return ['mine/paper.tex', 'old/config.json', 'old/specs.json', 'planted4/views/a.png', 'planted4/pretrained/b.bin']

def fail(line, why, err=''): raise AssertionError(f'$ {line}\n{why}\n{err}')

def words(line, status, out, err):
    "What must be true of what any command says."
    said = [l for l in err.splitlines() if l.strip() and '|' not in l and ': note: ' not in l]
    if 'Traceback' in err: fail(line, 'a traceback', err)
    if status not in (0, 2): fail(line, f'status {status}', err)
    if status == 2 and out: fail(line, f'a mistake, and {out[:200]!r} on standard output', err)
    if status == 2 and len(said) != 1: fail(line, f'{len(said)} lines for a mistake', err)
    if status == 2 and not said[0].startswith(line.split()[0] + ': '): fail(line, 'the line does not name the command', err)
    if status == 2 and any(w in said[0] for w in ('[Errno', 'Error(', 'object has no attribute', 'NoneType')): fail(line, "a library's words", err)

def look(line, status, out, err, folder, kept):
    "What must be true after any command."
    words(line, status, out, err)
    for name, data in kept.items():
        if not (folder/name).is_file() or (folder/name).read_bytes() != data: fail(line, f'{name} is gone or changed')
    left = [p for p in folder.rglob('*') if any(h in p.name for h in HIDDEN) and 'planted' not in str(p)]
    if left: fail(line, f'left behind: {left}')
    for c in folder.rglob('*.json'):
        if c.name == 'metrics.json' and not c.is_symlink(): json.loads(c.read_text(), parse_constant=lambda w: fail(line, f'{c} holds {w}'))

@contextlib.contextmanager
def full_disk(room):
    "No file may grow beyond `room` bytes; None: as it is."
    try: import resource, signal
    except ImportError: room = None    # Windows
    if room is None:
        yield
        return
    was, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, was[1]))
    try: yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
        signal.signal(signal.SIGXFSZ, ignored)

def attack(line, file, hurt, at, n, room=None):
    with tempfile.TemporaryDirectory() as tmp:
        folder, home = Path(tmp), Path.cwd()
        owned = world(folder)
        rng = np.random.default_rng(n)
        path = made(folder, file, rng)
        damage(path, hurt, at)
        kept = {k: (folder/k).read_bytes() for k in [*owned, path.name]}
        line = line.replace('FILE', path.name)
        os.chdir(folder)
        facts = f'{file}, {hurt} at {at:.2f}'
        for space in dict.fromkeys((room, None)):    # after a full disk the same once more, with room
            try:
                with full_disk(space): status, out, err = run_line(line)
            except Exception as e: fail(line, f'{type(e).__name__}: {e} ({facts}, files up to {space} bytes)')
            finally: os.chdir(home)
            if space: words(f'{line}   ({facts}, files up to {space} bytes)', status, '', err)    # what could not be written may stand on the screen
            if space: os.chdir(folder)
        look(f'{line}   ({facts})', status, out, err, folder, kept)

def readers(file, n):
    "A picture is the same through every path."
    kind, mode, w, h = file
    if kind not in FORMATS or mode not in FORMATS[kind]: return
    with tempfile.TemporaryDirectory() as tmp:
        path = made(Path(tmp), file, np.random.default_rng(n))
        if w*h < 2: return
        got = {}
        for name, read in dict(image=image_signal, large=large_image_signal).items():
            try: got[name] = read(str(path)).loaded() if name == 'large' else read(str(path))
            except ValueError as e: got[name] = str(e)
        if any(isinstance(g, str) for g in got.values()): return     # a reader that refuses says so; it does not disagree
        a, b = (g.decode(g.y) for g in got.values())
        if a.shape != b.shape or (a - b).abs().max() > 2/255: raise AssertionError(f'{kind} {mode} {w}x{h}: image and large disagree: {tuple(a.shape)}, {tuple(b.shape)}' + (f', by {(a - b).abs().max():.3f}' if a.shape==b.shape else ''))


# --- contexts, values and times: what must be the same whatever is around, and come back whatever its size

def net(signal, seed=0): return nint.SIREN(signal.d, signal.c, width=8, depth=2, seed=seed)

def weights(signal, name): return torch.cat([p.detach().flatten() for p in nint.fit(net(signal), signal, nint.SAMPLERS[name](), steps=3, lr=1e-3, progress=False).model.parameters()])

AROUND = dict(autocast=lambda: torch.autocast('cpu', torch.bfloat16), no_grad=torch.no_grad, errors=lambda: np.errstate(all='raise'))

def contexts(name, around, other):
    "A fit, and its choices, are the same in a context, and beside a fit in another thread."
    signal = Signal(grid_coords(9, 8), torch.sin(7*grid_coords(9, 8)), (9, 8), 'points')
    want = weights(signal, name)
    with AROUND[around](): got = weights(signal, name)
    if not torch.allclose(want, got, atol=1e-6): raise AssertionError(f'{name} inside {around}: other weights')
    with ThreadPoolExecutor(2) as ex: both = list(ex.map(lambda n: weights(signal, n), (name, other)))
    if not torch.equal(both[0], want): raise AssertionError(f'{name} beside {other} in another thread: other weights')

def values(kind, scale, offset, n):
    "Values of any size come back through every door: signal, saved domain, fit."
    y = (torch.from_numpy(np.random.default_rng(n).random((56, 2))) + offset)*10.0**scale
    signal = Signal(grid_coords(7, 8, dtype=torch.float64), y, (7, 8), kind)
    saved = Domain(signal.shape, kind, '', 2, 2, signal.scale.tolist(), signal.offset.tolist(), json.loads(json.dumps(signal.meta)))
    class Known(torch.nn.Module):    # a network that has learned all
        def __init__(self): super().__init__(); self.y = torch.nn.Parameter(signal.y)
        def forward(self, x): return self.y[:len(x)]
    shown = Fitted(Known(), dict(kind='image'), saved).render().reshape(-1, 2)
    for door, got in dict(decode=signal.decode(signal.y), saved=saved.decode(signal.y), fit=shown).items():
        gap = (got.reshape(-1, 2) - y).abs().max() / (y.max() - y.min())
        if not gap < 1e-6: raise AssertionError(f'{kind} values of 1e{scale} from {offset}: {door} differs by {gap:.2g} of their range')
    if np.ptp(signal.y.numpy()) < 1/300: raise AssertionError(f'{kind} values of 1e{scale} from {offset} stay within {np.ptp(signal.y.numpy()):.2g}')

def times(waits, kind, n):
    "Moments that differ keep coordinates of their own, or it is said; a film's are the same at every door."
    t = torch.cumsum(torch.tensor([0.0, *waits], dtype=torch.float64), 0)
    x = (2*t/t[-1] - 1).to(torch.float32 if kind else torch.float64)[:, None]
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter('always', UserWarning)
        try: s = Signal(x, torch.sin(x), (len(x),) if kind == 2 else None).to(dtype=torch.float32)
        except ValueError: return
    same = len(x) - len(s.x.unique())
    if same > 0.01*len(x) and not said: raise AssertionError(f'{same} of {len(x)} moments {waits[:4]}... share a coordinate without a word')
    film = Domain((len(x), 2, 2), 'video', '', 3, 3, meta=dict(times=s.x[:, 0].tolist(), fps=9))
    if not torch.equal(film.coords(len(x), 2, 2)[::4, 0], s.x[:, 0]): raise AssertionError(f'a film with waits {waits[:4]}... is asked at other times')

def whole(file, at, n):
    "A file that ends early gives what the whole one gives, or says so."
    kind, mode, w, h = file
    if kind in ('json', 'obj'): return    # of which a part is a file as well
    load = dict(npy=image_signal, gif=video_signal, mp4=video_signal, glb=lambda p: mesh_signal(p, n=20)) | {'nii.gz': volume_signal, 'wav': audio_signal}
    load |= dict.fromkeys(FORMATS, image_signal) | dict.fromkeys(SOUNDS, audio_signal)
    with tempfile.TemporaryDirectory() as tmp, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter('always', UserWarning)
        path = made(Path(tmp), file, np.random.default_rng(n))
        try: want = load[kind](path)
        except ValueError: return
        damage(path, 'cut', 0.97*at)
        try: got = load[kind](path)
        except ValueError: return
    if got.checksum != want.checksum and not said: raise AssertionError(f'{file} cut at {0.97*at:.2f}: {got} in place of {want}, without a word')


def spoil(fit, to, weights=None, words=None):
    "A copy of a fit whose weights went through `weights`, and its config through `words`; no weights at all where that gives None."
    shutil.copytree(fit, to)
    path, config = to/'weights.safetensors', to/'config.json'
    if weights and (data := weights(path)) is not None: path.write_bytes(data)
    elif weights: path.unlink()
    if words: config.write_text(json.dumps(words(json.loads(config.read_text()))))

def without_numbers(path):
    return save({k: torch.full_like(v, torch.nan) for k, v in load_file(path).items()})

def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--n', type=int, default=400, help='cases')
    p.add_argument('--seed', type=int, default=0)
    a = p.parse_args()
    global FITS
    with tempfile.TemporaryDirectory() as tmp:
        FITS, t, count = Path(tmp)/'fits', time.time(), [0]*6
        os.environ['NINT_CACHE'] = f'{tmp}/cache'
        for line in (f'nint_fit --size 8 {SMALL} --out {FITS}/fit', f'nint_fit --medium audio --signal rate=8000:seconds=0.5 {SMALL} --out {FITS}/sound', f'nint_fit --size 8 --model wire {SMALL} --out {FITS}/wave'):
            status, _, err = run_line(line)
            if status: sys.exit(err)
        for name, how in dict(nan=dict(weights=without_numbers), bare=dict(weights=lambda p: None), cut=dict(weights=lambda p: p.read_bytes()[:100]), strange=dict(words=lambda c: c | dict(model='sirne'))).items():
            spoil(FITS/'fit', FITS/name, **how)
        how = settings(max_examples=a.n, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,), print_blob=False)

        @seed(a.seed)
        @how
        @given(LINES, FILES, HURT, st.floats(0, 1), st.integers(0, 2**32 - 1), ROOM)
        def commands(line, file, hurt, at, n, room):
            count[0] += 1
            attack(line, file, hurt, at, n, room)

        @seed(a.seed)
        @how
        @given(FILES, st.integers(0, 2**32 - 1))
        def pictures(file, n):
            count[1] += 1
            readers(file, n)

        names = st.sampled_from([*nint.SAMPLERS])
        few = settings(how, max_examples=max(10, a.n//10))

        @seed(a.seed)
        @few
        @given(names, st.sampled_from([*AROUND]), names)
        def around(name, around, other):
            count[2] += 1
            contexts(name, around, other)

        @seed(a.seed)
        @how
        @given(st.sampled_from([k for k in KINDS if k not in ('sdf', 'occupancy', 'rays')]), st.integers(-8, 4), st.sampled_from([0.0, 0.01, -0.5, 9.0, -100.0, 1e3]), st.integers(0, 2**32 - 1))
        def sizes(kind, scale, offset, n):
            count[3] += 1
            values(kind, scale, offset, n)

        @seed(a.seed)
        @how
        @given(st.lists(st.sampled_from([0.01, 0.01, 0.01, 0.02, 1.0, 3600.0, 2.6e6]), min_size=3, max_size=400), st.integers(0, 2), st.just(0))
        def moments(waits, kind, n):
            count[4] += 1
            times(waits, kind, n)

        @seed(a.seed)
        @how
        @given(FILES, st.floats(0, 1), st.integers(0, 2**32 - 1))
        def ends(file, at, n):
            count[5] += 1
            whole(file, at, n)

        wrong = []
        for f in (commands, pictures, around, sizes, moments, ends):
            try: f()
            except BaseException as e:
                if isinstance(e, KeyboardInterrupt): raise
                wrong.append('\n'.join(str(x) for x in getattr(e, 'exceptions', [e])))
        print('{} command lines, {} pictures, {} contexts, {} values, {} rows of times, {} cut files'.format(*count) + f', seed {a.seed}, {time.time() - t:.0f} s')
        if wrong: sys.exit('\n\n'.join(wrong))

if __name__ == '__main__': main()
