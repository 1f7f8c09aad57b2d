#!/usr/bin/env python
"""Render the site into _docs/: nbdev prepares the notebooks in _proc/, then Quarto renders them, or smalldocs where there is no Quarto."""
import html, os, re, shutil, subprocess, sys
from pathlib import Path

os.environ.setdefault('OMP_NUM_THREADS', '1')
from nbdev import quarto

ROOT = Path(__file__).resolve().parent.parent

def mathml(m):
    "A TeX span as MathML, which browsers draw without any script."
    from latex2mathml.converter import convert
    display, tex = m[1]=='display', re.sub(r'\\tag\{(\d+)\}', r'\\qquad (\1)', html.unescape(m[2]))
    return convert(tex, display='block' if display else 'inline')

def offline(page):
    "Typeset the mathematics of a page now, so that it needs no network when it is read (Quarto does this by itself)."
    text = page.read_text()
    text = re.sub(r'<span class="math (inline|display)">\\[(\[](.*?)\\[)\]]</span>', mathml, text, flags=re.S)
    text = re.sub(r'<(script|link)[^>]*cdn\.jsdelivr\.net/npm/katex[^>]*>(</script>)?\s*', '', text)
    page.write_text(text)

def main():
    have = shutil.which('quarto')
    quarto._ensure_quarto = lambda: None                       # never install anything behind the user's back
    shutil.rmtree(ROOT/'_proc', ignore_errors=True)
    cache, cfg, _ = quarto._pre_docs()
    subprocess.run(['quarto', 'render', '--no-cache'] if have else [str(Path(sys.executable).parent/'smalldocs'), 'render', '.', '--quiet'], cwd=cache, check=True)
    built = next(p for p in (cache/cfg.doc_path.name, cache/'_site') if p.is_dir())
    shutil.rmtree(cfg.doc_path, ignore_errors=True)
    shutil.move(built, cfg.doc_path)
    if not have:
        for page in Path(cfg.doc_path).rglob('*.html'): offline(page)
    print(f'{len(list(Path(cfg.doc_path).rglob("*.html")))} pages in {cfg.doc_path.name}/, rendered by {"Quarto" if have else "smalldocs"}')

if __name__ == '__main__': main()
