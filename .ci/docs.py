#!/usr/bin/env python
"""Render the site into _docs/: nbdev prepares the notebooks in _proc/, this adds the reference pages and the Colab links, then Quarto renders
them, or smalldocs where there is no Quarto. The result is read without a network."""
import html, importlib, inspect, json, os, re, shutil, subprocess, sys
from pathlib import Path

os.environ.setdefault('OMP_NUM_THREADS', '1')
import nbformat
from fastcore.docments import docments
from nbdev import quarto
from nbdev.config import get_config

ROOT = Path(__file__).resolve().parent.parent
os.chdir(ROOT)
CFG = get_config()
REPO = os.environ.get('GITHUB_REPOSITORY') or f'{CFG.user}/{CFG.repo}'          # where it is published; settings.ini says it, GitHub knows it
HOME = f'{CFG.doc_host}{CFG.doc_baseurl}/'                                      # the address that nbdev writes in front of its links

def notebooks(): return sorted(p for p in CFG.nbs_path.glob('**/*.ipynb') if not any(q.startswith(('_', '.')) for q in p.relative_to(CFG.nbs_path).parts))
def plain_name(p): return re.sub(r'^\d+[a-zA-Z0-9]*_', '', p.stem)               # 04_ntk -> ntk, as nbdev does
def pages(): return {p.relative_to(CFG.nbs_path).with_name(plain_name(p)).as_posix(): p.relative_to(CFG.nbs_path).with_suffix('') for p in notebooks()}


# --- Colab: a copy of every notebook whose first cell installs the package and stands where the notebook stands

def colab_address(rel): return f'https://colab.research.google.com/github/{REPO}/blob/gh-pages/colab/{rel}.ipynb'

def install_cell(rel):
    git, tools = f'https://github.com/{REPO}', ' '.join(r for r in CFG.dev_requirements.split() if '==' in r)
    return (f'# Install the package and stand in the folder of this notebook, so that it finds the recorded results.\n'
            f'!test -d /tmp/{CFG.repo} || git clone -q --depth 1 --branch {CFG.branch} {git} /tmp/{CFG.repo}\n'
            f'%pip install -q /tmp/{CFG.repo} {tools}\n'
            f'%cd -q /tmp/{CFG.repo}/{(Path(CFG.nbs_path.name)/rel).parent.as_posix()}')

def colab_copy(path, to):
    nb, rel = nbformat.read(path, 4), path.relative_to(CFG.nbs_path).with_suffix('')
    nb.cells.insert(0, nbformat.v4.new_code_cell(install_cell(rel), id='install'))
    out = to/f'{rel}.ipynb'
    out.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, out)


# --- Reference: a page per module, from signatures and docments

def escape(text):
    "Prose for a Markdown table: what is not in backticks is taken literally."
    parts = re.split(r'(`[^`]*`)', ' '.join(str(text).split()))
    return ''.join(p.replace('|', 'or') if i%2 else re.sub(r'([\\*_<>$~^@#|\[\]])', r'\\\1', p) for i,p in enumerate(parts))

def short(v):
    "A default or a type in few letters."
    if isinstance(v, str): return repr(v)
    s = v.__name__ if inspect.isclass(v) or inspect.isfunction(v) else str(v) if hasattr(v, '__args__') or str(v).startswith('torch.') else repr(v)
    s = re.sub(r'\b(?:\w+\.)+(?=[A-Za-z_])', lambda m: m[0] if m[0]=='torch.' and 'nn' not in s else '', s)
    return re.sub(r' at 0x[0-9a-f]+', '', s).replace(' | ', ' or ').replace('NoneType', 'None')

def kind(p):
    if p.annotation is inspect.Parameter.empty: return ''
    return 'str' if type(p.annotation).__name__=='Param' else p.annotation if isinstance(p.annotation, str) else short(p.annotation)

def call(name, sig):
    ps = [p.replace(annotation=p.empty, default=p.empty if p.default is p.empty else type('D', (), {'__repr__': lambda s, t=short(p.default): t})()) for n,p in sig.parameters.items() if n!='self']
    return f'{name}{sig.replace(parameters=ps, return_annotation=sig.empty)}'

def table(obj, sig):
    doc = docments(obj, full=True)
    def meaning(n, p): return escape((doc.get(n) or {}).get('docment') or (getattr(p.annotation, 'help', '') if type(p.annotation).__name__=='Param' else '') or '')
    rows = [(f'`{n}`', f'`{kind(p)}`' if kind(p) else '', '' if p.default is p.empty else f'`{short(p.default)}`', meaning(n, p)) for n,p in sig.parameters.items() if n!='self']
    ret = (doc.get('return') or {}).get('docment')
    if ret: rows.append(('**returns**', '' if sig.return_annotation is sig.empty else f'`{short(sig.return_annotation)}`', '', escape(ret)))
    if not any(t or d or m for _,t,d,m in rows): return ''
    return '\n'.join(['| name | type | default | meaning |', '|----|-----|-----|-------------|', *('| ' + ' | '.join(r) + ' |' for r in rows)]) + '\n\n'

def entry(name, obj, level, where):
    "One public name: heading, call, one line, parameters, and where it is derived."
    out = f'{"#"*level} {name}\n\n'
    if not callable(obj): return out + f'{"One of: " + ", ".join(f"`{k}`" for k in obj) if isinstance(obj, dict) else f"`{short(obj)}`"}. {where}\n\n'
    doc = (inspect.getdoc(obj) or '').split('\n\n')[0]
    try: sig = inspect.signature(obj)
    except (ValueError, TypeError): return out + f'{escape(doc)} {where}\n\n'
    return out + f'```python\n{call(name, sig)}\n```\n\n{escape(doc)} {where}\n\n' + table(obj, sig)

def methods(cls): return [(n, f) for n,f in vars(cls).items() if inspect.isfunction(f) and not n.startswith('_') and f.__module__.startswith(CFG.lib_name) and f.__doc__]

def modules():
    "(module, the page of its notebook) in the order of the course."
    syms = importlib.import_module(f'{CFG.lib_name}._modidx').d['syms']
    found = [(importlib.import_module(m), next(iter(d.values()))[0].split('.html')[0]) for m,d in syms.items() if d]
    return sorted([(m, pages()[p]) for m,p in found if getattr(m, '__all__', None)], key=lambda mp: str(mp[1]))

def reference(to):
    to.mkdir(parents=True, exist_ok=True)
    index = []
    for mod, page in modules():
        name = mod.__name__.rpartition('.')[2]
        text, names = '', []
        for n in mod.__all__:
            obj = getattr(mod, n)
            if n.startswith('_') or getattr(obj, '__module__', mod.__name__)!=mod.__name__: continue
            at = f'#{n.lower()}' if f'### {n.lower()}' in headings(to.parent, page) else ''
            where = f'[{"Derived" if at else "Made"} in {page.name}](../{page}.ipynb{at}).'
            text += entry(n, obj, 2, where)
            if inspect.isclass(obj):
                for m,f in methods(obj): text += entry(f'{n}.{m}', f, 3, '')
            names.append(f'[`{n}`]({name}.qmd#{n.lower()})')
        front = f'title: {mod.__name__}\ndescription: {json.dumps((mod.__doc__ or "").strip(), ensure_ascii=False)}\ntoc-depth: 2'
        (to/f'{name}.qmd').write_text(f'---\n{front}\n---\n\n{text}')
        index.append(f'[**{mod.__name__}**]({name}.qmd): {escape((mod.__doc__ or "").strip())}\n\n{" · ".join(names)}\n')
    (to/'index.qmd').write_text('---\ntitle: Reference\ndescription: Every public name, with the notebook that derives it\ntoc: false\n---\n\n' + '\n'.join(index))


# --- what every page of _proc/ gets before it is rendered

def adapt(path, proc):
    "Keep the notebook's name as the page's name, point nbdev's links into this site, number equations plainly, link to Colab."
    nb, rel = json.loads(path.read_text()), path.relative_to(proc).with_suffix('')
    up, known = '../'*(len(rel.parts) - 1), pages()
    def inside(m):
        page = known.get(m[1])
        if page is None: return m[0]
        return f'{up}{page}.ipynb' + (m[2] if f'### {m[2][1:]}' in headings(proc, page) else '')
    def text(s):
        s = re.sub(re.escape(HOME) + r'([\w/]+)\.html(#[\w.]+)', inside, s)
        s = s.replace(CFG.git_url, f'https://github.com/{REPO}')
        return re.sub(r'\\tag\{([^}]*)\}', r'\\qquad (\1)', s)
    for c in nb['cells']:
        if c['cell_type']=='raw': c['source'] = re.sub(r'^output-file:.*\n', '', ''.join(c['source']), flags=re.M)
        if c['cell_type']=='markdown': c['source'] = text(''.join(c['source']))
        for o in c.get('outputs', []):
            if 'text/markdown' in o.get('data', {}): o['data']['text/markdown'] = text(''.join(o['data']['text/markdown']))
    link = {'cell_type': 'markdown', 'metadata': {}, 'source': f'[Open in Colab]({colab_address(rel)}){{.colab}}'}
    nb['cells'].insert(1, link)
    path.write_text(json.dumps(nb))

_headings = {}
def headings(proc, page):
    "The names that a page documents, lower case, as headings."
    if page not in _headings:
        cells = json.loads((proc/f'{page}.ipynb').read_text())['cells']
        texts = [''.join(c['source']) for c in cells if c['cell_type']=='markdown'] + [''.join(o['data']['text/markdown']) for c in cells for o in c.get('outputs', []) if 'text/markdown' in o.get('data', {})]
        _headings[page] = {f'### {h.lower()}' for t in texts for h in re.findall(r'^#+ +(.+?)\s*$', t, re.M)}
    return _headings[page]


# --- what every rendered page gets

def mathml(formulas):
    "MathML for (display, TeX) pairs, by the converter that Quarto uses."
    import pypandoc
    def block(display, tex): return {'t': 'Para', 'c': [{'t': 'Math', 'c': [{'t': 'DisplayMath' if display else 'InlineMath'}, tex]}]}
    doc = {'pandoc-api-version': [1, 23, 1], 'meta': {}, 'blocks': [block(*f) for f in formulas]}
    out = pypandoc.convert_text(json.dumps(doc), 'html', format='json', extra_args=['--mathml', '--wrap=none']).strip().split('</p>\n<p>')
    bad = [f[1] for f,o in zip(formulas, out) if '<math' not in o]
    if bad or len(out)!=len(formulas): raise SystemExit(f'no MathML for {bad or "some formulas"}; write them with simpler TeX')
    return dict(zip(formulas, (re.search(r'<math.*</math>', o, re.S)[0] for o in out)))

MATH = re.compile(r'<span class="math (inline|display)">\\[(\[](.*?)\\[)\]]</span>', re.S)
# Quarto puts requirejs and jquery on pages that hold tables, smalldocs KaTeX on pages that hold formulas; nothing here needs them.
SCRIPTS = re.compile(r'''<(?:script|link)\b[^>]*(?:src|href)="https?://[^"]*(?:katex|mathjax|polyfill|requirejs|jquery)[^>]*>(?:\s*</script>)?|<script[^>]*>define\('jquery'.*?</script>''', re.S | re.I)

def offline(site):
    "Typeset what is left as TeX, and take out what would ask the network: fonts and scripts of other hosts."
    texts = {p: p.read_text() for p in site.rglob('*.html')}
    key = lambda m: (m[1]=='display', html.unescape(m[2]).strip())
    formulas = list(dict.fromkeys(key(m) for t in texts.values() for m in MATH.finditer(t)))
    drawn = mathml(formulas) if formulas else {}
    for p,t in texts.items(): p.write_text(SCRIPTS.sub('', MATH.sub(lambda m: drawn[key(m)], t)))
    for p in site.rglob('*.css'):
        t = p.read_text()
        p.write_text(re.sub(r'@import\s+(?:url\(\s*["\']?https?://[^)]*\)|"https?://[^"]*"|\'https?://[^\']*\')[^;]*;', '', t))

def main():
    have = shutil.which('quarto')
    shutil.rmtree(ROOT/'_proc', ignore_errors=True)
    quarto.refresh_quarto_yml()
    proc = Path(quarto.proc_nbs())
    for p in sorted(proc.rglob('*.ipynb')): headings(proc, p.relative_to(proc).with_suffix(''))
    for p in sorted(proc.rglob('*.ipynb')): adapt(p, proc)
    reference(proc/'reference')
    subprocess.run(['quarto', 'render', '--no-cache'] if have else [str(Path(sys.executable).parent/'smalldocs'), 'render', '.', '--quiet'], cwd=proc, check=True)
    built, site = next(p for p in (proc/CFG.doc_path.name, proc/'_site') if p.is_dir()), Path(CFG.doc_path)
    shutil.rmtree(site, ignore_errors=True)
    shutil.move(built, site)
    offline(site)
    for p in notebooks(): colab_copy(p, site/'colab')
    print(f'{len(list(site.rglob("*.html")))} pages in {site.name}/, rendered by {"Quarto" if have else "smalldocs"}')

if __name__ == '__main__': main()
