"From a list of runs to results and pages."
from .runs import Spec, at, grid, load_arrays, load_runs, paired_diff, provenance, report, run_grid, summarise, time_to
from .sweeps import run_grid_dask
from .race_film import Film, moments, show_race
