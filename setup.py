"Reads every fact about the package from settings.ini, so that it is written down once."
from configparser import ConfigParser
from pathlib import Path

import setuptools

config = ConfigParser(delimiters=['='])
config.read('settings.ini', encoding='utf-8')
cfg = config['DEFAULT']

LICENSES = {'apache2': ('Apache-2.0', 'OSI Approved :: Apache Software License')}
STATUSES = ['1 - Planning', '2 - Pre-Alpha', '3 - Alpha', '4 - Beta', '5 - Production/Stable']
license_id, license_class = LICENSES[cfg['license']]

extras = {k: cfg[f'{k}_requirements'].split() for k in cfg['extras'].split()}
every = [r for v in extras.values() for r in v]

setuptools.setup(
    name=cfg['lib_name'], version=cfg['version'], description=cfg['description'], keywords=cfg['keywords'],
    author=cfg['author'], author_email=cfg['author_email'], url=cfg['git_url'], license=license_id,
    long_description=Path('README.md').read_text(encoding='utf-8'), long_description_content_type='text/markdown',
    classifiers=[f'Development Status :: {STATUSES[int(cfg["status"]) - 1]}', f'Intended Audience :: {cfg["audience"]}',
                 f'License :: {license_class}', f'Natural Language :: {cfg["language"]}', 'Programming Language :: Python :: 3',
                 *(f'Programming Language :: Python :: 3.{k}' for k in (11, 12, 13)),
                 'Topic :: Scientific/Engineering :: Artificial Intelligence', 'Typing :: Typed'],
    packages=setuptools.find_packages(include=['nint', 'nint.*']), include_package_data=True, package_data={'nint': ['py.typed', '*.pyi']}, zip_safe=False,
    python_requires=f'>={cfg["min_python"]}', install_requires=cfg['requirements'].split(),
    extras_require={**extras, 'all': every, 'dev': [*every, *cfg['dev_requirements'].split()]},
    entry_points={'console_scripts': cfg['console_scripts'].split(),
                  'nbdev': [f'{cfg["lib_name"]}={cfg["lib_name"]}._modidx:d']},
)
