#!/usr/bin/env python
"""Unpack the wheels of a folder whose packages this Python does not find, into another folder for PYTHONPATH: an installer for a machine that has none.
wheels.py WHEELS SITE"""
import importlib.util, sys, zipfile
from pathlib import Path

def tops(wheel):
    "The names under which a wheel's packages are imported."
    first = {n.split('/')[0] for n in wheel.namelist()}
    return {n.removesuffix('.py') for n in first if not n.endswith(('.dist-info', '.data', '.libs')) and '.so' not in n}

def main(wheels, site):
    found = []
    for path in sorted(Path(wheels).glob('*.whl')):
        with zipfile.ZipFile(path) as wheel:
            if all(importlib.util.find_spec(t) for t in tops(wheel)): continue
            wheel.extractall(site)
            found.append(path.name.split('-')[0])
    print(f'unpacked, since they are not installed here: {", ".join(found) or "none"}', flush=True)

if __name__ == '__main__': main(*sys.argv[1:])
