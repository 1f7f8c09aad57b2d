#!/usr/bin/env python
"""Wrap the code of all notebooks, or of those named, for a page 87 characters wide; only statements with a longer line are touched."""
import json, re, sys
from pathlib import Path
import black

ROOT, WIDTH = Path(__file__).resolve().parent.parent, 87
MODE = black.Mode(line_length=WIDTH, string_normalization=False, magic_trailing_comma=False)

def wrapped(source):
    "A cell whose long statements are wrapped; as it is where it is no Python, or cannot be wrapped."
    lines = source.split('\n')
    wide = [(k, k) for k,l in enumerate(lines, 1) if len(l) > WIDTH and '  # ' not in l]      # a comment says what its parameter is, where it stands
    if not wide or any(re.match(r'\s*[%!]', l) for l in lines): return source
    semicolon = lines[-1].rstrip().endswith(';')
    try: out = black.format_str(source + '\n', mode=MODE, lines=wide).rstrip('\n').replace('# | ', '#| ')
    except (black.InvalidInput, black.NothingChanged): return source
    return out + ';'*(semicolon and not out.endswith(';'))

def main(paths):
    for p in paths:
        nb, changed = json.loads(p.read_text()), False
        for c in nb['cells']:
            if c['cell_type']!='code': continue
            old = ''.join(c['source'])
            new = wrapped(old)
            if new!=old: c['source'], changed = new.splitlines(True), True
        if changed:
            p.write_text(json.dumps(nb, indent=1, ensure_ascii=False, sort_keys=True) + '\n')
            print(p.relative_to(ROOT))

if __name__ == '__main__':
    main([Path(p).resolve() for p in sys.argv[1:]] or sorted(p for p in (ROOT/'nbs').rglob('*.ipynb') if '.ipynb_checkpoints' not in p.parts))
