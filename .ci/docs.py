#!/usr/bin/env python
"""Render the site into _docs/: nbdev prepares the notebooks in _proc/, then Quarto renders them, or smalldocs where there is no Quarto."""
import os, shutil, subprocess, sys
from pathlib import Path

os.environ.setdefault('OMP_NUM_THREADS', '1')
from nbdev import quarto

ROOT = Path(__file__).resolve().parent.parent

def main():
    have = shutil.which('quarto')
    quarto._ensure_quarto = lambda: None                       # never install anything behind the user's back
    shutil.rmtree(ROOT/'_proc', ignore_errors=True)
    cache, cfg, _ = quarto._pre_docs()
    subprocess.run(['quarto', 'render', '--no-cache'] if have else [str(Path(sys.executable).parent/'smalldocs'), 'render', '.', '--quiet'], cwd=cache, check=True)
    built = next(p for p in (cache/cfg.doc_path.name, cache/'_site') if p.is_dir())
    shutil.rmtree(cfg.doc_path, ignore_errors=True)
    shutil.move(built, cfg.doc_path)
    print(f'{len(list(Path(cfg.doc_path).rglob("*.html")))} pages in {cfg.doc_path.name}/, rendered by {"Quarto" if have else "smalldocs"}')

if __name__ == '__main__': main()
