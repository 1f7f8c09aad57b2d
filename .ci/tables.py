#!/usr/bin/env python
"""Check the tables that pages have stored: words with units in the headers, n once and not in every cell, no NaN, no text that is cut off;
and the lettering and the alternative texts of their figures. Each kind of fault is planted first and has to be found."""
import json, re, sys
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NBS = ROOT/'nbs'
# Headers that are the names of code, or lack a unit. With an underscore any name is one.
BARE = set('psnr ssim lpips seconds time diff low high lr F_mean std mean_psnr iou chamfer stoi pesq omega0 source arm nan'.split())
# The size of letters in the code of a figure; below 9 pt they cannot be read at the width of a page.
LETTERS, SMALLEST = re.compile(r"(?:fontsize|labelsize|font\.size)'?\s*[=:]\s*(\d+(?:\.\d+)?)"), 9
N_IN_CELL = re.compile(r'\s*\(?\bn ?= ?(\d+)\)?\s*$')


class Tables(HTMLParser):
    "The tables of an HTML output: (header cells, rows of body cells)."
    def __init__(self):
        super().__init__()
        self.found, self.cell, self.kind, self.head = [], None, None, False

    def handle_starttag(self, tag, attrs):
        if tag=='table': self.found.append(([], []))
        if tag=='thead': self.head = True
        if tag=='tr' and self.found: self.found[-1][1].append([])
        if tag in ('td', 'th'): self.cell, self.kind = '', tag

    def handle_data(self, data):
        if self.cell is not None: self.cell += data

    def handle_endtag(self, tag):
        if tag=='thead': self.head = False
        if tag in ('td', 'th') and self.cell is not None and self.found:
            head, rows = self.found[-1]
            if self.head: head.append(self.cell.strip())
            elif tag=='td': rows[-1].append(self.cell.strip())
            self.cell = None

def html_tables(text):
    parser = Tables()
    parser.feed(text)
    return [(head, [r for r in rows if r]) for head,rows in parser.found]

def markdown_tables(text):
    "The pipe tables of a Markdown output."
    for block in re.findall(r'(?:^[ \t]*\|.*(?:\n|$))+', text, re.M):
        rows = [[c.strip() for c in re.split(r'(?<!\\)\|', l.strip().strip('|'))] for l in block.strip().splitlines()]
        if len(rows) > 2: yield rows[0], rows[2:]

def table_faults(head, rows):
    "What a reader would stumble over."
    for h in dict.fromkeys(head):
        plain = re.sub(r'\$[^$]*\$|`[^`]*`', '', h)
        if re.search(r'[A-Za-z0-9]_[A-Za-z0-9]', plain) or plain in BARE: yield f'the header {h!r} is a name of code, or has no unit'
    cells = [c for r in rows for c in r]
    if any(re.fullmatch(r'NaN|nan|None|<NA>|NaT', c) or re.search(r'\bnan\b', c) for c in cells): yield 'NaN in a cell'
    if any(c.endswith(('…', '...')) for c in cells): yield f'text is cut off: {next(c for c in cells if c.endswith(("…", "...")))[:40]!r}'
    if len([c for c in cells if re.search(r'\(n ?= ?\d+\)', c)]) > 1: yield 'n in every cell: it stands once, in the caption or in a column'
    for column in zip(*(r for r in rows if len(r)==len(rows[0]))) if rows else ():
        said = [N_IN_CELL.search(c) for c in column if c and not N_IN_CELL.fullmatch(c)]
        if len(said) > 1 and all(said) and len({m[1] for m in said})==1: yield f'every cell of a column says n={said[0][1]}'; break

def output_faults(o):
    data = o.get('data', {})
    for head,rows in html_tables(''.join(data.get('text/html', ''))): yield from table_faults(head, rows)
    for head,rows in markdown_tables(''.join(data.get('text/markdown', ''))): yield from table_faults(head, rows)

def letter_faults(source):
    "Letters of a figure that are too small."
    for size in dict.fromkeys(LETTERS.findall(source)):
        if float(size) < SMALLEST: yield f'letters of {size} pt, below {SMALLEST}'

def page_faults(nb):
    for i,c in enumerate(nb['cells']):
        if c['cell_type']=='code': yield from (f'cell {i}: {f}' for f in letter_faults(''.join(c['source'])))
        if '#| hide' in ''.join(c['source']).split('\n'): continue
        if 'fig-alt' not in ''.join(c['source']) and any('image/png' in o.get('data', {}) for o in c.get('outputs', [])): yield f'cell {i}: a figure without #| fig-alt'
        for o in c.get('outputs', []): yield from (f'cell {i}: {f}' for f in dict.fromkeys(output_faults(o)))

def planted():
    "(fault, output) with one fault each; the first two have none."
    html = lambda head, *rows: {'data': {'text/html': '<table><thead><tr>' + ''.join(f'<th>{h}</th>' for h in head) + '</tr></thead><tbody>' + ''.join('<tr>' + ''.join(f'<td>{c}</td>' for c in r) + '</tr>' for r in rows) + '</tbody></table>'}}
    mark = lambda head, *rows: {'data': {'text/markdown': '\n'.join('| ' + ' | '.join(r) + ' |' for r in (head, ['---']*len(head), *rows))}}
    yield None, html(['sampler', 'PSNR (dB)', 'runs'], ['NINT', '37.2 ± 1.0', '9'], ['EVOS', '34.1 (7 of 9)', '9'])
    yield None, mark(['', '`a_name`', '$K_{ii}$'], ['over NINT', '1.2, n=9', '3'], ['over Uniform', '1.3, n=6', '3'])
    for make in (html, mark):
        yield 'name of code', make(['sampler', 'linear_cos'], ['NINT', '0.9'])
        yield 'name of code', make(['sampler', 'psnr'], ['NINT', '37.2'])
        yield 'NaN', make(['sampler', 'F'], ['NINT', 'NaN'])
        yield 'cut off', make(['sampler', 'why'], ['NINT', 'because it...'])
        yield 'n in every cell', make(['sampler', 'F'], ['NINT', '12 (n=9)'], ['EVOS', '13 (n=8)'])
        yield 'says n=9', make(['sampler', 'ratio'], ['NINT', '1.2 [1, 2], n=9'], ['EVOS', ''], ['INT', '1.3 [1, 2], n=9'])

def self_test():
    for kind,output in planted():
        found = list(output_faults(output))
        if (kind is None and found) or (kind and (len(found)!=1 or kind not in found[0])):
            raise RuntimeError(f'the check of tables is broken: planted {kind or "nothing"}, found {found or "nothing"}')
    figure = {'cells': [{'cell_type': 'code', 'source': ['plot()'], 'outputs': [{'data': {'image/png': ''}}]}]}
    if len([*page_faults(figure)])!=1: raise RuntimeError('the check of figures is broken: one without fig-alt goes unnoticed')
    small = [list(letter_faults(f'ax.legend({how})')) for how in ('fontsize=6.5', "**{'legend.fontsize': 8}", 'labelsize=10')]
    if [len(f) for f in small]!=[1, 1, 0]: raise RuntimeError(f'the check of letters is broken: it found {small}')

def pages():
    "Everything that people read, the five parts and the command line too."
    return sorted(p for p in NBS.rglob('*.ipynb') if not any(q.startswith(('_', '.')) for q in p.relative_to(NBS).parts))

def check():
    self_test()
    faults = [f'{p.relative_to(NBS)} {f}' for p in pages() for f in page_faults(json.loads(p.read_text()))]
    if faults: raise RuntimeError(f'{len(faults)} faults in the tables of pages\n' + '\n'.join(faults))
    return f'the tables of {len(pages())} pages'

if __name__ == '__main__':
    try: print(check())
    except RuntimeError as e: sys.exit(str(e))
