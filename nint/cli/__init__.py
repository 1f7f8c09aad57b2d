"The commands, on top of everything else."
