#!/usr/bin/env python
"""Check the pages that docs.py prepared in _proc/, before anything renders them: what Quarto stumbles over is found where there is no Quarto.
Each kind of fault is planted first and has to be found."""
import json, re, sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PROC = ROOT/'_proc'


class OnceLoader(yaml.SafeLoader): "YAML in which a key stands once, as Quarto reads it."

def _mapping(loader, node):
    keys = [loader.construct_object(k) for k,_ in node.value]
    twice = sorted({str(k) for k in keys if keys.count(k) > 1})
    if twice: raise yaml.constructor.ConstructorError(None, None, f'{", ".join(twice)} is said twice', node.start_mark)
    return {loader.construct_object(k): loader.construct_object(v, deep=True) for k,v in node.value}

OnceLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)

def once(text):
    "Parse YAML; a key that is said twice raises."
    return yaml.load(text, OnceLoader)


# --- one page

def options(source):
    "The option lines at the head of a code cell, without their marks."
    head = re.match(r'(?:#\|[^\n]*(?:\n|$))*', source)[0]
    return ''.join(l.removeprefix('#|').removeprefix(' ') for l in head.splitlines(True))

def option_faults(c):
    try: said = once(options(''.join(c['source'])))
    except yaml.YAMLError as e: yield f'options are no YAML: {" ".join(str(e).split())[:120]}'; return
    if said is not None and not isinstance(said, dict): yield f'options are not "key: value": {str(said)[:80]}'

def line_faults(lines, what):
    "Quarto joins a list of lines as it is: each but the last ends with a newline."
    if not isinstance(lines, list): yield f'the {what} is one string, not a list of lines'; return
    if any(not l.endswith('\n') for l in lines[:-1]) or any('\n' in l[:-1] for l in lines): yield f'a line of the {what} has no newline at its end, or one inside'

def signature_faults(text):
    for m in re.finditer(r'^```python\n(.*?)^```', text, re.M | re.S):
        if re.search(r'\]\([^)\s]+\)', m[1]): yield f'Markdown in a signature: {m[1][:60]!r}'

def page_faults(nb):
    for i,c in enumerate(nb['cells']):
        faults = [*line_faults(c['source'], 'source')]
        if c['cell_type']=='code' and not faults: faults += option_faults(c)
        for o in c.get('outputs', []):
            shown = o.get('data', {}).get('text/markdown')
            if shown is not None: faults += [*line_faults(shown, 'output'), *signature_faults(''.join(shown))]
        yield from (f'cell {i}: {f}' for f in faults)
    head = nb['cells'][0]
    front = once(''.join(head['source']).strip().strip('-')) if head['cell_type']=='raw' and not [*line_faults(head['source'], '')] else {}
    yield from title_faults(front.get('title', ''))

def title_faults(title):
    "Titles are plain words: *Samplers*, not `06 samplers`, not `samplers`."
    if (not re.match(r'[A-Z]', title) or '_' in title) and title!='nint': yield f'the title {title!r} is not plain words with a capital'


# --- the site's settings

def entries(contents):
    for e in contents:
        if 'section' in e: yield from entries(e['contents'])
        else: yield e

def setting_faults(cfg, proc):
    "Each page stands once in the sidebar, under its own title, and the repository is known."
    web = cfg['website']
    listed = [e['href'] for e in entries(web['sidebar']['contents'])]
    have = {p.relative_to(proc).as_posix() for p in [*proc.rglob('*.ipynb'), *proc.rglob('*.qmd')]}
    yield from (f'_quarto.yml: {p} stands twice in the sidebar' for p in sorted({p for p in listed if listed.count(p) > 1}))
    yield from (f'_quarto.yml: the sidebar leads to {p}, which is not there' for p in sorted(set(listed) - have))
    yield from (f'_quarto.yml: the sidebar does not lead to {p}' for p in sorted(have - set(listed)))
    for e in web['navbar']['left']:
        if e['href'] not in have: yield f'_quarto.yml: the navigation leads to {e["href"]}, which is not there'
    for k in ('metadata-files', ): 
        if not all((proc/f).is_file() for f in cfg.get(k, ['nothing'])): yield f'_quarto.yml: {k} names no file that is there'
    known = {**once((proc/'nbdev.yml').read_text())['website'], **web} if (proc/'nbdev.yml').is_file() else web
    for k in ('title', 'site-url', 'repo-url', 'repo-actions', 'page-navigation'):
        if not known.get(k): yield f'settings: no {k}'


# --- the check of the check

def planted():
    "(fault, page) with one fault each; the first page has none."
    code = lambda *lines, **kw: {'cell_type': 'code', 'source': list(lines), 'outputs': [], 'metadata': {}, **kw}
    title = lambda t: {'cell_type': 'raw', 'source': ['---\n', f'title: {t}\n', '---\n'], 'metadata': {}}
    show = lambda t: code('x', outputs=[{'output_type': 'display_data', 'data': {'text/markdown': t.splitlines(True)}}])
    page = lambda *cells, name='Samplers': {'cells': [title(name), *cells]}
    yield None, page(code('#| code-fold: true\n', '#| fig-alt: "a: b"\n', 'x = 1'), show('```python\ndef f(\n    a, # see [1]\n)\n```\n'))
    yield 'said twice', page(code('#| code-fold: show\n', '#| code-fold: true\n', 'x = 1'))
    yield 'no YAML', page(code('#| fig-alt: a: b\n', 'x = 1'))
    yield 'key: value', page(code('#| exports\n', 'x = 1'))
    yield 'one string', page({'cell_type': 'markdown', 'source': '## A\n\ntext', 'metadata': {}})
    yield 'no newline', page({'cell_type': 'markdown', 'source': ['## A', '', 'text'], 'metadata': {}})
    yield 'Markdown in a signature', page(show('```python\ndef f(\n    a, # from [`record`](pool.ipynb#record)\n)\n```\n'))
    for bad in ('samplers', '06 samplers', 'Kernel_probe'): yield 'plain words', page(name=bad)

def self_test():
    for kind,nb in planted():
        found = list(page_faults(nb))
        if (kind is None and found) or (kind and (len(found)!=1 or kind not in found[0])):
            raise RuntimeError(f'the check of prepared pages is broken: planted {kind or "nothing"}, found {found or "nothing"}')

def check(proc=PROC):
    self_test()
    faults = list(setting_faults(once((proc/'_quarto.yml').read_text()), proc))
    pages = sorted(proc.rglob('*.ipynb'))
    for p in pages: faults += [f'{p.relative_to(proc)} {f}' for f in page_faults(json.loads(p.read_text()))]
    for p in sorted(proc.rglob('*.qmd')): once(p.read_text().split('---\n')[1])
    if faults: raise RuntimeError(f'{len(faults)} faults in the prepared pages\n' + '\n'.join(faults[:60]))
    return f'{len(pages)} pages prepared'

if __name__ == '__main__':
    try: print(check())
    except RuntimeError as e: sys.exit(str(e))
