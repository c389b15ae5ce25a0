"""The live designer: a page on this machine that shows what a spec means while it is written.

`server.py` binds and runs, `application.py` has the addresses, `access.py` and `headers.py` keep others out.
Mathematics is done in other processes: `worker.py` is one that stays, `build_process.py` one for each build.
"""
