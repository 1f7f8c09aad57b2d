"The loop, its clock, and what makes it faster and wider."
