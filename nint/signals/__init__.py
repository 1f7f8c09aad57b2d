"What is fitted, how good a fit is, and how it looks."
