#!/usr/bin/env python
"""Format the code cells of notebooks for a page 100 characters wide: `make format`, or .ci/format.py nbs/2_networks/03_ntk.ipynb ...
With --check, say which lines are longer."""
import json, re, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 100
MAGIC = re.compile(r'^\s*[%!?]', re.M)

def notebooks(): return [p for p in sorted((ROOT/'nbs').glob('**/*.ipynb')) if not any(q.startswith(('_', '.')) for q in p.relative_to(ROOT).parts)]

def formatted(source):
    "The source of a cell: statements on lines of their own, long ones wrapped, one blank line at most."
    import black
    if MAGIC.search(source): return source
    mode = black.Mode(line_length=WIDTH, string_normalization=False, preview=True, target_versions={black.TargetVersion.PY311},
                      enabled_features={black.Preview.string_processing})
    lines = source.splitlines(True)
    head = [l for l in lines if l.startswith('#|')]
    body = ''.join(l for l in lines if not l.startswith('#|'))
    quiet = body.rstrip().endswith(';')                        # what a cell ends with is not shown
    try: new = black.format_str(body, mode=mode).rstrip('\n')
    except black.InvalidInput: return source
    return ''.join(head) + re.sub(r'\n\n\n+', '\n\n', new) + ';'*quiet

def format_notebook(path):
    text = path.read_text()
    nb = json.loads(text)
    for c in nb['cells']:
        if c['cell_type']=='code' and ''.join(c['source']).strip(): c['source'] = formatted(''.join(c['source'])).splitlines(True)
    new = json.dumps(nb, indent=1, ensure_ascii=False, sort_keys=True) + '\n'
    if new!=text: path.write_text(new)

def too_long(path):
    "Lines of code that a page has to wrap; #| lines are not shown."
    for k,c in enumerate(json.loads(path.read_text())['cells']):
        if c['cell_type']!='code': continue
        for l in ''.join(c['source']).splitlines():
            if len(l) > WIDTH and not l.startswith('#|'): yield f'{path.relative_to(ROOT)} cell {k}: {len(l)} characters: {l.strip()[:60]}'

if __name__=='__main__':
    paths = [Path(p).resolve() for p in sys.argv[1:] if not p.startswith('-')] or notebooks()
    if '--check' in sys.argv:
        wrong = [w for p in paths for w in too_long(p)]
        if wrong: sys.exit('\n'.join([f'{len(wrong)} lines of code are longer than {WIDTH} characters; make format wraps what it can', *wrong[:40]]))
    else:
        for p in paths: format_notebook(p)
