"""The parts of `speed.py`: what is timed, the processes that time it, the goals, and the page."""
