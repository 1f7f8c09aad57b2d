#!/usr/bin/env python
"""The parts of the package and their order: a module imports from its own part and from earlier ones, never from a later one or from the package itself.
And what the notebooks import from the package is there."""
import ast, functools, json, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = 'nint'
PARTS = 'signals', 'networks', 'selection', 'training', 'evidence', 'experiments', 'cli'

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

@functools.cache
def extras():
    "Modules that come with an extra, from the table of the package."
    tree = ast.parse((ROOT/'nint'/'signals'/'signal.py').read_text())
    call, = [n.value for n in tree.body if isinstance(n, ast.Assign) and getattr(n.targets[0], 'id', '')=='EXTRA_OF']
    return {k.arg for k in call.keywords}

def bare(package):
    "Imports of a library of an extra that do not go through `import_extra`: where it is missing, they would not say how to get it."
    for path in sorted(package.glob('**/*.py')):
        for n in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in n.names] if isinstance(n, ast.Import) else [n.module or ''] if isinstance(n, ast.ImportFrom) and not n.level else []
            for name in names:
                if name.split('.')[0] in extras(): yield f'{path.relative_to(package.parent)}:{n.lineno} imports {name}; import_extra("{name}", ...) says how to get it'

def twice(package):
    "Public names that two modules of a part both give, so that one hides the other."
    for part in PARTS:
        owner = {}
        for path in sorted((package/part).glob('[!_]*.py')):
            lists = [n.value for n in ast.parse(path.read_text()).body if isinstance(n, ast.Assign) and getattr(n.targets[0], 'id', '')=='__all__']
            for name in [k for l in lists for k in ast.literal_eval(l)]: owner.setdefault(name, []).append(path.stem)
        starred = (package/part/'__init__.py').read_text()
        for name, where in owner.items():
            where = [w for w in where if f'from .{w} import *' in starred]
            if len(where) > 1: yield f'{package.name}.{part}: {" and ".join(where)} both give {name}'

def source_of(module, root):
    "The file of a dotted module name, or None."
    base = root.joinpath(*module.split('.'))
    return next((p for p in (base/'__init__.py', base.with_suffix('.py')) if p.is_file()), None)

@functools.cache
def names(module, root):
    "What `from module import ...` can give: names that its top level assigns, defines or imports."
    path = source_of(module, root)
    found = {p.stem for p in path.parent.iterdir()} if path.name=='__init__.py' else set()
    stub = path.with_suffix('.pyi')
    text = path.read_text() + ('\n' + stub.read_text() if stub.is_file() else '')
    for n in ast.walk(ast.parse(text)):
        if isinstance(n, (ast.FunctionDef, ast.ClassDef)): found.add(n.name)
        elif isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store): found.add(n.id)
        elif isinstance(n, (ast.Import, ast.ImportFrom)):
            for a in n.names:
                if a.name!='*': found.add(a.asname or a.name.split('.')[0]); continue
                here = path.relative_to(root).with_suffix('').parts
                base = '.'.join([*here[:len(here) - n.level], *([n.module] if n.module else [])]) if n.level else n.module
                if source_of(base, root): found |= names(base, root)
    return frozenset(found)

def unresolved(cells, root):
    "(number of the cell, module, name) of every import from the package that finds nothing."
    for i,c in enumerate(cells):
        if c['cell_type']!='code': continue
        try: tree = ast.parse('\n'.join(l for l in ''.join(c['source']).split('\n') if not l.lstrip().startswith(('%', '!'))))
        except SyntaxError: continue
        for n in ast.walk(tree):
            if not isinstance(n, ast.ImportFrom) or n.level or (n.module or '').split('.')[0]!=PACKAGE: continue
            if source_of(n.module, root) is None: yield i, n.module, ''; continue
            yield from ((i, n.module, a.name) for a in n.names if a.name!='*' and a.name not in names(n.module, root))

def lost(root=ROOT):
    for p in sorted((root/'nbs').glob('*/*.ipynb')) + sorted((root/'nbs').glob('*.ipynb')):
        if '.ipynb_checkpoints' in p.parts: continue
        for i,module,name in unresolved(json.loads(p.read_text())['cells'], root):
            yield f'{p.relative_to(root)} cell {i}: {module} gives no {name or "such module"}'

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
    cell = lambda text: [{'cell_type': 'code', 'source': [text]}]
    here = [len(list(unresolved(cell(t), ROOT))) for t in ('from nint.networks.models import SIREN', 'from nint import SIREN, signals', 'from nint.networks.models import Siren', 'from nint.nets import SIREN')]
    if here!=[0, 0, 1, 1]: raise RuntimeError(f'the check of imports is broken: {here}')

def check(package=ROOT/'nint'):
    self_test()
    wrong = list(arrows(package))
    gone = list(lost()) if package==ROOT/PACKAGE else []
    loose = [*bare(package), *twice(package)] if package==ROOT/PACKAGE else []
    if loose: raise RuntimeError('\n'.join(loose))
    if gone: raise RuntimeError('notebooks import what is not there:\n' + '\n'.join(gone))
    if wrong: raise RuntimeError('imports against the order of the parts (' + ', '.join(PARTS) + '):\n' + '\n'.join(wrong))

if __name__ == '__main__':
    try: check()
    except RuntimeError as e: sys.exit(str(e))
