#!/usr/bin/env python
"""Write README.md from nbs/index.ipynb, or with --check say whether it is what the notebook renders to."""
import re, sys
from pathlib import Path

import nbformat
from nbconvert import MarkdownExporter

ROOT = Path(__file__).resolve().parent.parent

def readme_text():
    nb = nbformat.read(ROOT/'nbs'/'index.ipynb', 4)
    nb.cells = [c for c in nb.cells if not re.search(r'^#\|\s*hide', c.source, re.M)]
    for c in nb.cells:
        if re.search(r'^#\|\s*echo:\s*false', c.source, re.M): c.metadata['hide_input'] = c.source = ''
        c.source = re.sub(r'^#\|.*\n?', '', c.source, flags=re.M)
    nb.metadata.language_info = {'name': 'python'}
    body, extra = MarkdownExporter().from_notebook_node(nb)
    if extra.get('outputs'): raise SystemExit('index.ipynb holds picture outputs; link to a file under nbs/images instead, so that the README can show it')
    body = re.sub(r'```python\s*```\n*', '', body)
    body = body.replace('](images/', '](nbs/images/').replace('](../', '](')                 # seen from the top of the repository
    body = re.sub(r'\]\((\w[\w/]*)\.html\)', r'](nbs/\1.ipynb)', body)
    return '<!-- Written from nbs/index.ipynb by .ci/readme.py; edit the notebook. -->\n\n' + re.sub(r'\n{3,}', '\n\n', body).strip() + '\n'

def placeholders(text):
    "What a reader would have to guess."
    return re.findall(r'\b[A-Z]+(?:_[A-Z]+)*_(?:ADDRESS|REPOSITORY|HERE)\b|\bADDRESS_OF_\w+|<(?:your|the)[- _]\w+>|\bexample\.(?:com|org)\b', text)

if __name__ == '__main__':
    text, path = readme_text(), ROOT/'README.md'
    if found := placeholders(text): sys.exit(f'README.md leaves {", ".join(found)} for the reader to fill in; say it in nbs/index.ipynb')
    if '--check' in sys.argv: sys.exit(0 if path.read_text()==text else 'README.md is not what nbs/index.ipynb renders to; run .ci/readme.py')
    path.write_text(text)
