"From a list of runs to results and pages."
