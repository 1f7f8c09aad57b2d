"From a list of runs to results and pages."
from .specs import Spec, grid, provenance
from .runs import load_arrays, load_runs, run_grid
from .tables import at, paired_diff, readable, report, summarise, time_to
from .sweeps import run_grid_dask
from .race_film import Film, moments, show_race
