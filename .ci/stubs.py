#!/usr/bin/env python
"""Type stubs of the package, for the wheel: a checker reads signatures, and does not see that `@patch` puts a function into a class. Here it does.
stubs.py PACKAGE FOLDER"""
import ast, builtins, copy, sys
from pathlib import Path

KEPT = {'dataclass', 'contextmanager', 'contextlib.contextmanager', 'property', 'staticmethod', 'classmethod'}   # decorators that a checker understands
GONE = {'torch.no_grad', 'torch.inference_mode', 'lru_cache', 'delegates', 'wraps', 'patch'}                     # that leave a signature as it is
ANY, DOTS = ast.Name('_Any'), ast.Constant(...)

def name_of(node): return ast.unparse(node.func if isinstance(node, ast.Call) else node)

def owners(f):
    "The classes that `@patch` puts a function into; none without one."
    if not any(name_of(d)=='patch' for d in f.decorator_list): return []
    to = f.args.args[0].annotation
    return [n.id for n in (to.elts if isinstance(to, ast.Tuple) else [to])]

def kind(value):
    "The type of a value as far as it is written there."
    if isinstance(value, ast.Constant) and value.value is not None: return ast.Name(type(value.value).__name__)
    if isinstance(value, ast.Call) and name_of(value) in ('dict', 'list', 'set', 'tuple'): return ast.Name(name_of(value))
    for node, name in ((ast.Dict, 'dict'), (ast.DictComp, 'dict'), (ast.List, 'list'), (ast.ListComp, 'list'), (ast.Set, 'set'), (ast.Tuple, 'tuple')):
        if isinstance(value, node): return ast.Name(name)
    return ANY

def declared(name, type_): return ast.AnnAssign(ast.Name(name), type_, None, 1)

def assigned(node):
    "(name, type) of what an assignment binds."
    value = kind(node.value)
    for t in node.targets:
        if isinstance(t, ast.Name): yield t.id, value
        elif isinstance(t, ast.Tuple):
            yield from ((e.id, ANY) for e in t.elts if isinstance(e, ast.Name))

def own(methods):
    "(name, type) of what methods assign to `self`: a parameter's type where one is stored as it is."
    for f in methods:
        me = f.args.args[0].arg if f.args.args else None
        types = {a.arg: a.annotation for a in f.args.args + f.args.kwonlyargs}
        for node in ast.walk(f):
            pairs = []
            if isinstance(node, ast.Assign):
                for t in node.targets:
                    same = isinstance(t, ast.Tuple) and isinstance(node.value, ast.Tuple) and len(t.elts)==len(node.value.elts)
                    pairs += zip(t.elts, node.value.elts) if same else [(e, None) for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
                if len(node.targets)==1 and not isinstance(node.targets[0], ast.Tuple): pairs = [(node.targets[0], node.value)]
            for t, v in pairs:
                if isinstance(t, ast.Attribute) and isinstance(t.value, ast.Name) and t.value.id==me and f.name=='__init__':
                    made = v.func if isinstance(v, ast.Call) and isinstance(v.func, ast.Name) and v.func.id[0].isupper() else None   # self.x = X(...)
                    yield t.attr, (types.get(v.id) if isinstance(v, ast.Name) else made) or ANY
                elif isinstance(t, ast.Attribute) and isinstance(t.value, ast.Name) and t.value.id==me: yield t.attr, ANY

def returns_self(f):
    "Does a method that says nothing of its result always return the object itself?"
    out = [n.value for n in ast.walk(f) if isinstance(n, ast.Return)]
    return f.returns is None and bool(out) and f.args.args and f.args.args[0].arg=='self' and all(isinstance(v, ast.Name) and v.id=='self' for v in out)

def signature(f, known):
    "A function without its body; one whose decorators a checker cannot follow may be anything."
    names = [name_of(d) for d in f.decorator_list]
    if set(names) - KEPT - GONE and not any(n.endswith('.setter') for n in names): return declared(f.name, ANY)
    plain = lambda t: t if t is None or {n.id for n in ast.walk(t) if isinstance(n, ast.Name)} <= known else None
    a = f.args
    for p in (*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))): p.annotation = plain(p.annotation)
    a.defaults, a.kw_defaults = [DOTS]*len(a.defaults), [d and DOTS for d in a.kw_defaults]
    as_prop = any(k.arg=='as_prop' for d in f.decorator_list if isinstance(d, ast.Call) for k in d.keywords)
    f.decorator_list = [d for d in f.decorator_list if name_of(d) in KEPT] + [ast.Name('property')]*as_prop
    f.returns = ast.Constant(None) if f.name=='__init__' else ast.Name('_Self') if returns_self(f) else plain(f.returns)
    if isinstance(f.returns, ast.Name) and f.returns.id=='_Self': a.args[0].annotation = None
    f.body = [ast.Expr(DOTS)]
    return f

def bound(tree):
    "Names that a module binds at its top."
    out = set(dir(builtins)) | {'_Any'}
    for n in tree.body:
        if isinstance(n, (ast.Import, ast.ImportFrom)): out |= {(a.asname or a.name).split('.')[0] for a in n.names}
        elif isinstance(n, (ast.ClassDef, ast.FunctionDef)): out.add(n.name)
        elif isinstance(n, ast.Assign): out |= {k for k, _ in assigned(n)}
    return out

def class_stub(c, added, known):
    methods = [n for n in c.body if isinstance(n, ast.FunctionDef)] + added
    fields = [n for n in c.body if isinstance(n, ast.AnnAssign)]
    has = {n.name for n in methods} | {n.target.id for n in fields}
    loose = [p for n in c.body if isinstance(n, ast.Assign) for p in assigned(n)] + [*own(methods)]
    attrs = {}
    for k, t in loose:
        if k not in has: attrs.setdefault(k, t if {n.id for n in ast.walk(t) if isinstance(n, ast.Name)} <= known else ANY)
    for n in fields: n.value = n.value and DOTS
    c.decorator_list = [d for d in c.decorator_list if name_of(d) in KEPT]
    c.body = [*fields, *(declared(k, t) for k, t in attrs.items()), *({m.name + str(len(m.decorator_list)): signature(m, known) for m in methods}.values())] or [ast.Expr(DOTS)]
    return c

def statements(body, patches, known):
    for n in body:
        if isinstance(n, ast.ImportFrom):
            n.names = [ast.alias(a.name, None if a.name=='*' else a.asname or a.name) for a in n.names]
            yield n
        elif isinstance(n, ast.Import): yield n
        elif isinstance(n, ast.ClassDef): yield class_stub(n, [f for _, f in patches.get(n.name, [])], known)
        elif isinstance(n, ast.FunctionDef): yield signature(n, known)
        elif isinstance(n, ast.Assign):
            if any(isinstance(t, ast.Name) and t.id=='__all__' for t in n.targets): yield n
            else: yield from (declared(k, t) for k, t in assigned(n))
        elif isinstance(n, ast.AnnAssign): yield declared(n.target.id, n.annotation)
        elif isinstance(n, (ast.If, ast.With)): yield from (declared(x.name, ANY) for x in n.body if isinstance(x, (ast.ClassDef, ast.FunctionDef)))

def write(package, folder):
    "A stub beside every module of a package, but for the `__init__` files, which a checker can read."
    trees = {f: ast.parse(f.read_text(encoding='utf-8')) for f in sorted(Path(package).rglob('*.py')) if not f.name.startswith('_')}
    patches = {}
    for path, tree in trees.items():
        for f in [n for n in tree.body if isinstance(n, ast.FunctionDef) and owners(n)]:
            for c in owners(f): patches.setdefault(c, []).append((path, copy.deepcopy(f)))
            tree.body.remove(f)
    names = {f: bound(tree) for f, tree in trees.items()}
    for f, tree in trees.items():
        mine, here = [n.name for n in tree.body if isinstance(n, ast.ClassDef)], {}
        for c in mine:   # methods from other modules bring the names of their types along
            for path, m in patches.get(c, []):
                types = [m.returns, *(a.annotation for a in (*m.args.args, *m.args.kwonlyargs))]
                here |= {n.id: path for t in types if t for n in ast.walk(t) if isinstance(n, ast.Name) and n.id in names[path] - names[f]}
        where = lambda p: '.'.join([Path(package).name, *p.relative_to(package).with_suffix('').parts])
        lines = ['# Written by .ci/stubs.py', 'from typing import Any as _Any, Self as _Self', *(f'from {where(p)} import {k} as {k}' for k, p in here.items()), *map(ast.unparse, map(ast.fix_missing_locations, statements(tree.body, patches, names[f] | here.keys())))]
        to = Path(folder)/f.relative_to(package).with_suffix('.pyi')
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text('\n'.join(lines) + '\n', encoding='utf-8')

if __name__ == '__main__': write(*sys.argv[1:])
