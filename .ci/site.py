#!/usr/bin/env python
"""Check the rendered site in _docs/, first as files and then in a headless browser: .ci/site.py [--static | --browser]. Each part first
plants faults in a copy of a page and must find them all."""
import os, re, shutil, sys
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import nbformat

ROOT = Path(__file__).resolve().parent.parent
SITE, NBS = ROOT/'_docs', ROOT/'nbs'
LIMIT = 2_000_000                                         # bytes, of a page and of each file beside it
LIMITS = {'search.json': 4_000_000}                      # the words of all pages, asked for by the first search
HOST = 'http://site.test/'                                # the site's address in the browser; nothing listens there, requests are answered from _docs/
PHONE, DESK = {'width': 390, 'height': 844}, {'width': 1300, 'height': 900}
TEX = re.compile(r'\$[^$\n]{1,300}\$|\\[()\[\]]|\\(?:frac|sum|mathbb|mathrm|mathcal|text|begin|end|tag|partial|nabla|theta|lambda|ell|eta|phi|sigma|cdot|times|left|right|quad|qquad|sqrt|hat|in|to|top)\b')
RAW = re.compile(r'\]\([\w./#-]+\)|(?<!\w)`[^`\s][^`]*`|\\n')
TRACE = re.compile(r'Traceback \(most recent call last\)')

class Skipped(Exception): "A check that could not be made here, and why."

def notebooks(): return [p for p in sorted(NBS.glob('**/*.ipynb')) if not any(q.startswith(('_', '.')) for q in p.relative_to(NBS).parts)]
def page_of(nb): return nb.relative_to(NBS).with_suffix('.html').as_posix()


# --- as files

def css_asks(text):
    "The addresses that a style sheet asks for; a minified one has no space after @import."
    return [a or b for a,b in re.findall(r'@import\s*["\']([^"\']+)|url\(\s*["\']?([^"\')]+)', text)]

SCRIPT_ASKS = re.compile(r'(?:\bimport\s*\(?|\bfrom\s*|\bfetch\(|\.(?:src|href)\s*=)\s*["\'](https?://[^"\']+)')
REPO_FILE = re.compile(r'https://github\.com/[^/]+/[^/]+/(?:blob|edit|tree)/[^/]+/([^#?]*)')

class Page(HTMLParser):
    "What one pass over a page finds: addresses, anchors, and the words that are not code, formulas or scripts."
    SILENT, VOID = {'pre', 'code', 'math', 'script', 'style', 'svg', 'title'}, {'area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'}
    def __init__(self, text):
        super().__init__()
        self.text, self.ids, self.refs, self.sidebar, self.words, self.main, self.open, self.raw, self.error = text, set(), [], [], [], [], [], [], False
        self.feed(re.sub(r'"data:[^"]*"', '"data:,"', text))

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.ids.update(v for k in ('id', 'name') if (v := a.get(k)))
        ref = a.get('href') or a.get('src')
        asked = [ref, a.get('poster'), a.get('data') if tag=='object' else None, *(s.split()[0] for s in (a.get('srcset') or '').split(',') if s.strip()), *css_asks(a.get('style') or '')]
        self.refs += [(tag, r, a.get('rel') or '') for r in asked if r]
        if ref and tag=='a' and any(i=='quarto-sidebar' for _,i in self.open): self.sidebar.append(ref)
        if 'cell-output-error' in (a.get('class') or ''): self.error = True
        if tag not in self.VOID: self.open.append((tag, a.get('id')))

    def handle_endtag(self, tag):
        for i in range(len(self.open) - 1, -1, -1):
            if self.open[i][0]==tag: del self.open[i:]; return

    def handle_data(self, data):
        if not data.strip(): return
        tags = {t for t,_ in self.open}
        if 'style' in tags: self.refs += [('style', r, '') for r in css_asks(data)]
        if 'script' in tags: self.refs += [('script', r, '') for r in SCRIPT_ASKS.findall(data)]
        if 'script' not in tags and TRACE.search(data): self.error = True
        if tags & {'td', 'th', 'p'} and not tags & self.SILENT and RAW.search(data): self.raw.append(data.strip()[:80])
        if tags & self.SILENT: return
        self.words.append(data)
        if 'main' in tags: self.main.append(data)

def load():
    site = {p.relative_to(SITE).as_posix(): Page(p.read_text()) for p in sorted(SITE.rglob('*.html'))}
    if 'index.html' not in site: raise RuntimeError(f'no site in {SITE.name}/; run make docs')
    return site

def target(page, href):
    "(file inside the site, anchor), or None when the address leaves the site."
    u = urlsplit(urljoin(HOST + page, href))
    if f'{u.scheme}://{u.netloc}/' != HOST: return None
    path = unquote(u.path.lstrip('/'))
    return (path + 'index.html' if path=='' or path.endswith('/') else path), unquote(u.fragment)

def own(href):
    "Is it an address of this repository, as settings.ini or GitHub says it?"
    text = (ROOT/'settings.ini').read_text()
    said = {k: re.search(rf'^{k}\s*=\s*(\S+)', text, re.M)[1] for k in ('user', 'repo')}
    return href.startswith(f'https://github.com/{os.environ.get("GITHUB_REPOSITORY") or said["user"] + "/" + said["repo"]}/')

def link_faults(name, page, site):
    for tag,href,rel in page.refs:
        if href.startswith(('data:', 'mailto:', 'javascript:', 'about:')): continue
        to = target(name, href)
        if to is None:
            m = re.match(r'https://colab\.research\.google\.com/github/[^/]+/[^/]+/blob/gh-pages/(.*)', href)
            if m and not (SITE/m[1]).is_file(): yield 'link', name, f'Colab would open {m[1]}, which the site does not hold'
            m = REPO_FILE.match(href)
            if m and own(href) and not (ROOT/unquote(m[1])).exists(): yield 'link', name, f'{href}: the repository does not hold {m[1]}'
            if tag!='a' and 'canonical' not in rel and href!='#': yield 'network', name, f'<{tag}> asks {href} to be readable'
        elif not (SITE/to[0]).is_file(): yield 'link', name, f'{href} leads to {to[0]}, which is not there'
        elif to[1] and to[0] in site and to[1] not in (page if to[0]==name else site[to[0]]).ids: yield 'anchor', name, f'{href}: no #{to[1]} in {to[0]}'

TWICE = re.compile(r'</a>\]\([^)\s]*\)')   # a link that the renderer made inside one that a person wrote

def page_faults(name, page, site):
    size, words = len(page.text.encode()), '\n'.join(page.words)
    if size > LIMIT: yield 'size', name, f'{size/1e6:.1f} MB, more than {LIMIT/1e6:.0f}'
    if page.error: yield 'error', name, 'shows the output of an error'
    for m in TEX.finditer(words): yield 'tex', name, f'raw TeX in the text: {words[max(0, m.start() - 30):m.end() + 30]!r}'
    for t in page.raw: yield 'markdown', name, f'raw Markdown in the text: {t!r}'
    for m in TWICE.finditer(page.text): yield 'link', name, f'a link inside a link, {m[0]!r}; a public name in backticks is a link by itself'
    yield from link_faults(name, page, site)

def file_faults():
    "Every file beside the pages: its size, and what style sheets ask for."
    for p in SITE.rglob('*'):
        if not p.is_file() or p.suffix=='.html': continue
        name = p.relative_to(SITE).as_posix()
        limit = LIMITS.get(name, LIMIT)
        if p.stat().st_size > limit: yield 'size', name, f'{p.stat().st_size/1e6:.1f} MB, more than {limit/1e6:.0f}'
        for href in css_asks(p.read_text(errors='replace')) if p.suffix=='.css' else []:
            if href.startswith(('data:', '#')): continue
            to = target(name, href)
            if to is None: yield 'network', name, f'asks {href}'
            elif not (SITE/to[0]).is_file(): yield 'link', name, f'{href} is not there'

def map_faults(nbs, site):
    "Every notebook has a page, and the sidebar leads to every page."
    side = {to[0] for href in site['index.html'].sidebar if (to := target('index.html', href))}
    for name in nbs:
        if name not in site: yield 'page', name, 'the notebook has no page; run make docs'
    for name in site:
        if name not in side: yield 'sidebar', name, 'the sidebar does not lead to it; add it to _quarto.yml'

def colab_faults():
    for nb in notebooks():
        rel, copy = nb.relative_to(NBS), SITE/'colab'/nb.relative_to(NBS)
        if not copy.is_file(): yield 'colab', rel, 'no copy for Colab'; continue
        a, b = nbformat.read(nb, 4), nbformat.read(copy, 4)
        nbformat.validate(b)
        first = b.cells[0]
        if first.cell_type!='code' or 'git clone' not in first.source or 'pip install' not in first.source or not first.source.rstrip().endswith((PurePosixPath('/nbs')/rel.parent).as_posix()):
            yield 'colab', rel, 'the first cell of the copy does not install the package and go to the folder of the notebook'
        if [(c.cell_type, c.source) for c in a.cells] != [(c.cell_type, c.source) for c in b.cells[1:]]: yield 'colab', rel, 'the copy for Colab differs from the notebook; run make docs'

PLANTS = {'markdown': '<table><tr><td>see [`x`](y.ipynb)</td></tr></table>', 'link': '<a href="nowhere.html">x</a>', 'anchor': '<a href="#nowhere">x</a>', 'network': '<script src="https://example.org/a.js"></script>', 'tex': r'<p>so $\frac{a}{b}$ is</p>',
          'error': '<pre>Traceback (most recent call last)</pre>', 'size': f'<!--{"x"*LIMIT}-->'}

# Ways to ask another host, as Quarto and people write them.
ASKS = ('<script src="https://cdnjs.cloudflare.com/ajax/libs/require.js/2.3.6/require.min.js" integrity="sha512-x=="></script>',
        '<style>@import"https://fonts.googleapis.com/css2?family=Lato:wght@300;400&display=swap";</style>', '<p style="background: url(https://example.org/a.png)">x</p>',
        '<img srcset="https://example.org/a.png 2x">', '<video poster="https://example.org/a.png"></video>', '<object data="https://example.org/a.svg"></object>',
        '<script type="module">import "https://example.org/a.js"</script>', '<script>fetch("https://example.org/a.json")</script>', '<iframe src="https://example.org/"></iframe>')

def self_test(site):
    "Each fault, planted in a copy of the home page, is found, and nothing else is."
    home = site['index.html']
    before = set(page_faults('index.html', home, site))
    for kind,html in [*PLANTS.items(), ('link', '<img src="none.png">'), ('link', '<p>[<a href="index.html"><code>x</code></a>](index.html)</p>'), *(('network', a) for a in ASKS)]:
        found = {f[0] for f in set(page_faults('index.html', Page(home.text.replace('</main>', html + '</main>')), site)) - before}
        if found - {'markdown'} != {kind} - {'markdown'} or not found: raise RuntimeError(f'the check of the site is broken: planted {kind!r}, found {found or "nothing"}')
    if {f[0] for f in map_faults(['planted.html'], {**site, 'lost.html': home})} < {'page', 'sidebar'}: raise RuntimeError('the check of the site is broken: a lost page goes unnoticed')

def report(faults):
    faults = list(dict.fromkeys(faults))
    if faults: raise RuntimeError(f'{len(faults)} faults in the site\n' + '\n'.join(f'{kind}: {page}: {what}' for kind,page,what in faults[:40]))

def static():
    site = load()
    self_test(site)
    report([*map_faults([page_of(nb) for nb in notebooks()], site), *colab_faults(), *file_faults(), *(f for name,page in site.items() for f in page_faults(name, page, site))])
    return f'{len(site)} pages'


# --- in a browser

def find_browser():
    names = ('chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome')
    places = [os.environ.get('CHROME_PATH'), *map(shutil.which, names), '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
    return next((p for p in places if p and Path(p).is_file()), None)

# What a page looks like once drawn: text, formulas, pictures and contrast.
LOOK = r'''async () => {
  await Promise.all([...document.images].map(i => { i.loading = 'eager'; return i.decode().catch(() => {}) }));
  const faults = [], add = (k, m) => faults.push([k, m]), inside = 'pre, code, math, script, style, mjx-container';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const t = n.data, e = n.parentElement;
    if (/Traceback \(most recent call last\)/.test(t) && e.checkVisibility()) add('error', 'shows the output of an error');
    if (TEX.test(t) && !e.closest(inside) && e.checkVisibility()) add('tex', 'raw TeX in the text: ' + t.trim().slice(0, 80));
  }
  for (const m of document.querySelectorAll('math, mjx-container')) {
    const r = m.getBoundingClientRect();
    if (m.checkVisibility() && (r.width < 2 || r.height < 2)) add('math', 'a formula is not drawn: ' + m.textContent.slice(0, 60));
    if (m.querySelector('merror')) add('math', 'a formula is wrong: ' + m.textContent.slice(0, 60));
  }
  if (document.querySelector('span.math') && !document.querySelector('math, mjx-container')) add('math', 'no formula is drawn');
  const toc = document.querySelector('nav#TOC'), parts = [...document.querySelectorAll('main h2')].filter(h => h.checkVisibility() && h.id);
  if (toc && parts.length > 1 && ![...toc.querySelectorAll('a')].some(a => a.checkVisibility())) add('toc', 'the list of contents is empty');
  for (const i of document.images) if (!i.naturalWidth) add('image', 'a picture is not drawn: ' + i.src.slice(0, 80));
  return faults;
}'''.replace('TEX.test', f'/{TEX.pattern}/.test')

OVERFLOW = r'''() => {
  const page = document.scrollingElement.scrollWidth - innerWidth;
  if (page > 1) return `the page is ${page} px wider than the screen`;
  const scrolls = e => { for (; e && e !== document.body; e = e.parentElement) if (/auto|scroll/.test(getComputedStyle(e).overflowX)) return true; return false };
  for (const e of document.querySelectorAll('main *')) {
    const over = e.getBoundingClientRect().right - innerWidth;
    if (over > 1 && e.checkVisibility() && e.textContent.trim() && !scrolls(e)) return `${Math.round(over)} px are cut off: <${e.tagName.toLowerCase()} class="${e.className}"> ${e.textContent.trim().slice(0, 40)}`;
  }
  return null;
}'''

# Contrast of text on what is behind it (WCAG), for the kinds of text a page has.
CONTRAST = r'''() => {
  const rgb = c => { const v = c.match(/[\d.]+/g).map(Number); return c.startsWith('color(srgb') ? [v[0]*255, v[1]*255, v[2]*255, v[3] ?? 1] : [v[0], v[1], v[2], v[3] ?? 1] };
  const lum = c => c.slice(0, 3).map(v => (v /= 255) <= .03928 ? v/12.92 : ((v + .055)/1.055)**2.4).reduce((s, v, i) => s + v*[.2126, .7152, .0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > .5) return c } return [255, 255, 255, 1] };
  const out = {background: lum(rgb(getComputedStyle(document.body).backgroundColor)), low: []};
  for (const s of ['main p', 'main h2', 'main :not(pre) > code', 'main summary', 'main summary *', '.nav-page-text', 'mark', 'main pre code', 'main pre code span', 'main td', 'main th', 'main math', 'main a', '#quarto-sidebar a', '#TOC a',
                   '.breadcrumb-item', '.breadcrumb-item a', '.nav-page a', '.toc-action', '.navbar a', '.callout p', 'figcaption', '.search-result', '.search-result *', '.aa-Item *'])
    for (const e of [...document.querySelectorAll(s)].filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).slice(0, 400)) {
      const a = lum(rgb(getComputedStyle(e).color)), b = lum(behind(e)), c = (Math.max(a, b) + .05)/(Math.min(a, b) + .05);
      if (c < 3) { out.low.push(`${s} "${e.textContent.trim().slice(0, 20)}" ${c.toFixed(1)}`); break }
    }
  return out;
}'''

class Reader:
    "A browser that reads the site from _docs/ and can reach nothing else; it notes what goes wrong."
    def __init__(self, page):
        self.page, self.noted, self.planted = page, [], {}
        page.set_default_timeout(180_000)          # a busy machine is no fault of the site
        page.on('console', lambda m: m.type=='error' and 'ERR_FAILED' not in m.text and self.noted.append(('console', m.text[:200])))
        page.on('pageerror', lambda e: self.noted.append(('console', str(e)[:200])))
        page.route('**/*', self.answer)

    def answer(self, route):
        url = route.request.url
        to = target('', url)
        if to is None:
            self.noted.append(('network', f'asks {url}'))
            return route.abort()
        if to[0] in self.planted: return route.fulfill(body=self.planted[to[0]], content_type='text/html; charset=utf-8')
        if to[0]=='favicon.ico': return route.fulfill(status=204)
        if not (SITE/to[0]).is_file():
            self.noted.append(('link', f'asks {to[0]}, which is not there'))
            return route.fulfill(status=404)
        route.fulfill(path=SITE/to[0])

    def look(self, name):
        "Faults of one page, at the width of a desk and of a phone."
        self.noted = []
        self.page.set_viewport_size(DESK)
        self.page.goto(HOST + name)
        faults = [tuple(f) for f in self.page.evaluate(LOOK)]
        self.page.set_viewport_size(PHONE)
        wide = self.page.evaluate(OVERFLOW)
        if wide: faults.append(('phone', wide))
        return [(kind, name, what) for kind,what in dict.fromkeys(faults + self.noted)]

    def toggle(self, before):
        "Press the toggle, wait for the page to change, look again."
        self.page.locator('.quarto-color-scheme-toggle:visible').first.click()
        for _ in range(40):
            self.page.wait_for_timeout(150)
            after = self.page.evaluate(CONTRAST)
            if after['background'] != before['background']: break
        self.page.wait_for_timeout(150)
        return self.page.evaluate(CONTRAST)

    def modes(self, name):
        "The toggle changes light to dark, and text can be read in both."
        self.page.set_viewport_size(DESK)
        self.page.goto(HOST + name)
        light = self.page.evaluate(CONTRAST)
        dark = self.toggle(light)
        self.toggle(dark)
        if not light['background'] > .5 > dark['background']: yield 'dark', name, f'the toggle leaves the background at {dark["background"]:.2f} from {light["background"]:.2f} (0 is black, 1 white)'
        for mode,seen in (('light', light), ('dark', dark)):
            for low in seen['low']: yield 'contrast', name, f'{mode}: {low}, below 3'

    def search(self, word, page, dark=False):
        "A word that one page holds is found there, and the list can be read."
        self.page.set_viewport_size(DESK)
        self.page.goto(HOST)
        if dark: self.toggle(self.page.evaluate(CONTRAST))
        self.page.keyboard.press('/')
        self.page.wait_for_timeout(200)
        self.page.keyboard.type(word)
        found = self.page.locator('.search-result[href], .aa-Item a[href], a.search-result-link')
        try: found.first.wait_for(timeout=15000)
        except Exception: pass
        hrefs = {(target('', a) or ('',))[0] for a in found.evaluate_all('es => es.map(e => e.href)')}
        if page not in hrefs: yield 'search', page, f'a search for {word!r} finds {", ".join(sorted(hrefs)) or "nothing"}'
        for low in self.page.evaluate(CONTRAST)['low']: yield 'contrast', f'search for {word!r}{" in the dark" * dark}', f'{low}, below 3'

SEEN = {'phone': '<div style="width: 3000px">x</div>', 'console': '<script>throw new Error("planted")</script>', 'network': '<img src="https://example.org/a.png" hidden>', 'tex': r'<p>so $\frac{a}{b}$ is</p>',
        'image': '<img src="data:image/png;base64,AAAA">', 'math': '<math><merror>x</merror></math>', 'error': '<pre>Traceback (most recent call last)</pre>', 'link': '<script src="none.js"></script>'}

# What Quarto writes around wide things; our style sheet has to keep them on a phone's screen.
WIDE = (f'<table class="caption-top table"><thead><tr>{"<th>name</th><th>default</th>"*2}</tr></thead><tbody><tr>{"<td><code>a_rather_long_name_of_a_parameter</code></td>"*4}</tr></tbody></table>'
        f'<p><code>{"from_a_long_line_of_code.without_any_space"*3}</code></p><pre><code>{"x"*300}</code></pre><math display="block"><mi>{"x"*200}</mi></math>')

def browser_self_test(reader, text):
    "All of these faults, planted in one copy of the home page, are seen."
    reader.planted = {'planted.html': text.replace('</main>', ''.join(SEEN.values()) + '</main>')}
    blind = set(SEEN) - {f[0] for f in reader.look('planted.html')}
    if blind: raise RuntimeError(f'the check of the site is broken: planted {", ".join(sorted(blind))}, the browser saw nothing')
    reader.planted = {'planted.html': text.replace('</main>', WIDE + '</main>')}
    wide = [f[2] for f in reader.look('planted.html') if f[0]=='phone']
    if wide: raise RuntimeError(f'nbs/styles.css does not keep what is wide on a phone: {wide[0]}')
    reader.planted = {}

def rare_words(site, n=3):
    "n (word, page) pairs, each word long, plain and on that page alone."
    pages = {name: set(re.findall(r'\b[a-z]{9,14}\b', ' '.join(page.main))) for name,page in site.items() if not name.startswith('reference')}
    rare = [(min(own, key=lambda w: (-len(w), w)), name) for name,words in pages.items() if (own := words - set().union(*(w for o,w in pages.items() if o!=name)))]
    return rare[::max(1, len(rare)//n)][:n]

def browse():
    try: from playwright.sync_api import sync_playwright
    except ImportError as e: raise Skipped('playwright is not installed; make docs installs it') from e
    exe = find_browser()
    if exe is None: raise Skipped('no Chromium found; install chromium or Chrome, or set CHROME_PATH')
    site = load()
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=exe, args=['--no-sandbox', '--disable-gpu'])
        reader = Reader(chromium.new_page(color_scheme='light'))
        browser_self_test(reader, site['index.html'].text)
        faults = [f for name in site for f in reader.look(name)]
        for name in ('index.html', '2_networks/02_ntk.html', 'reference/nint.html'): faults += reader.modes(name)
        for dark in (False, True): faults += [f for word,page in rare_words(site) for f in reader.search(word, page, dark)]
        version = chromium.version
        chromium.close()
    report(faults)
    return f'{len(site)} pages in Chromium {version}'

if __name__ == '__main__':
    try:
        for flag,check in (('--static', static), ('--browser', browse)):
            if sys.argv[1:] in ([], [flag]): print(check())
    except Skipped as e: print(f'skipped: {e}')
    except RuntimeError as e: sys.exit(str(e))
