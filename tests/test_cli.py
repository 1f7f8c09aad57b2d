"Every medium that can be fitted can be rendered; a mistake is one line."
import json
import subprocess
import sys
from pathlib import Path

import pytest

from nint.cli.compare import run_line
from nint.signals.media import MEDIA
import nint.networks.radiance  # posed pictures enter MEDIA

SMALL = '--steps 3 --width 8 --depth 2'
LESS = dict(image=(' --size 48', ''), large=(' --size 96', ''), mesh=(' --signal n=2048', ' --size 24'),
            audio=(' --signal seconds=0.5', ''), video=(' --size 24', ''), rays=(' --size 12', ''))   # of what takes seconds

@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path

@pytest.mark.parametrize('name', MEDIA)
def test_what_is_fitted_can_be_rendered(name, here):
    "Defect D3."
    word, (fit, render) = MEDIA[name].word, LESS.get(name, ('', ''))
    status, out, err = run_line(f'nint_fit --medium {word} {SMALL}{fit} --out fit')
    assert status == 0, err
    status, out, err = run_line(f'nint_render fit{render}')
    assert status == 0 and list(Path('fit').glob('render*')), err
    status, out, err = run_line(f'nint_render fit{render}')
    assert status == 2 and 'exists' in err

def test_a_photograph_by_the_recommended_fit(here):
    from PIL import Image
    import numpy as np
    rows, cols = np.mgrid[:64, :48]
    Image.fromarray(np.stack([rows * 4, cols * 5, rows + cols], -1).astype(np.uint8)).save('a.png')
    status, out, err = run_line('nint_fit a.png --out fit')
    assert status == 0, err
    assert json.loads(Path('fit/config.json').read_text())['model'] == 'planegrid'
    assert json.loads(Path('fit/metrics.json').read_text())['psnr'] > 25
    again, _, err = run_line('nint_fit --config fit/config.json --out again')
    assert again == 0, err
    a, b = (Path(f'{d}/weights.safetensors').read_bytes() for d in ('fit', 'again'))
    assert a == b
    assert run_line('nint_render fit --size 96x128 --file big.png')[0] == 0
    assert Image.open('big.png').size == (96, 128)
    assert run_line('nint_export fit')[0] == 0

@pytest.mark.parametrize('line, words', {
    'nint_fit nowhere.png': 'no such file',
    'nint_fit --stesp 3': 'did you mean "--steps"?',
    'nint_fit --steps x': '--steps must be a whole number, got "x"',
    'nint_fit --steps 0': '--steps must be a whole number',
    'nint_fit --sampler density': 'did you mean "adaptive_blue_noise"?',
    'nint_fit --device xpu': 'device',
    'nint_fit --signal crop=7': 'crop',
    'nint_fit --medium audio --signal seed=abc': 'argument of',
    'nint_fit --size 8 --signal size=9': 'keep one',
    'nint_fit table.csv': 'Signal(t, y)',
    'nint_render nowhere': 'config.json',
    'nint_compare --samplers nope': 'unknown sampler',
    'nint_runs nowhere': 'nowhere',
}.items())
def test_a_mistake_is_one_line(line, words, here):
    Path('table.csv').write_text('t,v\n0,1\n1,2\n2,3\n')
    status, out, err = run_line(line)
    assert status == 2 and len(err.splitlines()) == 1 and words in err, (status, err)
    assert not Path('out').exists()

def test_compare(here):
    status, out, err = run_line(f'nint_compare --samplers full,uniform,nint --compute 6 --size 16 --width 8 --depth 2 --out c')
    assert status == 0 and 'Uniform' in out, err
    assert {'report.html', 'table.csv'} <= {p.name for p in Path('c').iterdir()}

def test_version_is_quick():
    out = subprocess.run([sys.executable, '-c', 'import sys; sys.argv = ["nint_fit", "--version"]\nfrom nint.cli import nint_fit\ntry: nint_fit()\nfinally: assert "torch" not in sys.modules'],
                         capture_output=True, text=True)
    assert out.stdout.startswith('nint_fit 0.') and not out.stderr, out.stderr
