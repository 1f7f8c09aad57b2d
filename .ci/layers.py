#!/usr/bin/env python
"""The parts of the package and their order: a module imports from its own part and from earlier ones, never from a later one or from the package itself."""
import ast, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = 'signals', 'networks', 'selection', 'training', 'evidence', 'cli'

def targets(path, package):
    "(line, dotted name inside the package) of every import of a file, those inside functions too; '' is the package itself."
    here = path.relative_to(package).with_suffix('').parts
    for n in ast.walk(ast.parse(path.read_text())):
        if isinstance(n, ast.Import):
            for a in n.names:
                if a.name.split('.')[0]==package.name: yield n.lineno, a.name.partition('.')[2]
        if isinstance(n, ast.ImportFrom):
            if n.level: base = '.'.join([*here[:len(here) - n.level], *([n.module] if n.module else [])])
            elif (n.module or '').split('.')[0]==package.name: base = n.module.partition('.')[2]
            else: continue
            for a in n.names: yield n.lineno, base or (a.name if a.name in PARTS else '')

def arrows(package):
    "What runs against the order, a line each."
    for path in sorted(package.glob('*/**/*.py')):
        part = path.relative_to(package).parts[0]
        if part not in PARTS: yield f'{path.relative_to(package.parent)}: a part of the package that is not in {", ".join(PARTS)}'; continue
        for line, to in targets(path, package):
            other = to.split('.')[0]
            if not other: yield f'{path.relative_to(package.parent)}:{line} imports the package itself; import from the part that holds the name'
            elif other in PARTS and PARTS.index(other) > PARTS.index(part): yield f'{path.relative_to(package.parent)}:{line} imports {to}, of the later part {other}'

def self_test():
    "Every kind of arrow, planted, is found, and an import of an earlier part is not."
    with tempfile.TemporaryDirectory() as tmp:
        package = Path(tmp)/'nint'
        (package/'networks').mkdir(parents=True)
        def found(text): (package/'networks'/'a.py').write_text(text); return len(list(arrows(package)))
        bad = ('from ..training.train import fit', 'from nint.training import fit', 'import nint.cli', 'import nint', 'from .. import evidence',
               'from nint import SIREN', 'def f():\n    from ..selection import pool')
        good = ('from ..signals.signal import Signal', 'from .models import SIREN', 'import torch', 'from nint.signals import lookup')
        blind = [t for t in bad if found(t)!=1] + [t for t in good if found(t)]
        if blind: raise RuntimeError(f'the check of the layers is broken: {blind}')

def check(package=ROOT/'nint'):
    self_test()
    wrong = list(arrows(package))
    if wrong: raise RuntimeError('imports against the order of the parts (' + ', '.join(PARTS) + '):\n' + '\n'.join(wrong))

if __name__ == '__main__':
    try: check()
    except RuntimeError as e: sys.exit(str(e))
