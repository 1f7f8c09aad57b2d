#!/usr/bin/env python
"""Execute notebooks in place, store their outputs, and clean them: `make nbs`, or .ci/execute.py nbs/2_networks/03_ntk.ipynb ..."""
import os, sys, time
from functools import partial
from pathlib import Path

os.environ.setdefault('OMP_NUM_THREADS', '1')
import nbformat
from nbclient import NotebookClient
from nbdev.clean import clean_nb, process_write

ROOT = Path(__file__).resolve().parent.parent

def last_line_of_bars(cell):
    "A progress bar is drawn over itself; keep what was on the screen at the end, and merge neighbouring streams."
    outs = []
    for o in cell.get('outputs', []):
        if o['output_type']=='stream' and outs and outs[-1]['output_type']=='stream' and outs[-1]['name']==o['name']: outs[-1]['text'] += o['text']
        else: outs.append(o)
    for o in outs:
        if o['output_type']=='stream': o['text'] = '\n'.join(l.rstrip().split('\r')[-1] for l in o['text'].split('\n'))
    if 'outputs' in cell: cell['outputs'] = outs

def execute(path):
    nb, t = nbformat.read(path, 4), time.time()
    try: NotebookClient(nb, timeout=900, kernel_name='python3', resources={'metadata': {'path': str(path.parent)}}).execute()
    finally:
        for cell in nb.cells: last_line_of_bars(cell)
        nbformat.write(nb, path)
        process_write(warn_msg='clean failed', proc_nb=partial(clean_nb, clear_all=False), f_in=str(path))
    print(f'{path.relative_to(ROOT)}: {time.time() - t:.0f} s', flush=True)

if __name__ == '__main__':
    paths = [Path(p).resolve() for p in sys.argv[1:]] or [p for p in sorted((ROOT/'nbs').glob('**/*.ipynb')) if '.ipynb_checkpoints' not in str(p)]
    for p in paths: execute(p)
