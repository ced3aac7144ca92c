"""How the steps of a training are run on this machine: the ways, timed, chosen and kept."""
