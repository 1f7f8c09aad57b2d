#!/usr/bin/env python
"""Render the site into _docs/: nbdev prepares the notebooks in _proc/, this adds the reference pages, the sidebar and the Colab links,
prepared.py checks what was made, then Quarto renders it, or smalldocs where there is no Quarto. The result is read without a network.
--prepare stops before the rendering."""
import ast, html, importlib, inspect, json, os, re, shutil, subprocess, sys, tempfile
from pathlib import Path

os.environ.setdefault('OMP_NUM_THREADS', '1')
import nbformat, yaml
import prepared
from fastcore.docments import docments
from nbdev import quarto
from nbdev.config import get_config

ROOT = Path(__file__).resolve().parent.parent
os.chdir(ROOT)
CFG = get_config()
REPO = os.environ.get('GITHUB_REPOSITORY') or f'{CFG.user}/{CFG.repo}'          # where it is published; settings.ini says it, GitHub knows it
# The course in ten pages; everything else stands beside it.
PATH = ['1_signals/01_signal', '2_networks/01_models', '2_networks/02_ntk', '2_networks/03_dynamics', '3_selection/01_schedules',
        '3_selection/02_samplers', '3_selection/05_nint', '3_selection/06_blue_noise', '4_training/03_fit', '4_training/02_cost']
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

def anchor(name):
    "An address that differs from that of a name of other case: SIREN is n-SIREN, ntk is n-ntk."
    return 'n-' + name.replace('.', '-')

def entry(name, obj, level, where):
    "One public name: heading, call, one line, parameters, and where it is derived."
    out = f'{"#"*level} {name} {{#{anchor(name)}}}\n\n'
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
            where = f'Page [{escape(title(to.parent, f"{page}.ipynb"))}](../{page}.ipynb{at}).'
            text += entry(n, obj, 2, where)
            if inspect.isclass(obj):
                for m,f in methods(obj): text += entry(f'{n}.{m}', f, 3, '')
            names.append(f'[`{n}`]({name}.qmd#{anchor(n)})')
        front = f'title: {mod.__name__}\ndescription: {json.dumps((mod.__doc__ or "").strip(), ensure_ascii=False)}'
        (to/f'{name}.qmd').write_text(f'---\n{front}\n---\n\n{text}')
        index.append(f'[**{mod.__name__}**]({name}.qmd): {escape((mod.__doc__ or "").strip())}\n\n{" · ".join(names)}\n')
    (to/'index.qmd').write_text('---\ntitle: Reference\ndescription: Every public name, with the notebook that derives it\ntoc: false\n---\n\n' + '\n'.join(index))


# --- the sidebar

def title(proc, href):
    "What the page calls itself."
    if href.endswith('.qmd'): return prepared.once((proc/href).read_text().split('---\n')[1])['title']
    return prepared.once(''.join(json.loads((proc/href).read_text())['cells'][0]['source']).strip().strip('-'))['title']

def place(rel):
    "Where a page stands on the main path, from 1, or 0."
    return PATH.index(str(rel)) + 1 if str(rel) in PATH else 0

def item(proc, href):
    k = place(href.removesuffix('.ipynb'))
    return {'href': href, 'text': (f'{chr(0x245f + k)} ' if k else '') + title(proc, href)}

def listed(proc, contents):
    "The files of a list of names and patterns, in order; what is an entry already stays."
    for c in [contents] if isinstance(contents, str) else contents:
        if isinstance(c, dict): yield c
        elif '*' in c: yield from (p.relative_to(proc).as_posix() for p in sorted(proc.glob(c)))
        else: yield c

def reference_items(proc):
    "All names, then the modules of each part."
    parts = {}
    for mod,_ in modules():
        _, part, name = mod.__name__.split('.')
        parts.setdefault(part, []).append({'href': f'reference/{name}.qmd', 'text': name})
    return [{'href': 'reference/index.qmd', 'text': 'All names'}] + [{'section': part, 'contents': ms} for part,ms in parts.items()]

def settings(proc):
    "Write _quarto.yml with the sidebar in full, and nbdev.yml with the address where it is published."
    cfg = prepared.once((ROOT/'_quarto.yml').read_text())
    for s in cfg['website']['sidebar']['contents']:
        if 'section' not in s: continue
        names = list(listed(proc, s['contents']))
        s['contents'] = reference_items(proc) if any('reference' in n for n in names) else [n if isinstance(n, dict) else item(proc, n) for n in names]
    lost = [p for p in PATH if not (proc/f'{p}.ipynb').is_file()]
    if lost: raise SystemExit(f'the main path leads to {", ".join(lost)}, which is not there; change PATH in .ci/docs.py')
    for name,text in (('_quarto.yml', yaml.safe_dump(cfg, sort_keys=False, allow_unicode=True)),
                      ('nbdev.yml', (CFG.nbs_path/'nbdev.yml').read_text().replace(CFG.git_url, f'https://github.com/{REPO}'))):
        (proc/name).unlink(missing_ok=True)
        (proc/name).write_text(text)


# --- what every page of _proc/ gets before it is rendered

OPTIONS = re.compile(r'(?:#\|[^\n]*(?:\n|$))*')

def unique_options(source):
    "Each option once; what the notebook says wins over what nbdev puts before it."
    head = OPTIONS.match(source)[0]
    quoted = lambda l: re.sub(r'^(#\|\s*fig-(?:alt|cap):\s*)([^"\'\s].*)$', lambda m: m[1] + json.dumps(m[2], ensure_ascii=False), l)   # a colon is no YAML
    last = {l[2:].split(':')[0].strip(): quoted(l) for l in head.splitlines()}
    return ''.join(f'{l}\n' for l in last.values()) + source[len(head):] if head else source

def names_defined(source):
    try: return [n.name for n in ast.parse(OPTIONS.sub('', source, 1)).body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
    except SyntaxError: return []

def documented(cell):
    "The name that a cell of nbdev documents, without its class, or None."
    m = re.search(r'^show_doc\((?:[\w.]+\.)?(\w+)\)', ''.join(cell['source']), re.M) if cell['cell_type']=='code' else None
    return m and m[1]

def fold_sources(cells):
    "A signature is shown once: the documents of a cell's names stand before it, in its order, and its source is folded."
    out, i = [], 0
    while i < len(cells):
        c = cells[i]
        i += 1
        source = ''.join(c['source'])
        if c['cell_type']=='code' and '#| code-summary: "Exported source"' in source:
            names, docs = names_defined(source), []
            while out and documented(out[-1]) in names: docs.append(out.pop())
            while i < len(cells) and documented(cells[i]) in names: docs.append(cells[i]); i += 1
            out += sorted(docs, key=lambda d: names.index(documented(d)))
            source = source.replace('"Exported source"', '"Source"')
            c['source'] = source.replace('#| code-fold: show\n', '#| code-fold: true\n', 1) if docs else re.sub(r'#\| code-(fold: show|summary: "Source")\n', '', source)
        out.append(c)
    return out

def plain_signatures(text):
    "Links inside a block of code are words again."
    text = re.sub(r'^```python\n.*?^```', lambda m: re.sub(r'\[`([^`]*)`\]\([^)\s]*\)', r'`\1`', m[0]), text, flags=re.M | re.S)
    return re.sub(r'^```python\n\ndef ([A-Z])', r'```python\n\nclass \1', text, flags=re.M)

def shell_cells(cells):
    "A cell of shell commands is a block without its exclamation marks, which a reader can paste; its output follows."
    for c in cells:
        lines = [l for l in ''.join(c['source']).splitlines() if not l.startswith('#|')]
        if c['cell_type'] == 'code' and lines and all(l.startswith('!') or not l.strip() for l in lines):
            words = '\n'.join(l.removeprefix('!') for l in lines)
            yield {'cell_type': 'markdown', 'metadata': {}, 'source': f'```sh\n{words}\n```'}
            c['source'] = '#| echo: false\n' + ''.join(c['source'])
        yield c

def fold_imports(cells):
    "Cells that only import, in one line that opens: a page begins with its words."
    for c in cells:
        s = ''.join(c['source'])
        if c['cell_type']=='code' and only_imports(s) and not re.search(r'^#\|\s*(export|hide|echo|code-fold|default_exp)', s, re.M):
            c['source'] = '#| code-fold: true\n#| code-summary: "Imports"\n' + s

def only_imports(source):
    "Imports, and calls that set something up for the whole page."
    try: body = ast.parse(OPTIONS.sub('', source, 1)).body
    except SyntaxError: return False
    known = lambda b: isinstance(b, (ast.Import, ast.ImportFrom)) or isinstance(b, ast.Expr) and re.fullmatch(r'(?:torch\.set_num_threads|warnings\.\w+)\(.*\)', ast.unparse(b))
    return any(isinstance(b, (ast.Import, ast.ImportFrom)) for b in body) and all(map(known, body))

def common_words():
    "Words that mean the thing more often than the function of that name: no link, unless the package itself gives the name."
    public = vars(importlib.import_module(CFG.lib_name))
    named = {n for m,_ in modules() for n in m.__all__}
    taken = {p for m,_ in modules() for n in m.__all__ if inspect.isroutine(f := getattr(m, n)) for p in inspect.signature(f).parameters}
    return {n for n in named if re.fullmatch(r'[a-z]+', n) and (n in taken or not callable(public.get(n)))}

def colab_line(rel): return f'[Open in Colab]({colab_address(rel)}){{.colab}}'

def path_line(rel, proc):
    "From a page of the main path to its neighbours."
    k, up = place(rel), '../'*len(rel.parts[:-1])
    if not k: return ''
    def link(p, words): return f'[{words.format(title(proc, p + ".ipynb"))}]({up}{p}.ipynb)'
    return ' · '.join([f'Main path, page {k} of {len(PATH)}', *([link(PATH[k - 2], '← {}')] if k > 1 else []), *([link(PATH[k], '{} →')] if k < len(PATH) else [])])

def end_of_first_section(cells, words):
    "Put a line of Markdown before the second part of a page."
    for i,c in enumerate(cells):
        m = c['cell_type']=='markdown' and re.search(r'^## ', ''.join(c['source']), re.M)
        if m:
            s = ''.join(c['source'])
            c['source'] = f'{s[:m.start()].rstrip()}\n\n{words}\n\n{s[m.start():]}'.lstrip()
            return
    cells.append({'cell_type': 'markdown', 'metadata': {}, 'source': words})

def film(m, folder):
    "A picture that has a page of its own beside it, `race.html` beside `race.png`: the page's figure stands in its place."
    page = (CFG.nbs_path/folder/m[2]).with_suffix('.html')
    if not page.is_file(): return m[0]
    body = re.search(r'<body>(.*)</body>', page.read_text(), re.S)[1]
    return f'```{{=html}}\n<figure class="film" aria-label="{html.escape(m[1])}">{body}<figcaption>{html.escape(m[1])}</figcaption></figure>\n```'

def adapt(path, proc, common):
    "Keep the notebook's name as the page's name, point nbdev's links into this site, number equations plainly, link to Colab and along the path."
    nb, rel = json.loads(path.read_text()), path.relative_to(proc).with_suffix('')
    up, known = '../'*(len(rel.parts) - 1), pages()
    def inside(m):
        page = known.get(m[1])
        if page is None: return m[0]
        return f'{up}{page}.ipynb' + (m[2] if f'### {m[2][1:]}' in headings(proc, page) else '')
    def text(s):
        s = re.sub(r'\[`([a-z]+)`\]\(' + re.escape(HOME) + r'[^)]*\)', lambda m: f'`{m[1]}`' if m[1] in common else m[0], s)
        s = re.sub(re.escape(HOME) + r'([\w/]+)\.html(#[\w.]+)', inside, plain_signatures(s))
        s = re.sub(r'\[([^\[\]]*)\[(`[^`]+`)\]\([^)\s]*\)([^\[\]]*)\]\(', r'[\1\2\3](', s)      # a link that nbdev made inside one of ours
        s = s.replace(CFG.git_url, f'https://github.com/{REPO}')
        s = re.sub(r'^!\[([^\]]*)\]\(([^)\s]+\.png)\)$', lambda m: film(m, rel.parent), s, flags=re.M)
        return re.sub(r'\\tag\{([^}]*)\}', r'\\qquad (\1)', s)
    def cell_math(s):
        "TeX in the cells of a table, which Markdown does not see."
        return re.sub(r'(<t[hd]\b[^>]*>)([^<]*\$[^<]*)(?=</t[hd]>)', lambda m: m[1] + re.sub(r'\$([^$]+)\$', r'<span class="math inline">\\(\1\\)</span>', m[2]), s)
    nb['cells'] = [*shell_cells(fold_sources(nb['cells']))]
    if str(rel)!='index': fold_imports(nb['cells'])
    for c in nb['cells']:
        if c['cell_type']=='raw': c['source'] = re.sub(r'^output-file:.*\n', '', ''.join(c['source']), flags=re.M)
        if c['cell_type']=='markdown': c['source'] = text(''.join(c['source']))
        if c['cell_type']=='code': c['source'] = unique_options(''.join(c['source']))
        for o in c.get('outputs', []):
            if 'text/html' in o.get('data', {}): o['data']['text/html'] = cell_math(''.join(o['data']['text/html']))
            if 'text/markdown' in o.get('data', {}): o['data']['text/markdown'] = text(''.join(o['data']['text/markdown']))
    if str(rel)!='index': end_of_first_section(nb['cells'], colab_line(rel))
    if place(rel): nb['cells'].append({'cell_type': 'markdown', 'metadata': {}, 'source': path_line(rel, proc)})
    path.write_text(nbformat.v4.writes(nbformat.from_dict(nb)))          # sources and outputs as lists of lines

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
# Quarto puts require.js and jquery on pages that hold tables, smalldocs KaTeX on pages that hold formulas; nothing here needs them.
SCRIPTS = re.compile(r'''<script\b[^>]*\bsrc="https?://[^>]*>\s*</script>|<link\b(?=[^>]*\bhref="https?://)(?=[^>]*\brel="(?:stylesheet|preconnect|preload|dns-prefetch)")[^>]*>|<script[^>]*>\s*define\('jquery'.*?</script>''', re.S | re.I)
IMPORTS = re.compile(r'''@import\s*(?:url\(\s*["']?https?://[^)]*\)|"https?://[^"]*"|'https?://[^']*')[^;]*;''', re.I)

NO_SOURCE = re.compile(r'<a\b[^>]*href="[^"]*/nbs/reference/[^"]*"[^>]*>.*?</a>', re.S)      # reference pages are made, no file holds them

def offline(site):
    "Typeset what is left as TeX, and take out what would ask the network: fonts and scripts of other hosts."
    texts = {p: NO_SOURCE.sub('', p.read_text()) for p in site.rglob('*.html')}
    key = lambda m: (m[1]=='display', html.unescape(m[2]).strip())
    formulas = list(dict.fromkeys(key(m) for t in texts.values() for m in MATH.finditer(t)))
    drawn = mathml(formulas) if formulas else {}
    for p,t in texts.items(): p.write_text(SCRIPTS.sub('', MATH.sub(lambda m: drawn[key(m)], t)))
    for p in site.rglob('*.css'): p.write_text(IMPORTS.sub('', p.read_text()))

def imports_and_runs(source):
    "Does a cell import and do other things too? nbdev would run all of it when it prepares the page, without the cells before it."
    try: body = ast.parse(OPTIONS.sub('', source, 1)).body
    except SyntaxError: return False
    inner = any(isinstance(n, (ast.Import, ast.ImportFrom)) for b in body for n in ast.walk(b))
    return inner and not all(isinstance(b, (ast.Import, ast.ImportFrom)) for b in body)

def quiet_copy(to):
    "The notebooks in a folder of their own, in which only exported cells and plain imports are left to be run."
    shutil.copytree(CFG.nbs_path, to, ignore=shutil.ignore_patterns('.*', '_*.ipynb'))
    for p in to.rglob('*.ipynb'):
        nb = json.loads(p.read_text())
        head = re.match(r'(# [^\n]*\n+> [^\n]*\n*)(.*)', ''.join(nb['cells'][0]['source']), re.S)
        if head and head[2]:                                       # nbdev drops what follows title and line in the first cell
            nb['cells'][0]['source'] = head[1]
            nb['cells'].insert(1, {'cell_type': 'markdown', 'metadata': {}, 'source': head[2]})
        for c in nb['cells']:
            s = ''.join(c['source'])
            if c['cell_type']=='code' and not re.search(r'^#\|\s*(export|default_exp|eval:)', s, re.M) and imports_and_runs(s): c['source'] = '#| eval: false\n' + s
        p.write_text(json.dumps(nb))
    return to

def prepare():
    "Everything that is written before a page is rendered; -> the folder."
    shutil.rmtree(ROOT/'_proc', ignore_errors=True)
    quarto.refresh_quarto_yml()
    with tempfile.TemporaryDirectory() as tmp: proc = Path(quarto.proc_nbs(str(quiet_copy(Path(tmp)/'nbs'))))
    for p in proc.glob('images/*.html'): p.unlink()                        # they are put into pages, and are none
    found, common = sorted(proc.rglob('*.ipynb')), common_words()
    for p in found: headings(proc, p.relative_to(proc).with_suffix(''))
    for p in found: adapt(p, proc, common)
    reference(proc/'reference')
    settings(proc)
    os.chdir(ROOT)
    print(prepared.check(proc))
    return proc

def main():
    proc, have = prepare(), shutil.which('quarto')
    if '--prepare' in sys.argv: return
    subprocess.run(['quarto', 'render', '--no-cache'] if have else [str(Path(sys.executable).parent/'smalldocs'), 'render', '.', '--quiet'], cwd=proc, check=True)
    built, site = next(p for p in (proc/CFG.doc_path.name, proc/'_site') if p.is_dir()), Path(CFG.doc_path)
    shutil.rmtree(site, ignore_errors=True)
    shutil.move(built, site)
    offline(site)
    for p in notebooks(): colab_copy(p, site/'colab')
    print(f'{len(list(site.rglob("*.html")))} pages in {site.name}/, rendered by {"Quarto" if have else "smalldocs"}')

if __name__ == '__main__':
    try: main()
    except RuntimeError as e: sys.exit(str(e))
